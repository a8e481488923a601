"""When a resolution lacks a reason of its own."""

import pytest

from evaluation.meetings.reasons import Lack, Recommended, are_opposite, lack

pytestmark = pytest.mark.fault("B1")

GRANTED = Recommended("granted", 1_000_000, "Høyest  poeng.")
NOTHING = Recommended()
CASES = [
    # recommended, outcome, amount, reason → what is lacking
    (GRANTED, "granted", 1_000_000, "Høyest poeng.", None),
    (GRANTED, "granted", 1_000_000, "", Lack.MISSING),
    (GRANTED, "partly_granted", 400_000, " ", Lack.DEPARTS),
    (GRANTED, "partly_granted", 400_000, "Høyest poeng.", Lack.INHERITED),
    (GRANTED, "partly_granted", 400_000, "Høyest poeng, men dyrt.", None),
    (GRANTED, "granted", 900_000, "Høyest poeng.", Lack.INHERITED),
    (GRANTED, "rejected", None, "", Lack.REFUSAL),
    (GRANTED, "rejected", None, "Høyest\npoeng.", Lack.INHERITED),
    (GRANTED, "rejected", None, "Svarer ikke på kriteriene.", None),
    (GRANTED, "postponed", None, "", Lack.DEPARTS),
    (NOTHING, "rejected", None, "", Lack.REFUSAL),
    (NOTHING, "granted", 5, "", Lack.MISSING),
    (NOTHING, "granted", 5, "Godt.", None),
]


@pytest.mark.parametrize(("recommended", "outcome", "amount", "reason", "lacking"), CASES)
def test_what_a_reason_lacks(recommended, outcome, amount, reason, lacking):
    assert lack(recommended, outcome, amount, reason) == lacking


def test_opposite_are_an_award_and_a_refusal_alone():
    award, refusal = ("granted", "partly_granted"), ("rejected",)
    outcomes = (*award, *refusal, "postponed", "")
    opposite = {(first, second) for first in outcomes for second in outcomes if are_opposite(first, second)}
    assert opposite == {pair for one in award for no in refusal for pair in ((one, no), (no, one))}
