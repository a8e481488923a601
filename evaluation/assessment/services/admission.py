"""The outcome of the check in a stage: the application is taken to assessment, or not admitted with a reason."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from applications.models import Application
from applications.services.status import StageError, advance
from applications.workflow import Status
from evaluation.assessment.models import Admission, PriorityList
from evaluation.assessment.permissions import is_still_open
from evaluation.assessment.queries.detail import why_check_stands
from evaluation.assessment.queries.turns import turn_of
from evaluation.assessment.scoring import passes_gate
from evaluation.assessment.turn import Turn
from portal.acts import act, held
from portal.communities.models import User
from portal.errors import ConflictError, DomainError
from portal.formats import datetime_no, deadline_no
from portal.journal import services as journal
from portal.twins import twin_lazy, twin_of
from rounds.definition import Gate
from rounds.models import Stage


class AdmissionError(DomainError):
    """Something that the outcome of the check needs is missing."""


class UnmetError(AdmissionError):
    """Some checks are neither met nor explained; ``codes`` are the codes of these checks."""

    def __init__(self, unmet: Mapping[str, str]) -> None:
        names = ", ".join(f"«{label}»" for label in unmet.values())
        super().__init__(
            _("Kryss av, eller skriv hvorfor saken likevel tas til vurdering: %(names)s.") % {"names": names}
        )
        self.codes = tuple(unmet)


class GateNotMetError(AdmissionError):
    """The application meets too few criteria of a gate (R43); the round file gives the sentence."""


class SentAgainError(AdmissionError, ConflictError):
    """Another version has been sent than the one on the page of the check."""


@act
def admit(
    application: Application, *, checklist: Mapping[str, Any], version: int | None = None, by: User, at: datetime
) -> Admission:
    """Take the application to assessment in the stage that it has come to.

    ``checklist`` is {"items": [{"code", "label", "answer", "data", "reason"}], "gates": {gate: [criterion]}}. A check
    of form (R73, R94) that is not met does not by itself exclude the application, but somebody must write why it is
    taken in all the same. A gate (R43) that is not met does exclude it. Raises UnmetError, GateNotMetError when a gate
    of the stage is not met, and TransitionError or StageError when a colleague has checked it first. ``version`` is the
    number of the version on the page; SentAgainError when another has been sent since.
    """
    turn = _turn_to_check(application, by, at)
    _require_newest(application, version)
    unmet = {
        item["code"]: item["label"]
        for item in checklist.get("items", ())
        if not item["answer"] and not item.get("reason", "").strip()
    }
    if unmet:
        raise UnmetError(unmet)
    met = checklist.get("gates", {})
    for gate in gates(turn):
        if not passes_gate(met.get(gate.code, ()), gate.criteria, gate.at_least):
            raise GateNotMetError(gate.refusal)
    transition = "take_in" if application.status == Status.FORWARDED else "admit"
    return _record(application, turn, transition, checklist, "", by=by, at=at)


@act
def refuse(
    application: Application,
    *,
    checklist: Mapping[str, Any],
    reason: str,
    version: int | None = None,
    by: User,
    at: datetime,
) -> Admission:
    """Do not admit the application; the reason goes into the letter. Raises AdmissionError without one.

    ``version`` is as in ``admit``.
    """
    if not reason.strip():
        raise AdmissionError(
            twin_of(
                twin_lazy("Skriv hvorfor søknaden avvises. Begrunnelsen kommer i brevet."), application.noun_context
            )
        )
    turn = _turn_to_check(application, by, at)
    _require_newest(application, version)
    return _record(application, turn, "refuse_admission", checklist, reason.strip(), by=by, at=at)


@act
def close_unanswered(application: Application, *, reason: str, by: User, at: datetime) -> Admission:
    """Do not admit an application whose correction did not come by its date; the reason goes into the letter.

    Raises AdmissionError without a reason and before the date, TransitionError when the correction has come.
    """
    if not reason.strip():
        raise AdmissionError(
            twin_of(
                twin_lazy("Skriv hvorfor søknaden avvises. Begrunnelsen kommer i brevet."), application.noun_context
            )
        )
    # An extension of the date takes the same lock, so the two acts take turns.
    turn = _turn_to_check(application, by, at)
    asked = application.correction_requests.filter(answered_at=None).first()
    if asked and at < asked.due_at:
        raise AdmissionError(_("Søkerne kan rette til %(due)s.") % {"due": deadline_no(asked.due_at)})
    return _record(application, turn, "close_unanswered", {"items": [], "gates": {}}, reason.strip(), by=by, at=at)


@act
def take_back(application: Application, *, reason: str, by: User, at: datetime) -> None:
    """Take back the outcome of the check in the stage that the application has come to: it waits for the check again.

    What was checked, and what the applicants would have been told, is kept in the log. Raises AdmissionError without a
    reason and when something has come of the outcome, TransitionError when the application is no longer where it led.
    """
    if not reason.strip():
        raise AdmissionError(_("Skriv hvorfor kontrollen gjøres om."))
    # The rows that are held while applications are set up on the list, and while they are assigned.
    list(held(PriorityList.objects.filter(round=application.round_id)))
    turn = _turn_to_check(application, by, at)
    held(Stage.objects.filter(pk=turn.stage.pk)).get()
    entry = application.stage_entry
    if entry and (stands := why_check_stands(application, entry)):
        raise AdmissionError(stands)
    admission = application.admissions.get(stage=turn.stage)
    advance(application, _way_back(application, turn, admission), by=by, at=at)
    kept = {"admitted": admission.admitted, "checklist": admission.checklist, "told": admission.reason}
    admission.delete()
    journal.record(
        "admission.taken_back",
        subject=application,
        by=by,
        at=at,
        community=turn.tenant,
        stage=turn.stage.code,
        reason=reason.strip(),
        **kept,
    )


def _way_back(application: Application, turn: Turn, admission: Admission) -> str:
    """The name of the transition that undoes the check."""
    if not turn.is_first:
        return "check_again_later"
    unanswered = not admission.admitted and application.correction_requests.filter(answered_at=None).exists()
    return "correct_again" if unanswered else "check_again"


def gates(turn: Turn) -> list[Gate]:
    """The gates that an application must pass in the turn."""
    spec = turn.round.spec
    return [gate for code in turn.spec.gates if (gate := spec.gate(code))]


def _turn_to_check(application: Application, by: User, at: datetime) -> Turn:
    """The turn that the application has come to; the application's row is locked, so that two who check take turns.

    Raises AdmissionError when the case is closed to the person, who may have become inhabil while the page was open.
    """
    held(Application.objects.filter(pk=application.pk)).get()
    if not (may := is_still_open(by, application, now=at)):
        raise AdmissionError(may.reason)
    entry = application.stage_entry
    if entry is None:
        raise StageError(_("Saken er ikke sendt."))
    return turn_of(application, entry.stage)


def _require_newest(application: Application, version: int | None) -> None:
    """Raise SentAgainError unless the version on the page is the one that was sent last."""
    sent = application.submissions.current()
    if version is not None and version != sent.version:
        said = _("Det ble sendt en ny versjon %(when)s, etter at du åpnet siden. Les den og se over svarene her.")
        raise SentAgainError(said % {"when": datetime_no(sent.submitted_at)})


def _record(
    application: Application,
    turn: Turn,
    transition: str,
    checklist: Mapping[str, Any],
    reason: str,
    *,
    by: User,
    at: datetime,
) -> Admission:
    advance(application, transition, by=by, at=at)
    submission = application.submissions.current()
    admission = Admission.objects.create(
        application=application,
        stage=turn.stage,
        submission=submission,
        checklist=dict(checklist),
        admitted=transition in {"admit", "take_in"},
        reason=reason,
        decided_by=by,
        decided_at=at,
    )
    journal.record(
        "admission.decided",
        subject=application,
        by=by,
        at=at,
        community=turn.tenant,
        stage=turn.stage.code,
        admitted=admission.admitted,
        version=submission.version,
        unmet=[item["code"] for item in checklist.get("items", []) if not item["answer"]],
    )
    return admission
