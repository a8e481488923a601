"""What a press of a button runs: the portal's own functions and files, and how often the reader changes file.

A pytest plugin of ``scripts/walk``: it looks at each request of a test client.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any

from django.test import Client

ROOT = f"{Path(__file__).resolve().parents[2]}/"
ROOMS = ("portal/", "rounds/", "applications/", "evaluation/")


@dataclass
class Walk:
    """One request: its functions, its files in the order they are met, and how often one file follows another."""

    functions: set[tuple[str, int]] = field(default_factory=set)
    files: list[str] = field(default_factory=list)
    changes: int = 0
    here: str = ""

    def meet(self, frame: FrameType, event: str, _argument: Any) -> None:
        """Note a call of one of the portal's own functions; for ``sys.setprofile``."""
        name = frame.f_code.co_filename.removeprefix(ROOT)
        is_import = frame.f_code.co_name == "<module>"
        if event != "call" or is_import or not name.startswith(ROOMS):
            return
        self.functions.add((name, frame.f_code.co_firstlineno))
        if name not in self.files:
            self.files.append(name)
        if name != self.here:
            self.here, self.changes = name, self.changes + 1


# The longest walk of each press, by method, name of the address and status.
walks: dict[str, Walk] = {}


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
            walks[press] = max(walk, walks.get(press, walk), key=lambda item: len(item.functions))
        return answer

    Client.request = request  # type: ignore[method-assign, assignment]
    try:
        yield
    finally:
        Client.request = ask  # type: ignore[method-assign]
