"""The secretariat puts right what a recipient has told about its project."""

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from applications.models import Application
from applications.queries.receivers import People
from evaluation.followup.models import Acceptance, EvaluationReport
from evaluation.followup.schedule import evaluation_due
from evaluation.followup.services.accepting import CORRECTED, months_of, require_planned_start, require_start
from portal.acts import act, held
from portal.cells import Base, edited
from portal.clock import local_date
from portal.communities.models import User
from portal.communities.queries.belonging import places_by_address
from portal.errors import DomainError
from portal.formats import date_no
from portal.journal import services as journal
from portal.mail import services as mail
from portal.writing import require_unchanged

STARTS = frozenset({"planned_start_date", "operation_started_date"})
TOLD = ("planned_start_date", "operation_started_date", "responsible_name", "responsible_email")


class CorrectionError(DomainError):
    """The correction cannot be made."""


def as_told(acceptance: Acceptance) -> dict[str, Any]:
    """What can be put right, as it is now."""
    return {**{name: getattr(acceptance, name) for name in TOLD}, "due_date": acceptance.evaluation.due_date}


@act
def correct(
    acceptance: Acceptance,
    *,
    due_date: date,
    reason: str,
    confirms_start: bool = False,
    base: Base | None = None,
    by: User,
    at: datetime,
    **told: Any,
) -> Acceptance:
    """Put right the start, the person responsible and the date of the evaluation; ``told`` are fields of ``TOLD``.

    A corrected start moves the evaluation's date, unless that is given another. The person responsible is told, and the
    one before who has not left. Raises CorrectionError without a reason or a change, when the evaluation has been sent,
    or is due before operation started; StartDateError as accepting and telling the start do; WrittenMeanwhileError when
    somebody else has changed something of it since the page of ``base`` was opened.
    """
    decision = acceptance.decision
    application = (
        held(Application.objects.filter(pk=decision.application_id)).select_related("round", "community").get()
    )
    acceptance = Acceptance.objects.select_related("evaluation").get(pk=acceptance.pk)
    before, report = as_told(acceptance), acceptance.evaluation
    typed = {**told, "due_date": due_date}
    shown = {name: before[name] for name in typed}
    told = shown | require_unchanged(shown, typed, base, told=(application, CORRECTED), by=by)
    due_date = told.pop("due_date")
    changed = [name for name, value in told.items() if value != before[name]]
    started, planned = told.get("operation_started_date"), told.get("planned_start_date")
    if started and "operation_started_date" in changed:
        require_start(decision, started, at)
    if planned and "planned_start_date" in changed:
        require_planned_start(decision, planned, confirms=confirms_start)
    if due_date == before["due_date"] and STARTS.intersection(changed):
        due_date = evaluation_due(started or planned or due_date, months_of(decision))
    changed += ["due_date"] if due_date != before["due_date"] else []
    if base is not None and not changed and edited(base, typed):
        # The second of two presses: all that the page changed is written, and those concerned have been told.
        return acceptance
    _check(report, due_date, started or planned, changed, reason)
    for name in changed:
        setattr(report if name == "due_date" else acceptance, name, told.get(name, due_date))
    if "operation_started_date" in changed:
        acceptance.operation_recorded_by = by
    acceptance.save(update_fields=[*TOLD, "operation_recorded_by"])
    report.save(update_fields=["due_date"])
    _tell(acceptance, application, {before["responsible_email"], acceptance.responsible_email}, reason, at)
    data = {"fields": changed, "reason": reason.strip(), "due": due_date.isoformat()}
    journal.record(CORRECTED, subject=application, by=by, at=at, community=application.tenant, **data)
    return acceptance


def _check(report: EvaluationReport, due_date: date, start: date | None, changed: list[str], reason: str) -> None:
    if report.submitted_at:
        raise CorrectionError(_("Evalueringen er sendt. Opplysningene kan ikke rettes lenger."))
    if not reason.strip():
        raise CorrectionError(_("Skriv hvorfor opplysningene rettes."))
    if not changed:
        raise CorrectionError(_("Ingenting er endret."))
    if start and due_date < start:
        raise CorrectionError(_("Evalueringen kan ikke ha frist før driftsstart %(date)s.") % {"date": date_no(start)})


def _tell(acceptance: Acceptance, application: Application, addresses: set[str], reason: str, at: datetime) -> None:
    places = places_by_address(addresses, local_date(at))
    for address in sorted(People(application, application.partners.all(), places).named(addresses)):
        mail.queue(
            "project_corrected",
            recipient=address,
            about=application,
            context={"application": application, "acceptance": acceptance, "reason": reason.strip()},
            at=at,
            key=f"corrected:{acceptance.pk}:{at.isoformat()}:{address}",
            language=application.language,
        )
