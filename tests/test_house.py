"""docs/house.md names every module and package, with one meaning for a name; its walks go through files that exist."""

import re
from collections import Counter

import pytest

from tests.harness import house

pytestmark = pytest.mark.sqlite

PAGE = house.PAGE.read_text(encoding="utf-8")


def test_the_table_of_names_is_what_the_modules_are():
    assert house.written(PAGE) == PAGE, "write the table anew: scripts/house"


def test_a_name_that_stands_in_two_places_has_a_row_with_its_one_meaning():
    names = Counter(house.name_of(path) for path in (*house.modules(), *house.packages()))
    assert {name for name, count in names.items() if count > 1} == set(house.shared_names(PAGE))


def test_no_name_means_one_thing_here_and_another_there():
    assert [name for name, meaning in house.shared_names(PAGE).items() if depends_on_place(meaning)] == []


def depends_on_place(meaning):
    """Whether the words tell places from each other: «at the root of a room: …; in `forms`: …»."""
    return bool(re.search(r"root of|`[a-z/]+`:|; (in|as)\b", meaning))


@pytest.mark.parametrize(
    ("meaning", "expected"),
    [
        ("at the root of a room: what it asks; in `answering/forms`: a control for each type", True),
        ("in `demo`: the three rounds; as template tags: filters", True),
        ("a round file; in `rounds/answering` files as answers", True),
        ("one predicate for each act, answered by a `Verdict`: yes, or no with the reason", False),
        ("the rows of a table part: as forms, and saved cell by cell", False),
    ],
)
def test_the_check_sees_a_meaning_that_depends_on_the_place(meaning, expected):
    assert depends_on_place(meaning) is expected


def test_every_module_and_package_says_what_it_is():
    paths = [*house.modules(), *house.packages()]
    assert [str(path) for path in paths if len(house.first_line(path)) < 11] == []


def test_the_walks_go_through_files_that_are_there():
    walks = PAGE.split("## Names with")[0]
    files = re.findall(r"`([\w/]+\.py)`", walks)
    there = [str(path.relative_to(house.ROOT)) for path in house.modules()]
    assert len(files) > 30
    assert [file for file in files if not any(path.endswith(f"/{file}") or path == file for path in there)] == []
