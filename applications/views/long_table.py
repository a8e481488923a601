"""A long table on a page: every row in words, and the one row that is opened as fields."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from applications.forms.rows import BaseRowFormSet
from applications.models import Application
from applications.snapshot import cell_text

FIRST_BAND = 1


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the table: its present number, its cells in words, and its form when it is open."""

    number: int
    key: str
    cells: Sequence[tuple[str, str]]
    form: Any

    @property
    def name(self) -> str:
        """What the row is called on its button: the beginning of its first cells."""
        return " ".join(text for _label, text in self.cells[:2])


def blocks(formset: BaseRowFormSet, texts: Callable[[Any], Sequence[tuple[str, str]]]) -> list[list[Line]]:
    """The stored rows in blocks: rows in words that follow each other are one block, the opened row another.

    ``texts`` gives the cells of a row in words, each with the label of its column.
    """
    lines = [
        Line(number, row.key, texts(row) if form is None else (), form)
        for number, (row, form) in enumerate(formset.lines, start=1)
    ]
    return [list(block) for _is_open, block in groupby(lines, key=lambda line: line.number if line.form else 0)]


def benefits(application: Application, formset: BaseRowFormSet) -> dict[str, Any]:
    """The columns of the benefit table's first band, and its lines."""
    spec = application.round.spec
    columns = [column for column in spec.benefits.columns if column.band == FIRST_BAND]

    def texts(row: Any) -> list[tuple[str, str]]:
        return [(column.label, cell_text(spec, column.code, row)) for column in columns]

    return {"columns": columns, "blocks": blocks(formset, texts)}
