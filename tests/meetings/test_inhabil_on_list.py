"""Who is inhabil in a case on a list has no vote on the whole, and what the body and the minutes say of it."""

import pytest
from django.template.loader import render_to_string
from django.urls import reverse

from evaluation.meetings.models import Case
from evaluation.meetings.queries.electorate import roll_of
from evaluation.meetings.queries.minutes import minutes_content, shown
from evaluation.meetings.queries.proposed import allocation_of
from evaluation.meetings.services import balloting, habilitet, live, resolving
from evaluation.meetings.voting import CannotVote
from tests.harness import worlds
from tests.meetings import world

pytestmark = pytest.mark.django_db

TIE = {"ground": "represents", "explanation": "Jeg har signert."}


@worlds.world
def on_application(house):
    """A meeting going on, on the first of two applications, in which the member is inhabil; meeting, cases, time."""
    meeting, cases, at = world.list_meeting(house)
    meeting = world.opened(house, meeting, at, *world.everybody(house))
    cases = [Case.objects.get(pk=case.pk) for case in cases]
    decide(house, meeting, cases[0], at, is_recused=True)
    return meeting, cases, at


def decide(house, meeting, case, at, *, is_recused, by=None):
    question = habilitet.raise_question(case, world.line(meeting, house.member), **TIE, by=by or house.member, at=at)
    habilitet.decide_question(case, question, is_recused=is_recused, reason="Har signert.", by=house.chair, at=at)


def test_who_is_inhabil_in_a_case_on_the_list_has_no_vote_on_the_whole(house, on_application, sign_in):
    meeting, cases, at = on_application
    roll, line = roll_of(meeting, cases[-1]), world.line(meeting, house.member)
    assert [line.seat.user for line in roll.left_out] == [house.member]
    assert (roll.voters.size, roll.quorum.base) == (3, 3)
    assert roll.voters.cannot_vote[line.seat_id] == CannotVote.RECUSED_IN_PART
    assert roll_of(meeting, cases[1]).voters.size == 4
    live.go_to(meeting, cases[-1], by=house.chair, at=at)
    room = reverse("meetings:room", args=[meeting.pk])
    assert "inhabil i en sak på listen" in sign_in(house.chair).get(room).content.decode()


def test_the_deputy_votes_on_the_whole_for_who_is_inhabil_in_a_case_on_the_list(house, on_application):
    meeting, cases, at = on_application
    live.arrive(world.line(meeting, house.deputy), by=house.chair, at=at)
    roll = roll_of(meeting, cases[-1])
    assert world.line(meeting, house.deputy).seat_id in roll.voters.sides
    assert (roll.voters.size, roll.quorum.base) == (4, 4)


def test_the_body_may_decide_that_a_member_is_habil_in_the_whole(house, on_application):
    meeting, cases, at = on_application
    live.go_to(meeting, cases[-1], by=house.chair, at=at)
    decide(house, meeting, cases[-1], at, is_recused=False, by=house.chair)
    roll = roll_of(meeting, cases[-1])
    assert (roll.left_out, roll.voters.size) == ([], 4)


def test_the_minutes_say_who_had_no_part_in_the_whole(house, on_application):
    meeting, cases, at = on_application
    for case in cases[:-1]:
        live.go_to(meeting, case, by=house.chair, at=at)
        resolving.postpone(case, reason="Mer arbeid.", by=house.chair, at=at)
    live.go_to(meeting, cases[-1], by=house.chair, at=at)
    text = allocation_of(cases[-1]).proposal(meeting.body.name)
    ballot = balloting.open_ballot(cases[-1], proposal=text, by=house.chair, at=at)
    with pytest.raises(balloting.VoteRefusedError, match="Du er inhabil i en sak på listen"):
        world.vote(ballot, at, of=house, member="for")
    world.vote(ballot, at, of=house, chair="for")
    ballot = balloting.close_ballot(ballot, by=house.chair, at=at)
    assert (ballot.result["is_adopted"], ballot.result["total"]["entitled"]) == (True, 3)
    resolving.adopt_ballot(ballot, by=house.chair, at=at)
    told = minutes_content(meeting, "")["cases"][-1]
    sentence = "Mona Member er inhabil i en sak på listen og deltok ikke i avgjørelsen om samlet fordeling."
    assert told["left_out"] == [sentence]
    assert sentence in render_to_string("letters/minutes.html", {"minutes": shown(minutes_content(meeting, ""))})
