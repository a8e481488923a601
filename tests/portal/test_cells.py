"""Cell by cell: nobody's text is written over unseen, whatever the order of the saves."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal import cells

NAMES = ("a", "b", "c")
VALUES = st.one_of(st.text(max_size=3), st.integers(0, 3), st.none(), st.lists(st.sampled_from("xy"), max_size=2))
ROWS = st.fixed_dictionaries(dict.fromkeys(NAMES, VALUES))


@pytest.mark.parametrize("value", [None, "", " ", [], {}, [""], {"a": None}])
def test_nothing_has_no_version(value):
    assert cells.version(value) == ""


@pytest.mark.parametrize(("one", "other"), [(Decimal(12), Decimal("12.00")), ("a", "a"), ([1], [1])])
def test_the_same_has_the_same_version(one, other):
    assert cells.version(one) == cells.version(other) != ""


@pytest.mark.parametrize("value", [0, False, "0", [0], Decimal(0)])
def test_zero_and_no_are_something(value):
    assert cells.version(value)


@pytest.mark.parametrize("text", ["", "null", "[]", "7", "{", '{"a": 1}', "[" * 100_000, '"x"'])
def test_hostile_versions_are_none(text):
    assert cells.read(text) == {}


@given(ROWS)
def test_the_versions_are_read_as_they_were_written(row):
    assert cells.read(cells.written(cells.versions(row))) == cells.versions(row)


@given(seen=ROWS, typed=ROWS, theirs=ROWS)
def test_a_changed_cell_is_written_or_told_and_no_other_is_touched(seen, typed, theirs):
    base = cells.versions(seen)
    merged = cells.merge(theirs, base, typed)
    same = lambda one, other: cells.version(one) == cells.version(other)  # noqa: E731
    for name in NAMES:
        i_changed, they_changed = not same(typed[name], seen[name]), not same(theirs[name], seen[name])
        differs = not same(typed[name], theirs[name])
        assert (name in merged.changes) == (i_changed and differs and not they_changed)
        assert (name in merged.conflicts) == (i_changed and differs and they_changed)


@given(seen=ROWS, typed=ROWS, theirs=ROWS)
def test_the_next_save_of_the_same_page_writes_over_nobody(seen, typed, theirs):
    base = cells.versions(seen)
    first = cells.merge(theirs, base, typed)
    stored = {**theirs, **first.changes}
    again = cells.merge(stored, cells.base_after(base, typed, first), typed)
    assert again.changes == {}
    assert again.conflicts == first.conflicts
