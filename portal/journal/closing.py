"""Whose entries a person may not read. The log does not know of habilitet: the rooms with cases tell."""

from collections.abc import Callable, Iterable

from django.db.models import Q, QuerySet

from portal.journal.models import LogEntry

Closed = Callable[[int | None], tuple[str, Iterable[int]]]
_closed: dict[str, Closed] = {}


def register_closed(room: str, closed: Closed) -> None:
    """Let a room name the objects (label, ids) that are closed to a person."""
    _closed[room] = closed


def open_to(entries: QuerySet[LogEntry], user_id: int | None) -> QuerySet[LogEntry]:
    """The entries without those of objects that are closed to the person; a query for each room."""
    for closed in _closed.values():
        label, ids = closed(user_id)
        entries = entries.exclude(Q(subject_type=label, subject_id__in=[str(pk) for pk in ids]))
    return entries
