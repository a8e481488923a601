"""What the room reminds of: awards to accept, starts to tell and evaluations to send."""

from collections.abc import Iterator
from datetime import date

from applications.reminders import contacts, waiting
from applications.workflow import Status
from evaluation.followup.queries import acceptances_in, letters_without_answer
from portal.rooms import Waiting


def acceptances(today: date) -> Iterator[Waiting]:
    """Awards told by a sent letter and not yet accepted, to the contacts."""
    for letter in letters_without_answer():
        application = letter.decision.application
        offsets = tuple(application.round.spec.follow_up.acceptance_reminders)
        yield waiting(letter, application, letter.accept_by, offsets, contacts(application), letter=letter)


def starts(today: date) -> Iterator[Waiting]:
    """Accepted projects that have not told their start, to the person responsible and the contacts."""
    for acceptance in acceptances_in(Status.ACCEPTED):
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
    for acceptance in acceptances_in(Status.IN_OPERATION):
        report = acceptance.evaluation
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
