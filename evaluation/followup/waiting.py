"""What waits for a person after an award, on the front page."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from applications.models import Application
from applications.workflow import AWARDED, Status
from evaluation.decisions.models import Letter, LetterStatus
from evaluation.followup.models import EvaluationReport
from evaluation.followup.permissions import can_accept
from evaluation.followup.queries import evaluations_without_case
from portal.clock import at_local, end_of_day
from portal.communities.queries import standing_at
from portal.rooms import WaitingTask


def projects(user: Any, now: datetime) -> list[WaitingTask]:
    """Awards to accept, starts to tell and evaluations to write, for those who wrote the application."""
    written = Application.objects.written_by(standing_at(user, now))
    return [*_to_accept(user, written, now), *_to_tell_or_write(written)]


def evaluations(user: Any, now: datetime) -> list[WaitingTask]:
    """For the secretariat: the evaluations that are sent, until the body has them as cases."""
    standing = standing_at(user, now)
    if not standing.is_officer:
        return []
    return [_received(report) for report in evaluations_without_case(standing)]


def _received(report: EvaluationReport) -> WaitingTask:
    application = report.acceptance.decision.application
    return WaitingTask(
        title=_("Evaluering mottatt: %(title)s") % {"title": application.title},
        url=reverse("followup:evaluation", args=[application.code]),
        hint=_("Blir sak for %(body)s i neste planlagte møte") % {"body": report.receiving_body},
    )


def _to_accept(user: Any, written: Any, now: datetime) -> list[WaitingTask]:
    """Only for those who may: the others read on the project's page who it is."""
    letters = Letter.objects.filter(
        status=LetterStatus.SENT,
        decision__replaced_at=None,
        decision__application__in=written.filter(status__in=AWARDED).values("pk"),
    ).select_related("decision__application")
    return [
        WaitingTask(
            title=_("Aksepter tilskuddet: %(title)s") % {"title": letter.decision.application.title},
            url=reverse("followup:project", args=[letter.decision.application.code]),
            due_at=end_of_day(letter.accept_by),
        )
        for letter in letters
        if can_accept(user, letter.decision.application, now=now)
    ]


def _to_tell_or_write(written: Any) -> list[WaitingTask]:
    reports = EvaluationReport.objects.filter(
        submitted_at=None,
        acceptance__decision__application__in=written.filter(status__in=[Status.ACCEPTED, Status.IN_OPERATION]).values(
            "pk"
        ),
    ).select_related("acceptance__decision__application")
    return [_task(report) for report in reports.order_by("due_date", "pk")]


def _task(report: EvaluationReport) -> WaitingTask:
    application = report.acceptance.decision.application
    words = {"title": application.title}
    if report.is_provisional:
        return WaitingTask(
            title=_("Meld driftsstart: %(title)s") % words,
            url=reverse("followup:project", args=[application.code]),
            due_at=at_local(report.acceptance.planned_start_date),
        )
    return WaitingTask(
        title=_("Skriv evalueringen: %(title)s") % words,
        url=reverse("followup:evaluation", args=[application.code]),
        due_at=end_of_day(report.due_date),
    )
