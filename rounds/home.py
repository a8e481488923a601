"""What the front page tells of the calls: those that are open, each with the deadline that the person has."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from rounds import queries

MOST_CALLS = 3


def open_calls(user: Any, now: datetime) -> Mapping[str, Any] | None:
    """The open calls, the first to close first, those of others apart; two queries at most."""
    calls = queries.open_calls(user, now)
    if not (calls.near or calls.others):
        return None
    return {
        "calls": calls.near[:MOST_CALLS],
        "others": calls.others,
        "more": max(0, len(calls.near) - MOST_CALLS),
        # Nobody has signed in, so each call says where one can apply.
        "tells_receivers": not user.is_authenticated,
    }
