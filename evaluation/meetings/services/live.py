"""The meeting while it is held: it is opened, people come and go, it moves to the next case, and it is closed."""

from datetime import date, datetime

from django.utils.translation import gettext as _

from evaluation.meetings.models import (
    Absence,
    Attendance,
    Ballot,
    BallotStatus,
    Case,
    CaseStatus,
    Meeting,
    MeetingStatus,
    Minutes,
)
from evaluation.meetings.queries.agenda import secretaries_of
from evaluation.meetings.queries.electorate import is_awaited, lines_of, takes_attendance
from evaluation.meetings.queries.habilitet import closed_in_minutes
from evaluation.meetings.services.locking import (
    MeetingConflictError,
    MeetingError,
    locked,
    locked_with_body,
    require_in_case,
    require_not_over,
    require_open,
    tell,
)
from evaluation.meetings.services.planning import fill_roll, renew_roll
from evaluation.meetings.services.stepping_aside import keep_leaving, keep_secretary, keep_times
from portal.acts import act
from portal.clock import local_date
from portal.communities.models import User
from portal.communities.queries import standing_at
from portal.formats import date_in_words, date_no
from portal.mail import services as mail

SHOWN = 5


class OtherDayError(MeetingError):
    """The meeting is planned on another day, and nobody has said that it is held on this one."""


@act
def open_meeting(meeting: Meeting, *, by: User, at: datetime, on_day: date | None = None) -> Meeting:
    """Set the meeting: the roll is that of the day, and the first case is on the screens.

    ``on_day`` is the local day that somebody has said it is held on, when that is another than the planned. Raises
    OtherDayError on any other day, MeetingError unless it has been called and not opened.
    """
    # The body's row is locked too: nobody changes how the body decides while it has an open meeting.
    meeting = locked_with_body(meeting)
    if meeting.is_cancelled:
        raise MeetingConflictError(_("Møtet er avlyst."))
    if meeting.status != MeetingStatus.PLANNED:
        raise MeetingConflictError(_("Møtet er allerede satt."))
    if not meeting.is_called:
        raise MeetingError(_("Kall inn til møtet før det settes."))
    today, planned = local_date(at), local_date(meeting.starts_at)
    if today not in {planned, on_day}:
        raise OtherDayError(
            _("Møtet er planlagt %(planned)s, og i dag er det %(today)s.")
            % {"planned": date_no(planned), "today": date_no(today)}
        )
    fill_roll(meeting, today)
    meeting.current_case = meeting.cases.order_by("position", "number").first()
    meeting.status, meeting.opened_at = MeetingStatus.OPEN, at
    meeting.save(update_fields=["status", "opened_at", "current_case"])
    keep_secretary(meeting, by, at)
    keep_times(meeting, at)
    tell("meeting.opened", meeting, by=by, at=at, planned=planned.isoformat())
    return meeting


@act
def choose_secretary(meeting: Meeting, person: User, *, by: User, at: datetime) -> Meeting:
    """Choose who is secretary and stands so in the minutes, until they are adopted.

    Raises MeetingError when the person is neither in the secretariat of the body that day nor on the roll.
    """
    meeting = locked(meeting.pk)
    if meeting.status == MeetingStatus.ADOPTED:
        raise MeetingError(_("Protokollen er godkjent og kan ikke endres."))
    if meeting.is_cancelled:
        raise MeetingConflictError(_("Møtet er avlyst."))
    if not secretaries_of(meeting).filter(pk=person.pk).exists():
        raise MeetingError(_("%(name)s er verken i sekretariatet eller på møtet.") % {"name": person})
    meeting.secretary = person
    meeting.save(update_fields=["secretary"])
    tell("meeting.secretary_chosen", meeting, by=by, at=at, name=person.name)
    return meeting


@act
def arrive(attendance: Attendance, *, by: User, at: datetime) -> Attendance:
    """Somebody is in the meeting, or back in it. Also before it is set, while people gather on the day."""
    line = _locked_line(attendance, by)
    _require_day(line.meeting, at)
    if line.has_ended:
        raise MeetingError(_("%(name)s har ikke lenger plass i utvalget.") % {"name": line.seat.user})
    if not line.is_present:
        _let_in(line, by=by, at=at)
        keep_times(line.meeting, at)
    return line


@act
def arrive_all(meeting: Meeting, *, by: User, at: datetime) -> list[Attendance]:
    """Those who are called and not heard of are there: nobody who has sent an apology or left, and no deputy."""
    meeting = locked(meeting.pk)
    require_not_over(meeting)
    _require_day(meeting, at)
    _require_may_report(meeting, by)
    awaited = [line for line in lines_of(meeting.pk) if is_awaited(line)]
    for line in awaited:
        line.meeting = meeting
        _let_in(line, by=by, at=at)
    keep_times(meeting, at)
    return awaited


def _let_in(line: Attendance, *, by: User, at: datetime) -> None:
    if line.left_at:
        Absence.objects.create(attendance=line, left_at=line.left_at, returned_at=at)
    line.arrived_at, line.left_at, line.apology = line.arrived_at or at, None, False
    line.save(update_fields=["arrived_at", "left_at", "apology"])
    tell("meeting.arrived", line.meeting, by=by, at=at, seat=line.seat_id)


@act
def leave(attendance: Attendance, *, by: User, at: datetime) -> Attendance:
    """Somebody leaves. A vote in an open ballot is set aside when the ballot closes."""
    line = _locked_line(attendance, by)
    if line.is_present:
        line.left_at = at
        line.save(update_fields=["left_at"])
        keep_leaving(line, at)
        tell("meeting.left", line.meeting, by=by, at=at, seat=line.seat_id)
    return line


@act
def apologise(attendance: Attendance, *, by: User, at: datetime) -> Attendance:
    """Somebody cannot come. Raises MeetingError for one who is there."""
    line = _locked_line(attendance, by)
    if line.is_present:
        raise MeetingError(_("%(name)s er til stede. Meld avgang i stedet.") % {"name": line.seat.user})
    if not line.apology:
        line.apology = True
        line.save(update_fields=["apology"])
        tell("meeting.apologised", line.meeting, by=by, at=at, seat=line.seat_id)
    return line


def _locked_line(attendance: Attendance, by: User) -> Attendance:
    meeting = locked(attendance.meeting_id)
    require_not_over(meeting)
    line = Attendance.objects.select_related("seat__user").get(pk=attendance.pk)
    line.meeting = meeting
    if line.seat.user_id != by.pk:
        _require_may_report(meeting, by)
    return line


def _require_day(meeting: Meeting, at: datetime) -> None:
    if not takes_attendance(meeting, at):
        day = date_in_words(local_date(meeting.starts_at))
        raise MeetingError(_("Møtet er %(day)s. Den som kommer, registreres den dagen.") % {"day": day})


def _require_may_report(meeting: Meeting, by: User) -> None:
    """One who is out of the case in hand reports nobody else while it is treated."""
    case = meeting.current_case
    if case and not case.is_settled:
        require_in_case(by, case, _("melde andre enn deg selv mens den behandles"))


@act
def go_to(meeting: Meeting, case: Case, *, by: User, at: datetime) -> Meeting:
    """Put the case on every screen. Raises MeetingError while a ballot is open."""
    meeting = locked(meeting.pk)
    require_open(meeting)
    _require_no_open_ballot(meeting)
    if case.meeting_id != meeting.pk:
        raise MeetingError(_("Saken hører ikke til dette møtet."))
    if meeting.current_case_id != case.pk:
        meeting.current_case = case
        meeting.save(update_fields=["current_case"])
        keep_secretary(meeting, by, at)
        keep_times(meeting, at)
        tell("meeting.moved_on", meeting, by=by, at=at, case=case.reference)
    return meeting


@act
def close_meeting(meeting: Meeting, *, by: User, at: datetime) -> Minutes:
    """Close the meeting and begin its minutes.

    Raises MeetingError while a ballot is open or a case is neither decided, noted nor postponed.
    """
    meeting = locked(meeting.pk)
    require_open(meeting)
    _require_no_open_ballot(meeting)
    waiting = list(meeting.cases.filter(status=CaseStatus.PREPARED).order_by("position", "number")[: SHOWN + 1])
    if waiting:
        numbers = ", ".join(case.reference for case in waiting[:SHOWN]) + (" …" if len(waiting) > SHOWN else "")
        raise MeetingError(
            _("Disse sakene er ikke avgjort: %(cases)s. Behandle eller utsett dem.") % {"cases": numbers}
        )
    meeting.status, meeting.closed_at, meeting.current_case = MeetingStatus.CLOSED, at, None
    meeting.save(update_fields=["status", "closed_at", "current_case"])
    keep_secretary(meeting, by, at)
    keep_times(meeting, at)
    minutes, _created = Minutes.objects.get_or_create(meeting=meeting)
    tell("meeting.closed", meeting, by=by, at=at)
    return minutes


@act
def reopen_meeting(meeting: Meeting, *, why: str, by: User, at: datetime, on_day: date | None = None) -> Meeting:
    """Open a meeting again that was closed by mistake, on its last case; the minutes tell when, who and why.

    Everybody left when it was closed, and is registered again; the roll is that of the day, and all on it are told by
    mail. ``on_day`` is the local day that somebody has said it goes on, when that is another than it was closed on.
    Raises OtherDayError on any other day, MeetingError without a reason, unless the meeting is closed and its minutes
    not adopted, and when its body has ended since.
    """
    # The body's row is locked too, as when a meeting is set.
    meeting = locked_with_body(meeting)
    if meeting.is_open:
        raise MeetingConflictError(_("Møtet er allerede åpnet igjen."))
    if meeting.status != MeetingStatus.CLOSED or meeting.closed_at is None:
        raise MeetingError(_("Et møte kan åpnes igjen fra det er hevet til protokollen er godkjent."))
    if meeting.body.last_day:
        raise MeetingError(_("%(body)s er avsluttet.") % {"body": meeting.body})
    if not why.strip():
        raise MeetingError(_("Skriv hvorfor møtet åpnes igjen."))
    closed_at, today, closed_on = meeting.closed_at, local_date(at), local_date(meeting.closed_at)
    if today not in {closed_on, on_day}:
        raise OtherDayError(
            _("Møtet ble hevet %(closed)s, og i dag er det %(today)s. Kryss av for at det går videre i dag.")
            % {"closed": date_no(closed_on), "today": date_no(today)}
        )
    meeting.reopenings.create(closed_at=closed_at, why=why.strip(), reopened_by=by, reopened_at=at)
    meeting.attendances.filter(arrived_at__isnull=False, left_at=None).update(left_at=closed_at)
    renew_roll(meeting, today)
    meeting.status, meeting.closed_at = MeetingStatus.OPEN, None
    meeting.current_case = meeting.cases.order_by("position", "number").last()
    meeting.save(update_fields=["status", "closed_at", "current_case"])
    keep_secretary(meeting, by, at)
    keep_times(meeting, at)
    _tell_of_reopening(meeting, closed_at, why.strip(), by=by, at=at)
    tell("meeting.reopened", meeting, by=by, at=at, why=why.strip())
    return meeting


def _tell_of_reopening(meeting: Meeting, closed_at: datetime, why: str, *, by: User, at: datetime) -> None:
    """A mail to everybody on the roll; without the reason to one to whom a case is closed, since it may tell of it."""
    on_roll = meeting.attendances.filter(has_ended=False).order_by().values("seat__user")
    for person in User.objects.filter(pk__in=on_roll).order_by("pk"):
        hides = bool(closed_in_minutes(standing_at(person, at), meeting))
        context = {"meeting": meeting, "closed_at": closed_at, "why": "" if hides else why, "by": by, "at": at}
        mail.queue(
            "meeting_reopened",
            recipient=person.email,
            about=meeting,
            context={**context, "name": person.name, "path": meeting.get_absolute_url()},
            at=at,
            key=f"meeting_reopened:{meeting.pk}:{person.pk}:{at.isoformat()}",
            language=person.language,
        )


def _require_no_open_ballot(meeting: Meeting) -> None:
    ballot = Ballot.objects.filter(case__meeting=meeting, status=BallotStatus.OPEN).select_related("case").first()
    if ballot:
        raise MeetingError(_("Lukk voteringen i sak %(case)s først.") % {"case": ballot.case.reference})
