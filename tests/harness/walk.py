"""What a press of a button runs: the portal's own functions and files, and how often the reader changes file.

``scripts/walk`` looks at each request of a test client with it, and compares the order with the walks of
``docs/house.md``.
"""

import re
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from types import FrameType
from typing import Any

from django.test import Client

ROOT = f"{Path(__file__).resolve().parents[2]}/"
ROOMS = ("portal/", "rounds/", "applications/", "evaluation/")


@dataclass
class Walk:
    """One request: its functions in the order they are met, and how often one file follows another."""

    # (file, qualified name) of each function; the values say nothing.
    functions: dict[tuple[str, str], None] = field(default_factory=dict)
    changes: int = 0
    here: str = ""

    def meet(self, frame: FrameType, event: str, _argument: Any) -> None:
        """Note a call of one of the portal's own functions; for ``sys.setprofile``."""
        name = frame.f_code.co_filename.removeprefix(ROOT)
        is_import = frame.f_code.co_name == "<module>"
        if event != "call" or is_import or not name.startswith(ROOMS):
            return
        self.functions.setdefault((name, frame.f_code.co_qualname))
        if name != self.here:
            self.here, self.changes = name, self.changes + 1

    @property
    def files(self) -> list[str]:
        """The files in the order they are met."""
        return list(dict.fromkeys(file for file, _function in self.functions))


# The walks of each press, by method, name of the address and status.
walks: dict[str, list[Walk]] = {}


@contextmanager
def looking() -> Iterator[None]:
    """Look at every request of Django's test client until the end of the block."""
    ask = Client.request

    def request(client: Client, **environ: Any) -> Any:
        walk = Walk()
        sys.setprofile(walk.meet)
        try:
            answer = ask(client, **environ)
        finally:
            sys.setprofile(None)
        match = getattr(answer, "resolver_match", None)
        if match:
            press = f"{environ.get('REQUEST_METHOD', 'GET')} {match.view_name} {answer.status_code}"
            walks.setdefault(press, []).append(walk)
        return answer

    Client.request = request  # type: ignore[method-assign, assignment]
    try:
        yield
    finally:
        Client.request = ask  # type: ignore[method-assign]


# --- the walks that docs/house.md has ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Step:
    """A function that a walk of the page names, or a whole file when ``function`` is empty."""

    file: str
    function: str = ""

    def __str__(self) -> str:
        return f"{self.file} ({self.function})" if self.function else self.file

    def met_in(self, walk: Walk) -> int | None:
        """How many functions the walk has met before the step; None when it never meets the step."""
        for number, (file, function) in enumerate(walk.functions):
            if file == self.file and (not self.function or f".{function}".endswith(f".{self.function}")):
                return number
        return None


def written_walks(page: str) -> dict[str, list[Step]]:
    """The steps of each press that the page describes: rows of its tables whose second cell begins with a file."""
    rows = re.findall(r"^\| ([^|`]+) \| (`[\w/]+\.py`.*) \|$", page, re.MULTILINE)
    return {press: list(_steps(text)) for press, text in rows}


def _steps(text: str) -> Iterator[Step]:
    """Functions follow their file; a file is named from the root, or from the room of the row's first file."""
    words = re.findall(r"`([\w/.]+)`", text)
    room = words[0].partition("/views")[0]
    files = [number for number, word in enumerate(words) if word.endswith(".py")]
    for number, following in zip(files, [*files[1:], len(words)], strict=True):
        file = words[number] if words[number].startswith(ROOMS) else f"{room}/{words[number]}"
        functions = words[number + 1 : following]
        yield from [Step(file, function) for function in functions] or [Step(file)]


def untruths(steps: list[Step], seen: Iterable[Walk]) -> list[str]:
    """What is wrong with a written walk: a step that no press meets, or that a press meets before the one ahead of it.

    Two presses of one button may meet different steps: only a section with a table question saves rows.
    """
    seen = list(seen)
    faults = [f"{step} is not met" for step in steps if all(step.met_in(walk) is None for walk in seen)]
    for walk in seen:
        met = [(number, step) for step in steps if (number := step.met_in(walk)) is not None]
        faults += [
            f"{step} is met before {ahead}" for (first, ahead), (second, step) in pairwise(met) if second < first
        ]
    return list(dict.fromkeys(faults))
