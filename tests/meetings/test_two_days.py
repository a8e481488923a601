"""A meeting that went on on another day: each thing is told with the day on which it happened."""

from datetime import timedelta

import pytest

from evaluation.assessment.habilitet import Ground
from evaluation.assessment.models import Habilitet
from evaluation.decisions.letter_content import build
from evaluation.decisions.models import Decision
from evaluation.decisions.services.deciding import decide_from_minutes
from evaluation.meetings.models import Meeting, MeetingStatus
from evaluation.meetings.queries.agenda import secretaries_of
from evaluation.meetings.queries.ended_bodies import held_after
from evaluation.meetings.queries.habilitet import line_of, people_to_raise
from evaluation.meetings.queries.minutes import minutes_content
from evaluation.meetings.services import habilitet, live, minutes, resolving
from evaluation.meetings.services.balloting import require_decidable
from evaluation.meetings.services.locking import MeetingError
from portal.clock import local_date
from portal.communities.models import Affiliation, Seat
from portal.formats import date_no, datetime_no
from tests.harness import worlds
from tests.meetings import world

pytestmark = [pytest.mark.django_db, pytest.mark.fault("B2")]


@worlds.world
def going_on(house):
    """Two resolved as proposed and one case put off, closed, and opened again a week later; the cases and the time.

    On the first day somebody was away for ten minutes.
    """
    meeting, cases, at = world.list_meeting(house, 2)
    meeting = world.opened(house, meeting, at, *world.everybody(house))
    live.leave(world.line(meeting, house.vice_chair), by=house.chair, at=at)
    live.arrive(world.line(meeting, house.vice_chair), by=house.chair, at=at + timedelta(minutes=10))
    for case in cases[:2]:
        live.go_to(meeting, case, by=house.chair, at=at)
        resolving.adopt_as_proposed(case, by=house.chair, at=at)
    resolving.postpone_rest(meeting, reason="Tiden var ute.", by=house.chair, at=at)
    record = live.close_meeting(meeting, by=house.chair, at=at + timedelta(hours=1))
    later = at + timedelta(days=7)
    words = {"why": "Feil.", "on_day": local_date(later), "by": house.secretary, "at": later}
    return live.reopen_meeting(record.meeting, **words), cases, at, later


def come_back(house, meeting, at):
    for person in world.everybody(house):
        live.arrive(world.line(meeting, person), by=house.secretary, at=at)


def content_of(meeting):
    return minutes_content(Meeting.objects.select_related("body__community").get(pk=meeting.pk), "")


def decided(house, going_on):
    """The second case resolved again on the second day, and the decisions of both, by the title of the application."""
    meeting, cases, _at, later = going_on
    come_back(house, meeting, later)
    live.go_to(meeting, cases[1], by=house.chair, at=later)
    resolving.reopen(cases[1], why="Feil beløp.", by=house.chair, at=later)
    cases[1].refresh_from_db()
    resolving.adopt_as_proposed(cases[1], by=house.chair, at=later)
    record = live.close_meeting(meeting, by=house.chair, at=later + timedelta(hours=1))
    minutes.adopt(record, by=house.chair, at=later + timedelta(hours=2))
    decide_from_minutes(Meeting.objects.get(), by=house.secretary, at=later + timedelta(days=1))
    return Decision.objects.order_by("application__title")


def test_the_letter_tells_the_day_of_the_resolution(house, going_on):
    _meeting, _cases, at, later = going_on
    first, second = decided(house, going_on)
    assert (first.adopted_on, second.adopted_on) == (local_date(at), local_date(later))
    letters = [
        str(build(one, number="1", language="nb", on=local_date(later + timedelta(days=2)))) for one in (first, second)
    ]
    days = date_no(at), date_no(later)
    assert [[day in letter for day in days] for letter in letters] == [[True, False], [False, True]]


def test_going_out_and_coming_back_are_told_with_the_day(house, going_on):
    meeting, cases, at, later = going_on
    come_back(house, meeting, later)
    minute = timedelta(minutes=1)
    live.go_to(meeting, cases[1], by=house.chair, at=later)
    resolving.reopen(cases[1], why="Feil beløp.", by=house.chair, at=later)
    cases[1].refresh_from_db()
    line = world.line(meeting, house.member)
    words = {"ground": Ground.OTHER, "explanation": "Nær.", "by": house.chair, "at": later}
    question = habilitet.raise_question(cases[1], line, **words)
    habilitet.decide_question(cases[1], question, is_recused=True, reason="Nær.", by=house.chair, at=later + minute)
    live.leave(line, by=house.chair, at=later + 2 * minute)
    live.go_to(meeting, cases[0], by=house.chair, at=later + 2 * minute)
    live.arrive(line, by=house.chair, at=later + 3 * minute)
    content = content_of(meeting)
    out, back = datetime_no(later + 2 * minute), datetime_no(later + 3 * minute)
    assert content["cases"][1]["stepped_aside"] == [f"{house.member.name} fratrådte {out} og tiltrådte {back}."]
    notes = {row["name"]: row["note"] for row in (*content["present"], *content["observers"])}
    away = f"ute {datetime_no(at)}–{datetime_no(at + 10 * minute)[-5:]}"
    assert notes[house.vice_chair.name] == f"nestleder, {away}, igjen fra {datetime_no(later)}"


def test_what_somebody_is_called_is_that_of_the_day_of_coming(house, going_on):
    meeting, _cases, at, later = going_on
    trust = Seat.objects.get(body=house.ssu, user=house.member).organisation
    term = {"from_date": local_date(later) - timedelta(days=1)}
    Affiliation.objects.filter(user=house.member, organisation=trust).delete()
    until = {"from_date": local_date(at) - timedelta(days=9), "to_date": local_date(at)}
    Affiliation.objects.create(user=house.member, organisation=trust, title="Rådgiver", **until)
    Affiliation.objects.create(user=house.member, organisation=trust, title="Direktør", **term)
    Affiliation.objects.create(user=house.nobody, organisation=trust, title="Overlege", **term)
    seat = Seat.objects.create(body=house.ssu, user=house.nobody, organisation=trust, side="hospital", **term)
    line = meeting.attendances.create(seat=seat)
    live.arrive(line, by=house.secretary, at=later)
    titles = {row["name"]: row["title"] for row in content_of(meeting)["present"]}
    assert (titles[house.member.name], titles[house.nobody.name]) == ("Rådgiver", "Overlege")


def test_an_officer_of_either_day_can_be_secretary(house, going_on):
    meeting, _cases, at, later = going_on
    office = {"body": house.secretariat, "side": "other"}
    Seat.objects.create(user=house.nobody, from_date=local_date(later), **office)
    before = {"from_date": local_date(at) - timedelta(days=9), "to_date": local_date(at)}
    Seat.objects.create(user=house.applicant, **before, **office)
    between = {"from_date": local_date(at) + timedelta(days=1), "to_date": local_date(at) + timedelta(days=2)}
    Seat.objects.create(user=house.stranger, **between, **office)
    people = set(secretaries_of(meeting))
    expected = (True, True, False)
    assert tuple(person in people for person in (house.nobody, house.applicant, house.stranger)) == expected


def test_a_body_does_not_end_before_its_last_day_in_a_meeting(house, going_on):
    _meeting, _cases, at, later = going_on
    day = timedelta(days=1)
    assert [held_after(house.ssu.pk, local_date(moment)) for moment in (at - day, at, later - day, later)] == [
        [later],
        [later],
        [later],
        [],
    ]


@pytest.fixture
def member_gone(house, now):
    """A meeting held yesterday that goes on today: the seat of the member ended in the night."""
    meeting, cases, at = world.list_meeting(house, 1)
    meeting = world.opened(house, meeting, at, *world.everybody(house))
    resolving.adopt_as_proposed(cases[0], by=house.chair, at=at)
    resolving.postpone_rest(meeting, reason="Tiden var ute.", by=house.chair, at=at)
    meeting = live.close_meeting(meeting, by=house.chair, at=at).meeting
    Seat.objects.filter(body=house.ssu, user=house.member).update(to_date=local_date(at))
    later = at + timedelta(days=1)
    meeting = live.reopen_meeting(meeting, why="F.", on_day=local_date(later), by=house.chair, at=later)
    come = [person for person in world.everybody(house) if person != house.member]
    for person in come:
        live.arrive(world.line(meeting, person), by=house.chair, at=later)
    case = cases[0]
    live.go_to(meeting, case, by=house.chair, at=later)
    resolving.reopen(case, why="Feil.", by=house.chair, at=later)
    case.refresh_from_db()
    return meeting, case, later


def test_nobody_whose_seat_has_ended_is_raised_or_waited_for(house, member_gone):
    meeting, case, at = member_gone
    named = {line.seat.user for line in people_to_raise(meeting, house.chair, leads=True)}
    assert (house.member in named, house.vice_chair in named) == (False, True)
    assert not people_to_raise(meeting, house.member, leads=False)
    assert (line_of(meeting, house.member), line_of(meeting, house.vice_chair) is None) == (None, False)
    words = {"ground": Ground.OTHER, "explanation": "Nær.", "by": house.chair, "at": at}
    with pytest.raises(MeetingError, match="har ikke lenger plass i utvalget"):
        habilitet.raise_question(case, world.line(meeting, house.member), **words)
    Habilitet.objects.filter(application=case.application, person=house.member).delete()
    asked = Habilitet.objects.create(
        application=case.application,
        person=house.member,
        is_pending=True,
        ground="other",
        raised_by=house.chair,
        raised_at=at,
    )
    require_decidable(case, "rejected", None)
    Seat.objects.filter(body=house.ssu, user=house.member).update(to_date=None)
    meeting.attendances.update(has_ended=False)
    with pytest.raises(MeetingError, match=f"Avgjør habiliteten til {asked.person} først"):
        require_decidable(case, "rejected", None)


def test_before_a_meeting_only_seats_of_its_day_are_raised(house, now):
    meeting = world.planned(house, now)
    assert meeting.status == MeetingStatus.PLANNED
    seat = Seat.objects.filter(body=house.ssu, user=house.member)
    day = local_date(meeting.starts_at)
    named = []
    for last in (day - timedelta(days=1), day):
        seat.update(to_date=last)
        named.append(house.member in {line.seat.user for line in people_to_raise(meeting, house.chair, leads=True)})
    assert named == [False, True]
