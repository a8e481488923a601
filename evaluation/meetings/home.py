"""What the front page tells a member or a secretariat: the meetings that are next, and the last that were held."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from evaluation.meetings.queries.agenda import near_meetings
from portal.ui import Ahead


def meetings(user: Any, now: datetime) -> Mapping[str, Any] | None:
    """The meetings about now, those to come first; one query."""
    near = near_meetings(user, now=now)
    if not near:
        return None
    is_ahead = near[0].starts_at > now and not near[0].opened_at
    ahead = Ahead(near[0].starts_at, near[0].body.name, near[0].get_absolute_url()) if is_ahead else None
    return {"meetings": near, "ahead": ahead}
