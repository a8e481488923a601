"""The rows of a long table in words. Drawn in Python: a template would take most of the page's time for 200 rows."""

from html import escape
from typing import Any

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from applications.views.long_table import Line

register = template.Library()
CELL_WORDS = 16


@register.simple_tag(takes_context=True)
def lines_in_words(context: Any, lines: list[Line]) -> SafeString:
    """These rows with their numbers. The first cell saves the row that is open, and opens this one."""
    can_edit = bool(context.get("can_edit"))
    return SafeString("".join(_line(line, can_edit=can_edit) for line in lines))


def _line(line: Line, *, can_edit: bool) -> str:
    (_label, name), *cells, (state_label, state) = line.cells
    text = escape(_beginning(name, CELL_WORDS))
    if can_edit:
        text = f'<button class="ds-link" type="submit" name="open" value="{escape(line.key)}">{text}</button>'
    tone = "success" if state == _("Klar") else "neutral"
    shown = f'<span class="state" data-tone="{tone}">{escape(state)}</span>'
    told = "".join(_cell(label, words) for label, words in cells)
    return (
        f'<tr id="row-{escape(line.key)}"><td class="choice">{line.number}</td><th scope="row">{text}</th>'
        f'{told}<td data-label="{escape(state_label)}">{shown}</td></tr>'
    )


def _cell(label: str, text: str) -> str:
    return f'<td data-label="{escape(label)}">{escape(_beginning(text, CELL_WORDS))}</td>'


def _beginning(text: str, most: int) -> str:
    words = text.split(maxsplit=most)
    return text if len(words) <= most else f"{' '.join(words[:most])} …"
