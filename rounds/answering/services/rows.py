"""Saving the rows of a table part, cell by cell, each under the key of its row.

Two persons who write in different cells of one row both keep their text. In the same cell the second is shown what is
stored, and chooses. The other cells are saved meanwhile.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final, Protocol

from django.db import models
from django.db.models import Count, Max
from django.utils.translation import gettext as _

from portal import cells
from portal.acts import act, upsert
from portal.cells import Base, Merge, is_key
from portal.communities.models import User
from portal.errors import ConflictError
from rounds.answering import answers
from rounds.answering.answers import ROW_KEY
from rounds.answering.models import Answer
from rounds.answering.owner import Owner
from rounds.answering.services.writers import WHOLE_ROW, Writer, keep, writers_of
from rounds.definition import TableQuestion

# The row of a table question that holds whether it is relevant, and why not.
RELEVANCE: Final = "relevance"
MOST_ROWS: Final = 200


class Rows(Protocol):
    """The rows of a table part, wherever they are stored."""

    @property
    def code(self) -> str:
        """What the table is called among those of its owner."""

    @property
    def names(self) -> Iterable[str]:
        """The cells that a row may have."""

    def stored(self, keys: Sequence[str]) -> dict[str, Any]:
        """The stored rows of these keys. Called once an act, when the owner is held."""

    def make(self, key: str) -> Any:
        """A new row with empty cells, last in the table. It is not stored yet."""

    def keep(self, row: Any, names: Sequence[str] | None = None) -> None:
        """Store the row; of a row that is stored already only these cells."""

    def drop(self, row: Any) -> None:
        """Take the row away."""

    def finish(self, changes: Sequence["RowChange"]) -> None:
        """Put right what the changes have left behind in other rows. Called once an act, after all changes."""


class TooManyRowsError(ConflictError):
    """The table is full."""

    def __init__(self, most: int) -> None:
        super().__init__(_("Tabellen kan ha høyst %(most)s rader.") % {"most": most})


@dataclass(frozen=True, slots=True)
class Part:
    """Rows of a model: which rows belong to the part, and the database columns of each cell.

    A cell is an attribute of the row, or «attribute.key» where the attribute is a JSON object.
    """

    model: type[models.Model]
    belongs_to: Mapping[str, Any]
    cells: Mapping[str, tuple[str, ...]]
    code: str
    key: str = "key"
    # The highest number of rows; None where the rows are given by what was sent.
    most: int | None = None
    # Called with ``belongs_to`` and the changes at the end of the act, to put other rows right.
    settle: Callable[[Mapping[str, Any], Sequence["RowChange"]], None] | None = None

    @property
    def names(self) -> Iterable[str]:
        return self.cells

    def stored(self, keys: Sequence[str]) -> dict[str, Any]:
        rows = self.model._default_manager.filter(**self.belongs_to, **{f"{self.key}__in": keys})  # noqa: SLF001
        return {str(getattr(row, self.key)): row for row in rows}

    def make(self, key: str) -> Any:
        row: Any = self.model(**self.belongs_to, **{self.key: key})
        if self.most is None:
            return row
        if not is_key(key):
            raise ValueError(f"{key!r} is no key of a row: its page could not be saved")
        # Rows without a position come in the order in which they were made.
        has_position = any(field.name == "position" for field in self.model._meta.fields)
        rows = self.model._default_manager.filter(**self.belongs_to)  # noqa: SLF001
        held = rows.aggregate(count=Count("pk"), last=Max("position" if has_position else "pk"))
        if held["count"] >= self.most:
            raise TooManyRowsError(self.most)
        if has_position:
            row.position = 0 if held["last"] is None else held["last"] + 1
        return row

    def keep(self, row: Any, names: Sequence[str] | None = None) -> None:
        row.save(update_fields=None if names is None else self.columns(names))

    def drop(self, row: Any) -> None:
        row.delete()

    def finish(self, changes: Sequence["RowChange"]) -> None:
        if self.settle:
            self.settle(self.belongs_to, changes)

    def columns(self, names: Sequence[str]) -> list[str]:
        """The database columns that these cells stand in."""
        return sorted({column for name in names for column in self.cells[name.partition(".")[0]]})


@dataclass
class TableRow:
    """A row of a table question. ``cells`` holds what is not empty, by the code of the column."""

    key: str
    cells: dict[str, Any] = field(default_factory=dict)


class TablePart:
    """The rows of a table question, which are stored in one answer, and one more row for «ikke relevant».

    Changed rows do not change the version of the answer: each cell has its own.
    """

    def __init__(self, owner: Owner, question: TableQuestion, *, by: User, at: datetime) -> None:
        self.response_id = owner.response_id
        self.question = question
        self.by = by
        self.at = at
        self.rows: dict[str, TableRow] = {}
        self.relevance = TableRow(RELEVANCE)

    @property
    def code(self) -> str:
        return self.question.code

    @property
    def names(self) -> Iterable[str]:
        return [f"cells.{column.code}" for column in self.question.columns]

    def stored(self, keys: Sequence[str]) -> dict[str, Any]:
        answer = Answer.objects.filter(response=self.response_id, question=self.question.code).first()
        value = answer.value if answer else None
        self.rows = {row.key: row for row in table_rows(value)}
        self.relevance = relevance_of(value)
        held = {**self.rows, **({RELEVANCE: self.relevance} if answer else {})}
        return {key: held[key] for key in keys if key in held}

    def make(self, key: str) -> Any:
        if key == RELEVANCE:
            return self.relevance
        if len(self.rows) >= MOST_ROWS:
            raise TooManyRowsError(MOST_ROWS)
        self.rows[key] = TableRow(key)
        return self.rows[key]

    def keep(self, row: Any, names: Sequence[str] | None = None) -> None:
        self._write()

    def drop(self, row: Any) -> None:
        del self.rows[row.key]
        self._write()

    def finish(self, changes: Sequence["RowChange"]) -> None:
        """Nothing to do: rows of a table question do not name each other."""

    def _write(self) -> None:
        codes = [column.code for column in self.question.columns]
        value: Any = [
            {ROW_KEY: row.key, **{code: row.cells.get(code, "") for code in codes}} for row in self.rows.values()
        ]
        if self.relevance.cells.get("not_relevant"):
            value = {**answers.not_relevant(self.relevance.cells.get("reason", "")), "rows": value}
        key = {"response_id": self.response_id, "question": self.question.code}
        upsert(Answer.objects.all(), key, {"value": value, "updated_by": self.by, "updated_at": self.at})


def table_rows(value: Any) -> list[TableRow]:
    """The stored rows of a table answer in their order, the empty ones too."""
    return [
        TableRow(
            row[ROW_KEY], {code: cell for code, cell in row.items() if code != ROW_KEY and not cells.is_empty(cell)}
        )
        for row in answers.keyed_rows(value)
    ]


def relevance_of(value: Any) -> TableRow:
    """Whether the question is answered «ikke relevant», and why, as a row."""
    if not answers.is_not_relevant(value):
        return TableRow(RELEVANCE)
    reason = answers.reason_of(value)
    return TableRow(RELEVANCE, {"not_relevant": True, **({"reason": reason} if reason else {})})


@dataclass(frozen=True, slots=True)
class RowChange:
    """A row as its form read it: ``cells`` is all that could be read, ``base`` the versions that the page carried.

    ``is_stored``: the page showed a stored row. If that row is gone, it is not made again without asking.
    """

    key: str
    base: Base
    cells: Mapping[str, Any]
    is_stored: bool = False
    is_removed: bool = False


@dataclass(frozen=True, slots=True)
class SavedRow:
    """What became of a row: the new versions for the page, and the cells that somebody else had changed."""

    row: Any
    base: dict[str, str] = field(default_factory=dict)
    conflicts: dict[str, Any] = field(default_factory=dict)
    # is_gone: somebody else has removed the row. is_kept: it was to be removed, but somebody else has changed it.
    is_gone: bool = False
    is_kept: bool = False
    # The cells that were written now; of a row that was removed ``WHOLE_ROW``.
    written: tuple[str, ...] = ()
    # Of a row to choose about: who wrote its cells last, those that are known.
    writers: Mapping[str, Writer] = field(default_factory=dict)

    @property
    def is_stale(self) -> bool:
        """Whether the person must choose between two versions."""
        return bool(self.conflicts) or self.is_gone or self.is_kept

    @property
    def last_writer(self) -> Writer | None:
        """Who wrote last in the cells to choose about, or took the row away."""
        writers = [writer for cell, writer in self.writers.items() if cell in {WHOLE_ROW, *self.conflicts}]
        return max(writers, key=lambda writer: writer.at, default=None)


def read_cell(row: Any, name: str) -> Any:
    """What a cell of a row holds."""
    attribute, _dot, key = name.partition(".")
    value = getattr(row, attribute)
    return value.get(key, "") if key else value


def write_cell(row: Any, name: str, value: Any) -> None:
    """Set the value of a cell. An empty value removes the key from a JSON object."""
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
    """These cells of a stored row, with a cell for each key of a JSON object."""
    cells_by_name: dict[str, Any] = {}
    for name in names:
        value = getattr(row, name)
        cells_by_name.update(
            {f"{name}.{key}": item for key, item in value.items()} if isinstance(value, dict) else {name: value}
        )
    return cells_by_name


@act
def save_rows(owner: Owner, part: Rows, changes: Sequence[RowChange], *, by: User, at: datetime) -> dict[str, SavedRow]:
    """Store several rows, and tell by key what became of each. Raises what the owner's ``hold`` raises."""
    if not changes:
        return {}
    owner.hold(at=at)
    stored = part.stored([change.key for change in changes])
    saved = {change.key: _save(part, stored.get(change.key), change) for change in changes}
    part.finish(changes)
    owner.saved({}, at=at)
    keep(owner.response_id, part.code, {key: row.written for key, row in saved.items()}, by=by, at=at)
    stale = [key for key, row in saved.items() if row.is_stale]
    told = writers_of(owner.response_id, part.code, stale) if stale else {}
    return saved | {key: replace(saved[key], writers=writers) for key, writers in told.items()}


def _save(part: Rows, row: Any, change: RowChange) -> SavedRow:
    """The owner's row is held, so nobody else writes between reading and writing."""
    if change.is_removed:
        return _remove(part, row, change)
    if row is None:
        return SavedRow(None, is_gone=True) if change.is_stored else _create(part, change)
    merged = cells.merge({name: read_cell(row, name) for name in change.cells}, change.base, change.cells)
    if merged.changes:
        for name, value in merged.changes.items():
            write_cell(row, name, value)
        part.keep(row, list(merged.changes))
    base = cells.base_after(change.base, change.cells, merged)
    return SavedRow(row, base, merged.conflicts, written=tuple(merged.changes))


def _create(part: Rows, change: RowChange) -> SavedRow:
    row = part.make(change.key)
    for name, value in change.cells.items():
        write_cell(row, name, value)
    part.keep(row)
    return SavedRow(row, cells.base_after({}, change.cells, Merge()), written=tuple(cells.versions(change.cells)))


def _remove(part: Rows, row: Any, change: RowChange) -> SavedRow:
    if row is None:
        return SavedRow(None)
    # Compare only the cells that the page showed: a part may have cells that this round does not ask for.
    stored = {name: read_cell(row, name) for name in change.cells or part.names}
    others = {name: held for name, held in stored.items() if cells.version(held) != change.base.get(name, "")}
    if others:
        return SavedRow(row, is_kept=True, conflicts=others)
    part.drop(row)
    return SavedRow(None, written=(WHOLE_ROW,))
