"""A table question on a page: a form for each row, and one for «ikke relevant». Saved cell by cell.

All rows are stored in one answer, but behave as the rows of the benefit table: see ``services.rows``.
"""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _

from portal import cells
from portal.forms import DateField, MoneyField, NumberField
from rounds.answering import answers
from rounds.answering.answers import OTHER_MOST, REASON_MOST
from rounds.answering.checks import reason_label
from rounds.answering.forms.controls import INTEGER_MOST, Control
from rounds.answering.forms.rows import RowForm
from rounds.answering.forms.text import LineField, ProseField
from rounds.answering.services.rows import MOST_ROWS, RELEVANCE, RowChange, TableRow, relevance_of, table_rows
from rounds.definition import TableQuestion

EXTRA_ROWS: Final = 1
_DIGITS: Final = 3
CELL_DRAFT_MOST: Final = 10 * OTHER_MOST


class TableRowForm(RowForm):
    """One row of a table question. A field is called «-column», so that no column can be mistaken for the key."""

    makes_keys = True

    def __init__(self, question: TableQuestion, number: int, *args: Any, **kwargs: Any) -> None:
        self.question = question
        self.number = number
        super().__init__(*args, prefix=f"{question.code}--{number}", **kwargs)

    def build(self) -> None:
        for column in self.question.columns:
            self.fields[f"-{column.code}"] = _cell(column, f"{column.label}, " + _("rad") + f" {self.number + 1}")

    def shown(self, row: TableRow) -> dict[str, Any]:
        columns = self.question.columns
        return {f"-{column.code}": _shown(column, row.cells.get(column.code, "")) for column in columns}

    def clean_key(self) -> str:
        key = super().clean_key()
        # RELEVANCE is the key of «ikke relevant», which is not a row of the table.
        return cells.new_key() if key == RELEVANCE else key

    def cell_of(self, field: str) -> str:
        return f"cells.{field.removeprefix('-')}"

    def cells(self) -> dict[str, Any]:
        return {name: _plain(value) for name, value in super().cells().items()}

    @property
    def columns(self) -> list[forms.BoundField]:
        """The cells in the order of the columns."""
        return [self[name] for name in self.content]


class RelevanceForm(RowForm):
    """«Ikke relevant for oss», and why."""

    def __init__(self, question: TableQuestion, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, prefix=f"{question.code}--{RELEVANCE}", **kwargs)

    def build(self) -> None:
        self.fields["-not-relevant"] = forms.BooleanField(label=_("Ikke relevant for oss"), required=False)
        self.fields["-reason"] = ProseField(label=reason_label(), limit=REASON_MOST, rows=2)

    def shown(self, row: TableRow) -> dict[str, Any]:
        return {"-not-relevant": bool(row.cells.get("not_relevant")), "-reason": row.cells.get("reason", "")}

    def cell_of(self, field: str) -> str:
        return f"cells.{field.removeprefix('-').replace('-', '_')}"

    def cells(self) -> dict[str, Any]:
        read = super().cells()
        if "cells.not_relevant" in read:
            read["cells.not_relevant"] = read["cells.not_relevant"] or None
            if not read["cells.not_relevant"] and "cells.reason" in read:
                # Stored with the tick alone: the page must not take it for stored.
                read["cells.reason"] = ""
        return read

    @property
    def not_relevant(self) -> forms.BoundField:
        return self["-not-relevant"]

    @property
    def reason(self) -> forms.BoundField:
        return self["-reason"]


class TableForms:
    """The forms of a table question: the stored rows and an empty one, or what was posted.

    ``value`` is the stored answer. Without a script, a button draws the page again with one more row.
    """

    def __init__(self, control: Control, value: Any, data: Any, *, kept_sentence: str) -> None:
        self.control = control
        self.question: TableQuestion = control.question
        self.earlier = value if answers.is_foreign(self.question, value) else ""
        held = relevance_of(value)
        self.relevance: RelevanceForm | None = None
        if self.question.answer == "when_relevant":
            self.relevance = RelevanceForm(self.question, data, row=held if held.cells else None)
        self.rows = self._stored(value) if data is None else self._posted(data)
        for form in self.forms:
            form.kept_sentence = kept_sentence

    def _stored(self, value: Any) -> list[TableRowForm]:
        rows: list[TableRow | None] = [row for row in table_rows(value) if row.cells]
        shown = [*rows, *[None] * EXTRA_ROWS][:MOST_ROWS]
        return [TableRowForm(self.question, number, row=row) for number, row in enumerate(shown)]

    def _posted(self, data: Mapping[str, Any]) -> list[TableRowForm]:
        code = self.question.code
        count = str(data.get(f"{code}--rows", ""))
        posted = min(int(count), MOST_ROWS) if count.isdecimal() and len(count) <= _DIGITS else 0
        wanted = min(posted + (data.get("add_row") == code), MOST_ROWS)
        return [TableRowForm(self.question, number, data if number < posted else None) for number in range(wanted)]

    @property
    def forms(self) -> list[RowForm]:
        """Every form of the question, «ikke relevant» last as on the page."""
        return [*self.rows, *([self.relevance] if self.relevance else [])]

    def is_valid(self) -> bool:
        """Whether everything posted could be read. An empty row that was asked for is in order."""
        valid = [
            form.is_valid() for form in self.forms if form.is_bound
        ]  # a list, so that every form is read and shows its errors
        return all(valid)

    def is_behind(self, value: Any) -> bool:
        """Whether the stored answer holds other rows than the posted page showed, once the page is saved."""
        kept = {key: form for key, form in self.by_key().items() if not form.cleaned_data.get("DELETE")}
        stored = {form.key_of(form.row): form.row for form in self._again(value).forms if form.row is not None}
        return any(form.is_behind(stored.get(key)) for key, form in kept.items()) or not stored.keys() <= kept.keys()

    def _again(self, value: Any) -> "TableForms":
        return TableForms(self.control, value, None, kept_sentence="")

    def by_key(self) -> dict[str, RowForm]:
        """The posted forms by the keys of their rows."""
        forms_by_key: dict[str, RowForm] = {form.row_key: form for form in self.rows if form.is_bound}
        return {**forms_by_key, **({RELEVANCE: self.relevance} if self.relevance else {})}

    def changes(self) -> list[RowChange]:
        """What is to be saved."""
        read = [form.change(key) for key, form in self.by_key().items()]
        return [change for change in read if change is not None]


def table_form(question: TableQuestion, data: Mapping[str, Any]) -> RowForm | None:
    """The form of the row that a script sent; None when the table has no such row."""
    prefix = str(data.get("prefix", ""))
    if prefix == f"{question.code}--{RELEVANCE}" and question.answer == "when_relevant":
        return RelevanceForm(question, data)
    numbered = re.fullmatch(rf"{re.escape(question.code)}--(\d{{1,{_DIGITS}}})", prefix)
    return TableRowForm(question, int(numbered[1]), data) if numbered else None


def _cell(column: Any, label: str) -> forms.Field:
    if column.type == "date":
        return DateField(label=label, required=False)
    if column.type in {"number", "money"}:
        kind = MoneyField if column.type == "money" else NumberField
        return kind(label=label, required=False, max_value=INTEGER_MOST)
    # Every save writes the whole answer with all its cells, so a draft keeps less text in a cell than elsewhere.
    return LineField(label=label, limit=OTHER_MOST, max_length=CELL_DRAFT_MOST)


def _shown(column: Any, value: Any) -> Any:
    """A stored date as a date, so that the page shows it as people write it."""
    return date.fromisoformat(value) if column.type == "date" and value else value


def _plain(value: Any) -> Any:
    """The cell as it is stored."""
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else value
