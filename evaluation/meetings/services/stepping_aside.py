"""When those who are inhabil in the case on the screens went out, and when they came back; and who was secretary."""

from datetime import datetime

from evaluation.meetings.models import Absence, Attendance, Case, Meeting
from evaluation.meetings.queries.electorate import roll_of
from portal.communities.models import User
from portal.communities.queries import standing_at


def keep_times(meeting: Meeting, at: datetime) -> None:
    """Write who goes out of the case on the screens now, and that those who were out of another are back.

    The caller holds the meeting's row, and has moved it on, or changed who is there or inhabil.
    """
    out = Absence.objects.filter(attendance__meeting=meeting, case__isnull=False, returned_at=None)
    cases = Case.objects.select_related("priority_list__stage", "recommendation", "application")
    current = meeting.current_case_id if meeting.is_open else None
    case = cases.filter(pk=current).first() if current else None
    if case is None:
        out.update(returned_at=at)
        return
    roll = roll_of(meeting, case)
    inhabil = [line for line in roll.attendances if line.seat_id in roll.recused_seat_ids]
    out.exclude(case=case, attendance__in=inhabil).update(returned_at=at)
    gone = set(out.values_list("attendance", flat=True))
    Absence.objects.bulk_create(
        Absence(attendance=line, case=case, left_at=at) for line in inhabil if line.is_present and line.pk not in gone
    )


def keep_leaving(line: Attendance, at: datetime) -> None:
    """One who is out of the case on the screens, and leaves the meeting, is away from now, and not back in the case."""
    Absence.objects.filter(attendance=line, case__isnull=False, returned_at=None).update(returned_at=at)


def keep_secretary(meeting: Meeting, by: User, at: datetime) -> None:
    """Until somebody is chosen (``live.choose_secretary``), the first officer who leads a step is the secretary."""
    if meeting.secretary_id is None and standing_at(by, at).is_secretariat_of(meeting.body):
        meeting.secretary = by
        meeting.save(update_fields=["secretary"])
