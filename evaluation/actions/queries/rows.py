"""Items as lines of a page: by when in words, how long until then, and the last that was told."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from evaluation.actions.asks import Due
from evaluation.actions.models import State
from portal.formats import day_in_words, month_in_words

# Nearer than this, the days that are left are said.
NEAR = 30


@dataclass(frozen=True, slots=True)
class Row:
    """An item with its words."""

    item: Any
    due: str
    left: str
    is_late: bool


def row_of(item: Any, today: date) -> Row:
    """The item as a line."""
    left = left_in_words(item.due, today) if item.is_open else ""
    return Row(item, due_in_words(item.due, today), left, item.is_late(today))


def news_of(item: Any, today: date) -> str:
    """The heading of the item's page: that it is to be followed up, and by when; or what came of it."""
    words = {"case": item.case.reference, "due": due_in_words(item.due, today)}
    if item.state == State.DONE:
        return _("Sak %(case)s er fulgt opp") % words
    if not item.is_open:
        return _("Sak %(case)s følges ikke opp") % words
    if item.due is None:
        return _("Sak %(case)s skal følges opp") % words
    if item.is_late(today):
        return _("Sak %(case)s er ikke fulgt opp. Fristen var %(due)s.") % words
    return _("Sak %(case)s skal følges opp, frist %(due)s") % words


def due_in_words(due: Due | None, today: date) -> str:
    """«februar 2027», «onsdag 17. februar», or «uten frist»."""
    if due is None:
        return _("uten frist")
    return month_in_words(due.last_day) if due.is_month else day_in_words(due.last_day, today)


def left_in_words(due: Due | None, today: date) -> str:
    """«tre dager over fristen» in digits, or how many days are left when they are few; else nothing."""
    days = (due.last_day - today).days if due else NEAR + 1
    if days < 0:
        return ngettext("%(n)s dag over fristen", "%(n)s dager over fristen", -days) % {"n": -days}
    return ngettext("%(n)s dag igjen", "%(n)s dager igjen", days) % {"n": days} if 0 < days <= NEAR else ""
