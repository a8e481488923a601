"""The cells of a table's rows as HTML, for pages with so many rows that a template would take most of their time.

Text that is given as ``html`` must have been escaped (``escape``); everything else is escaped here. Columns are made
once for a table.
"""

from collections.abc import Callable
from html import escape

__all__ = ["column", "escape", "heading", "note", "organisation", "tag"]


def column(label: str, css: str = "", *, span: int = 1) -> Callable[[str], str]:
    """What draws the cells of a column: each with the label that it has on a narrow screen.

    ``css`` is the class of the cells; a cell may cover several columns.
    """
    classes = f' class="{css}"' if css else ""
    columns = f' colspan="{span}"' if span > 1 else ""
    opening = f'<td data-label="{escape(label)}"{columns}{classes}>'
    return lambda html: f"{opening}{html}</td>\n"


def heading(title: str, url: str, below: str = "") -> str:
    """The first cell: the title, linked when there is an address, and a note below it when there is one."""
    name = f'<a class="ds-link" href="{escape(url)}">{escape(title)}</a>' if url else escape(title)
    return f'<th scope="row">\n{name}\n{note(escape(below)) if below else ""}\n</th>\n'


def organisation(name: str) -> str:
    """The name of an organisation; «kommune» is not left alone on a line."""
    return escape(name).replace(" kommune", "\N{NO-BREAK SPACE}kommune")


def note(html: str) -> str:
    """A smaller line below the text of a cell."""
    return f'<span class="cell-note">{html}</span>'


def tag(text: str, tone: str) -> str:
    """A status as a shape and a word."""
    return f'<span class="state" data-tone="{tone}">{escape(text)}</span>'
