"""What a change of a place adds to it, and when a deputy gains by another's change."""

from dataclasses import replace
from datetime import date

import pytest

from portal.communities.rights import Gain, Rights, begins_anew, gains, leaves_vote_to_deputy

DAY = date(2025, 2, 10)
RIGHTS = Rights(from_date=date(2025, 1, 1), to_date=date(2025, 12, 31), side="hospital")


@pytest.mark.parametrize(
    ("before", "after", "added"),
    [
        ({}, {}, set()),
        ({}, {"may_sign": True}, {Gain.SIGN}),
        ({"may_sign": True}, {}, set()),
        ({}, {"has_vote": True, "leads": True}, {Gain.VOTE, Gain.LEAD}),
        ({"has_vote": True, "leads": True}, {}, set()),
        ({}, {"to_date": None}, {Gain.TERM}),
        ({}, {"to_date": date(2026, 1, 1)}, {Gain.TERM}),
        ({}, {"from_date": date(2024, 12, 31)}, {Gain.TERM}),
        ({}, {"from_date": date(2025, 2, 1), "to_date": date(2025, 3, 1)}, set()),
        ({}, {"side": "municipality"}, {Gain.SIDE}),
        ({}, {"stands_in_for": 7}, {Gain.STANDS_IN}),
        ({"stands_in_for": 7}, {}, {Gain.STANDS_IN}),
    ],
)
def test_a_change_adds_what_the_place_did_not_give(before, after, added):
    assert gains(replace(RIGHTS, **before), replace(RIGHTS, **after)) == added


def test_a_new_place_adds_all_that_it_gives():
    assert gains(None, RIGHTS) == {Gain.PLACE}
    assert gains(None, replace(RIGHTS, may_sign=True, has_vote=True)) == {Gain.PLACE, Gain.SIGN, Gain.VOTE}


@pytest.mark.parametrize(
    ("before", "after", "begins"),
    [
        (None, RIGHTS, True),
        (RIGHTS, replace(RIGHTS, to_date=None), False),
        (RIGHTS, replace(RIGHTS, may_sign=True), False),
        (replace(RIGHTS, to_date=date(2025, 2, 9)), RIGHTS, True),
        (replace(RIGHTS, to_date=DAY), RIGHTS, False),
        (replace(RIGHTS, from_date=date(2025, 3, 1)), RIGHTS, True),
        (replace(RIGHTS, from_date=date(2025, 3, 1)), replace(RIGHTS, from_date=date(2025, 4, 1)), False),
    ],
)
def test_a_place_begins_anew_when_it_was_not_in_force(before, after, begins):
    assert begins_anew(before, after, DAY) is begins


@pytest.mark.parametrize(
    ("before", "after", "leaves"),
    [
        ({"has_vote": True}, {}, True),
        ({"has_vote": True}, {"has_vote": True, "to_date": DAY}, True),
        ({"has_vote": True, "to_date": None}, {"has_vote": True}, True),
        ({"has_vote": True}, {"has_vote": True, "from_date": DAY}, True),
        ({"has_vote": True}, {"has_vote": True, "to_date": None}, False),
        ({}, {"to_date": DAY}, False),
    ],
)
def test_a_deputy_votes_for_a_member_who_votes_less(before, after, leaves):
    assert leaves_vote_to_deputy(replace(RIGHTS, **before), replace(RIGHTS, **after)) is leaves
