"""The outcome of the completeness check: taken to assessment, or not admitted with a reason."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from applications.models import Application
from applications.services.status import advance
from evaluation.assessment.models import Admission
from evaluation.assessment.scoring import passes_gate
from portal.communities.models import User
from portal.errors import DomainError
from portal.journal import services as journal


class AdmissionError(DomainError):
    """The check lacks what its outcome needs."""


class GateNotMetError(AdmissionError):
    """The application meets too few of a gate's criteria (R43); the sentence is the round's own."""


def admit(application: Application, *, checklist: Mapping[str, Any], by: User, at: datetime) -> Admission:
    """Take the application to assessment.

    ``checklist`` is {"items": [{"code", "label", "answer", "note"}], "gates": {gate: [criterion]}}. Raises
    GateNotMetError when a gate of the first stage is not passed, TransitionError when somebody was first.
    """
    met = checklist.get("gates", {})
    for gate in gates(application):
        if not passes_gate(met.get(gate.code, ()), gate.criteria, gate.at_least):
            raise GateNotMetError(gate.refusal)
    return _record(application, "admit", checklist, "", by=by, at=at)


def refuse(application: Application, *, checklist: Mapping[str, Any], reason: str, by: User, at: datetime) -> Admission:
    """Do not admit the application; the reason goes into the letter. Raises AdmissionError without one."""
    if not reason.strip():
        raise AdmissionError(_("Skriv hvorfor søknaden avvises. Begrunnelsen kommer i brevet."))
    return _record(application, "refuse_admission", checklist, reason.strip(), by=by, at=at)


def gates(application: Application) -> list[Any]:
    """The gates that the application must pass: those of the round's first stage."""
    spec = application.round.spec
    return [gate for code in spec.stages[0].gates if (gate := spec.gate(code))]


def _record(
    application: Application, transition: str, checklist: Mapping[str, Any], reason: str, *, by: User, at: datetime
) -> Admission:
    with transaction.atomic():
        advance(application, transition, by=by, at=at)
        submission = application.submissions.order_by("-version")[:1].get()
        admission = Admission.objects.create(
            application=application,
            submission=submission,
            checklist=dict(checklist),
            admitted=transition == "admit",
            reason=reason,
            decided_by=by,
            decided_at=at,
        )
        journal.record(
            "admission.decided",
            subject=application,
            by=by,
            at=at,
            community=application.community,
            admitted=admission.admitted,
            version=submission.version,
            unmet=[item["code"] for item in checklist.get("items", []) if not item["answer"]],
        )
    return admission
