"""Writing the log and checking its chain."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection, models

from portal.journal.models import LogEntry

FIRST = "0" * 64
# The number of PostgreSQL's lock for one writer at a time; on SQLite the IMMEDIATE transaction is such a lock.
_LOCK = 7_301_964
QUARTER = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Break:
    """The first entry at which the chain does not hold."""

    number: int
    reason: str


_collected: ContextVar[list[LogEntry] | None] = ContextVar("collected", default=None)


@contextmanager
def collecting() -> Iterator[None]:
    """Collect the entries of an act (``portal.acts``) and write them when its body is done.

    Inside another collection the outer one writes the entries. The entries of a body that fails are dropped.
    """
    outer = _collected.get()
    if outer is not None:
        before = len(outer)
        try:
            yield
        except BaseException:
            del outer[before:]
            raise
        return
    entries: list[LogEntry] = []
    token = _collected.set(entries)
    try:
        yield
    finally:
        _collected.reset(token)
    if entries:
        _append(entries)


def record(act: str, *, subject: models.Model, by: Any, at: datetime, community: Any = None, **data: Any) -> None:
    """Add an entry, which the current act writes as the last thing it does; RuntimeError outside an act.

    ``act`` is a dotted name (``application.submitted``); ``data`` holds plain JSON values and never a
    person's words. ``by`` is None for what the portal does by itself. The subject must have been saved.
    """
    entries = _collected.get()
    if entries is None:
        raise RuntimeError(f"«{act}» is recorded outside an act (portal.acts)")
    entries.append(
        LogEntry(
            at=at.astimezone(UTC),
            act=act,
            subject_type=subject._meta.label_lower,
            subject_id=str(subject.pk),
            actor=by,
            community_code=getattr(community, "code", ""),
            data=data,
        )
    )


def was_told(act: str, *, subject: models.Model, by: Any, at: datetime, fields: Iterable[str]) -> bool:
    """Whether the log tells since a quarter of an hour before ``at`` that the person wrote these fields; one query.

    A text that is saved while it is written is told of once in that time, and not at each pause of the writer.
    """
    entries = LogEntry.objects.filter(subject_type=subject._meta.label_lower, subject_id=str(subject.pk))
    data = entries.filter(act=act, actor=by, at__gt=at - QUARTER).values_list("data", flat=True)
    return {field for each in data for field in each.get("fields", ())} >= set(fields)


def _append(entries: list[LogEntry]) -> None:
    """Write the entries at the end of the chain; the chain is locked until the transaction ends."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    number, previous = LogEntry.objects.order_by("-number").values_list("number", "digest").first() or (0, FIRST)
    for entry in entries:
        number += 1
        entry.number, entry.previous_digest = number, previous
        previous = entry.digest = entry.computed_digest()
    LogEntry.objects.bulk_create(entries)


def verify() -> Break | None:
    """Check the whole chain: the first break, or None when there is none."""
    previous = FIRST
    for number, entry in enumerate(LogEntry.objects.order_by("number").iterator(chunk_size=1000), start=1):
        if entry.number != number:
            return Break(number, "linjen mangler")
        if entry.previous_digest != previous:
            return Break(number, "den følger ikke linjen før")
        if entry.digest != entry.computed_digest():
            return Break(number, "den er endret")
        previous = entry.digest
    return None
