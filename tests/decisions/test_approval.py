"""Whether two persons are needed for a letter: what the round says, else the body, else how many there are."""

import pytest

from evaluation.decisions.approval import needs_two

pytestmark = pytest.mark.fault("A7")


@pytest.mark.parametrize(
    ("round_says", "body_says", "expected"),
    [
        ("", "", [False, False, True, True]),
        ("", "one", [False] * 4),
        ("", "two", [True] * 4),
        ("one", "", [False] * 4),
        ("one", "two", [False] * 4),
        ("two", "", [True] * 4),
        ("two", "one", [True] * 4),
    ],
)
def test_two_are_needed_where_it_is_said_or_where_there_are_two(round_says, body_says, expected):
    assert [needs_two(round_says, body_says, approvers=count) for count in range(4)] == expected
