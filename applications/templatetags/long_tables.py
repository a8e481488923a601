"""The rows of a long table in words. Drawn in Python: a template would take most of the page's time for 200 rows."""

from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from applications.views.long_table import Line

register = template.Library()
CELL_WORDS, NAME_WORDS = 16, 8


@register.simple_tag(takes_context=True)
def rows_in_words(context: Any, lines: list[Line], is_numbered: bool = False) -> SafeString:  # noqa: FBT001, FBT002 - a template's flag
    """These rows, each with the way to its fields for one who may write."""
    change = _("Endre") if context.get("can_edit") else ""
    return format_html_join("", "{}", ((_row(line, change, is_numbered=is_numbered),) for line in lines))


def _row(line: Line, change: str, *, is_numbered: bool) -> SafeString:
    number = format_html('<th scope="row">{}</th>', line.number) if is_numbered else ""
    cells = format_html_join(
        "", '<td data-label="{}">{}</td>', ((label, _beginning(text, CELL_WORDS)) for label, text in line.cells)
    )
    link = _link(line, change) if change else ""
    return format_html('<tr id="row-{}">{}{}<td>{}</td></tr>', line.key, number, cells, link)


def _link(line: Line, change: str) -> SafeString:
    return format_html(
        '<a class="ds-link" href="?row={key}#row-{key}" hx-get="?row={key}" hx-select="#row-{key}" '
        'hx-target="closest tr" hx-swap="outerHTML">{change} <span class="ds-sr-only">{number} {name}</span></a>',
        key=line.key,
        change=change,
        number=line.number,
        name=_beginning(line.name, NAME_WORDS),
    )


def _beginning(text: str, most: int) -> str:
    words = text.split(maxsplit=most)
    return text if len(words) <= most else f"{' '.join(words[:most])} …"
