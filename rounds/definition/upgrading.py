"""Bringing data of an older form up to today's: what a field that is gone meant, said in the words that are left.

Each upgrade keeps what the portal did with the old words. Files and stored versions go the same way.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from rounds.definition.base import Problem

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Upgrade:
    """One value that is said in another way today, and why."""

    path: Path
    old: str
    new: str
    why: str

    @property
    def notice(self) -> Problem:
        """What is told of it."""
        return Problem(self.path, f"«{self.old}» leses som «{self.new}»: {self.why}")


def upgrades(data: Any) -> Iterator[Upgrade]:
    """What must be changed in plain data that may not be a round definition at all."""
    stages = data.get("stages") if isinstance(data, dict) else None
    for index, stage in enumerate(stages if isinstance(stages, list | tuple) else ()):
        forwards = stage.get("forwards") if isinstance(stage, dict) else None
        if isinstance(forwards, dict) and forwards.get("which") == "approved":
            why = "listen kan ikke låses før trinnets oppgaver er gjort, så alt som er prioritert, er godkjent"
            yield Upgrade(("stages", index, "forwards", "which"), "approved", "prioritised", why)


def upgraded(data: Any) -> Any:
    """The data in today's form; the same object when nothing is old."""
    for change in list(upgrades(data)):
        data = _replaced(data, change.path, change.new)
    return data


def _replaced(data: Any, path: Path, value: str) -> Any:
    if not path:
        return value
    first, *rest = path
    if isinstance(data, dict):
        return {**data, first: _replaced(data[first], tuple(rest), value)}
    return [_replaced(item, tuple(rest), value) if index == first else item for index, item in enumerate(data)]
