"""The rows of a long table in words. Drawn in Python: a template would take most of the page's time for 200 rows."""

from html import escape
from typing import Any

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from applications.views.long_table import Line

register = template.Library()
CELL_WORDS, NAME_WORDS = 16, 8


@register.simple_tag(takes_context=True)
def rows_in_words(context: Any, lines: list[Line], is_numbered: bool = False) -> SafeString:  # noqa: FBT001, FBT002 - a template's flag
    """These rows, each with the way to its fields for one who may write."""
    change = _("Endre") if context.get("can_edit") else ""
    return SafeString("".join(_row(line, change, is_numbered=is_numbered) for line in lines))


def _row(line: Line, change: str, *, is_numbered: bool) -> str:
    number = f'<th scope="row">{line.number}</th>' if is_numbered else ""
    cells = "".join(
        f'<td data-label="{escape(label)}">{escape(_beginning(text, CELL_WORDS))}</td>' for label, text in line.cells
    )
    link = _link(line, escape(change)) if change else ""
    return f'<tr id="row-{escape(line.key)}">{number}{cells}<td>{link}</td></tr>'


def _link(line: Line, change: str) -> str:
    key, name = escape(line.key), escape(_beginning(line.name, NAME_WORDS))
    return (
        f'<a class="ds-link" href="?row={key}#row-{key}" hx-get="?row={key}" hx-select="#row-{key}" '
        f'hx-target="closest tr" hx-swap="outerHTML">{change} <span class="ds-sr-only">{line.number} {name}</span></a>'
    )


def _beginning(text: str, most: int) -> str:
    words = text.split(maxsplit=most)
    return text if len(words) <= most else f"{' '.join(words[:most])} …"
