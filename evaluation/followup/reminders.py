"""What the room reminds of: awards to accept, starts to tell and evaluations to send."""

from collections.abc import Iterator
from datetime import date

from django.db import models

from applications.reminders import contacts, waiting, with_contacts
from applications.workflow import AWARDED, Status
from evaluation.decisions.models import Letter, LetterStatus
from evaluation.followup.models import Acceptance, EvaluationReport
from portal.rooms import Waiting


def acceptances(today: date) -> Iterator[Waiting]:
    """Awards told by a sent letter and not yet accepted, to the contacts."""
    letters = (
        Letter.objects.filter(
            status=LetterStatus.SENT, decision__replaced_at=None, decision__application__status__in=AWARDED
        )
        .select_related("decision__application__round", "decision__application__community")
        .prefetch_related(with_contacts("decision__application__"))
    )
    for letter in letters:
        application = letter.decision.application
        offsets = tuple(application.round.spec.follow_up.acceptance_reminders)
        yield waiting(letter, application, letter.accept_by, offsets, contacts(application), letter=letter)


def _accepted(status: Status) -> models.QuerySet[Acceptance]:
    return (
        Acceptance.objects.filter(decision__application__status=status)
        .select_related("decision__application__round", "decision__application__community", "evaluation")
        .prefetch_related(with_contacts("decision__application__"))
    )


def starts(today: date) -> Iterator[Waiting]:
    """Accepted projects that have not told their start, to the person responsible and the contacts."""
    for acceptance in _accepted(Status.ACCEPTED):
        application = acceptance.decision.application
        yield waiting(
            acceptance,
            application,
            acceptance.planned_start_date,
            tuple(application.round.spec.follow_up.start_reminders),
            [acceptance.responsible_email, *contacts(application)],
            acceptance=acceptance,
        )


def evaluations(today: date) -> Iterator[Waiting]:
    """Evaluations that are not sent; when late, also to the secretariat."""
    for acceptance in _accepted(Status.IN_OPERATION):
        report: EvaluationReport = acceptance.evaluation
        application = acceptance.decision.application
        addresses = [acceptance.responsible_email, *contacts(application)]
        if report.due_date < today:
            addresses.append(application.round.receiver_for(application.community).address)
        yield waiting(
            report,
            application,
            report.due_date,
            tuple(application.round.spec.follow_up.evaluation_reminders),
            addresses,
            report=report,
            acceptance=acceptance,
        )
