"""Log entries without a service: each is an act of its own."""

from portal.acts import act
from portal.journal import services
from portal.journal.models import LogEntry


@act
def _record(*args, **kwargs):
    services.record(*args, **kwargs)


def record(*args, **kwargs):
    """Write one entry, as ``portal.journal.services.record`` takes it; the entry."""
    _record(*args, **kwargs)
    return LogEntry.objects.select_related("actor").order_by("-number").first()
