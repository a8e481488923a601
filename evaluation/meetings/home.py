"""What the front page tells a member or a secretariat: the meetings that are next, and the last that were held."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from evaluation.meetings.queries.agenda import near_meetings


def meetings(user: Any, now: datetime) -> Mapping[str, Any] | None:
    """The meetings about now, those to come first; one query."""
    near = near_meetings(user, now=now)
    return {"meetings": near} if near else None
