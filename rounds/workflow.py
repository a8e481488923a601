"""The phases of a round, computed from the clock alone: no job flips them."""

from datetime import datetime

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Phase(TextChoices):
    """Where a round is at a moment."""

    PLANNED = "planned", _("Ikke utlyst")
    ANNOUNCED = "announced", _("Åpner senere")
    OPEN = "open", _("Åpen")
    CLOSED = "closed", _("Lukket")


def phase_at(now: datetime, *, announced: datetime, opens: datetime, closes: datetime) -> Phase:
    """The phase at the moment. Periods are half-open: at ``closes`` itself the round is closed."""
    if now < announced:
        return Phase.PLANNED
    if now < opens:
        return Phase.ANNOUNCED
    return Phase.OPEN if now < closes else Phase.CLOSED
