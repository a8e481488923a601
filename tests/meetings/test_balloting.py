"""Ballots: who may vote, once, in time; two chairs at once; what is frozen when it closes."""

import threading
from datetime import timedelta

import pytest
from django.db import connections

from evaluation.meetings.models import Ballot, CaseKind, Vote
from evaluation.meetings.queries.electorate import roll_of
from evaluation.meetings.services import balloting, habilitet, live, resolving
from evaluation.meetings.services.locking import MeetingConflictError, MeetingError
from portal.journal.models import LogEntry
from tests import factories
from tests.meetings import world

pytestmark = pytest.mark.django_db

SIMPLE, DOUBLE = "simple_majority", "double_majority"


def refused(ballot, person, at, choice="for"):
    with pytest.raises(balloting.VoteRefusedError) as refusal:
        balloting.cast(ballot, choice=choice, by=person, at=at)
    return str(refusal.value)


# --- opening --------------------------------------------------------------------------------------


def test_ballot_is_opened_under_the_rule_of_the_body(house, now):
    _meeting, case = world.in_session(house, now, DOUBLE)
    ballot = world.ballot_on(house, case, now)
    assert (ballot.decision_rules.rule, ballot.status, ballot.opened_by) == (DOUBLE, "open", house.chair)


def test_one_ballot_a_case_is_open_at_a_time(house, now, case):
    world.ballot_on(house, case, now)
    with pytest.raises(MeetingError, match="Lukk voteringen i sak 1/25 først"):
        world.ballot_on(house, case, now)


def test_ballot_is_not_opened_without_quorum(house, now, meeting, case):
    for person in (house.vice_chair, house.member):
        live.leave(world.line(meeting, person), by=house.chair, at=now)
    with pytest.raises(MeetingError, match="Ingen med stemmerett fra helseforetakssiden er til stede"):
        world.ballot_on(house, case, now)


def test_ballot_is_opened_only_on_the_case_in_hand(house, now, meeting):
    second = world.own_case(house, meeting, now)
    with pytest.raises(MeetingError, match="Møtet er ikke kommet til sak 2/25"):
        world.ballot_on(house, second, now)


def test_ballot_is_opened_only_on_a_case_for_decision(house, now, meeting):
    talk = world.own_case(house, meeting, now, kind=CaseKind.DISCUSSION)
    live.go_to(meeting, talk, by=house.chair, at=now)
    with pytest.raises(MeetingError, match="Sak 2/25 er ikke en beslutningssak"):
        world.ballot_on(house, talk, now)


def test_ballot_is_not_opened_before_the_meeting_is_set(house, now):
    case = world.own_case(house, world.planned(house, now), now)
    with pytest.raises(MeetingError, match="Møtet er ikke satt ennå"):
        world.ballot_on(house, case, now)


@pytest.mark.parametrize(
    ("proposal", "sentence"),
    [
        ({"outcome": ""}, "Velg utfallet som forslaget gir"),
        ({"outcome": "granted"}, "Skriv beløpet"),
        ({"outcome": "granted", "amount": 450_001}, "høyere enn det er søkt om: 450.001.kr mot 450.000.kr"),
    ],
)
def test_ballot_on_an_application_says_what_it_means(house, proposal, sentence):
    meeting, cases, at = world.list_meeting(house, 1)
    world.opened(house, meeting, at, *world.everybody(house))
    with pytest.raises(MeetingError, match=sentence):
        world.ballot_on(house, cases[0], at, **proposal)


# --- voting -----------------------------------------------------------------------------------------


def test_the_same_vote_again_gives_the_same_receipt(house, now, case):
    ballot = world.ballot_on(house, case, now)
    first = balloting.cast(ballot, choice="for", by=house.member, at=now)
    again = balloting.cast(ballot, choice="for", by=house.member, at=now + timedelta(seconds=9))
    assert (again, again.cast_at, Vote.objects.count()) == (first, now, 1)


@pytest.mark.parametrize("sees_votes", [True, False])
def test_a_vote_is_changed_until_the_ballot_closes_and_the_last_one_counts(sees_votes, house, now):
    """G3: a vote was final at once."""
    _meeting, case = world.in_session(house, now, "consensus", members_see_votes=sees_votes)
    ballot = world.ballot_on(house, case, now)
    balloting.cast(ballot, choice="against", by=house.member, at=now)
    later = now + timedelta(minutes=1)
    changed = balloting.cast(ballot, choice="for", by=house.member, at=later)
    assert (changed.choice, changed.cast_at, Vote.objects.count()) == ("for", later, 1)
    told = LogEntry.objects.get(act="vote.changed")
    assert (told.actor, told.data.get("was")) == (house.member, "against" if sees_votes else None)
    closed = balloting.close_ballot(ballot, by=house.chair, at=later)
    assert (closed.result["total"]["in_favour"], closed.result["total"]["against"]) == (1, 0)
    assert refused(ballot, house.member, later, "against") == (
        "Voteringen er lukket. Stemmen din er fortsatt: Støtter forslaget."
    )
    assert Vote.objects.get().choice == "for"


def test_who_has_left_or_is_inhabil_since_changes_no_vote(house, now, meeting, case):
    ballot = world.ballot_on(house, case, now)
    balloting.cast(ballot, choice="for", by=house.member, at=now)
    live.leave(world.line(meeting, house.member), by=house.member, at=now)
    assert refused(ballot, house.member, now, "against").startswith("Du er ikke registrert som til stede.")
    assert Vote.objects.get().choice == "for"


def test_vote_sent_again_after_closing_gets_its_receipt_and_a_new_one_is_late(house, now, case):
    ballot = world.ballot_on(house, case, now)
    first = balloting.cast(ballot, choice="for", by=house.member, at=now)
    balloting.close_ballot(ballot, by=house.chair, at=now)
    assert balloting.cast(ballot, choice="for", by=house.member, at=now) == first
    assert refused(ballot, house.vice_chair, now) == ("Voteringen er lukket. Stemmen kom for sent og er ikke talt med.")


def test_vote_is_refused_with_the_reason(house, now, meeting, case):
    live.leave(world.line(meeting, house.vice_chair), by=house.chair, at=now)
    for person in (house.user_member, house.deputy):
        live.arrive(world.line(meeting, person), by=house.chair, at=now)
    ballot = world.ballot_on(house, case, now)
    assert [refused(ballot, person, now) for person in (house.user_member, house.vice_chair, house.deputy)] == [
        "Du har møte- og talerett, men ikke stemmerett.",
        "Du er ikke registrert som til stede. Meld deg til stede for å stemme.",
        "Du er vara for Mona Member, som er til stede og stemmer selv.",
    ]
    assert refused(ballot, house.secretary, now) == "Du har ikke plass i utvalget og kan ikke stemme."


def test_deputy_votes_when_the_member_has_left(house, now, meeting, case):
    live.arrive(world.line(meeting, house.deputy), by=house.chair, at=now)
    live.leave(world.line(meeting, house.member), by=house.chair, at=now)
    ballot = world.ballot_on(house, case, now)
    assert balloting.cast(ballot, choice="for", by=house.deputy, at=now).seat.user == house.deputy


def test_second_deputy_of_the_same_member_does_not_vote(house, now):
    second = factories.user("Vara To")
    seat = house.ssu.seats.get(user=house.member)
    factories.seat(house.ssu, second, "hospital", deputy_for=seat)
    meeting, case = world.in_session(house, now)
    live.leave(world.line(meeting, house.member), by=house.chair, at=now)
    for person in (house.deputy, second):
        live.arrive(world.line(meeting, person), by=house.chair, at=now)
    ballot = world.ballot_on(house, case, now)
    assert refused(ballot, second, now) == "En annen vara møter allerede for Mona Member."


@pytest.mark.parametrize("is_entered_first", [True, False])
def test_deputy_appointed_first_votes_whatever_name_and_side(house, now, is_entered_first):
    early, late = factories.user("Åse Tidlig"), factories.user("Anna Sent")
    seats = [(early, "municipality", factories.FROM), (late, "hospital", factories.FROM + timedelta(days=30))]
    assert voting_deputy(house, now, seats if is_entered_first else seats[::-1]) == early


def test_of_deputies_appointed_on_the_same_day_the_one_entered_first_votes(house, now):
    first, second = factories.user("Åse Først"), factories.user("Anna Etter")
    seats = [(first, "municipality", factories.FROM), (second, "hospital", factories.FROM)]
    assert voting_deputy(house, now, seats) == first


def voting_deputy(house, at, seats):
    """Which of two deputies of the same absent member has the vote; the other one is refused."""
    principal = house.ssu.seats.get(user=house.recused_member)
    people = [person for person, _side, _from_date in seats]
    for person, side, from_date in seats:
        factories.seat(house.ssu, person, side, deputy_for=principal, from_date=from_date)
    meeting, case = world.in_session(house, at)
    live.leave(world.line(meeting, house.recused_member), by=house.chair, at=at)
    for person in people:
        live.arrive(world.line(meeting, person), by=house.chair, at=at)
    ballot = world.ballot_on(house, case, at)
    voters = roll_of(meeting, case).voters
    able = [person for person in people if world.line(meeting, person).seat_id in voters.sides]
    assert len(able) == 1
    (other,) = [person for person in people if person != able[0]]
    assert refused(ballot, other, at) == "En annen vara møter allerede for Rita Recused."
    return able[0]


def test_inhabil_member_does_not_vote(house, now, meeting, case):
    question = habilitet.raise_question(
        case, world.line(meeting, house.member), ground="other", explanation="Nær.", by=house.chair, at=now
    )
    habilitet.decide_question(case, question, is_recused=True, reason="Tett samarbeid.", by=house.chair, at=now)
    ballot = world.ballot_on(house, case, now)
    assert refused(ballot, house.member, now) == (
        "Du er inhabil i saken. Du kan verken delta i behandlingen eller stemme."
    )


# --- closing ------------------------------------------------------------------------------------------


def test_closing_freezes_who_could_vote_what_they_answered_and_the_result(house, now):
    _meeting, case = world.in_session(house, now, SIMPLE)
    ballot = world.ballot_on(house, case, now)
    world.vote(ballot, now, of=house, chair="for", recused_member="for", vice_chair="for", member="against")
    closed = balloting.close_ballot(ballot, by=house.chair, at=now)
    assert {person["name"]: person["choice"] for person in closed.electorate["entitled"]} == {
        "Kari Chair": "for",
        "Rita Recused": "for",
        "Viggo Vicechair": "for",
        "Mona Member": "against",
    }
    assert {person["name"]: person["bar"] for person in closed.electorate["barred"]} == {
        "Ulla Usermember": "no_vote",
        "Dag Deputy": "away",
    }
    assert closed.result["sentence"] == (
        "Vedtatt med 3 mot 1 stemme. Kommunesiden: 2 for, 0 mot. Helseforetakssiden: 1 for, 1 mot."
    )


def test_body_that_hides_votes_freezes_no_names_with_choices(house, now):
    _meeting, case = world.in_session(house, now, members_see_votes=False)
    ballot = world.ballot_on(house, case, now)
    world.vote(ballot, now, of=house, chair="for")
    closed = balloting.close_ballot(ballot, by=house.chair, at=now)
    assert {person["choice"] for person in closed.electorate["entitled"]} == {None}


def test_member_leaving_during_the_ballot_takes_the_vote_and_the_quorum_along(house, now, meeting, case):
    ballot = world.ballot_on(house, case, now)
    world.vote(ballot, now, of=house, chair="for", member="for")
    for person in (house.member, house.vice_chair):
        live.leave(world.line(meeting, person), by=house.chair, at=now)
    closed = balloting.close_ballot(ballot, by=house.chair, at=now)
    assert (closed.result["is_adopted"], closed.result["is_quorate"]) == (False, False)
    assert closed.result["sentence"] == (
        "Ikke avgjort. Ikke vedtaksført: Ingen med stemmerett fra helseforetakssiden var til stede. "
        "1 stemme fra noen som ikke lenger hadde stemmerett, er ikke regnet med."
    )
    with pytest.raises(MeetingError, match="Forslaget ble ikke vedtatt"):
        resolving.adopt_ballot(closed, by=house.chair, at=now)


def test_member_coming_back_takes_the_place_from_the_deputy(house, now):
    meeting, case = world.in_session(house, now, SIMPLE)
    live.leave(world.line(meeting, house.member), by=house.chair, at=now)
    live.arrive(world.line(meeting, house.deputy), by=house.chair, at=now)
    ballot = world.ballot_on(house, case, now)
    world.vote(ballot, now, of=house, chair="for", deputy="against")
    live.arrive(world.line(meeting, house.member), by=house.chair, at=now)
    world.vote(ballot, now, of=house, member="for")
    closed = balloting.close_ballot(ballot, by=house.chair, at=now)
    assert (closed.result["total"]["in_favour"], closed.result["total"]["against"]) == (2, 0)
    assert len(closed.result["set_aside"]) == 1


def test_two_chairs_closing_close_once(house, now, case):
    ballot = world.ballot_on(house, case, now)
    balloting.close_ballot(Ballot.objects.get(pk=ballot.pk), by=house.chair, at=now)
    with pytest.raises(MeetingConflictError, match="Voteringen er allerede lukket"):
        balloting.close_ballot(ballot, by=house.vice_chair, at=now)


@pytest.mark.django_db(transaction=True)
def test_votes_and_two_closings_at_once_give_one_result_that_adds_up(house, now):
    _meeting, case = world.in_session(house, now, SIMPLE)
    ballot = world.ballot_on(house, case, now)
    start, troubles = threading.Barrier(6), []

    def at_once(act):
        try:
            start.wait()
            act()
        except MeetingError as refusal:
            troubles.append(type(refusal).__name__)
        finally:
            connections.close_all()

    acts = [
        lambda person=person: balloting.cast(ballot, choice="for", by=person, at=now)
        for person in world.everybody(house)
    ]
    acts += [lambda: balloting.close_ballot(ballot, by=house.chair, at=now)] * 2
    threads = [threading.Thread(target=at_once, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    closed = Ballot.objects.get(pk=ballot.pk)
    assert troubles.count("MeetingConflictError") == 1
    assert closed.result["total"]["in_favour"] == Vote.objects.count() == 4 - troubles.count("VoteRefusedError")
