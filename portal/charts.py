"""Charts as small flat SVG, the same in a page and in a PDF: bars beside ordinary text.

Only the bars are drawn; labels and amounts are HTML around them, so they keep their size on a narrow page. No style
attribute and no script is used, as the content security policy demands. Every chart can also be shown as a table.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from html import escape
from itertools import cycle
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from portal import formats
from portal.ui import Column, DataTable

# Designsystemet's own colours: contrast 3:1 against white, and different from each other in greyscale.
PALETTE = ("#0062ba", "#0d7a5f", "#a56d13", "#5b3fa0", "#77797b", "#003d75")
# What has a state, in the colours of the state's shape beside it; what has fallen is no longer to be done.
DONE, UNDER_WAY, LATE, NOT_BEGUN, FALLEN = "#068718", "#0062ba", "#c01b1b", "#77797b", "#24272b"
# For segments of one kind, so that each can be told from the next.
BY_TURNS = (PALETTE[0], PALETTE[5])
# A document has the colours as they are. A page takes the same from the theme, light or dark: the name of the colour
# there, and its step where that is not the base.
THEME = {
    "#0062ba": "accent",
    "#0d7a5f": "brand1",
    "#a56d13": "warning border",
    "#5b3fa0": "brand2",
    "#77797b": "neutral border",
    "#003d75": "accent active",
    "#068718": "success",
    "#c01b1b": "danger",
    "#24272b": "neutral",
}
WIDTH = 1000
HEIGHT = 20
GAP = 4

Number = int | float | Decimal


@dataclass(frozen=True, slots=True)
class ChartRow:
    """A bar: its name, one value for each series, and a note such as «Over rammen»."""

    label: str
    values: Sequence[Number]
    note: str = ""

    @property
    def total(self) -> Number:
        return sum(self.values, start=type(self.values[0])(0)) if self.values else 0


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars to the same scale. Several series are stacked; ``limit`` is drawn as a line (the frame, a threshold)."""

    title: str
    rows: Sequence[ChartRow]
    series: Sequence[str] = ("",)
    show: Callable[[Any], str] = formats.kroner
    limit: Number | None = None
    limit_label: str = ""
    top: Number | None = None
    # One for each series, where the colour itself says something, as for states.
    colours: Sequence[str] = PALETTE

    @property
    def scale(self) -> Number:
        """The value at the right edge."""
        highest = [row.total for row in self.rows] + [value for value in (self.limit, self.top) if value is not None]
        return max(highest, default=0) or 1

    @property
    def is_stacked(self) -> bool:
        return len(self.series) > 1

    def drawn(self) -> list[tuple[ChartRow, str, SafeString]]:
        """Each row with its total as text and its bar."""
        scale = self.scale
        return [(row, self.show(row.total), self._bar(row, scale)) for row in self.rows]

    def lines(self) -> SafeString:
        """Each row of ``drawn`` as an item of a list. Drawn here, since a ranking has a hundred of them."""
        return SafeString("".join(_line(*drawn) for drawn in self.drawn()))

    def legend(self) -> list[tuple[str, SafeString]]:
        """The series' names with their colour; empty for a single series."""
        if not self.is_stacked:
            return []
        return [(name, swatch(fill)) for name, fill in zip(self.series, cycle(self.colours), strict=False)]

    def table(self) -> DataTable:
        """The same numbers as a table."""
        if not self.is_stacked:
            columns = [Column(_("Navn")), Column(self.series[0] or _("Verdi"), "number")]
            return DataTable(self.title, columns, [(row.label, self.show(row.total)) for row in self.rows])
        columns = [Column(_("Navn")), *(Column(name, "number") for name in self.series), Column(_("Sum"), "number")]
        rows = [(row.label, *map(self.show, row.values), self.show(row.total)) for row in self.rows]
        return DataTable(self.title, columns, rows)

    def _bar(self, row: ChartRow, scale: Number) -> SafeString:
        if self.is_stacked:
            values_text = ", ".join(
                f"{name} {self.show(value)}" for name, value in zip(self.series, row.values, strict=True)
            )
        else:
            values_text = self.show(row.total)
        return bar(row.values, scale=scale, title=f"{row.label}: {values_text}", limit=self.limit, colours=self.colours)


def _line(row: ChartRow, total: str, drawing: SafeString) -> str:
    note = f' <span class="muted">{escape(row.note)}</span>' if row.note else ""
    return (
        '<li class="chart__row">\n'
        f'<span class="chart__label">{escape(row.label)}{note}</span>\n'
        f'<span class="chart__value">{escape(total)}</span>\n'
        f'<span class="chart__drawing">{drawing}</span>\n'
        "</li>\n"
    )


def colour(index: int) -> str:
    """The colour of the series; the colours repeat after six."""
    return PALETTE[index % len(PALETTE)]


def bar(
    values: Iterable[Number],
    *,
    scale: Number,
    title: str,
    limit: Number | None = None,
    colours: Sequence[str] = PALETTE,
) -> SafeString:
    """One bar of stacked segments on a pale track, as an image that reads its title; ``colours`` take turns."""
    segments: list[tuple[str, int, int]] = []
    at = 0
    for index, value in enumerate(values):
        width = _units(value, scale)
        if width > 0:
            segments.append((colours[index % len(colours)], at, max(width - (GAP if at + width < WIDTH else 0), 1)))
        at += width
    drawn = "".join(f'<rect {_ink(fill)} x="{x}" y="0" width="{width}" height="20"/>' for fill, x, width in segments)
    if limit is not None:
        x = min(_units(limit, scale), WIDTH - GAP)
        drawn += (
            f'<rect class="chart__track" fill="#ffffff" x="{x - GAP}" y="0" width="{3 * GAP}" height="20"/>'
            f'<rect {_ink(FALLEN)} x="{x}" y="0" width="{GAP}" height="20"/>'
        )
    # Only the title needs escaping. ``format_html`` would be slow here: a ranking draws a hundred bars.
    return SafeString(
        f'<svg class="chart__svg" role="img" viewBox="0 0 {WIDTH} {HEIGHT}" width="100%" height="20"'
        f' preserveAspectRatio="none" xmlns="http://www.w3.org/2000/svg"><title>{escape(title)}</title>'
        f'<rect class="chart__track" fill="#e8e8e9" x="0" y="0" width="{WIDTH}" height="20"/>{drawn}</svg>'
    )


def swatch(fill: str) -> SafeString:
    """A small square of a series' colour for the legend."""
    return format_html(
        '<svg class="chart__swatch" aria-hidden="true" viewBox="0 0 12 12" width="12" height="12"'
        ' xmlns="http://www.w3.org/2000/svg"><title>{}</title>'
        '<rect {} width="12" height="12"/></svg>',
        _("Farge"),
        SafeString(_ink(fill)),
    )


def _ink(fill: str) -> str:
    """The attributes that give a drawn piece its colour."""
    name, _space, step = THEME[fill].partition(" ")
    return f'class="ink{f" ink--{step}" if step else ""}" data-color="{name}" fill="{fill}"'


def _units(value: Number, scale: Number) -> int:
    """The value's width in units of the drawing, from 0 to WIDTH."""
    return max(0, min(WIDTH, round(float(value) / float(scale) * WIDTH)))
