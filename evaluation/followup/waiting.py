"""What waits for a person after an award, on the front page."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from evaluation.decisions.models import Letter
from evaluation.followup.models import EvaluationReport
from evaluation.followup.permissions import can_accept
from evaluation.followup.queries import (
    awards_without_people,
    evaluations_without_case,
    late_projects,
    letters_to_accept,
    reports_to_write,
)
from portal.clock import end_of_day, local_date
from portal.communities.queries import standing_at
from portal.formats import in_words
from portal.rooms import WaitingTask
from portal.urgency import Stake


def projects(user: Any, now: datetime) -> list[WaitingTask]:
    """Awards to accept, for those who may; starts to tell and evaluations to write, for all who may write them.

    To each but the one responsible they name that person.
    """
    standing = standing_at(user, now)
    # Only those who may accept have a task; the others read on the project's page who may.
    to_accept = [
        _to_accept(letter)
        for letter in letters_to_accept(standing)
        if can_accept(user, letter.decision.application, now=now)
    ]
    return [*to_accept, *(_to_tell_or_write(report, user) for report in reports_to_write(standing))]


def _to_accept(letter: Letter) -> WaitingTask:
    application = letter.decision.application
    return WaitingTask(
        title=_("Aksepter tilskuddet: %(title)s") % {"title": application.title},
        url=reverse("followup:project", args=[application.code]),
        due_at=end_of_day(letter.accept_by),
        act=_("Les vilkårene"),
        stake=Stake.LOST,
    )


def _to_tell_or_write(report: EvaluationReport, user: Any) -> WaitingTask:
    acceptance, application = report.acceptance, report.acceptance.decision.application
    is_responsible = acceptance.responsible_email.lower() == user.email.lower()
    hint = "" if is_responsible else _("%(name)s har ansvaret") % {"name": acceptance.responsible_name}
    words = {"title": application.title}
    if report.is_provisional:
        return WaitingTask(
            title=_("Meld driftsstart: %(title)s") % words,
            url=reverse("followup:project", args=[application.code]),
            hint=hint,
            due_at=end_of_day(acceptance.planned_start_date),
            act=_("Meld driftsstart"),
        )
    return WaitingTask(
        title=_("Skriv evalueringen: %(title)s") % words,
        url=reverse("followup:evaluation", args=[application.code]),
        hint=hint,
        due_at=end_of_day(report.due_date),
        act=_("Skriv evalueringen"),
    )


def unreached(user: Any, now: datetime) -> list[WaitingTask]:
    """For the secretariat: the projects in which everybody who was reminded has left."""
    standing = standing_at(user, now)
    if not standing.is_officer:
        return []
    return [
        WaitingTask(
            title=_("Finn noen å minne i prosjektet: %(title)s") % {"title": award.application.title},
            url=reverse("followup:project", args=[award.application.code]),
            hint=_("Alle som står som kontakt eller ansvarlig, har sluttet. Finn ut hvem som har ansvaret nå."),
            act=_("Se prosjektet"),
        )
        for award in awards_without_people(standing, local_date(now))
    ]


def late(user: Any, now: datetime) -> list[WaitingTask]:
    """For the secretariat: that projects are late, as one task; their list says which and with what."""
    standing = standing_at(user, now)
    n = late_projects(standing, local_date(now)) if standing.is_officer else 0
    if not n:
        return []
    title = ngettext("Ett prosjekt har gått over fristen", "%(n)s prosjekter har gått over fristen", n)
    return [
        WaitingTask(
            title=capfirst(title % {"n": in_words(n)}),
            url=reverse("followup:overview"),
            hint=_("Send en purring, eller gi en ny frist."),
            act=_("Se hva som er forsinket"),
        )
    ]


def evaluations(user: Any, now: datetime) -> list[WaitingTask]:
    """For the secretariat: the evaluations that are sent, until the body has them as cases."""
    standing = standing_at(user, now)
    if not standing.is_officer:
        return []
    return [_received(report) for report in evaluations_without_case(standing)]


def _received(report: EvaluationReport) -> WaitingTask:
    application = report.acceptance.decision.application
    return WaitingTask(
        title=_("Les evalueringen: %(title)s") % {"title": application.title},
        url=reverse("followup:evaluation", args=[application.code]),
        hint=_("Blir sak for %(body)s når dere har planlagt et møte") % {"body": report.receiving_body},
        act=_("Les evalueringen"),
    )
