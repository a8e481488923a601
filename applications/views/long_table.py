"""A long table on a page: every row in words, and the one row that is opened as fields."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from applications.forms.rows import BaseRowFormSet


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the table: its present number, its cells in words, and its form when it is open."""

    number: int
    key: str
    cells: Sequence[tuple[str, str]]
    form: Any
    # The number and the key of the row after this one; None for the last.
    following: tuple[int, str] | None = None


def blocks(formset: BaseRowFormSet, texts: Callable[[Any], Sequence[tuple[str, str]]]) -> list[list[Line]]:
    """The stored rows in blocks: rows in words that follow each other are one block, the opened row another.

    ``texts`` gives the cells of a row in words, each with the label of its column.
    """
    keys = list(enumerate((row.key for row, _form in formset.lines), start=1))
    lines = [
        Line(number, row.key, texts(row) if form is None else (), form, following)
        for (row, form), (number, _key), following in zip(formset.lines, keys, [*keys[1:], None], strict=True)
    ]
    return [list(block) for _is_open, block in groupby(lines, key=lambda line: line.number if line.form else 0)]
