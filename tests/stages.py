"""Stage entries for applications that a test has written straight into a status."""

from applications.models import StageEntry
from applications.workflow import OPEN_STAGE_STATES, StageState, Status

STATES = {
    Status.SUBMITTED: StageState.RECEIVED,
    Status.CORRECTION: StageState.RECEIVED,
    Status.ADMITTED: StageState.IN_WORK,
    Status.FORWARDED: StageState.IN_WORK,
    Status.PRIORITISED: StageState.PRIORITISED,
    Status.POSTPONED: StageState.PRIORITISED,
    Status.NOT_PRIORITISED: StageState.LEFT_OUT,
    Status.NOT_ADMITTED: StageState.CLOSED,
    Status.WITHDRAWN: StageState.CLOSED,
}


def enter(application, at, *, stage=""):
    """Put the application in the stage (the first, if not named) as its status says; earlier stages are forwarded."""
    application.stage_entries.all().delete()
    if application.status == Status.DRAFT:
        return
    for item in application.round.stages.select_related("body").order_by("position"):
        is_here = stage in {"", item.code}
        state = STATES.get(application.status, StageState.DECIDED) if is_here else StageState.FORWARDED
        StageEntry.objects.create(
            application=application,
            stage=item,
            community_id=item.receiver_of(application.community_id),
            state=state,
            entered_at=at,
            left_at=None if state in OPEN_STAGE_STATES else at,
        )
        if is_here:
            return
