"""docs/house.md names every module of the rooms, with one meaning for a name; what it walks through is there."""

import re
from collections import Counter

import pytest

from tests.harness import house

pytestmark = pytest.mark.sqlite

PAGE = house.PAGE.read_text(encoding="utf-8")


def test_the_table_of_names_is_what_the_modules_are():
    assert house.written(PAGE) == PAGE, "write the table anew: scripts/house"


def test_a_name_that_two_modules_have_stands_with_its_one_meaning():
    names = Counter(path.stem for path in house.modules())
    assert {name for name, count in names.items() if count > 1} - house.shared_names(PAGE) == set()


def test_a_name_with_a_meaning_has_a_module():
    there = {path.stem for path in house.modules()} | {"services", "queries", "forms", "views", "models"}
    assert house.shared_names(PAGE) - there == set()


def test_every_module_says_what_it_is():
    assert [
        str(path) for path in house.modules() if not re.match(r'"""\S.{10,}', path.read_text(encoding="utf-8"))
    ] == []


def test_the_walks_go_through_files_that_are_there():
    walks = PAGE.split("## Names with")[0]
    files = re.findall(r"`([\w/]+\.py)`", walks)
    there = [str(path.relative_to(house.ROOT)) for path in house.modules()]
    assert len(files) > 30
    assert [file for file in files if not any(path.endswith(f"/{file}") or path == file for path in there)] == []
