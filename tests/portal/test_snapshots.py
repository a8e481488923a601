"""What is frozen has one text, whatever order or type it was made in."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from portal.snapshots import canonical, changed, digest, frozen, sums

DATA = {"b": Decimal("1.50"), "a": [date(2025, 3, 1), datetime(2025, 3, 1, 12, tzinfo=UTC)], "ø": "Å"}


def test_the_text_is_sorted_and_dates_and_decimals_are_written_out():
    assert canonical(DATA) == '{"a":["2025-03-01","2025-03-01T12:00:00+00:00"],"b":"1.50","ø":"Å"}'


def test_what_is_stored_has_the_digest_of_what_was_frozen():
    assert digest(frozen(DATA)) == digest(DATA) == digest(dict(reversed(DATA.items())))


@pytest.mark.parametrize("value", [object(), {1, 2}, b"bytes"])
def test_what_has_no_one_text_cannot_be_frozen(value):
    with pytest.raises(TypeError, match="cannot be frozen"):
        canonical({"value": value})


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ({"a": 1, "b": "x"}, []),
        ({"a": 2, "b": "x"}, ["a"]),
        ({"b": "x"}, ["a"]),
        ({"c": 0, "a": 1, "b": "y"}, ["c", "b"]),
    ],
)
def test_what_is_changed_since_the_page_is_named_by_its_part(now, expected):
    assert changed(sums({"a": 1, "b": "x"}), now) == expected


@pytest.mark.parametrize("shown", ["", "a", "nonsense,:", "a:0"])
def test_a_page_that_did_not_say_what_it_showed_has_shown_nothing(shown):
    assert changed(shown, {"a": 1})[0] == "a"
