"""Habilitet in a case: raised, decided by the others, and what it shuts a person out of."""

import pytest

from evaluation.assessment.models import Declaration, Recusal
from evaluation.assessment.services import declaring
from evaluation.meetings.models import Case, CaseRecusal
from evaluation.meetings.permissions import can_lead_case, can_read_papers
from evaluation.meetings.queries.electorate import roll
from evaluation.meetings.services import balloting, habilitet, resolving, room
from evaluation.meetings.services.turns import MeetingConflictError, MeetingError
from tests.meetings import world

pytestmark = pytest.mark.django_db

TIE = {"ground": "represents", "explanation": "Jeg har signert."}


@pytest.fixture
def on_application(house):
    """A meeting going on, on the case of the first of two applications; meeting, cases, time."""
    meeting, cases, at = world.list_meeting(house)
    meeting = world.opened(house, meeting, at, *world.everybody(house))
    return meeting, [Case.objects.get(pk=case.pk) for case in cases], at


def raised(house, meeting, case, person, at, by=None):
    return habilitet.raise_question(case, world.line(meeting, person), **TIE, by=by or person, at=at)


def test_member_who_raises_the_own_habilitet_also_declares_it(house, on_application):
    meeting, cases, at = on_application
    raised(house, meeting, cases[0], house.member, at)
    declared = Declaration.objects.get(application=cases[0].application, person=house.member)
    assert (declared.has_tie, declared.ground, declared.needs_decision) == (True, "represents", True)


def test_chair_who_raises_it_for_another_declares_nothing(house, on_application):
    meeting, cases, at = on_application
    raised(house, meeting, cases[0], house.member, at, by=house.chair)
    assert not Declaration.objects.filter(person=house.member).exists()


def test_question_is_raised_once_and_not_in_a_case_that_is_settled(house, on_application):
    meeting, cases, at = on_application
    raised(house, meeting, cases[0], house.member, at)
    with pytest.raises(MeetingConflictError, match="Habiliteten til Mona Member er allerede meldt"):
        raised(house, meeting, cases[0], house.member, at)
    resolving.postpone(cases[0], reason="Mer forankring.", by=house.chair, at=at)
    with pytest.raises(MeetingError, match="ferdig behandlet"):
        raised(house, meeting, cases[0], house.chair, at)


def test_nothing_is_voted_on_or_agreed_before_habilitet_is_decided(house, on_application):
    meeting, cases, at = on_application
    raised(house, meeting, cases[0], house.member, at)
    with pytest.raises(MeetingError, match="Avgjør habiliteten til Mona Member først"):
        world.ballot_on(house, cases[0], at, outcome="rejected")
    with pytest.raises(MeetingError, match="Avgjør habiliteten til Mona Member først"):
        resolving.adopt_as_proposed(cases[0], by=house.chair, at=at)


def test_decision_shuts_the_person_out_of_vote_papers_and_application(house, on_application):
    meeting, cases, at = on_application
    question = raised(house, meeting, cases[0], house.member, at)
    assert not can_read_papers(house.member, cases[0], now=at)
    habilitet.decide_question(question, is_recused=True, reason="Har signert.", by=house.chair, at=at)
    recusal = Recusal.objects.get(person=house.member)
    assert (recusal.application, recusal.is_recused, recusal.body) == (cases[0].application, True, house.ssu)
    own = roll(meeting, cases[0])
    assert (own.is_recused(house.member), own.voters.size, own.quorum.base) == (True, 3, 3)
    assert not can_read_papers(house.member, cases[0], now=at)
    assert can_read_papers(house.member, cases[1], now=at)


def test_member_found_habil_takes_part(house, on_application):
    meeting, cases, at = on_application
    question = raised(house, meeting, cases[0], house.member, at)
    habilitet.decide_question(question, is_recused=False, reason="Bare ansatt.", by=house.chair, at=at)
    assert roll(meeting, cases[0]).voters.size == 4
    assert can_read_papers(house.member, cases[0], now=at)


def test_deputy_steps_in_for_an_inhabil_member_and_counts(house, on_application):
    meeting, cases, at = on_application
    room.arrive(world.line(meeting, house.deputy), by=house.chair, at=at)
    question = raised(house, meeting, cases[0], house.member, at)
    habilitet.decide_question(question, is_recused=True, reason="Har signert.", by=house.chair, at=at)
    own = roll(meeting, cases[0])
    assert (own.of(house.deputy).seat_id in own.voters.sides, own.quorum.base) == (True, 4)


def test_nobody_decides_the_own_habilitet(house, on_application):
    meeting, cases, at = on_application
    question = raised(house, meeting, cases[0], house.chair, at)
    with pytest.raises(MeetingError, match="Ingen avgjør sin egen habilitet"):
        habilitet.decide_question(question, is_recused=False, reason="Nei.", by=house.chair, at=at)
    assert not can_lead_case(house.chair, cases[0], now=at)
    assert can_lead_case(house.vice_chair, cases[0], now=at)


def test_decision_during_a_ballot_sets_the_vote_aside(house, on_application):
    meeting, cases, at = on_application
    ballot = world.ballot_on(house, cases[0], at, outcome="rejected")
    world.vote(ballot, at, of=house, member="against", chair="for")
    question = raised(house, meeting, cases[0], house.member, at)
    habilitet.decide_question(question, is_recused=True, reason="Har signert.", by=house.chair, at=at)
    result = balloting.close_ballot(ballot, by=house.chair, at=at).result
    assert (result["is_adopted"], len(result["set_aside"])) == (True, 1)


def test_question_raised_by_mistake_is_taken_back_until_decided(house, on_application):
    meeting, cases, at = on_application
    question = raised(house, meeting, cases[0], house.member, at, by=house.chair)
    habilitet.withdraw_question(question, by=house.chair, at=at)
    assert CaseRecusal.objects.count() == 0
    question = raised(house, meeting, cases[0], house.member, at, by=house.chair)
    habilitet.decide_question(question, is_recused=False, reason="Nei.", by=house.chair, at=at)
    with pytest.raises(MeetingConflictError, match="allerede avgjort"):
        habilitet.withdraw_question(question, by=house.chair, at=at)


def test_what_was_declared_and_decided_before_comes_to_the_case_with_the_meeting(house):
    meeting, cases, at = world.list_meeting(house)
    application = cases[1].application
    declaring.declare(application, has_tie=True, **TIE, by=house.member, at=at)
    declaring.decide(
        application, house.recused_member, is_recused=True, ground="party", reason="Part.", by=house.secretary, at=at
    )
    meeting = world.opened(house, meeting, at, *world.everybody(house))
    room.go_to(meeting, cases[1], by=house.chair, at=at)
    found = {row.seat.user: (row.ground, row.is_recused) for row in cases[1].recusals.select_related("seat__user")}
    assert found == {house.member: ("represents", None), house.recused_member: ("party", True)}
    room.go_to(meeting, cases[0], by=house.chair, at=at)
    room.go_to(meeting, cases[1], by=house.chair, at=at)
    assert cases[1].recusals.count() == 2


def test_member_decided_before_the_meeting_may_raise_it_again(house, on_application):
    meeting, cases, at = on_application
    declaring.decide(cases[0].application, house.member, is_recused=False, reason="Nei.", by=house.secretary, at=at)
    assert raised(house, meeting, cases[0], house.member, at).is_recused is None


def test_allocation_names_the_voters_who_are_inhabil_in_an_application(house, on_application):
    meeting, cases, at = on_application
    question = raised(house, meeting, cases[0], house.member, at)
    habilitet.decide_question(question, is_recused=True, reason="Har signert.", by=house.chair, at=at)
    own = roll(meeting, cases[-1])
    assert ([line.seat.user for line in own.tied_voters], own.voters.size) == ([house.member], 4)
