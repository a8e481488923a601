"""«Gjelder også rad»: numbers as people write them, keys as they are stored."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from applications.covering import (
    AND,
    NoNumbersError,
    NoSuchRowError,
    NotStoredError,
    OwnRowError,
    keys_in,
    numbers_text,
)

ORDER = ["a", "b", "c", "d", "e"]


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("", []),
        ("  ", []),
        ("2", ["b"]),
        ("2, 3 og 5", ["b", "c", "e"]),
        ("5 og 1", ["a", "e"]),
        ("2,2", ["b"]),
        ("2-4", ["b", "c", "d"]),
        ("1, 3–5", ["a", "c", "d", "e"]),
        ("2 and 3", ["b", "c"]),
        ("2 ja 3", ["b", "c"]),
        ("4-2", ["b", "c", "d"]),
    ],
)
def test_numbers_name_rows(text, keys):
    assert keys_in(text, ORDER, ORDER) == keys


@pytest.mark.parametrize("text", ["alle", "2 og", "og 2", "1.5", "1;2", "-1", "1234", "٢"])
def test_what_is_no_list_of_numbers_is_refused(text):
    with pytest.raises(NoNumbersError):
        keys_in(text, ORDER, ORDER)


@pytest.mark.parametrize(("text", "number"), [("0", 0), ("6", 6), ("2 og 9", 9), ("4-999", 6)])
def test_a_number_without_a_row_is_told(text, number):
    with pytest.raises(NoSuchRowError) as told:
        keys_in(text, ORDER, ORDER)
    assert (told.type, told.value.number) == (NoSuchRowError, number)


@pytest.mark.parametrize(("text", "number"), [("2", 2), ("1 og 4", 4), ("1-5", 2)])
def test_a_row_that_is_not_stored_is_told(text, number):
    with pytest.raises(NotStoredError) as told:
        keys_in(text, ORDER, {"a", "c", "e"})
    assert told.value.number == number


@pytest.mark.parametrize("text", ["2", "2 og 3", "2-4"])
def test_a_row_does_not_cover_itself_too(text):
    with pytest.raises(OwnRowError) as told:
        keys_in(text, ORDER, {"a"}, "b")
    assert told.value.number == 2


def test_other_rows_keep_their_numbers_beside_one_that_is_not_stored():
    assert keys_in("1, 3 og 5", ORDER, {"a", "c", "e"}) == ["a", "c", "e"]


@pytest.mark.parametrize(
    ("keys", "text"),
    [
        ([], ""),
        (["b"], "2"),
        (["c", "b"], "2 og 3"),
        (["a", "c", "e"], "1, 3 og 5"),
        (["gone"], ""),
        (["gone", "a"], "1"),
    ],
)
def test_rows_are_named_by_their_numbers(keys, text):
    assert numbers_text(keys, ORDER, "og") == text


@given(st.sets(st.sampled_from(ORDER)), st.sampled_from(sorted(AND.values())))
def test_what_is_shown_is_read_back_as_the_same_rows(keys, word):
    assert set(keys_in(numbers_text(list(keys), ORDER, word), ORDER, ORDER)) == keys
