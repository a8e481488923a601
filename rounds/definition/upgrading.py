"""Upgrading data from an older file format: values that are no longer used are replaced by today's.

Each upgrade keeps what the portal did with the old value. It is used for files and for stored versions.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from rounds.definition.base import Problem

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Upgrade:
    """One old value, the value that replaces it, and why."""

    path: Path
    old: str
    new: str
    why: str

    @property
    def notice(self) -> Problem:
        """The notice about the replaced value."""
        return Problem(self.path, f"«{self.old}» leses som «{self.new}»: {self.why}")


def upgrades(data: Any) -> Iterator[Upgrade]:
    """The values to replace in plain data, which need not be a valid round definition."""
    stages = data.get("stages") if isinstance(data, dict) else None
    for index, stage in enumerate(stages if isinstance(stages, list | tuple) else ()):
        forwards = stage.get("forwards") if isinstance(stage, dict) else None
        if isinstance(forwards, dict) and forwards.get("which") == "approved":
            why = "listen kan ikke låses før trinnets oppgaver er gjort, så alt som er prioritert, er godkjent"
            yield Upgrade(("stages", index, "forwards", "which"), "approved", "prioritised", why)


def upgraded(data: Any) -> Any:
    """The data in today's format; the same object when nothing is old."""
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
