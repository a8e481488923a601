"""The reminder engine: one table of kinds, one row for each reminder that went out.

Each kind lists what still waits; ``schedule.due_reminder`` picks by window; the unique row makes running twice
send once, and a worker that was away catches up.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import models
from django.db.models import Prefetch

from applications.models import Application, Partner, PartnerRole, Signature
from applications.workflow import AWARDED, Status
from evaluation.assessment.habilitet import State
from evaluation.assessment.models import Assignment
from evaluation.assessment.permissions import state_of
from evaluation.assessment.queries.assignments import is_of_person, undelivered
from evaluation.decisions.models import Letter, LetterStatus
from evaluation.followup.models import Acceptance, EvaluationReport, Reminder, ReminderKind
from evaluation.followup.schedule import Due, due_reminder
from portal.acts import act
from portal.clock import at_local, local_date
from portal.communities.queries import signatories, standing
from portal.mail import services as mail
from rounds.definition.filling import last_day

DRAFT_OFFSETS = (-14, -3, -1, 1)
SIGNATURE_OFFSETS = (-7, -2, -1)
ASSESSMENT_OFFSETS = (-3, 1, 7)


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something that waits for somebody: its deadline (local date), its series, and who is to be reminded."""

    subject: models.Model
    application: Application
    deadline: date
    offsets: tuple[int, ...]
    recipients: tuple[str, ...]
    context: dict[str, Any] = field(default_factory=dict)


def _contacts(application: Application) -> list[str]:
    return [contact.email for partner in application.partners.all() for contact in partner.contacts.all()]


def _unique(addresses: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({address.lower() for address in addresses if address}))


def _with_contacts(prefix: str = "") -> "Prefetch[str, models.QuerySet[Partner], str]":
    partners = Partner.objects.select_related("organisation").prefetch_related("contacts")
    return Prefetch(f"{prefix}partners", queryset=partners)


def _drafts(today: date) -> Iterator[Waiting]:
    """Drafts that are not sent, to the one who began, while that person still writes it, and the contacts."""
    drafts = Application.objects.filter(status=Status.DRAFT).select_related("round", "community", "created_by")
    for application in drafts.prefetch_related(_with_contacts()).iterator(chunk_size=200):
        deadline = last_day(application.closes_at)
        if due_reminder(deadline, DRAFT_OFFSETS, today) is None:
            continue
        writes = application.is_written_by(standing(application.created_by, today))
        recipients = _unique([application.created_by.email if writes else "", *_contacts(application)])
        yield Waiting(application, application, deadline, DRAFT_OFFSETS, recipients)


def _signatures(today: date) -> Iterator[Waiting]:
    """Partners whose valid signature is missing, to those who may sign for them."""
    signed = Signature.objects.filter(voided_at=None).values("partner")
    partners = (
        Partner.objects.filter(application__status=Status.DRAFT, organisation__isnull=False)
        .exclude(role=PartnerRole.SUPPORTER)
        .exclude(pk__in=signed)
        .select_related("application__round", "application__community", "organisation")
    )
    for partner in partners.iterator(chunk_size=200):
        deadline = last_day(partner.application.closes_at)
        if due_reminder(deadline, SIGNATURE_OFFSETS, today) and partner.organisation_id:
            people = signatories(partner.organisation_id, today)
            recipients = _unique(place.user.email for place in people)
            yield Waiting(partner, partner.application, deadline, SIGNATURE_OFFSETS, recipients, {"partner": partner})


def _assessments(today: date) -> Iterator[Waiting]:
    """Assessments that are waited for at home or in the region, to those who still may give them."""
    waiting = undelivered().select_related("application__round", "application__community", "assessor")
    for assignment in waiting.iterator(chunk_size=200):
        if due_reminder(assignment.due_date, ASSESSMENT_OFFSETS, today) and _may_assess(assignment, today):
            recipients = _unique([assignment.assessor.email])
            yield Waiting(assignment, assignment.application, assignment.due_date, ASSESSMENT_OFFSETS, recipients)


def _may_assess(assignment: Assignment, today: date) -> bool:
    """Not somebody whose seat has ended, or who is inhabil or waits for a word on it."""
    state = state_of(assignment.assessor_id, assignment.application)
    return state not in {State.RECUSED, State.PENDING} and is_of_person(assignment, today)


def _acceptances(today: date) -> Iterator[Waiting]:
    """Awards told by a sent letter and not yet accepted, to the contacts."""
    letters = (
        Letter.objects.filter(
            status=LetterStatus.SENT, decision__replaced_at=None, decision__application__status__in=AWARDED
        )
        .select_related("decision__application__round", "decision__application__community")
        .prefetch_related(_with_contacts("decision__application__"))
    )
    for letter in letters:
        application = letter.decision.application
        offsets = tuple(application.round.spec.follow_up.acceptance_reminders)
        yield Waiting(
            letter, application, letter.accept_by, offsets, _unique(_contacts(application)), {"letter": letter}
        )


def _accepted(status: Status) -> models.QuerySet[Acceptance]:
    return (
        Acceptance.objects.filter(decision__application__status=status)
        .select_related("decision__application__round", "decision__application__community", "evaluation")
        .prefetch_related(_with_contacts("decision__application__"))
    )


def _starts(today: date) -> Iterator[Waiting]:
    """Accepted projects that have not told their start, to the person responsible and the contacts."""
    for acceptance in _accepted(Status.ACCEPTED):
        application = acceptance.decision.application
        yield Waiting(
            acceptance,
            application,
            acceptance.planned_start_date,
            tuple(application.round.spec.follow_up.start_reminders),
            _unique([acceptance.responsible_email, *_contacts(application)]),
            {"acceptance": acceptance},
        )


def _evaluations(today: date) -> Iterator[Waiting]:
    """Evaluations that are not sent; when late, also to the secretariat."""
    for acceptance in _accepted(Status.IN_OPERATION):
        report: EvaluationReport = acceptance.evaluation
        application = acceptance.decision.application
        addresses = [acceptance.responsible_email, *_contacts(application)]
        if report.due_date < today:
            addresses.append(application.round.receiver_for(application.community).address)
        yield Waiting(
            report,
            application,
            report.due_date,
            tuple(application.round.spec.follow_up.evaluation_reminders),
            _unique(addresses),
            {"report": report, "acceptance": acceptance},
        )


KINDS: dict[ReminderKind, Callable[[date], Iterator[Waiting]]] = {
    ReminderKind.DRAFT: _drafts,
    ReminderKind.SIGNATURE: _signatures,
    ReminderKind.ASSESSMENT: _assessments,
    ReminderKind.ACCEPTANCE: _acceptances,
    ReminderKind.START: _starts,
    ReminderKind.EVALUATION: _evaluations,
}


def remind(at: datetime) -> int:
    """Queue every reminder that is due and not yet sent; how many were queued."""
    today = local_date(at)
    return sum(_remind_of(kind, waiting, today, at) for kind, find in KINDS.items() for waiting in find(today))


def _remind_of(kind: ReminderKind, waiting: Waiting, today: date, at: datetime) -> int:
    due = due_reminder(waiting.deadline, waiting.offsets, today)
    if due is None:
        return 0
    return sum(_remind_one(kind, waiting, due, recipient, at) for recipient in waiting.recipients)


@act
def _remind_one(kind: ReminderKind, waiting: Waiting, due: Due, recipient: str, at: datetime) -> bool:
    reminder, is_new = Reminder.objects.get_or_create(
        kind=kind,
        subject_type=waiting.subject._meta.label_lower,
        subject_id=str(waiting.subject.pk),
        recipient=recipient,
        due_at=at_local(due.day),
        defaults={"sent_at": at},
    )
    if is_new:
        mail.queue(
            f"reminder_{kind}",
            recipient=recipient,
            about=waiting.application,
            context={
                "application": waiting.application,
                "deadline": waiting.deadline,
                "is_overdue": due.is_overdue,
                **waiting.context,
            },
            at=at,
            key=f"reminder:{reminder.pk}",
            language=waiting.application.language,
        )
    return is_new
