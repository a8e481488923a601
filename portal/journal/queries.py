"""Reading the log."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from django.db.models import Model, Q, QuerySet

from portal.journal.models import LogEntry
from portal.rooms import closed_subjects

# So far back it is looked for who wrote a text that somebody else has open.
MOST_READ = 20


def entries_of(*subjects: Model) -> QuerySet[LogEntry]:
    """The entries of these objects, oldest first, with the actor."""
    entries = LogEntry.objects.none()
    for subject in subjects:
        entries = entries | LogEntry.objects.filter(subject_type=subject._meta.label_lower, subject_id=str(subject.pk))
    return entries.select_related("actor").order_by("number")


def writer_of(subject: Model, act: str, *, but: int, field: str = "") -> str:
    """The name of whoever else (``but`` the person's id) wrote the subject last, by the log; empty when nobody did.

    An entry that names its ``fields`` counts when the field is among them. One query.
    """
    by_others = entries_of(subject).filter(act=act, actor__isnull=False).exclude(actor=but).order_by("-number")
    for entry in by_others[:MOST_READ]:
        if field in entry.data.get("fields", [field]):
            return str(entry.actor)
    return ""


def news_of(
    subjects: Iterable[Model], *, but: Any, since: datetime, acts: str, without: Collection[str]
) -> QuerySet[LogEntry]:
    """What others (``but`` the person) have done with the objects since then, the newest first.

    Of the acts that begin so, ``without`` those.
    """
    entries = entries_of(*subjects).filter(act__startswith=acts, at__gte=since)
    return entries.exclude(act__in=without).exclude(actor=but).order_by("-number")


def open_to(entries: QuerySet[LogEntry], standing: Any) -> QuerySet[LogEntry]:
    """The entries without those of objects that are closed to the person of the standing."""
    for label, ids in closed_subjects(standing):
        entries = entries.exclude(Q(subject_type=label, subject_id__in=[str(pk) for pk in ids]))
    return entries
