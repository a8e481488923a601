"""The draft of the minutes is sent to those on the roll, and they say what they think is wrong in it."""

from datetime import date, datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from evaluation.meetings.models import MeetingStatus, MemberRemark, Minutes
from evaluation.meetings.queries.electorate import attendances_of
from evaluation.meetings.queries.habilitet import line_of
from evaluation.meetings.services.locking import MeetingError, locked, tell_quietly
from portal.acts import act
from portal.clock import local_date
from portal.communities.models import User
from portal.formats import date_no
from portal.mail import services as mail


@act
def send_for_remarks(minutes: Minutes, *, until: date, by: User, at: datetime) -> Minutes:
    """Tell everybody on the roll by mail that the draft can be read, and until when remarks are taken.

    Not a deputy who did not come. Sending again gives another date. Raises MeetingError unless the meeting is closed
    and its minutes not adopted, and for a date that has passed.
    """
    minutes = _draft(minutes)
    if until < local_date(at):
        raise MeetingError(_("Fristen må være i dag eller senere.")).about("until")
    minutes.sent_at, minutes.remarks_until = at, until
    minutes.save(update_fields=["sent_at", "remarks_until"])
    _tell(minutes, by=by, at=at)
    tell_quietly("minutes.sent", minutes.meeting, by=by, at=at, subject=minutes, until=until.isoformat())
    return minutes


def _tell(minutes: Minutes, *, by: User, at: datetime) -> None:
    """A mail to each; it names no case, since one of them may be closed to somebody."""
    lines = attendances_of(minutes.meeting_id)
    people = {line.seat.user for line in lines if line.arrived_at or not line.seat.is_deputy}
    for person in sorted(people, key=lambda one: one.pk):
        mail.queue(
            "minutes_sent",
            recipient=person.email,
            about=minutes.meeting,
            context={
                "meeting": minutes.meeting,
                "until": minutes.remarks_until,
                "by": by,
                "name": person.name,
                "path": reverse("meetings:minutes", args=[minutes.meeting_id]),
            },
            at=at,
            key=f"minutes_sent:{minutes.meeting_id}:{person.pk}:{at.isoformat()}",
            language=person.language,
        )


@act
def tell_remark(minutes: Minutes, *, text: str, by: User, at: datetime) -> MemberRemark:
    """Say what is wrong in the draft, to those who adopt it.

    Raises MeetingError for one who is not on the roll, before it is sent, after the date, and when it is adopted. The
    same said again is one remark.
    """
    minutes = _draft(minutes)
    if line_of(minutes.meeting, by) is None:
        raise MeetingError(_("Bare de som har plass i utvalget, kan skrive merknader til protokollen."))
    if minutes.remarks_until is None:
        raise MeetingError(_("Protokollen er ikke sendt til gjennomlesing ennå."))
    if local_date(at) > minutes.remarks_until:
        said = _("Fristen for merknader gikk ut %(day)s. Ta det opp når protokollen behandles i neste møte.")
        raise MeetingError(said % {"day": date_no(minutes.remarks_until)})
    text = text.strip()
    same = MemberRemark.objects.filter(minutes=minutes, person=by, text=text).first()
    if same:
        return same
    remark = MemberRemark.objects.create(minutes=minutes, person=by, text=text, written_at=at)
    tell_quietly("minutes.remark_told", minutes.meeting, by=by, at=at, subject=minutes)
    return remark


def _draft(minutes: Minutes) -> Minutes:
    """The minutes as they are now, with the meeting locked; MeetingError unless they wait to be adopted."""
    meeting = locked(minutes.meeting_id)
    if meeting.status == MeetingStatus.ADOPTED:
        raise MeetingError(_("Protokollen er godkjent og kan ikke endres."))
    if not meeting.is_closed:
        raise MeetingError(_("Møtet må heves før protokollen kan leses gjennom."))
    minutes.refresh_from_db()
    minutes.meeting = meeting
    return minutes
