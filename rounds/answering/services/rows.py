"""Saving the rows of a table part, cell by cell under the row's own key.

Two persons in different cells of one row both keep their text. In the same cell the second is told what is stored and
chooses; the other cells are saved meanwhile.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Max

from portal.acts import act
from rounds.answering import cells
from rounds.answering.cells import Base, Merge
from rounds.answering.owner import Owner


@dataclass(frozen=True, slots=True)
class Part:
    """A table part: its model, whose rows they are, and the columns of the table that each cell stands in.

    A cell is an attribute of the row, or «attribute.key» where the attribute is a JSON object.
    """

    model: type[models.Model]
    belongs_to: Mapping[str, Any]
    cells: Mapping[str, tuple[str, ...]]
    key: str = "key"

    def columns(self, names: Sequence[str]) -> list[str]:
        """The database columns that these cells stand in."""
        return sorted({column for name in names for column in self.cells[name.partition(".")[0]]})


@dataclass(frozen=True, slots=True)
class RowChange:
    """A row as its form cleaned it: ``cells`` holds all that could be read, ``base`` the versions that were shown.

    ``is_stored`` tells that the page showed a stored row, so that one which is gone is not made again unseen.
    """

    key: str
    base: Base
    cells: Mapping[str, Any]
    is_stored: bool = False
    is_removed: bool = False


@dataclass(frozen=True, slots=True)
class SavedRow:
    """What became of a row: what the page stands on now, and the cells that somebody else had changed."""

    row: Any
    base: dict[str, str] = field(default_factory=dict)
    conflicts: dict[str, Any] = field(default_factory=dict)
    # Somebody else has taken the row away, or changed one that was to be taken away.
    is_gone: bool = False
    is_kept: bool = False

    @property
    def is_stale(self) -> bool:
        """Whether the person must choose."""
        return bool(self.conflicts) or self.is_gone or self.is_kept


def read_cell(row: Any, name: str) -> Any:
    """What a cell of a row holds."""
    attribute, _dot, key = name.partition(".")
    value = getattr(row, attribute)
    return value.get(key, "") if key else value


def write_cell(row: Any, name: str, value: Any) -> None:
    """Put a value in a cell; nothing takes its key out of a JSON object."""
    attribute, _dot, key = name.partition(".")
    if not key:
        setattr(row, attribute, value)
        return
    held = {other: text for other, text in getattr(row, attribute).items() if other != key}
    setattr(row, attribute, held if cells.is_empty(value) else {**held, key: value})


def versions_of(names: Iterable[str], row: Any) -> dict[str, str]:
    """The versions of a stored row's cells, as its page carries them."""
    return cells.versions(stored_cells(names, row))


def stored_cells(names: Iterable[str], row: Any) -> dict[str, Any]:
    """These cells of a stored row; those of a JSON object by their keys."""
    found: dict[str, Any] = {}
    for name in names:
        value = getattr(row, name)
        found.update(
            {f"{name}.{key}": item for key, item in value.items()} if isinstance(value, dict) else {name: value}
        )
    return found


@act
def save_rows(owner: Owner, part: Part, changes: Sequence[RowChange], *, at: datetime) -> dict[str, SavedRow]:
    """Store several rows, and tell by key what became of each. Raises what the owner's ``hold`` raises."""
    if not changes:
        return {}
    owner.hold(at=at)
    keys = [change.key for change in changes]
    found = part.model._default_manager.filter(**part.belongs_to, **{f"{part.key}__in": keys})  # noqa: SLF001
    stored = {str(getattr(row, part.key)): row for row in found}
    saved = {change.key: _save(part, stored.get(change.key), change) for change in changes}
    owner.saved({}, at=at)
    return saved


def _save(part: Part, row: Any, change: RowChange) -> SavedRow:
    """The owner's row is held, so nobody else writes between reading and writing."""
    if change.is_removed:
        return _remove(part, row, change)
    if row is None:
        return SavedRow(None, is_gone=True) if change.is_stored else _create(part, change)
    merged = cells.merge({name: read_cell(row, name) for name in change.cells}, change.base, change.cells)
    if merged.changes:
        for name, value in merged.changes.items():
            write_cell(row, name, value)
        row.save(update_fields=part.columns(list(merged.changes)))
    return SavedRow(row, cells.base_after(change.base, change.cells, merged), merged.conflicts)


def _create(part: Part, change: RowChange) -> SavedRow:
    row = part.model(**part.belongs_to, **{part.key: change.key})
    for name, value in change.cells.items():
        write_cell(row, name, value)
    if any(item.name == "position" for item in part.model._meta.fields) and part.key != "position":
        last = part.model._default_manager.filter(**part.belongs_to).aggregate(last=Max("position"))["last"]  # noqa: SLF001
        row.position = 0 if last is None else last + 1  # type: ignore[attr-defined]
    row.save()
    return SavedRow(row, cells.base_after({}, change.cells, Merge()))


def _remove(part: Part, row: Any, change: RowChange) -> SavedRow:
    if row is None:
        return SavedRow(None)
    # Only of what the page showed: a part may have cells that this round does not ask for.
    standing = {name: read_cell(row, name) for name in change.cells or part.cells}
    if cells.versions(standing) != {name: made for name, made in change.base.items() if made and name in standing}:
        return SavedRow(row, is_kept=True, conflicts=standing)
    row.delete()
    return SavedRow(None)
