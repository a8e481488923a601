"""What a report says: chapters, each with a text of the secretariat's and tables of figures. So it is frozen too."""

from collections.abc import Iterator
from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from portal import formats
from portal.charts import Chart, ChartRow
from portal.ui import Column, DataTable

Kind = Literal["text", "money", "number", "date"]
# A number is whole; a date is written as ISO 8601, since a snapshot is plain data.
Cell = int | str | None


class Table(BaseModel):
    """A table of figures. ``behind`` has for each row the codes of the applications that it counts.

    ``picture`` is the column that is also drawn as bars; None for a table without a picture.
    """

    model_config = ConfigDict(frozen=True)

    code: str
    title: str
    columns: tuple[tuple[str, Kind], ...]
    rows: tuple[tuple[Cell, ...], ...] = ()
    total: tuple[Cell, ...] = ()
    behind: tuple[tuple[str, ...], ...] = ()
    note: str = ""
    picture: int | None = None

    @property
    def data(self) -> DataTable:
        """As pages and documents draw it."""
        columns = [Column(label, kind) for label, kind in self.columns]
        return DataTable(self.title, columns, [self.values(row) for row in self.rows], self.values(self.total))

    def values(self, row: tuple[Cell, ...]) -> list[object]:
        """The cells of a row, dates as dates; an empty row stays empty."""
        kinds = (kind for _label, kind in self.columns)
        return [_value(cell, kind) for cell, kind in zip(row, kinds, strict=False)]

    @property
    def chart(self) -> Chart | None:
        """The picture of the table; None when there is nothing to draw."""
        if self.picture is None or len(self.rows) < 2:  # noqa: PLR2004 - one bar alone says nothing
            return None
        label, kind = self.columns[self.picture]
        bars = [ChartRow(str(row[0]), (int(row[self.picture] or 0),)) for row in self.rows]
        return Chart(f"{self.title}: {label.lower()}", bars, show=formats.kroner if kind == "money" else str)


def _value(cell: Cell, kind: Kind) -> object:
    if kind == "date" and isinstance(cell, str) and cell:
        return date.fromisoformat(cell)
    return "" if cell is None and kind == "text" else cell


class ChapterContent(BaseModel):
    """A chapter with its text (Markdown) and its tables."""

    model_config = ConfigDict(frozen=True)

    code: str
    title: str
    text: str
    tables: tuple[Table, ...] = ()


class ReportContent(BaseModel):
    """A whole report. ``first_day``, ``last_day`` and ``as_of`` are local dates; ``as_of`` is when it was read.

    ``left_out`` is how many projects are closed to the person it was read for: they are in no figure.
    """

    model_config = ConfigDict(frozen=True)

    title: str
    sender: str
    receiver: str
    first_day: date
    last_day: date
    as_of: date
    chapters: tuple[ChapterContent, ...]
    left_out: int = 0

    @property
    def tables(self) -> Iterator[Table]:
        """All tables, in order."""
        return (table for chapter in self.chapters for table in chapter.tables)

    def table(self, code: str) -> Table | None:
        """The table with the code."""
        return next((table for table in self.tables if table.code == code), None)

    @property
    def applications(self) -> set[str]:
        """The codes of all applications that the figures count."""
        return {code for table in self.tables for codes in table.behind for code in codes}

    @property
    def frozen(self) -> dict[str, Any]:
        """As it is frozen."""
        return self.model_dump(mode="json")
