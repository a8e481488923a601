"""A long benefit table as it is read: the first band in words, and the one row that is open as fields."""

from dataclasses import dataclass
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
    cells: list[tuple[str, str]]
    form: Any

    @property
    def name(self) -> str:
        """What the row is called on its button: the beginning of its first cell."""
        return self.cells[0][1] if self.cells else ""


def context(application: Application, formset: BaseRowFormSet) -> dict[str, Any]:
    """The columns and the lines."""
    spec = application.round.spec
    columns = [column for column in spec.benefits.columns if column.band == FIRST_BAND]
    lines = [
        Line(number, row.key, [(column.label, cell_text(spec, column.code, row)) for column in columns], form)
        for number, (row, form) in enumerate(formset.lines, start=1)
    ]
    return {"columns": columns, "lines": lines}
