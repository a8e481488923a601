"""What the room asks the rooms to its right; see ``portal.rooms``."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portal.rooms import question


@dataclass(frozen=True, slots=True)
class FollowUp:
    """What a body has asked for in its resolutions: a sentence on how much is open and late, and where the list is.

    ``asks_url`` is where the person goes through what the minutes of the meeting ask for; empty when nothing is left.
    """

    said: str
    url: str
    asks_url: str = ""


@question
def follow_up_of(meeting: Any, user: Any, now: datetime) -> FollowUp:
    """What the meeting's body has asked for and is not done, without what is closed to the person."""
