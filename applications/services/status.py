"""The only writer of an application's status, and of the stages that it enters."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from applications.models import UNSCORED, Application, StageEntry
from applications.workflow import (
    BACK_IN_STAGE,
    BY_NAME,
    CHECKS,
    DECISIONS,
    KNOWN_BEFORE,
    OPEN_STAGE_STATES,
    STAGE_STATES,
    Actor,
    StageState,
    Status,
    Transition,
)
from portal.acts import act
from portal.errors import ConflictError
from portal.journal import services as journal
from portal.twins import twin_lazy, twin_of
from rounds.models import Stage

CHANGED = twin_lazy(
    "Noen andre har endret søknaden i mellomtiden. Den har nå status «%(status)s». "
    "Last siden på nytt og se hva som gjelder."
)


class StageError(ConflictError):
    """The application is not in the stage that the act needs."""


def enter(application: Application, stage: Stage, *, at: datetime) -> StageEntry:
    """Let the application enter a stage. The caller holds the application's row, and has left the stage before.

    The application waits for a check when the stage has one; otherwise the stage can work with it at once.
    """
    spec = application.round.spec
    described = spec.stage(stage.code)
    state = StageState.RECEIVED if described is None or spec.checks(described) else StageState.IN_WORK
    return StageEntry.objects.create(
        application=application,
        stage=stage,
        community_id=stage.receiver_of(application.community_id),
        state=state,
        entered_at=at,
        **{name: getattr(application, name) for name in StageEntry.OF_APPLICATION},
    )


def enter_first(application: Application, *, at: datetime) -> StageEntry:
    """Let the application enter the round's first stage."""
    return enter(application, application.round.first_stage, at=at)


def follow(application: Application, transition: str, *, at: datetime) -> None:
    """Give the open stage entry the state that the transition leads to. Only ``advance`` calls it, in its transaction.

    Raises StageError when the application is not in the deciding stage, or is checked in the stage already.
    """
    state = STAGE_STATES.get(transition)
    if state is None:
        return
    entries = StageEntry.objects.filter(application=application)
    if transition in BACK_IN_STAGE:
        newest = entries.last()
        entries = entries.filter(pk=newest.pk) if newest else entries.none()
    else:
        entries = entries.open()
    if transition in DECISIONS:
        entries = entries.filter(stage__code=application.round.spec.deciding_stage.code)
    if transition in CHECKS:
        entries = entries.filter(state=StageState.RECEIVED)
    written = entries.update(state=state, left_at=None if state in OPEN_STAGE_STATES else at)
    if transition in DECISIONS and not written:
        raise StageError(twin_of(twin_lazy("Søknaden er ikke hos dem som avgjør den."), application.noun_context))
    if transition in CHECKS and not written:
        raise StageError(twin_of(twin_lazy("Søknaden er allerede kontrollert."), application.noun_context))


def score(application: Application, stage: Stage, *, total: Decimal | None, must_discuss: bool) -> None:
    """Write what the assessments of the stage give into the stage entry; None when nobody has given points."""
    entries = StageEntry.objects.filter(application=application, stage=stage)
    entries.update(total=UNSCORED if total is None else total, must_discuss=must_discuss)


class TransitionError(ConflictError):
    """The status does not allow the act, or somebody else has changed it first."""


@act
def advance(
    application: Application,
    name: str,
    *,
    by: Any,
    at: datetime,
    changes: Mapping[str, Any] | None = None,
    **data: Any,
) -> Application:
    """Move the application by the named transition, from the status that the actor saw.

    ``changes`` are fields written in the same UPDATE (``submitted_at`` …); ``data`` goes into the log entry
    ``application.<name>``. Raises TransitionError with a sentence when the transition does not start in that status, or
    when the status has changed meanwhile. The caller has asked whether ``by`` may do it. For an applicant the status
    that the applicants know counts. An outcome is not known to them until ``announce``.
    """
    line = BY_NAME[name]
    seen = application.status
    written = {**(changes or {}), "status": line.target, **_telling(application, line, at)}
    # The condition of the UPDATE decides: of two who press at once, only one updates the row.
    rows = Application.objects.filter(pk=application.pk, status=seen)
    if line.actor == Actor.APPLICANT:
        rows = rows.filter(announced_at=application.announced_at)
    won = _source(application, line) in line.sources and rows.update(**written)
    if not won:
        raise TransitionError(_refusal(application, line))
    for field, value in written.items():
        setattr(application, field, value)
    for kept in ("closes_at", "open_correction"):
        application.__dict__.pop(kept, None)
    follow(application, name, at=at)
    StageEntry.objects.filter(application=application).copy_application()
    journal.record(
        f"application.{name}",
        subject=application,
        by=by,
        at=at,
        community=application.tenant,
        source=str(seen),
        target=str(line.target),
        **data,
    )
    return application


def _telling(application: Application, line: Transition, at: datetime) -> dict[str, Any]:
    """The fields that the applicants can see. An outcome, and when it was written, is hidden until they are told."""
    if line.target in KNOWN_BEFORE:
        return {"announced_at": None, "known_before": application.known_status}
    if application.known_status == line.target:
        # Back to what they have known all the time: nothing happened that they can see.
        return {"known_before": ""}
    return {"updated_at": at, "known_before": ""}


@act
def announce(application: Application, *, by: Any, at: datetime) -> None:
    """Let the applicants see the outcome from ``at`` (UTC). Called again, it changes nothing."""
    if not Application.objects.filter(pk=application.pk, announced_at=None).update(announced_at=at, updated_at=at):
        return
    application.announced_at = application.updated_at = at
    journal.record("application.announced", subject=application, by=by, at=at, community=application.tenant)


def _source(application: Application, line: Transition) -> Status:
    return application.known_status if line.actor == Actor.APPLICANT else Status(application.status)


def _refusal(application: Application, line: Transition) -> str:
    current = Application.objects.only("status", "announced_at", "known_before").filter(pk=application.pk).first()
    words = {
        "act": twin_of(line.label, application.noun_context),
        "status": _source(current, line).label if current else "",
    }
    if current is None or _source(current, line) != _source(application, line):
        return twin_of(CHANGED, application.noun_context) % words
    return (
        twin_of(twin_lazy("«%(act)s» går ikke nå. Søknaden har status «%(status)s»."), application.noun_context) % words
    )
