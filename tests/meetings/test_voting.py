"""Who votes, quorum and tally: every branch, and what must hold for any roll and any votes."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.meetings import voting
from evaluation.meetings.voting import CannotVote, Choice, Seat
from portal.communities.decision_rules import DecisionRules, QuorumRule, Rule, Share

M, H, USER = "municipality", "hospital", "user"
FOR, AGAINST, ABSTAIN = Choice.FOR, Choice.AGAINST, Choice.ABSTAIN


def even_body(*sides):
    return voting.electorate(Seat(number, side) for number, side in enumerate(sides or (M, M, M, H, H, H), start=1))


def outcome_of(answers, voters=None, rule=Rule.SIMPLE_MAJORITY, percent=50, both_sides=True):
    voters = voters or even_body()
    needs = voting.quorum(voters, Share.percent(percent), both_sides=both_sides)
    return voting.tally(dict(enumerate(answers, start=1)), voters, rule, needs)


# --- electorate -----------------------------------------------------------------------------------


def test_electorate_leaves_out_the_absent_the_recused_and_those_without_a_vote():
    voters = voting.electorate(
        [
            Seat(1, M),
            Seat(2, M, is_present=False),
            Seat(3, H, is_recused=True),
            Seat(4, USER, has_vote=False),
        ]
    )
    assert voters.sides == {1: M}
    assert voters.cannot_vote == {2: CannotVote.AWAY, 3: CannotVote.RECUSED, 4: CannotVote.NO_VOTE}
    assert voters.base == 2


@pytest.mark.parametrize(
    ("principal", "voter", "cannot_vote", "base"),
    [
        (Seat(1, M), {1: M}, {2: CannotVote.NOT_NEEDED}, 1),
        (Seat(1, M, is_present=False), {2: M}, {1: CannotVote.AWAY}, 1),
        (Seat(1, M, is_recused=True), {2: M}, {1: CannotVote.RECUSED}, 1),
        (Seat(1, M, is_recused_in_part=True), {2: M}, {1: CannotVote.RECUSED_IN_PART}, 1),
        (Seat(1, M, has_vote=False, is_present=False), {}, {1: CannotVote.NO_VOTE, 2: CannotVote.NO_VOTE}, 0),
    ],
)
def test_electorate_lets_a_deputy_in_only_for_one_who_is_away_or_inhabil(principal, voter, cannot_vote, base):
    voters = voting.electorate([principal, Seat(2, H, deputy_for=1)])
    assert (voters.sides, voters.cannot_vote, voters.base) == (voter, cannot_vote, base)


def test_who_is_inhabil_in_a_part_has_no_vote_on_the_whole_unless_found_habil_in_it():
    monday, tuesday = datetime(2026, 11, 30, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC)
    assert voting.inhabil_in_part([(1, monday), (2, monday), (3, monday)], {2: monday, 4: monday}) == {1, 3}
    # Inhabil in one more case since the body decided that the person is habil in the whole.
    assert voting.inhabil_in_part([(2, monday), (2, tuesday)], {2: monday}) == {2}
    assert voting.undecided_in_part([(1, monday), (2, monday), (3, tuesday)], {2: monday, 3: monday}) == {1, 3}
    voters = voting.electorate([Seat(1, M, is_recused_in_part=True), Seat(2, H)])
    assert (voters.sides, voters.base) == ({2: H}, 1)


def test_electorate_takes_the_first_able_deputy_of_a_place():
    seats = [
        Seat(1, M, is_present=False),
        Seat(2, M, deputy_for=1, is_recused=True),
        Seat(3, M, deputy_for=1),
        Seat(4, M, deputy_for=1),
    ]
    voters = voting.electorate(seats)
    assert voters.sides == {3: M}
    assert voters.cannot_vote == {1: CannotVote.AWAY, 2: CannotVote.RECUSED, 4: CannotVote.OTHER_DEPUTY}


def test_electorate_gives_no_vote_to_a_deputy_whose_place_is_not_in_the_body():
    voters = voting.electorate([Seat(2, M, deputy_for=99)])
    assert (voters.sides, voters.cannot_vote, voters.base) == ({}, {2: CannotVote.NO_VOTE}, 0)


# --- quorum ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("present", "percent", "needed", "is_met"),
    [(2, 50, 2, True), (1, 50, 2, False), (2, 67, 3, False), (3, 67, 3, True), (4, 100, 4, True), (1, 1, 1, True)],
)
def test_quorum_is_a_share_of_the_voting_places(present, percent, needed, is_met):
    seats = [Seat(number, M, is_present=number <= present) for number in range(1, 5)]
    quorum = voting.quorum(voting.electorate(seats), Share.percent(percent), both_sides=False)
    assert (quorum.needed, quorum.is_met) == (needed, is_met)


def test_quorum_of_a_body_where_all_are_inhabil_is_not_met():
    voters = voting.electorate([Seat(1, M, is_recused=True), Seat(2, H, is_recused=True)])
    quorum = voting.quorum(voters, Share.percent(50), both_sides=False)
    assert quorum.sentence == ("Ikke vedtaksført: 0 av 0 stemmeberettigede er til stede, og det kreves minst 1.")


@pytest.mark.requirement("R3")
def test_quorum_names_the_side_that_is_missing():
    voters = voting.electorate([Seat(1, M), Seat(2, M), Seat(3, H, is_present=False)])
    assert voting.quorum(voters, Share.percent(50), both_sides=False).sentence == (
        "Vedtaksført: 2 av 3 stemmeberettigede er til stede."
    )
    assert voting.quorum(voters, Share.percent(50), both_sides=True).sentence == (
        "Ikke vedtaksført: Ingen med stemmerett fra helseforetakssiden er til stede."
    )


def test_minutes_tell_what_was_agreed_without_a_ballot():
    needs = voting.quorum(even_body(), Share.percent(50), both_sides=True)
    assert voting.agreed(needs, by_consensus=True) == (
        "Vedtatt ved konsensus uten votering. Vedtaksført: 6 av 6 stemmeberettigede var til stede."
    )
    assert voting.agreed(needs, by_consensus=False) == (
        "Enstemmig vedtatt uten votering. Vedtaksført: 6 av 6 stemmeberettigede var til stede."
    )


AGREEABLE = {(rule, voting.LastBallot.NONE) for rule in Rule} | {(Rule.CONSENSUS, voting.LastBallot.OBJECTED)}


@pytest.mark.fault("B3")
@pytest.mark.parametrize("rule", Rule)
@pytest.mark.parametrize("last", voting.LastBallot)
def test_what_can_be_agreed_on_without_a_ballot(rule, last):
    rules = DecisionRules(rule, QuorumRule(Share.percent(50), both_sides=True), body="SSU")
    assert voting.can_be_agreed(rules, last) is ((rule, last) in AGREEABLE)


@pytest.mark.fault("B3")
def test_minutes_tell_who_withdrew_the_objection():
    needs = voting.Quorum(present=4, base=5, needed=3)
    assert voting.agreed(needs, by_consensus=True, withdrawn_by=["Kari", "Ola"]) == (
        "Innvendingen fra Kari og Ola ble trukket. Vedtatt ved konsensus uten ny votering. "
        "Vedtaksført: 4 av 5 stemmeberettigede var til stede."
    )


# --- simple majority --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answers", "is_adopted", "sentence"),
    [
        (
            [FOR, FOR, AGAINST, FOR, FOR, AGAINST],
            True,
            "Vedtatt med 4 mot 2 stemmer. Kommunesiden: 2 for, 1 mot. Helseforetakssiden: 2 for, 1 mot.",
        ),
        (
            [FOR, FOR, FOR, FOR, FOR, FOR],
            True,
            "Enstemmig vedtatt med 6 stemmer. Kommunesiden: 3 for, 0 mot. Helseforetakssiden: 3 for, 0 mot.",
        ),
        (
            [FOR, ABSTAIN, ABSTAIN],
            True,
            (
                "Vedtatt med 1 mot 0 stemmer. Kommunesiden: 1 for, 0 mot, 2 avsto. "
                "Helseforetakssiden: 0 for, 0 mot, 3 stemte ikke."
            ),
        ),
        (
            [FOR, FOR, FOR, AGAINST, AGAINST, AGAINST],
            False,
            (
                "Forslaget falt ved stemmelikhet, 3 mot 3 stemmer. Kommunesiden: 3 for, 0 mot. "
                "Helseforetakssiden: 0 for, 3 mot."
            ),
        ),
        (
            [AGAINST, FOR, ABSTAIN, AGAINST, FOR, AGAINST],
            False,
            (
                "Forslaget falt med 2 mot 3 stemmer. Kommunesiden: 1 for, 1 mot, 1 avsto. "
                "Helseforetakssiden: 1 for, 2 mot."
            ),
        ),
        (
            [],
            False,
            (
                "Forslaget falt. Ingen stemte for eller mot. Kommunesiden: 0 for, 0 mot, 3 stemte ikke. "
                "Helseforetakssiden: 0 for, 0 mot, 3 stemte ikke."
            ),
        ),
    ],
)
def test_simple_majority(answers, is_adopted, sentence):
    outcome = outcome_of(answers)
    assert (outcome.is_adopted, outcome.sentence) == (is_adopted, sentence)


# --- double majority --------------------------------------------------------------------------------


def test_double_majority_needs_most_of_each_side():
    outcome = outcome_of([FOR, FOR, AGAINST, FOR, FOR, ABSTAIN], rule=Rule.DOUBLE_MAJORITY)
    assert outcome.is_adopted
    assert outcome.sentence == (
        "Vedtatt med 4 mot 1 stemme. Kommunesiden: 2 for, 1 mot. Helseforetakssiden: 2 for, 0 mot, 1 avsto."
    )


def test_double_majority_fails_when_one_side_is_against():
    outcome = outcome_of([FOR, FOR, FOR, FOR, AGAINST, AGAINST], rule=Rule.DOUBLE_MAJORITY)
    assert not outcome.is_adopted
    assert outcome.sentence == (
        "Forslaget falt. Det fikk 4 mot 2 stemmer, men ikke flertall på begge sider. "
        "Kommunesiden: 3 for, 0 mot. Helseforetakssiden: 1 for, 2 mot."
    )


def test_double_majority_fails_when_a_side_has_nobody():
    outcome = outcome_of([FOR, FOR], even_body(M, M), Rule.DOUBLE_MAJORITY, both_sides=False)
    assert not outcome.is_adopted


def test_double_majority_does_not_count_other_sides_against_a_proposal():
    answers = [FOR, FOR, AGAINST]
    outcome = outcome_of(answers, even_body(M, H, USER), Rule.DOUBLE_MAJORITY)
    assert outcome.is_adopted
    assert outcome.sentence == (
        "Vedtatt med 2 mot 1 stemme. Kommunesiden: 1 for, 0 mot. Helseforetakssiden: 1 for, 0 mot. "
        "Brukerne: 0 for, 1 mot."
    )


# --- consensus ----------------------------------------------------------------------------------------


@pytest.mark.fault("B12")
@pytest.mark.parametrize(
    ("choices", "sentence"),
    [
        ([FOR] * 6, "Ingen av de 6 stemmeberettigede hadde innvendinger."),
        ([FOR] * 5 + [ABSTAIN], "Ingen av de 6 stemmeberettigede hadde innvendinger. 1 avsto."),
        ([FOR], "1 av 6 stemmeberettigede svarte, og ingen hadde innvendinger. 5 svarte ikke."),
        ([FOR, ABSTAIN], "2 av 6 stemmeberettigede svarte, og ingen hadde innvendinger. 1 avsto. 4 svarte ikke."),
    ],
)
def test_consensus_says_how_many_answered(choices, sentence):
    outcome = outcome_of(choices, rule=Rule.CONSENSUS)
    assert outcome.is_adopted
    assert outcome.sentence == f"Vedtatt ved konsensus. {sentence}"


def test_nothing_is_adopted_when_nobody_answers():
    outcome = outcome_of([], rule=Rule.CONSENSUS)
    assert not outcome.is_adopted
    assert outcome.sentence == "Ikke vedtatt. Ingen av de 6 stemmeberettigede stemte."


@pytest.mark.requirement("R3")
def test_consensus_falls_on_one_objection():
    outcome = outcome_of([FOR, FOR, FOR, FOR, FOR, AGAINST], rule=Rule.CONSENSUS)
    assert not outcome.is_adopted
    assert outcome.sentence == "Ikke vedtatt, fordi 1 av 6 hadde innvendinger. Helseforetakssiden: 1."


# --- without quorum, and set aside ----------------------------------------------------------------------


def test_nothing_is_adopted_without_quorum():
    voters = voting.electorate([Seat(1, M), Seat(2, M), Seat(3, H, is_present=False)])
    outcome = outcome_of([FOR, FOR], voters)
    assert not outcome.is_adopted
    assert outcome.sentence == (
        "Ikke avgjort. Ikke vedtaksført: Ingen med stemmerett fra helseforetakssiden var til stede."
    )


def test_vote_of_one_who_has_left_is_set_aside():
    voters = voting.electorate([Seat(1, M, is_present=False), Seat(2, M), Seat(3, H), Seat(4, H)])
    outcome = outcome_of([AGAINST, FOR, FOR, FOR], voters)
    assert outcome.set_aside == (1,)
    assert outcome.sentence == (
        "Enstemmig vedtatt med 3 stemmer. Kommunesiden: 1 for, 0 mot. Helseforetakssiden: 2 for, 0 mot. "
        "1 stemme fra noen som ikke lenger hadde stemmerett, er ikke regnet med."
    )


# --- for any roll and any votes -------------------------------------------------------------------------

SIDES = st.sampled_from([M, H, USER])


@st.composite
def rolls(draw):
    places = [
        Seat(pk, draw(SIDES), draw(st.booleans()), None, draw(st.booleans()), draw(st.booleans()))
        for pk in range(1, draw(st.integers(1, 8)) + 1)
    ]
    deputies = [
        Seat(100 + pk, draw(SIDES), True, draw(st.integers(1, 9)), draw(st.booleans()), draw(st.booleans()))
        for pk in range(draw(st.integers(0, 5)))
    ]
    return [*places, *deputies]


CHOICES = st.dictionaries(st.one_of(st.integers(1, 8), st.integers(100, 105)), st.sampled_from(list(Choice)))


@given(rolls())
def test_every_seat_either_votes_or_is_told_why_not(seats):
    voters = voting.electorate(seats)
    assert set(voters.sides) | set(voters.cannot_vote) == {seat.pk for seat in seats}
    assert set(voters.sides) & set(voters.cannot_vote) == set()


@given(rolls())
def test_no_place_has_two_votes_and_nobody_inhabil_or_away_has_one(seats):
    by_pk = {seat.pk: seat for seat in seats}
    voting_seats = [by_pk[pk] for pk in voting.electorate(seats).sides]
    places = [seat.deputy_for or seat.pk for seat in voting_seats]
    assert len(places) == len(set(places))
    assert all(seat.is_present and not seat.is_recused and seat.has_vote for seat in voting_seats)


@given(rolls())
def test_no_more_vote_than_the_base(seats):
    voters = voting.electorate(seats)
    assert voters.size <= voters.base <= sum(1 for seat in seats if seat.deputy_for is None)


@given(rolls(), CHOICES, st.sampled_from(list(Rule)), st.integers(1, 100), st.booleans())
def test_votes_are_counted_once_each_and_sides_add_up(seats, choices, rule, percent, both_sides):
    voters = voting.electorate(seats)
    outcome = voting.tally(choices, voters, rule, voting.quorum(voters, Share.percent(percent), both_sides=both_sides))
    total = outcome.total
    assert total.in_favour + total.against + total.abstained + total.silent == voters.size
    assert total.in_favour + total.against + total.abstained + len(outcome.set_aside) == len(choices)
    assert sum(count.in_favour for count in outcome.sides) == total.in_favour
    assert sum(count.entitled for count in outcome.sides) == total.entitled


@given(rolls(), CHOICES, st.sampled_from(list(Rule)), st.integers(1, 100))
def test_no_sentence_speaks_for_those_who_did_not_answer(seats, choices, rule, percent):
    voters = voting.electorate(seats)
    outcome = voting.tally(choices, voters, rule, voting.quorum(voters, Share.percent(percent), both_sides=False))
    spoken_for = f"Ingen av de {voters.size} stemmeberettigede hadde innvendinger" in outcome.sentence
    assert not (spoken_for and outcome.total.silent)


@given(rolls(), CHOICES, st.integers(1, 100), st.booleans())
def test_a_stricter_rule_never_adopts_what_a_milder_one_refuses(seats, choices, percent, both_sides):
    voters = voting.electorate([seat for seat in seats if seat.side != USER])
    needs = voting.quorum(voters, Share.percent(percent), both_sides=both_sides)
    adopted = {rule: voting.tally(choices, voters, rule, needs).is_adopted for rule in Rule}
    assert not (adopted[Rule.DOUBLE_MAJORITY] and not adopted[Rule.SIMPLE_MAJORITY])
    assert not any(adopted.values()) or needs.is_met


@given(rolls(), CHOICES, st.sampled_from(list(Rule)))
def test_one_more_vote_in_favour_never_makes_a_proposal_fall(seats, choices, rule):
    voters = voting.electorate(seats)
    needs = voting.quorum(voters, Share.percent(50), both_sides=True)
    before = voting.tally(choices, voters, rule, needs).is_adopted
    for pk in voters.sides:
        assert voting.tally({**choices, pk: Choice.FOR}, voters, rule, needs).is_adopted >= before


@pytest.mark.fault("B11")
def test_nobody_for_or_against_is_no_tie():
    outcome = outcome_of([ABSTAIN], rule=Rule.SIMPLE_MAJORITY)
    assert not outcome.is_adopted
    assert outcome.sentence.startswith("Forslaget falt. Ingen stemte for eller mot. Kommunesiden: 0 for, 0 mot")


# --- hands ----------------------------------------------------------------------------------------


def hands_of(municipality, hospital):
    return {M: voting.Hands(*municipality), H: voting.Hands(*hospital)}


@pytest.mark.parametrize("rule", Rule)
@pytest.mark.parametrize("answers", [[FOR] * 6, [FOR, FOR, AGAINST, FOR, FOR, ABSTAIN], [FOR, AGAINST], []])
def test_hands_are_counted_by_the_rules_of_any_ballot(rule, answers):
    voters = even_body()
    needs = voting.quorum(voters, Share.percent(50), both_sides=True)
    by_side = [[answers[n] for n in seats if n < len(answers)] for seats in ((0, 1, 2), (3, 4, 5))]
    hands = hands_of(*([side.count(choice) for choice in (FOR, AGAINST, ABSTAIN)] for side in by_side))
    outcome, same = voting.tally_hands(hands, voters, rule, needs), outcome_of(answers, voters, rule)
    assert (outcome.is_adopted, outcome.total, outcome.sides) == (same.is_adopted, same.total, same.sides)
    assert outcome.sentence == f"{same.sentence} Stemmene ble talt ved håndsopprekning."


def test_a_side_without_a_word_has_no_hands():
    voters = even_body()
    needs = voting.quorum(voters, Share.percent(50), both_sides=True)
    outcome = voting.tally_hands({M: voting.Hands(3)}, voters, Rule.SIMPLE_MAJORITY, needs)
    assert (outcome.total.in_favour, outcome.total.silent) == (3, 3)


def test_there_are_no_more_hands_than_voters():
    voters = voting.electorate([Seat(1, M), Seat(2, M, is_recused=True), Seat(3, H), Seat(4, H, is_present=False)])
    assert voting.too_many_hands(hands_of((1,), (0, 0, 1)), voters) == []
    assert voting.too_many_hands(hands_of((1, 1), (0, 1, 1)), voters) == [M, H]


@pytest.mark.parametrize(
    ("named", "wrong"),
    [
        ({}, []),
        ({3: AGAINST}, []),
        ({3: ABSTAIN}, [M]),
        ({2: AGAINST, 3: AGAINST, 4: AGAINST}, [M, H]),
        ({9: AGAINST}, []),
    ],
)
def test_there_are_no_more_names_than_hands(named, wrong):
    assert voting.misnamed(named, hands_of((2, 1), (3,)), even_body()) == wrong


def test_cases_that_are_resolved_together_are_named_or_counted():
    needs = voting.quorum(even_body(), Share.percent(50), both_sides=True)
    few = voting.agreed(needs, by_consensus=False, together_with=["2/26", "3/26"])
    many = voting.agreed(needs, by_consensus=True, together_with=[f"{n}/26" for n in range(2, 10)])
    assert few.startswith("Vedtatt samlet med sak 2/26 og 3/26, enstemmig og uten votering. Vedtaksført:")
    assert many.startswith("Vedtatt samlet med 8 andre saker, ved konsensus og uten votering.")


# --- a tie ----------------------------------------------------------------------------------------


def cast_by(casting, answers=(FOR, FOR, FOR, AGAINST, AGAINST, AGAINST), rule=Rule.SIMPLE_MAJORITY):
    voters = even_body()
    needs = voting.quorum(voters, Share.percent(50), both_sides=True)
    return voting.tally(dict(enumerate(answers, start=1)), voters, rule, needs, casting=casting)


@pytest.mark.parametrize(
    ("casting", "is_adopted", "begins"),
    [
        (FOR, True, "Vedtatt ved stemmelikhet, 3 mot 3 stemmer. Møteleders stemme avgjorde. Kommunesiden: 3 for"),
        (AGAINST, False, "Forslaget falt ved stemmelikhet, 3 mot 3 stemmer. Møteleders stemme avgjorde. Kommunesiden"),
        (ABSTAIN, False, "Forslaget falt ved stemmelikhet, 3 mot 3 stemmer. Kommunesiden"),
        (None, False, "Forslaget falt ved stemmelikhet, 3 mot 3 stemmer. Kommunesiden"),
    ],
)
def test_a_tie_is_decided_by_the_vote_of_who_leads(casting, is_adopted, begins):
    outcome = cast_by(casting)
    assert (outcome.is_adopted, outcome.sentence[: len(begins)]) == (is_adopted, begins)


def test_a_casting_vote_decides_nothing_else():
    assert not cast_by(FOR, [FOR, AGAINST, AGAINST]).is_adopted
    assert cast_by(AGAINST, [AGAINST, FOR, FOR]).is_adopted
    assert not cast_by(FOR, [ABSTAIN] * 6).is_adopted
    assert not cast_by(FOR, rule=Rule.DOUBLE_MAJORITY).is_adopted
    assert not cast_by(FOR, rule=Rule.CONSENSUS).is_adopted


def test_hands_are_tied_as_votes_are():
    voters = even_body()
    needs = voting.quorum(voters, Share.percent(50), both_sides=True)
    hands = hands_of((2, 1), (1, 2))
    outcome = voting.tally_hands(hands, voters, Rule.SIMPLE_MAJORITY, needs, casting=FOR)
    assert (outcome.is_adopted, "Møteleders stemme avgjorde" in outcome.sentence) == (True, True)
