"""Writing the log and checking its chain."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import connection, models, transaction

from portal.journal.models import LogEntry

FIRST = "0" * 64
# One writer at a time on PostgreSQL; on SQLite an IMMEDIATE transaction already is.
_LOCK = 7_301_964


@dataclass(frozen=True, slots=True)
class Break:
    """The first entry at which the chain does not hold."""

    number: int
    reason: str


def record(act: str, *, subject: models.Model, by: Any, at: datetime, community: Any = None, **data: Any) -> LogEntry:
    """Append an entry, in the caller's transaction.

    ``act`` is a dotted name (``application.submitted``); ``data`` holds plain JSON values and never a
    person's words. ``by`` is None for what the portal does by itself.
    """
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        last = LogEntry.objects.order_by("-number").values_list("number", "digest").first() or (0, FIRST)
        entry = LogEntry(
            number=last[0] + 1,
            at=at.astimezone(UTC),
            act=act,
            subject_type=subject._meta.label_lower,
            subject_id=str(subject.pk),
            actor=by,
            community_code=getattr(community, "code", ""),
            data=data,
            previous_digest=last[1],
        )
        entry.digest = entry.computed_digest()
        entry.save(force_insert=True)
    return entry


def verify() -> Break | None:
    """Walk the whole chain; the first break, or None when it holds."""
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
