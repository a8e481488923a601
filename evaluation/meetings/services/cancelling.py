"""Cancelling a meeting that is planned: its cases wait, and all who were called or told of it get to know."""

from datetime import datetime

from django.utils.translation import gettext as _

from evaluation.meetings.calendar_file import entry
from evaluation.meetings.models import Meeting, MeetingStatus
from evaluation.meetings.questions import comments_wait, told_of_cancelled
from evaluation.meetings.services.locking import MeetingError, locked_with_body, require_planned, tell
from portal.acts import act
from portal.communities.models import User
from portal.mail import services as mail


@act
def cancel(meeting: Meeting, *, reason: str, by: User, at: datetime) -> Meeting:
    """Cancel the meeting. The cases stay on it with their papers and wait to be taken up in another.

    Those who were called get a mail that takes it out of their calendars. Raises MeetingError without a reason and
    when the meeting is set, MeetingConflictError when it is cancelled already.
    """
    if not reason.strip():
        raise MeetingError(_("Skriv hvorfor møtet avlyses.")).about("reason")
    # The body's row is locked too, as by those who put up cases and open the meeting.
    meeting = locked_with_body(meeting)
    require_planned(meeting, _("Møtet er satt og kan ikke avlyses. Da utsettes sakene i møtet i stedet."))
    meeting.status, meeting.cancelled_why = MeetingStatus.CANCELLED, reason.strip()
    meeting.cancelled_at, meeting.cancelled_by = at, by
    meeting.moved_since_call, meeting.taken_off_since_call = False, ""
    meeting.save()
    tell("meeting.cancelled", meeting, by=by, at=at, reason=reason.strip())
    if meeting.is_called:
        _tell_called(meeting, at)
    told_of_cancelled(meeting, reason.strip(), at)
    comments_wait(meeting, reason.strip(), at)
    return meeting


def _tell_called(meeting: Meeting, at: datetime) -> None:
    meeting.refresh_from_db(fields=["revision"])
    people = [line.seat.user for line in meeting.attendances.select_related("seat__user").order_by("pk")]
    taken_out = entry(meeting, people, at=at)
    for person in people:
        mail.queue(
            "meeting_cancelled",
            recipient=person.email,
            about=meeting,
            context={"meeting": meeting, "path": meeting.get_absolute_url()},
            at=at,
            key=f"meeting-cancelled:{meeting.pk}:{person.pk}",
            language=person.language,
            attachments=[taken_out],
        )
