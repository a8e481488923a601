"""Stage entries for applications that a test has written straight into a status."""

from applications.models import UNSCORED, StageEntry
from applications.workflow import OPEN_STAGE_STATES, StageState, Status
from evaluation.assessment.models import Assessment, Assignment, Result

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
            break
    application.stage_entries.copy_application()


def carried_wrongly():
    """The stage entries and the assignments that carry something else than the rows that it was copied from."""
    results = {(row.application_id, row.stage_id): (row.total, row.must_discuss) for row in Result.objects.all()}
    wrong = []
    for entry in StageEntry.objects.select_related("application"):
        total, must_discuss = results.get((entry.application_id, entry.stage_id), (None, False))
        copied = [getattr(entry.application, name) for name in StageEntry.OF_APPLICATION]
        copied += [UNSCORED if total is None else total, must_discuss]
        if [getattr(entry, name) for name in (*StageEntry.OF_APPLICATION, "total", "must_discuss")] != copied:
            wrong.append(entry)
    given = ("application", "stage", "assessor", "delivered_at")
    delivered = set(Assessment.objects.exclude(delivered_at=None).values_list(*given))
    carried = set(Assignment.objects.exclude(delivered_at=None).values_list(*given))
    return wrong + sorted(carried ^ delivered)
