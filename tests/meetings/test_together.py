"""Which cases may be resolved together, and why the others are left out."""

from dataclasses import replace

import pytest

from evaluation.meetings.together import Facts, LeftOut, why_left_out

WHY = {
    "is_closed": (True, LeftOut.CLOSED),
    "is_decision": (False, LeftOut.NOT_FOR_DECISION),
    "is_withdrawn": (True, LeftOut.WITHDRAWN),
    "is_whole_list": (True, LeftOut.WHOLE_LIST),
    "has_inhabil": (True, LeftOut.HABILITET),
    "was_voted_on": (True, LeftOut.VOTED),
    "is_to_be_discussed": (True, LeftOut.DISCUSSED),
    "has_proposal": (False, LeftOut.NO_PROPOSAL),
}


def test_a_case_with_a_proposal_that_nobody_wants_to_discuss_is_taken():
    assert why_left_out(Facts()) is None


@pytest.mark.parametrize("fact", WHY)
def test_each_fact_leaves_the_case_out(fact):
    value, why = WHY[fact]
    assert why_left_out(replace(Facts(), **{fact: value})) is why


def test_of_a_case_that_is_closed_nothing_more_is_told():
    everything = {fact: value for fact, (value, _why) in WHY.items()}
    assert why_left_out(Facts(**everything)) is LeftOut.CLOSED


def test_every_reason_has_a_fact():
    assert {why for _value, why in WHY.values()} == set(LeftOut)
