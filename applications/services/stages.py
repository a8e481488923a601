"""The only writer of stage entries: which stage an application enters, and what becomes of it there."""

from datetime import datetime

from django.utils.translation import gettext as _

from applications.models import Application, StageEntry
from applications.workflow import DECISIONS, OPEN_STAGE_STATES, STAGE_STATES, StageState
from portal.errors import ConflictError
from rounds.models import Stage


class StageError(ConflictError):
    """The application is not in the stage that the act needs."""


def enter(application: Application, stage: Stage, *, state: StageState, at: datetime) -> StageEntry:
    """Begin a stage at the one who handles it there; the caller has the application's row, and has left the last."""
    return StageEntry.objects.create(
        application=application,
        stage=stage,
        community_id=stage.receiver_of(application.community_id),
        state=state,
        entered_at=at,
    )


def enter_first(application: Application, *, at: datetime) -> StageEntry:
    """Begin the round's first stage, whatever body it is; the secretariat of that body checks the application."""
    return enter(application, application.round.first_stage, state=StageState.RECEIVED, at=at)


def follow(application: Application, transition: str, *, at: datetime) -> None:
    """Let the open stage follow the application's transition; called by ``advance`` alone, in its transaction.

    Raises StageError when a body decides in another stage than the round's last.
    """
    state = STAGE_STATES.get(transition)
    if state is None:
        return
    entries = StageEntry.objects.open().filter(application=application)
    if transition in DECISIONS:
        entries = entries.filter(stage__code=application.round.spec.deciding_stage.code)
    written = entries.update(state=state, left_at=None if state in OPEN_STAGE_STATES else at)
    if transition in DECISIONS and not written:
        raise StageError(_("Søknaden er ikke i det trinnet som avgjør den."))
