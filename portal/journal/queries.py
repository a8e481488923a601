"""Reading the log."""

from django.db.models import Model, QuerySet

from portal.journal.models import LogEntry


def entries_of(*subjects: Model) -> QuerySet[LogEntry]:
    """The entries of these objects, oldest first, with the actor."""
    entries = LogEntry.objects.none()
    for subject in subjects:
        entries = entries | LogEntry.objects.filter(subject_type=subject._meta.label_lower, subject_id=str(subject.pk))
    return entries.select_related("actor").order_by("number")
