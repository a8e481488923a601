"""The phases of a round: all but the last are computed from the clock alone, and no job changes them."""

from datetime import datetime

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Phase(TextChoices):
    """The phase of a round at a moment."""

    PLANNED = "planned", _("Ikke utlyst")
    ANNOUNCED = "announced", _("Åpner senere")
    OPEN = "open", _("Åpen")
    CLOSED = "closed", _("Fristen er ute")
    CANCELLED = "cancelled", _("Trukket")


def phase_at(now: datetime, *, announced: datetime, opens: datetime, closes: datetime) -> Phase:
    """The phase at the moment of a round that is not cancelled.

    At ``opens`` itself the round is open, and at ``closes`` itself it is closed.
    """
    if now < announced:
        return Phase.PLANNED
    if now < opens:
        return Phase.ANNOUNCED
    return Phase.OPEN if now < closes else Phase.CLOSED
