"""Before the meeting: planned, cases numbered and put up, papers written, members called."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime

from django.db.models import F, Max
from django.utils.translation import gettext as _

from applications.models import Application
from evaluation.meetings import numbering, papers
from evaluation.meetings.calendar_file import entry
from evaluation.meetings.models import (
    Attendance,
    Case,
    CaseKind,
    CasePaper,
    Meeting,
    NumberSeries,
)
from evaluation.meetings.queries.attachments import told_of_in_call
from evaluation.meetings.queries.papers import facts_tell_of_closed
from evaluation.meetings.questions import comments_go_with, told_of_moved, told_of_taken_up
from evaluation.meetings.services.attachments import carry_over
from evaluation.meetings.services.locking import (
    MeetingError,
    locked,
    locked_case,
    locked_with_body,
    require_in_case,
    require_not_over,
    require_planned,
    require_sees_whole,
    tell,
    tell_written,
)
from portal import clock
from portal.acts import act, held, upsert
from portal.cells import Base, Merge
from portal.communities.models import Body, Seat, User
from portal.communities.queries import members, standing_at
from portal.errors import ChangedError
from portal.formats import datetime_no
from portal.journal import services as journal
from portal.mail import services as mail
from portal.snapshots import digest
from portal.twins import twin_lazy, twin_of
from portal.writing import merged
from rounds.models import Round

AGENDA_LINES_IN_MAIL = 40
PAPER_WRITTEN = "case.paper_written"


@act
def plan(body: Body, *, starts_at: datetime, location: str, by: User, at: datetime) -> Meeting:
    """Plan a meeting of the body, with everybody who holds a seat that day on its roll.

    Raises MeetingError when the body has ended.
    """
    # The body's row is held: it does not end meanwhile.
    body = held(Body.objects.filter(pk=body.pk)).select_related("community", "region").get()
    if body.last_day:
        raise MeetingError(_("%(body)s er avsluttet.") % {"body": body})
    meeting = Meeting.objects.create(body=body, starts_at=starts_at, location=location, created_at=at)
    fill_roll(meeting, clock.local_date(starts_at))
    journal.record("meeting.planned", subject=meeting, by=by, at=at, community=body.tenant)
    return meeting


@act
def reschedule(
    meeting: Meeting, *, starts_at: datetime, location: str, shown: str | None = None, by: User, at: datetime
) -> Meeting:
    """Change time and location. Those who have been called must be called again. The case numbers keep their year.

    ``shown`` is the sum of the time and the location on the page (``time_and_place``). Raises ChangedError when another
    has moved the meeting since, which the two of them would put back, and for a page that carries no sum.
    """
    meeting = locked(meeting.pk)
    require_planned(meeting, _("Møtet er satt. Tid og sted kan ikke endres."))
    if shown is not None and shown != time_and_place(meeting):
        # The second of two presses asks for what the first has done.
        if (meeting.starts_at, meeting.location) == (starts_at, location):
            return meeting
        said = _("Møtet er flyttet siden du åpnet siden: nå er det %(when)s, %(where)s. Se over tid og sted.")
        raise ChangedError(said % {"when": datetime_no(meeting.starts_at), "where": meeting.location})
    is_moved = (meeting.starts_at, meeting.location) != (starts_at, location)
    was = meeting.starts_at
    meeting.moved_since_call = meeting.is_called and (meeting.moved_since_call or is_moved)
    meeting.starts_at, meeting.location = starts_at, location
    meeting.save(update_fields=["starts_at", "location", "moved_since_call"])
    fill_roll(meeting, clock.local_date(starts_at))
    tell("meeting.rescheduled", meeting, by=by, at=at)
    if was != starts_at:
        told_of_moved(meeting, was, at)
    return meeting


def time_and_place(meeting: Meeting) -> str:
    """The sum of when and where the meeting is planned, for the page that changes it."""
    return digest([meeting.starts_at, meeting.location])[:16]


def fill_roll(meeting: Meeting, day: date) -> None:
    """Put everybody who holds a seat on the day on the meeting's roll, and take off those who do not."""
    seats = list(members(meeting.body, day))
    meeting.attendances.exclude(seat__in=seats).delete()
    _add_to_roll(meeting, seats)


def renew_roll(meeting: Meeting, day: date) -> None:
    """The same for a meeting that has been held: those who hold no seat any more stay in the minutes."""
    seats = list(members(meeting.body, day))
    meeting.attendances.exclude(seat__in=seats).update(has_ended=True)
    meeting.attendances.filter(seat__in=seats).update(has_ended=False)
    _add_to_roll(meeting, seats)


def _add_to_roll(meeting: Meeting, seats: Sequence[Seat]) -> None:
    on_roll = set(meeting.attendances.values_list("seat_id", flat=True))
    Attendance.objects.bulk_create(Attendance(meeting=meeting, seat=seat) for seat in seats if seat.pk not in on_roll)


# --- cases ----------------------------------------------------------------------------------------


@act
def add_case(
    meeting: Meeting,
    *,
    kind: CaseKind,
    title: str,
    by: User,
    at: datetime,
    requested_by: str = "",
    earlier: Sequence[Case] = (),
    about_round: Round | None = None,
    application: Application | None = None,
) -> Case:
    """Put up a single case, with the body's next number (R126), and the earlier ones that it builds on (R127).

    In a case about an ``application``, which it does not decide, habilitet is that of the application. A case
    ``about_round`` begins with the headings and the draft resolution that the round's file has for it.
    """
    meeting = locked_with_body(meeting)
    require_not_over(meeting)
    (number,) = take_numbers(meeting, 1)
    case = Case.objects.create(
        body=meeting.body,
        year=year_of(meeting),
        number=number,
        meeting=meeting,
        position=next_position(meeting),
        kind=kind,
        title=title,
        application=application,
        created_at=at,
    )
    case.earlier.add(*earlier)
    part = about_round.spec.decision.case if about_round else None
    texts = asdict(papers.round_paper(part)) if part else {}
    CasePaper.objects.create(case=case, requested_by=requested_by, **texts)
    tell("case.added", meeting, by=by, at=at, subject=case, case=case.reference)
    return case


def year_of(meeting: Meeting) -> int:
    """The year whose numbers the meeting's cases take."""
    return clock.local(meeting.starts_at).year


def take_numbers(meeting: Meeting, count: int) -> list[int]:
    """The body's next numbers of the meeting's year.

    The caller holds the body's row (``locked_with_body``), so that two who put up cases at once get a number each.
    """
    of_year = {"body": meeting.body_id, "year": year_of(meeting)}
    on_agendas = Case.objects.filter(**of_year).aggregate(highest=Max("number"))["highest"] or 0
    taken_off = NumberSeries.objects.filter(**of_year).values_list("highest", flat=True).first() or 0
    first = numbering.next_number([on_agendas, taken_off])
    return list(range(first, first + count))


def next_position(meeting: Meeting) -> int:
    """The position after the last case on the agenda."""
    last = meeting.cases.aggregate(last=Max("position"))["last"]
    return 1 if last is None else last + 1


@act
def take_up_again(case: Case, meeting: Meeting, *, by: User, at: datetime) -> Case:
    """Put a postponed case up in another meeting under a new number, with the paper it had (R127, R132).

    Both meetings are locked, so that the case is not opened again where it was postponed meanwhile.
    """
    meeting = locked_with_body(meeting, case.meeting_id)
    rows = Case.objects.select_related("meeting", "application", "priority_list__stage", "recommendation")
    case = rows.get(pk=case.pk)
    require_not_over(meeting)
    require_in_case(by, case, _("ta den opp igjen"))
    require_sees_whole(by, case, at)
    if not case.waits_again or not meeting.body.line.filter(pk=case.body_id).exists():
        raise MeetingError(_("Bare utsatte saker i samme utvalg kan tas opp igjen."))
    if case.is_withdrawn and case.is_allocation:
        raise MeetingError(_("Utlysningen er trukket. Saken tas ikke opp igjen."))
    if case.is_withdrawn:
        sentence = twin_lazy("Søknaden er trukket. Saken tas ikke opp igjen.")
        raise MeetingError(twin_of(sentence, case.application.noun_context if case.application else ""))
    if case.followed_by.exists():
        raise MeetingError(_("Sak %(case)s er allerede tatt opp igjen.") % {"case": case.reference})
    (number,) = take_numbers(meeting, 1)
    paper = case.paper
    again = Case.objects.create(
        body=meeting.body,
        year=year_of(meeting),
        number=number,
        meeting=meeting,
        position=next_position(meeting),
        kind=case.kind,
        title=case.title,
        application=case.application,
        priority_list=case.priority_list,
        recommendation=case.recommendation,
        follows=case,
        created_at=at,
    )
    paper.pk, paper.case = None, again
    paper.save(force_insert=True)
    carry_over([again])
    again.earlier.set(case.earlier.all())
    tell("case.taken_up_again", meeting, by=by, at=at, subject=again, case=again.reference, follows=case.reference)
    told_of_taken_up(case, again, at)
    comments_go_with(case, again, at)
    return again


@act
def move(case: Case, *, to: int, by: User, at: datetime) -> Case:
    """Move the case to position ``to`` (from 1) on the agenda; its number is kept. A settled case cannot be moved."""
    case = locked_case(case)
    require_in_case(by, case, _("flytte den"))
    require_not_over(case.meeting)
    if case.is_settled:
        raise MeetingError(_("Sak %(case)s er ferdig behandlet og kan ikke flyttes.") % {"case": case.reference})
    others = case.meeting.cases.exclude(pk=case.pk)
    to = max(1, min(to, others.count() + 1))
    others.filter(position__gt=case.position).update(position=F("position") - 1)
    others.filter(position__gte=to).update(position=F("position") + 1)
    Case.objects.filter(pk=case.pk).update(position=to)
    case.position = to
    tell("case.moved", case.meeting, by=by, at=at, subject=case, to=to)
    return case


@act
def write_paper(
    case: Case, *, texts: Mapping[str, str], base: Base | None = None, quietly: bool = False, by: User, at: datetime
) -> Merge:
    """Write the case paper: ``texts`` by the field names of CasePaper, and ``title``; see portal/writing.py.

    Raises MeetingError when the case is settled, and when the facts are written by one who may not read them.
    """
    case = locked_case(case)
    require_in_case(by, case, _("skrive saksframlegget"))
    require_sees_whole(by, case, at)
    if "facts" in texts and facts_tell_of_closed(case, standing_at(by, at)):
        raise MeetingError(_("En sak under den samme rammen er stengt for deg. En annen må skrive fakta i saken."))
    require_not_over(case.meeting)
    if case.is_settled:
        raise MeetingError(_("Sak %(case)s er avgjort. Saksframlegget står fast.") % {"case": case.reference})
    merge = merged(_texts_of(case), texts, base)
    written = dict(merge.changes)
    if "title" in written:
        Case.objects.filter(pk=case.pk).update(title=written.pop("title"))
    if written:
        upsert(CasePaper.objects.all(), {"case": case}, written)
    tell_written(PAPER_WRITTEN, case.meeting, merge, quietly=quietly, by=by, at=at, subject=case)
    return merge


def _texts_of(case: Case) -> dict[str, str]:
    """The case's title and the texts of its paper, as they are stored now."""
    paper = CasePaper.objects.filter(case=case).first() or CasePaper(case=case)
    return {"title": case.title, **{name: getattr(paper, name) for name in CasePaper.TEXTS}}


# --- the call -------------------------------------------------------------------------------------


@act
def call(meeting: Meeting, *, by: User, at: datetime) -> Meeting:
    """Call everybody on the roll by mail with the agenda, deputies too; the papers open to them.

    Calling again sends again. Raises MeetingError without a case, or when the meeting is set.
    """
    meeting = locked(meeting.pk)
    require_planned(meeting, _("Møtet er allerede satt."))
    cases = list(meeting.cases.order_by("position", "number")[: AGENDA_LINES_IN_MAIL + 1])
    if not cases:
        raise MeetingError(_("Sett opp minst én sak før dere kaller inn."))
    is_again = meeting.is_called
    gone, meeting.called_at = meeting.taken_off_since_call, at
    meeting.moved_since_call, meeting.taken_off_since_call = False, ""
    meeting.save(update_fields=["called_at", "moved_since_call", "taken_off_since_call"])
    fill_roll(meeting, clock.local_date(meeting.starts_at))
    _queue_calls(meeting, cases, is_again=is_again, gone=gone, at=at)
    tell("meeting.called", meeting, by=by, at=at)
    return meeting


def _queue_calls(meeting: Meeting, cases: list[Case], *, is_again: bool, gone: str, at: datetime) -> None:
    attached = told_of_in_call(meeting)
    shown = [{"case": case, "attachments": attached.get(case.pk, ())} for case in cases[:AGENDA_LINES_IN_MAIL]]
    left = meeting.cases.count() - len(shown)
    roll = list(meeting.attendances.select_related("seat__user", "seat__deputy_for__user"))
    attached_to_mail = [entry(meeting, [line.seat.user for line in roll], at=at)]
    for line in roll:
        person = line.seat.user
        stands_in_for = line.seat.deputy_for.user.name if line.seat.deputy_for else ""
        mail.queue(
            "meeting_call",
            recipient=person.email,
            about=meeting,
            context={
                "meeting": meeting,
                "cases": shown,
                "left": left,
                "name": person.name,
                "stands_in_for": stands_in_for,
                "is_again": is_again,
                "gone": gone,
                "path": meeting.get_absolute_url(),
            },
            at=at,
            key=f"meeting-call:{meeting.pk}:{line.seat_id}:{at.isoformat()}",
            language=person.language,
            attachments=attached_to_mail,
        )
