"""docs/house.md names every module and package, with one meaning for a name; its walks go through files that exist."""

import os
import re
import subprocess
import sys
from collections import Counter

import pytest

from tests.harness import house, walk

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


# --- the walks -----------------------------------------------------------------------------------------


def test_the_walks_go_through_functions_that_are_there():
    walks = walk.written_walks(PAGE)
    assert len(walks) == PAGE.split("## Names with")[0].count("\n| ") - 2, "a row that is not read is not compared"
    assert [str(step) for steps in walks.values() for step in steps if not is_there(step)] == []


def is_there(step):
    path = house.ROOT / step.file
    return path.is_file() and f"def {step.function.rpartition('.')[2]}" in path.read_text(encoding="utf-8")


def test_a_walk_names_functions_after_their_file_and_files_from_the_room_of_its_first():
    page = (
        "| press | files in the order they are met |\n|---|---|\n"
        "| sign | `applications/views/sign.py` (`sign`) → `queries.py` → `portal/acts.py` (`act`: all; `O.hold`) |\n"
        "| `name` | no walk |\n"
    )
    steps = ["applications/views/sign.py (sign)", "applications/queries.py", "portal/acts.py (act)"]
    walks = {press: [str(step) for step in steps] for press, steps in walk.written_walks(page).items()}
    assert walks == {"sign": [*steps, "portal/acts.py (O.hold)"]}


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("`a/views.py` (`press`) → `b.py` → `b.py` (`Owner.hold`) → `c.py`", []),
        ("`a/views.py` → `c.py` (`last`)", []),
        ("`a/views.py` → `c.py` → `b.py`", ["portal/a/b.py is met before portal/a/c.py"]),
        ("`a/views.py` → `b.py` (`hold`, `old`)", ["portal/a/b.py (old) is met before portal/a/b.py (hold)"]),
        ("`a/views.py` → `d.py`", ["portal/a/d.py is not met"]),
        ("`a/views.py` → `b.py` (`gone`)", ["portal/a/b.py (gone) is not met"]),
        ("`a/views.py` → `b.py` (`other`) → `c.py`", []),
        ("`a/views.py` → `c.py` → `b.py` (`other`)", []),
    ],
)
def test_a_walk_whose_order_is_untrue_is_told(text, faults):
    met = [("views", "press"), ("b", "old"), ("b", "Owner.hold"), ("c", "last")]
    other = [("views", "press"), ("b", "other")]
    seen = [walk.Walk(functions={(f"portal/a/{file}.py", name): None for file, name in row}) for row in (met, other)]
    steps = walk.written_walks(f"| press | {text.replace('`a/', '`portal/a/')} |")["press"]
    assert walk.untruths(steps, seen) == faults


@pytest.mark.release
@pytest.mark.timeout(900)
def test_the_walks_are_in_the_order_in_which_the_presses_meet_the_files(tmp_path):
    # With a database and files of its own: the presses are tests, and would take those of this run.
    env = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL", "MEDIA_ROOT"}}
    shown = subprocess.run(
        [sys.executable, "scripts/walk"],
        cwd=house.ROOT,
        env={**env, "PORTAL_VAR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert shown.returncode == 0, shown.stdout[-4000:] + shown.stderr[-1000:]
