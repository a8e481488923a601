"""Which tests a change calls for: those of its room and of the rooms to the right, along the arrows of the house."""

import random
import tomllib
from collections import Counter
from pathlib import Path

from tests.harness.pure_modules import ROOT

# Always: what holds everywhere, and the demo, which goes through the services of every room from a call to a report.
EVERYWHERE = (
    *(f"tests/test_{name}.py" for name in ("architecture", "faults", "house", "names", "reads", "requirements")),
    "tests/demo/test_demo.py",
)
# Folders of tests that bear another name than their room.
ALSO = {"portal": ("tests/communities", "tests/test_worlds.py", "tests/test_affected.py")}


def rooms() -> list[str]:
    """The rooms from left to right, as the import contract in pyproject.toml has them from top to bottom."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in contracts if contract["id"] == "rooms")
    return [layer.rpartition(".")[2] for layer in reversed(layers)]


def room_of(path: str) -> str | None:
    """The room of a file; the leftmost for what every room stands on, None for what no room's tests see.

    The folder in the root decides; after ``evaluation``, ``templates`` and ``tests`` the next one does.
    """
    first, *rest = Path(path).parts
    second = rest[0] if rest else ""
    if first in {"docs", "scripts"} or second == "journeys" or (not rest and first.endswith((".md", "Makefile"))):
        return None
    if first == "fixtures":
        return "rounds"
    known = rooms()
    if first == "evaluation" and second not in known:
        return "assessment"
    return next((name for name in (first, second) if name in known), known[0])


def tests_of(room: str) -> list[str]:
    return [path for path in (f"tests/{room}", *ALSO.get(room, ())) if (ROOT / path).exists()]


def changed_tests(changed: list[str]) -> list[str]:
    """The files of tests among what changed."""
    return [
        path for path in changed if Path(path).name.startswith("test_") and (ROOT / path).exists() and room_of(path)
    ]


def drawn(folders: list[str], most: int) -> tuple[list[str], Counter[str]]:
    """At most so many files of tests, drawn by chance, and how many of each room were left.

    To read them all takes longer than to run these.
    """
    paths = [path for folder in folders for path in sorted((ROOT / folder).rglob("test_*.py"))]
    chosen = random.sample(paths, min(most, len(paths)))
    left = Counter(path.parent.name for path in paths if path not in chosen)
    return [str(path.relative_to(ROOT)) for path in chosen], left


def affected(changed: list[str]) -> tuple[list[str], list[str]]:
    """The tests to run first (of the files and rooms that changed) and then (of the rooms to the right)."""
    modules = changed_tests(changed)
    touched = {room_of(path) for path in changed if not Path(path).name.startswith("test_")} - {None}
    order = rooms()
    changed_rooms = [room for room in order if room in touched]
    right = [
        room
        for room in order
        if changed_rooms and room not in changed_rooms and order.index(room) > order.index(changed_rooms[0])
    ]
    first = list(dict.fromkeys([*modules, *EVERYWHERE, *(path for room in changed_rooms for path in tests_of(room))]))
    return first, [path for room in right for path in tests_of(room)]
