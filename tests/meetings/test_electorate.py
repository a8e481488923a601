"""What a meeting's page says about who can decide, in the page's language."""

import pytest
from django.utils import translation

from evaluation.meetings import voting
from evaluation.meetings.queries.electorate import SIDES, Roll
from portal.communities.decision_rules import Share
from portal.communities.models import Side

M, H = "municipality", "hospital"


def roll_of(*, present, percent=50):
    """Two members on each side, of whom only those of the sides ``present`` have come."""
    seats = [voting.Seat(number, side, is_present=side in present) for number, side in enumerate((M, M, H, H), start=1)]
    voters = voting.electorate(seats)
    quorum = voting.quorum(voters, Share.percent(percent), both_sides=True)
    return Roll((), voters, None, quorum, (), frozenset())


STATES = [
    ({"present": (M, H)}, "Quorate: 4 of the 4 entitled to vote are present."),
    (
        {"present": (M,), "percent": 75},
        "Not quorate: 2 of the 4 entitled to vote are present, and at least 3 are required.",
    ),
    ({"present": (M,)}, "Not quorate: nobody entitled to vote is present from the hospital side."),
]


@pytest.mark.parametrize(("state", "english"), STATES)
def test_quorum_is_told_in_the_language_of_the_page_and_in_bokmaal_as_in_the_minutes(state, english):
    roll = roll_of(**state)
    assert roll.quorum_sentence == roll.quorum.sentence
    with translation.override("en"):
        assert roll.quorum_sentence == english


def test_sides_have_one_name_on_pages_and_in_minutes():
    assert list(SIDES) == Side.values
    assert {side: str(name) for side, name in SIDES.items()} == voting.SIDE_NAMES
