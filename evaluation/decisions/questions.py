"""What the room asks the rooms to its right; see ``portal.rooms``."""

from datetime import datetime
from typing import Any

from applications.models import Application
from portal.permissions import Verdict
from portal.rooms import question


@question
def can_accept(user: Any, application: Application, *, now: datetime) -> Verdict:
    """Whether the person may accept the award. Asked when its letter is shown, which says what the reader does next."""
