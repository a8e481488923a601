"""An act on several things, each in a transaction of its own: one that is refused stops no other."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import TypeVar

from django.contrib import messages
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from evaluation.decisions.models import Decision, Letter
from portal.errors import DomainError
from portal.requests import PersonRequest

Item = TypeVar("Item", Decision, Letter)


def do_each(request: PersonRequest, items: Iterable[Item], act: Callable[[Item], object]) -> int:
    """Do the act on each; those with the same refusal are named together with it. How many it was done on."""
    done = 0
    refused: dict[str, list[Item]] = defaultdict(list)
    for item in items:
        try:
            act(item)
            done += 1
        except DomainError as error:
            refused[str(error)].append(item)
    for sentence, those in refused.items():
        messages.error(request, format_html("{}: {}", links_to(those), sentence))
    return done


def links_to(items: Iterable[Item]) -> SafeString:
    """The letters with their addresses, or the titles of the applications of decisions."""
    return format_html_join(", ", "{}", ((_named(item),) for item in items))


def _named(item: Decision | Letter) -> str:
    if isinstance(item, Decision):
        return item.application.title
    return format_html('<a class="ds-link" href="{}">{}</a>', item.get_absolute_url(), item.number)
