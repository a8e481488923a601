"""The recipient accepts the terms or declines the award, and tells when operation starts."""

from datetime import date, datetime

from django.utils.translation import gettext as _

from applications.models import Application
from applications.services.status import advance
from applications.workflow import Status
from evaluation.decisions.models import Decision
from evaluation.followup.models import Acceptance, DeclinedAward, EvaluationReport
from evaluation.followup.schedule import evaluation_due, last_usual_start
from portal.acts import act, held
from portal.clock import local_date
from portal.communities.models import User
from portal.errors import DomainError
from portal.formats import date_no
from portal.journal import services as journal
from portal.journal.queries import entries_of
from portal.mail import services as mail
from rounds.answering.models import FormKind, Response
from rounds.outcomes import Amount, Outcome

# The acts that move the date of the evaluation.
RECORDED, CORRECTED = "operation.recorded", "acceptance.corrected"


class StartDateError(DomainError):
    """The date cannot be when operation started."""


class LateStartError(StartDateError):
    """The planned start is so late that it may be a slip; nobody has said that it is right."""


class AdjustmentError(DomainError):
    """A part award is accepted without saying how project and budget are fitted to it."""


def needs_adjustment(decision: Decision) -> bool:
    """Whether the recipient got less than it asked for, and must say what that changes."""
    return Outcome(decision.outcome).means.amount == Amount.PART


@act
def accept(
    decision: Decision,
    *,
    account_number: str,
    planned_start_date: date,
    responsible_name: str,
    responsible_email: str,
    adjustment: str = "",
    confirms_start: bool = False,
    by: User,
    at: datetime,
) -> Acceptance:
    """Accept the award; the evaluation gets a provisional date from the planned start (R140, local dates).

    Raises StartDateError for a planned start before the decision, LateStartError for one long after the budget unless
    ``confirms_start``, AdjustmentError for a part award without ``adjustment``, TransitionError when somebody was
    first.
    """
    application = decision.application
    if needs_adjustment(decision) and not adjustment.strip():
        raise AdjustmentError(_("Skriv hvordan dere tilpasser prosjektet og budsjettet til beløpet."))
    require_planned_start(decision, planned_start_date, confirms=confirms_start)
    advance(application, "accept", by=by, at=at)
    acceptance = Acceptance.objects.create(
        decision=decision,
        account_number=account_number,
        planned_start_date=planned_start_date,
        responsible_name=responsible_name,
        responsible_email=responsible_email,
        adjustment=adjustment.strip(),
        accepted_by=by,
        accepted_at=at,
    )
    EvaluationReport.objects.create(
        response=Response.objects.create(form=FormKind.EVALUATION),
        acceptance=acceptance,
        due_date=evaluation_due(planned_start_date, months_of(decision)),
        is_provisional=True,
    )
    for address in application.round.receiver_for(application.community).addresses:
        mail.queue(
            "award_accepted",
            recipient=address,
            about=application,
            context={"application": application, "acceptance": acceptance, "decision": decision},
            at=at,
            key=f"accepted:{acceptance.pk}:{address}",
        )
    return acceptance


def require_planned_start(decision: Decision, planned: date, *, confirms: bool) -> None:
    """Raise StartDateError for a day before the decision, LateStartError for a late one that nobody ``confirms``."""
    if planned < decision.adopted_on:
        raise StartDateError(_("Planlagt driftsstart kan ikke være før vedtaket."))
    usual = last_usual_start(decision.adopted_on, map(int, decision.amounts_by_year))
    if planned > usual and not confirms:
        raise LateStartError(
            _("Er %(date)s riktig? Det er lenge etter at budsjettet er brukt. Kryss av nederst hvis datoen stemmer.")
            % {"date": date_no(planned)}
        )


@act
def decline(decision: Decision, *, reason: str, by: User, at: datetime) -> DeclinedAward:
    """Turn the award down: the application is withdrawn, its money is free again, and the secretariat is told.

    Raises TransitionError when the award was accepted or declined already.
    """
    application = decision.application
    advance(application, "decline_award", by=by, at=at)
    declined = DeclinedAward.objects.create(decision=decision, reason=reason.strip(), declined_by=by, declined_at=at)
    for address in application.round.receiver_for(application.community).addresses:
        mail.queue(
            "award_declined",
            recipient=address,
            about=application,
            context={"application": application, "declined": declined, "decision": decision},
            at=at,
            key=f"declined:{declined.pk}:{address}",
        )
    return declined


@act
def record_start(acceptance: Acceptance, started: date, *, by: User, at: datetime) -> EvaluationReport:
    """Record, or correct, the actual start of operation (local date); the evaluation is due from it.

    A later date that the secretariat has given for the evaluation stands. Raises StartDateError for a date in the
    future or before the decision, and when the evaluation has been sent.
    """
    decision = acceptance.decision
    require_start(decision, started, at)
    application = held(Application.objects.filter(pk=decision.application_id)).select_related("round").get()
    acceptance.refresh_from_db()
    if acceptance.evaluation.submitted_at:
        raise StartDateError(_("Evalueringen er sendt. Driftsstart kan ikke rettes lenger."))
    if application.status == Status.ACCEPTED:
        advance(application, "start_operation", by=by, at=at)
    earlier = acceptance.operation_started_date
    given = _given_date(acceptance, application)
    due = max(given or date.min, evaluation_due(started, months_of(decision)))
    acceptance.operation_started_date = started
    acceptance.operation_recorded_by = by
    acceptance.save(update_fields=["operation_started_date", "operation_recorded_by"])
    report = acceptance.evaluation
    report.due_date = due
    report.is_provisional = False
    report.save(update_fields=["due_date", "is_provisional"])
    journal.record(
        RECORDED,
        subject=application,
        by=by,
        at=at,
        community=application.tenant,
        started=started.isoformat(),
        earlier=earlier.isoformat() if earlier else None,
        due=report.due_date.isoformat(),
        **({"given": given.isoformat()} if given else {}),
    )
    return report


def _given_date(acceptance: Acceptance, application: Application) -> date | None:
    """The later date than usual that the secretariat has given for the evaluation; None when it has given none.

    A start that is told too late may move the evaluation past it. Then the log of that start has it.
    """
    start, due = acceptance.operation_started_date or acceptance.planned_start_date, acceptance.evaluation.due_date
    if due > evaluation_due(start, months_of(acceptance.decision)):
        return due
    moved = entries_of(application).filter(act__in=(RECORDED, CORRECTED), at__gte=acceptance.accepted_at).last()
    given = moved.data.get("given") if moved else None
    return date.fromisoformat(given) if given else None


def require_start(decision: Decision, started: date, at: datetime) -> None:
    """Raise StartDateError for a start that is to come, or before the decision."""
    if started > local_date(at):
        raise StartDateError(_("Driftsstart kan ikke være fram i tid. Meld den når driften er i gang."))
    if started < decision.adopted_on:
        raise StartDateError(
            _("Driftsstart kan ikke være før vedtaket %(date)s.") % {"date": date_no(decision.adopted_on)}
        )


def months_of(decision: Decision) -> int:
    """How many months after the start the evaluation is due, by the round."""
    months: int = decision.application.round.spec.follow_up.evaluation_months
    return months
