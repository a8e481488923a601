"""What the front page tells of the calls: those that are open, each with the deadline that the person has."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from rounds.queries import open_rounds

MOST_CALLS = 3


def open_calls(user: Any, now: datetime) -> Mapping[str, Any] | None:
    """The open calls, the first to close first; two queries at most."""
    calls = sorted(open_rounds(user, now), key=lambda item: (item.deadline.at, item.round.code))
    return {"calls": calls[:MOST_CALLS], "more": max(0, len(calls) - MOST_CALLS)} if calls else None
