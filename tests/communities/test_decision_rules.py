"""The rule and the quorum of a body, and what a round's stage sets in their stead."""
# ruff: noqa: E501 - sentences are read whole

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.communities import decision_words
from portal.communities.decision_rules import SHARES, DecisionRules, QuorumRule, Rule, Share, Source

HALF = QuorumRule(SHARES["half"], both_sides=True)
ALL = QuorumRule(SHARES["all"], both_sides=False)
OWN = DecisionRules(Rule.CONSENSUS, HALF, body="SSU")


# --- shares ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("share", "needed"),
    [
        (SHARES["half"], [1, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6]),
        (SHARES["more_than_half"], [1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7]),
        (SHARES["two_thirds"], [1, 1, 2, 2, 3, 4, 4, 5, 6, 6, 7, 8, 8]),
        (SHARES["all"], [1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]),
        (Share.percent(66), [1, 1, 2, 2, 3, 4, 4, 5, 6, 6, 7, 8, 8]),
        (Share.percent(1), [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]),
    ],
)
def test_share_of_no_place_to_twelve(share, needed):
    assert [share.needed(places) for places in range(13)] == needed


def test_two_thirds_are_neither_66_nor_67_percent():
    assert [share.needed(300) for share in (SHARES["two_thirds"], Share.percent(66), Share.percent(67))] == [
        200,
        198,
        201,
    ]


@given(st.sampled_from([*SHARES.values(), *(Share.percent(n) for n in range(1, 101))]), st.integers(1, 10_000))
def test_as_many_as_are_needed_are_the_share_and_one_fewer_are_not(share, places):
    def is_enough(present):
        return present * share.part.denominator > places * share.part.numerator or (
            not share.more_than and present * share.part.denominator == places * share.part.numerator
        )

    needed = share.needed(places)
    assert (1 <= needed <= places, is_enough(needed), needed == 1 or not is_enough(needed - 1)) == (True, True, True)


@given(st.fractions(Fraction(1, 100), 1), st.booleans())
def test_share_is_read_as_it_was_written(part, more_than):
    assert Share.from_text(str(Share(part, more_than=more_than))) == Share(part, more_than=more_than)


# --- whose rule -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "quorum", "expected"),
    [
        (None, None, OWN),
        (
            Rule.DOUBLE_MAJORITY,
            ALL,
            DecisionRules(Rule.DOUBLE_MAJORITY, ALL, "SSU", "Beslutning", Source.ROUND, Source.ROUND),
        ),
        (
            Rule.DOUBLE_MAJORITY,
            None,
            DecisionRules(Rule.DOUBLE_MAJORITY, HALF, "SSU", "Beslutning", Source.ROUND, Source.BODY),
        ),
        (None, ALL, DecisionRules(Rule.CONSENSUS, ALL, "SSU", "Beslutning", Source.BODY, Source.ROUND)),
    ],
)
def test_stage_sets_what_it_names_and_leaves_the_rest_to_the_body(rule, quorum, expected):
    rules = OWN.at_stage("Beslutning", rule, quorum)
    assert rules == expected
    assert DecisionRules.from_data(rules.to_data()) == rules


def test_majority_on_both_sides_needs_both_whatever_the_quorum_says():
    lone = QuorumRule(SHARES["half"], both_sides=False)
    needs = [
        DecisionRules(rule, quorum, "SSU").needs_both_sides
        for rule in (Rule.SIMPLE_MAJORITY, Rule.DOUBLE_MAJORITY)
        for quorum in (lone, HALF, None)
    ]
    assert needs == [False, True, False, True, True, True]


def test_terms_are_what_is_counted_by_whoever_has_set_it():
    same = OWN.at_stage("Beslutning", Rule.CONSENSUS, HALF)
    assert (same == OWN, same.terms == OWN.terms) == (False, True)
    old = DecisionRules(Rule.CONSENSUS, None, "SSU")
    assert (old.terms, DecisionRules.from_data(old.to_data())) == ((Rule.CONSENSUS, None, False, False), old)


# --- in words -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rules", "text"),
    [
        (
            OWN,
            (
                "Konsensus: Forslaget er vedtatt når ingen har innvendinger. Vedtaksført når minst halvparten av de "
                "stemmeberettigede er til stede, og noen fra begge sider. Dette er den vanlige regelen i SSU."
            ),
        ),
        (
            OWN.at_stage("Beslutning", Rule.DOUBLE_MAJORITY, ALL),
            (
                "Flertall på begge sider: Forslaget er vedtatt når flere stemmer for enn mot både på kommunesiden og på "
                "helseforetakssiden. Vedtaksført når alle stemmeberettigede er til stede, og noen fra begge sider. "
                "Dette er fastsatt i utlysningen under «Beslutning»."
            ),
        ),
        (
            OWN.at_stage("Beslutning", Rule.SIMPLE_MAJORITY, None),
            (
                "Alminnelig flertall: Forslaget er vedtatt når flere stemmer for enn mot. Vedtaksført når minst halvparten "
                "av de stemmeberettigede er til stede, og noen fra begge sider. Beslutningsregelen er fastsatt i "
                "utlysningen under «Beslutning». Kravet til hvor mange som må være til stede, er det vanlige i SSU."
            ),
        ),
        (
            OWN.at_stage("Beslutning", None, QuorumRule(SHARES["two_thirds"], both_sides=False)),
            (
                "Konsensus: Forslaget er vedtatt når ingen har innvendinger. Vedtaksført når minst to tredeler av de "
                "stemmeberettigede er til stede. Kravet til hvor mange som må være til stede, er fastsatt i utlysningen "
                "under «Beslutning». Beslutningsregelen er den vanlige i SSU."
            ),
        ),
        (
            DecisionRules(Rule.CONSENSUS, None, "SSU"),
            "Konsensus: Forslaget er vedtatt når ingen har innvendinger. Dette er den vanlige regelen i SSU.",
        ),
    ],
)
def test_rules_say_what_it_takes_and_who_has_set_it(rules, text):
    assert decision_words.sentences(rules) == text


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (Share.percent(50), "Vedtaksført når minst halvparten av de stemmeberettigede er til stede."),
        (SHARES["more_than_half"], "Vedtaksført når mer enn halvparten av de stemmeberettigede er til stede."),
        (Share.percent(100), "Vedtaksført når alle stemmeberettigede er til stede."),
        (Share.percent(60), "Vedtaksført når minst 60 prosent av de stemmeberettigede er til stede."),
    ],
)
def test_one_share_has_one_wording_wherever_it_was_set(share, text):
    assert decision_words.quorum_sentence(QuorumRule(share, both_sides=False)) == text


@pytest.mark.parametrize("rule", Rule)
def test_consensus_alone_is_consensus(rule):
    assert DecisionRules(rule, None, "SSU").is_consensus == (rule == Rule.CONSENSUS)
