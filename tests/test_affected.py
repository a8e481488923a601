"""`make check` runs the tests of what changed and of the rooms to the right, as the import contract has them."""

import pytest

from tests.harness.affected import EVERYWHERE, affected, changed_tests, drawn, room_of, rooms
from tests.harness.pure_modules import ROOT

pytestmark = pytest.mark.sqlite


@pytest.mark.parametrize(
    ("path", "room"),
    [
        ("portal/clock.py", "portal"),
        ("portal/communities/models/people.py", "portal"),
        ("rounds/definition/round.py", "rounds"),
        ("fixtures/rounds/innlandet-2024.yaml", "rounds"),
        ("applications/services/drafts.py", "applications"),
        ("evaluation/meetings/voting.py", "meetings"),
        ("evaluation/shared.py", "assessment"),
        ("templates/decisions/overview.html", "decisions"),
        ("templates/components/menu.html", "portal"),
        ("static/css/tokens.css", "portal"),
        ("locale/nn/LC_MESSAGES/django.po", "portal"),
        ("pyproject.toml", "portal"),
        ("requirements/base.txt", "portal"),
        ("tests/meetings/world.py", "meetings"),
        ("tests/harness/worlds.py", "portal"),
        ("tests/factories.py", "portal"),
        ("tests/journeys/steps/meeting.py", None),
        ("docs/decisions.md", None),
        ("README.md", None),
        ("Makefile", None),
        ("scripts/test", None),
    ],
)
def test_each_file_has_its_room(path, room):
    assert room_of(path) == room


def test_rooms_are_those_of_the_contract_from_left_to_right():
    process = ["portal", "rounds", "applications", "assessment", "meetings", "decisions", "followup"]
    assert [room for room in rooms() if room in process] == process


def test_a_room_and_then_those_to_the_right_of_it():
    first, then = affected(["evaluation/meetings/voting.py"])
    assert first == [*EVERYWHERE, "tests/meetings"]
    to_the_right = ("actions", "decisions", "followup", "plans", "raised", "comments", "reporting", "demo")
    assert then == [f"tests/{room}" for room in to_the_right]


def test_a_changed_test_runs_first_and_calls_for_no_other_room():
    name = "tests/rounds/test_frame.py"
    assert affected([name]) == ([name, *EVERYWHERE], [])
    assert affected(["tests/rounds/test_gone.py"]) == (list(EVERYWHERE), [])


def test_what_every_room_stands_on_calls_for_all_of_them():
    first, then = affected(["portal/clock.py", "evaluation/decisions/models.py"])
    assert first[len(EVERYWHERE) :][0] == "tests/portal"
    assert first[-1] == "tests/decisions"
    rooms_to_run = (
        "rounds",
        "applications",
        "assessment",
        "meetings",
        "actions",
        "followup",
        "plans",
        "raised",
        "comments",
        "reporting",
        "demo",
    )
    assert then == [f"tests/{room}" for room in rooms_to_run]


def test_words_alone_call_for_no_room():
    assert affected(["README.md", "docs/decisions.md"]) == (list(EVERYWHERE), [])


def test_changed_tests_are_those_that_still_exist_and_have_a_room():
    changed = [
        "tests/rounds/test_frame.py",
        "tests/rounds/test_gone.py",
        "tests/rounds/faces.py",
        "rounds/round_file.py",
    ]
    assert changed_tests([*changed, "tests/journeys/test_access.py"]) == ["tests/rounds/test_frame.py"]


def test_of_the_rooms_to_the_right_so_many_files_are_drawn_and_the_rest_is_counted():
    folders = ["tests/decisions", "tests/followup"]
    every = {str(path.relative_to(ROOT)) for folder in folders for path in (ROOT / folder).rglob("test_*.py")}
    chosen, left = drawn(folders, 3)
    assert len(chosen) == 3
    assert set(chosen) < every
    assert left.total() == len(every) - 3
    assert set(left) == {"decisions", "followup"}
    chosen, left = drawn(folders, 500)
    assert (set(chosen), left.total()) == (every, 0)
    assert drawn([], 3) == ([], {})
