"""Splitting an award over the years."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.decisions.amounts import split


@pytest.mark.parametrize(
    ("amount", "requested", "parts"),
    [
        (300, {2025: 100, 2026: 200}, {2025: 100, 2026: 200}),
        (150, {2025: 100, 2026: 200}, {2025: 50, 2026: 100}),
        (100, {2025: 1, 2026: 1, 2027: 1}, {2025: 34, 2026: 33, 2027: 33}),
        (2, {2026: 5, 2025: 10}, {2025: 1, 2026: 1}),
        (7, {2025: 0, 2026: 9}, {2025: 0, 2026: 7}),
        (500, {2025: 0, 2026: 0}, {2025: 500, 2026: 0}),
        (500, {}, {}),
        (0, {2025: 10}, {2025: 0}),
    ],
)
def test_split_gives_whole_kroner_in_proportion(amount, requested, parts):
    assert split(amount, requested) == parts


@given(st.integers(0, 10**11), st.dictionaries(st.integers(2020, 2040), st.integers(0, 10**11), min_size=1, max_size=8))
def test_the_parts_always_add_up_and_stay_within_a_krone_of_the_share(amount, requested):
    parts = split(amount, requested)
    total = sum(requested.values())
    assert sum(parts.values()) == amount
    assert list(parts) == sorted(requested)
    if total:
        assert all(0 <= parts[year] * total - amount * requested[year] + total < 2 * total for year in requested)
