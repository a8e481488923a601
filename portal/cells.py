"""Cell by cell: which cells of a row a person changed, and which of them can be written when others write, too.

The page carries a short digest, a version, of each cell that it showed. A cell is written when the stored value is the
one that the person saw. It is a conflict when somebody else has stored another value meanwhile. Free of Django.
"""

import json
import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from portal.snapshots import digest

VERSION_CHARACTERS: Final = 12
_KEY: Final = re.compile(r"[0-9a-z-]{8,36}")
Base = Mapping[str, str]


def new_key() -> str:
    """A key for a new row."""
    return uuid.uuid4().hex


def is_key(text: str) -> bool:
    """Whether the text can be a row's key."""
    return bool(_KEY.fullmatch(text))


@dataclass(frozen=True, slots=True)
class Merge:
    """The cells to write, and the cells that somebody else has changed, each with its stored value."""

    changes: dict[str, Any] = field(default_factory=dict)
    conflicts: dict[str, Any] = field(default_factory=dict)


def is_empty(value: Any) -> bool:
    """Whether a cell holds nothing. 0 and False are something."""
    if isinstance(value, str):
        return not value.strip()
    if isinstance(value, Mapping | Sequence):
        return all(is_empty(part) for part in (value.values() if isinstance(value, Mapping) else value))
    return value is None


def version(value: Any) -> str:
    """A short digest of what a cell holds; empty for an empty cell. 12 and 12.00 have the same version."""
    if is_empty(value):
        return ""
    # A row that a form lets people choose is known by its key.
    value = getattr(value, "pk", value)
    plain = format(value.normalize(), "f") if isinstance(value, Decimal) else value
    return digest(plain)[:VERSION_CHARACTERS]


def versions(cells: Mapping[str, Any]) -> dict[str, str]:
    """The version of each cell that holds something."""
    return {name: made for name, value in cells.items() if (made := version(value))}


def written(base: Base) -> str:
    """The versions as the page carries them in one hidden field."""
    return json.dumps(base, sort_keys=True, separators=(",", ":"))


def read(text: str) -> dict[str, str]:
    """The versions that a page sent. What is not of that form is left out."""
    try:
        posted = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    if not isinstance(posted, dict):
        return {}
    return {name: value for name, value in posted.items() if isinstance(value, str)}


def edited(base: Base, typed: Mapping[str, Any]) -> dict[str, Any]:
    """The cells that differ from what the page showed."""
    return {name: value for name, value in typed.items() if version(value) != base.get(name, "")}


def merge(stored: Mapping[str, Any], base: Base, typed: Mapping[str, Any]) -> Merge:
    """Which changed cells to write, and which are conflicts. A cell that already holds the typed value is neither."""
    merged = Merge()
    for name, value in edited(base, typed).items():
        stored_version = version(stored.get(name))
        if stored_version == version(value):
            continue
        if stored_version == base.get(name, ""):
            merged.changes[name] = value
        else:
            merged.conflicts[name] = stored.get(name)
    return merged


def base_after(base: Base, typed: Mapping[str, Any], merged: Merge) -> dict[str, str]:
    """The versions that the page carries after a save.

    Only cells whose stored value the page shows get a new version. A cell that somebody else changed, and this person
    did not, keeps its old one; otherwise the old text of the page would count as a change at the next save.
    """
    after = dict(base)
    for name in edited(base, typed):
        if name not in merged.conflicts:
            after[name] = version(typed[name])
    return {name: value for name, value in after.items() if value}
