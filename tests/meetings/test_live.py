"""The meeting as it goes: set, people coming and going, on to the next case, closed."""

from datetime import timedelta

import pytest

from evaluation.meetings.models import Case, CaseKind, Meeting, MeetingStatus
from evaluation.meetings.services import live, planning, resolving
from evaluation.meetings.services.locking import MeetingConflictError, MeetingError
from portal import clock
from portal.journal.models import LogEntry
from tests.meetings import world

pytestmark = pytest.mark.django_db


def test_meeting_is_set_on_its_first_case(house, now, meeting, case):
    assert (meeting.status, meeting.opened_at, meeting.current_case) == (MeetingStatus.OPEN, now, case)


def test_meeting_that_is_not_called_is_not_set(house, now):
    with pytest.raises(MeetingError, match="Kall inn til møtet"):
        live.open_meeting(world.planned(house, now), by=house.chair, at=now)


def test_meeting_is_set_once(house, now, meeting):
    with pytest.raises(MeetingConflictError, match="allerede satt"):
        live.open_meeting(meeting, by=house.vice_chair, at=now)


def test_person_comes_goes_and_comes_back(house, now, meeting):
    line = world.line(meeting, house.chair)
    left = live.leave(line, by=house.chair, at=now + timedelta(minutes=5))
    assert (left.is_present, left.left_at) == (False, now + timedelta(minutes=5))
    back = live.arrive(line, by=house.chair, at=now + timedelta(minutes=9))
    assert (back.is_present, back.arrived_at) == (True, now)


def test_coming_twice_is_one_arrival(house, now, meeting):
    before = Meeting.objects.get(pk=meeting.pk).revision
    live.arrive(world.line(meeting, house.chair), by=house.chair, at=now + timedelta(minutes=9))
    assert Meeting.objects.get(pk=meeting.pk).revision == before


def test_apology_is_taken_back_by_coming(house, now):
    meeting = world.planned(house, now)
    line = live.apologise(world.line(meeting, house.member), by=house.member, at=now)
    assert line.apology
    assert not live.arrive(line, by=house.member, at=meeting.starts_at).apology


def test_nobody_is_there_before_the_day_of_the_meeting(house, now):
    meeting = world.planned(house, now)
    midnight = clock.at_local(clock.local_date(meeting.starts_at))
    sentence = "Møtet er .* Den som kommer, registreres den dagen."
    with pytest.raises(MeetingError, match=sentence):
        live.arrive(world.line(meeting, house.member), by=house.member, at=midnight - timedelta(seconds=1))
    with pytest.raises(MeetingError, match=sentence):
        live.arrive_all(meeting, by=house.chair, at=midnight - timedelta(seconds=1))
    assert live.arrive(world.line(meeting, house.member), by=house.member, at=midnight).is_present


def test_one_who_is_there_does_not_apologise(house, now, meeting):
    with pytest.raises(MeetingError, match="Mona Member er til stede"):
        live.apologise(world.line(meeting, house.member), by=house.member, at=now)


def test_chair_moves_on_and_back(house, now, meeting, case):
    second = world.own_case(house, meeting, now, title="Handlingsplan")
    live.go_to(meeting, second, by=house.chair, at=now)
    assert Meeting.objects.get(pk=meeting.pk).current_case == second
    live.go_to(meeting, case, by=house.chair, at=now)
    assert Meeting.objects.get(pk=meeting.pk).current_case == case


def test_chair_does_not_move_on_from_an_open_ballot(house, now, meeting, case):
    second = world.own_case(house, meeting, now)
    world.ballot_on(house, case, now)
    with pytest.raises(MeetingError, match="Lukk voteringen i sak 1/25 først"):
        live.go_to(meeting, second, by=house.chair, at=now)


def test_chair_does_not_move_to_a_case_of_another_meeting(house, now, meeting):
    strange = world.own_case(house, world.planned(house, now), now)
    with pytest.raises(MeetingError, match="hører ikke til dette møtet"):
        live.go_to(meeting, strange, by=house.chair, at=now)


def test_meeting_is_not_closed_with_an_open_ballot(house, now, meeting, case):
    world.ballot_on(house, case, now)
    with pytest.raises(MeetingError, match="Lukk voteringen i sak 1/25 først"):
        live.close_meeting(meeting, by=house.chair, at=now)


def test_meeting_is_not_closed_with_cases_waiting(house, now, meeting):
    for _ in range(6):
        world.own_case(house, meeting, now)
    with pytest.raises(MeetingError, match=r"ikke avgjort: 1/25, 2/25, 3/25, 4/25, 5/25 …\."):
        live.close_meeting(meeting, by=house.chair, at=now)


def test_rest_is_postponed_and_the_meeting_closed(house, now, meeting):
    world.own_case(house, meeting, now, kind=CaseKind.INFORMATION)
    assert resolving.postpone_rest(meeting, reason="Tiden var ute.", by=house.chair, at=now) == resolving.Postponed(
        2, ()
    )
    minutes = live.close_meeting(meeting, by=house.chair, at=now)
    closed = Meeting.objects.get(pk=meeting.pk)
    assert (closed.status, closed.closed_at, closed.current_case, closed.minutes) == ("closed", now, None, minutes)


def test_rest_is_not_postponed_under_an_open_ballot(house, now, meeting, case):
    world.ballot_on(house, case, now)
    with pytest.raises(MeetingError, match="Lukk voteringen først"):
        resolving.postpone_rest(meeting, reason="Tiden var ute.", by=house.chair, at=now)


def test_nothing_happens_in_a_closed_meeting(house, now, meeting, case):
    resolving.postpone_rest(meeting, reason="Tiden var ute.", by=house.chair, at=now)
    live.close_meeting(meeting, by=house.chair, at=now)
    line = world.line(meeting, house.chair)
    for act in (
        lambda: live.leave(line, by=house.chair, at=now),
        lambda: live.go_to(meeting, case, by=house.chair, at=now),
        lambda: live.close_meeting(meeting, by=house.chair, at=now),
        lambda: planning.move(Case.objects.get(pk=case.pk), to=1, by=house.secretary, at=now),
        lambda: resolving.reopen(case, why="Feil.", by=house.chair, at=now),
    ):
        with pytest.raises(MeetingError, match="Møtet er hevet"):
            act()


def test_every_act_is_in_the_journal_and_moves_the_screens(house, now, meeting):
    before = Meeting.objects.get(pk=meeting.pk).revision
    live.leave(world.line(meeting, house.chair), by=house.secretary, at=now)
    assert Meeting.objects.get(pk=meeting.pk).revision == before + 1
    last = LogEntry.objects.last()
    assert (last.act, last.actor, last.community_code) == ("meeting.left", house.secretary, "troms-ofoten")
