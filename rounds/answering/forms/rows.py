"""The rows of a table part as forms. Each form carries the key of its row and the versions of its cells."""

from collections.abc import Mapping
from copy import copy
from dataclasses import replace
from functools import cached_property
from typing import Any, ClassVar

from django.utils.translation import gettext as _

from portal import cells
from portal.forms import Form
from portal.writing import BASE_MOST, MINE, THEIRS, VERSION_MOST, CellConflict, Unseen, as_text, chosen
from rounds.answering.forms.text import KeepsLongText
from rounds.answering.services.rows import RowChange, SavedRow, read_cell

_UNSEEN = ("key", "version", "DELETE")


class RowForm(KeepsLongText, Form):
    """One row. The subclass builds the fields, and tells which cell each field belongs to."""

    # The name of a field → its cell, where the names differ.
    cell_names: ClassVar[Mapping[str, str]] = {}

    # Whether the page gives a new row its key.
    makes_keys: ClassVar[bool] = False

    # Whether the form has enough of a row to make one: a new row, or again one that somebody else has removed.
    makes_rows: bool = True

    key = Unseen()
    version = Unseen(max_length=BASE_MOST)

    def __init__(self, *args: Any, row: Any = None, **kwargs: Any) -> None:
        self.row = row
        self.saved: SavedRow | None = None
        super().__init__(*args, **kwargs)
        self.build()
        if row is not None:
            base = cells.written(cells.versions(self.stored(row)))
            self.initial = {**self.shown(row), "key": self.key_of(row), "version": base, **self.initial}
        elif self.makes_keys and not self.is_bound:
            self.initial.setdefault("key", cells.new_key())
        for field in self.fields.values():
            field.shows_optional = False  # type: ignore[attr-defined]

    def build(self) -> None:
        """Make the fields that depend on the round. Overridden by the subclass."""

    def key_of(self, row: Any) -> str:
        """The stored row's key, as the page carries it."""
        return str(row.key)

    @cached_property
    def row_key(self) -> str:
        """The key under which the posted row is saved; a new one when the posted key cannot be used."""
        return str(self.cleaned_data.get("key") or cells.new_key())

    def shown(self, row: Any) -> dict[str, Any]:
        """What the fields show of a stored row."""
        raise NotImplementedError

    def clean_key(self) -> str:
        key: str = self.cleaned_data["key"]
        # The key of a stored row is its own, however it looks.
        return cells.new_key() if self.makes_keys and not self.is_stored and not cells.is_key(key) else key

    def cell_of(self, field: str) -> str:
        """The cell that a field belongs to."""
        return self.cell_names.get(field, field)

    def fields_of(self, cell: str) -> list[str]:
        """The fields that belong to a cell."""
        return [name for name in self.content if self.cell_of(name) == cell]

    @property
    def content(self) -> list[str]:
        """The names of the fields that are content of the row."""
        return [name for name in self.fields if name not in _UNSEEN]

    def stored(self, row: Any) -> dict[str, Any]:
        """The cells of a stored row, as far as the form has fields for them."""
        return {cell: read_cell(row, cell) for cell in {self.cell_of(name) for name in self.content}}

    def cells(self) -> dict[str, Any]:
        """The cells to store, of the fields that could be read."""
        return {self.cell_of(name): self.cleaned_data[name] for name in self.content if name in self.cleaned_data}

    # --- reading ----------------------------------------------------------------------------------

    def posted(self, name: str) -> str:
        """What was posted in one field of the row."""
        return str(self.data.get(self.add_prefix(name), "")).strip() if self.is_bound else ""

    @property
    def is_stored(self) -> bool:
        """Whether the page showed a stored row."""
        return bool(self.posted("version"))

    @property
    def base(self) -> dict[str, str]:
        """The versions that the page carried; of a cell that was chosen about, the version of the other text."""
        versions = cells.read(self.posted("version")[:BASE_MOST])
        for name in self._chosen(MINE) + self._chosen(THEIRS):
            versions[name] = self.posted(f"{name}--theirs")[:VERSION_MOST]
        return versions

    def is_behind(self, row: Any) -> bool:
        """Whether the stored row (None when there is none) holds something else than the posted page showed."""
        return self.base != (cells.versions(self.stored(row)) if row is not None else {})

    def is_blank(self, row_cells: Mapping[str, Any]) -> bool:
        """Whether the cells of a new row hold nothing, so that there is no row to make."""
        return all(cells.is_empty(value) for value in row_cells.values())

    def _chosen(self, choice: str) -> list[str]:
        return chosen(self.data, self.add_prefix(""), choice)

    def change(self, key: str) -> RowChange | None:
        """What is to be saved; None when the person has not changed the row."""
        if self.cleaned_data.get("DELETE"):
            return RowChange(key, self.base, self.cells(), is_stored=True, is_removed=True) if self.is_stored else None
        given_up = set(self._chosen(THEIRS))
        typed = {name: value for name, value in self.cells().items() if name not in given_up}
        makes_again = self.makes_rows and self.posted("choice") == MINE
        if not self.is_stored and self.is_blank(typed):
            return None
        if self.is_stored and not makes_again and not cells.edited(self.base, typed):
            return None
        is_stored = not self.makes_rows or (self.is_stored and not makes_again)
        return RowChange(key, {} if makes_again else self.base, typed, is_stored)

    # --- conflicts --------------------------------------------------------------------------------

    def take_over(self, saved: SavedRow) -> None:
        """Show what became of the row: an error, and for each conflict what somebody else has stored."""
        self.saved = saved
        last = saved.last_writer
        writer = {"name": last.name if last else _("Noen andre")}
        if saved.is_gone:
            self.add_error(None, self.gone_sentence() % writer)
        elif saved.is_kept:
            self.add_error(None, _("%(name)s har endret raden mens dere skrev. Den er ikke fjernet.") % writer)
        for item in self.conflicts:
            sentence = _("%(name)s har endret «%(label)s» mens dere skrev. Velg hva som skal gjelde.")
            fields = self.fields_of(item.name)
            words = {"name": item.by or _("Noen andre"), "label": item.label}
            self.add_error(next(iter(fields), None), sentence % words)
            # The choice is drawn after the last field of the cell.
            self[fields[-1]].conflict = item  # type: ignore[attr-defined]

    def gone_sentence(self) -> str:
        """What is said when somebody else (``name``) has taken the row away."""
        return _("%(name)s har fjernet raden. Velg hva som skal gjelde.")

    @property
    def conflicts(self) -> list[CellConflict]:
        """The cells that the person must choose about."""
        if self.saved is None or self.saved.row is None or self.saved.is_kept:
            return []
        shown = self.shown(self.saved.row)
        return [self._conflict(name, value, shown) for name, value in self.saved.conflicts.items()]

    def _conflict(self, name: str, value: Any, shown: Mapping[str, Any]) -> CellConflict:
        fields = self.fields_of(name)
        texts = [as_text(self.fields[item], shown.get(item)) for item in fields]
        label = str(self.fields[fields[0]].label) if fields else name
        values = {self.add_prefix(item): shown.get(item) for item in fields}
        text = ", ".join(filter(None, texts)) or _("(tomt)")
        writer = self.saved.writers.get(name) if self.saved else None
        made = CellConflict(name, self.add_prefix(name), label, text, cells.version(value), values)
        return replace(made, by=writer.name, at=writer.at) if writer else made

    @property
    def is_gone(self) -> bool:
        """Whether somebody else has taken the row away."""
        return bool(self.saved and self.saved.is_gone)


def take_over(forms: Mapping[str, RowForm], saved: Mapping[str, SavedRow]) -> None:
    """Give the forms of a page, by row key, the versions that were saved, and show their conflicts."""
    data: Any = None
    for key, form in forms.items():
        if data is None:
            data = copy(form.data)
        form.data = data
        row = saved.get(key)
        if row is not None:
            if row.row is not None and not row.is_kept:
                data[form.add_prefix("version")] = cells.written(row.base)
            form.take_over(row)
