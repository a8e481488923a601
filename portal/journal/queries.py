"""Reading the log."""

from django.db.models import Model, Q, QuerySet

from portal.journal.models import LogEntry
from portal.rooms import closed_subjects


def entries_of(*subjects: Model) -> QuerySet[LogEntry]:
    """The entries of these objects, oldest first, with the actor."""
    entries = LogEntry.objects.none()
    for subject in subjects:
        entries = entries | LogEntry.objects.filter(subject_type=subject._meta.label_lower, subject_id=str(subject.pk))
    return entries.select_related("actor").order_by("number")


def open_to(entries: QuerySet[LogEntry], user_id: int | None) -> QuerySet[LogEntry]:
    """The entries without those of objects that are closed to the person."""
    for label, ids in closed_subjects(user_id):
        entries = entries.exclude(Q(subject_type=label, subject_id__in=[str(pk) for pk in ids]))
    return entries
