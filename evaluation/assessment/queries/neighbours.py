"""The applications before and after one in the secretariat's list, with the list's filter, order and closed cases."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Subquery

from applications.models import Application
from evaluation.assessment.queries import lists, turns
from evaluation.assessment.queries.closed import ClosedCases
from evaluation.assessment.turn import Turn

# So many rows on each side are read: those that are closed to the person are passed over.
REACH = 10


@dataclass(frozen=True, slots=True)
class Neighbour:
    """An application of a list that the person can open, and its number in the list (None when it is in no list)."""

    code: str
    title: str
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Neighbours:
    """What comes before and after an application in a list of ``total``.

    ``number`` is None when the application is in the list no more: its neighbours are those that it had there.
    """

    total: int
    number: int | None
    previous: Neighbour | None
    following: Neighbour | None


def neighbours(
    turn: Turn, application: Application, number: int, *, chosen: Mapping[str, Any], sort: str, closed: ClosedCases
) -> Neighbours | None:
    """The neighbours of the application that was number ``number`` (from 1) in the list; one query.

    None when the list does not reach so far any more.
    """
    entries = lists.filtered(turn, chosen, closed)
    size = entries.order_by().values("stage").annotate(n=Count("pk")).values("n")
    first = max(number - REACH, 1)
    in_order = lists.ordered(entries, sort, closed).annotate(size=Subquery(size), closed=lists.is_closed(closed))
    part = in_order.values_list("size", "application_id", "application__code", "application__title", "closed")
    rows = list(part[first - 1 : number + REACH])
    if not rows:
        return None
    ids = [pk for _total, pk, *_row in rows]
    is_listed = application.pk in ids
    at = ids.index(application.pk) if is_listed else min(number - first, len(rows))
    others = [
        None if is_closed else Neighbour(code, title, first + index)
        for index, (_total, _pk, code, title, is_closed) in enumerate(rows)
    ]
    return Neighbours(
        total=rows[0][0],
        number=first + at if is_listed else None,
        previous=_first(reversed(others[:at])),
        following=_first(others[at + is_listed :]),
    )


def _first(rows: Iterable[Neighbour | None]) -> Neighbour | None:
    return next((row for row in rows if row), None)


def next_to_check(turn: Turn, closed: ClosedCases, application: Application | None = None) -> Neighbour | None:
    """The application that has waited longest for the check in the turn, but for the one given; one query."""
    waiting = turns.entries_to_check(turn)
    if application is not None:
        waiting = waiting.exclude(application=application)
    if closed.barred is not None:
        waiting = waiting.exclude(closed.barred)
    row = lists.ordered(waiting, "submitted", closed).values_list("application__code", "application__title").first()
    return Neighbour(*row) if row else None
