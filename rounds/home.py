"""What the front page tells of the calls: those that are open, each with the person's deadline, and what comes next."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from portal.ui import Ahead
from rounds import queries
from rounds.queries import Calls

MOST_CALLS = 3
MOST_DATES = 5
MOST_GONE = 3


def open_calls(user: Any, now: datetime) -> Mapping[str, Any] | None:
    """The open calls, the first to close first, those of others apart; two queries at most."""
    calls = _calls(user, now)
    if not (calls.near or calls.others):
        return None
    return {
        "calls": calls.near[:MOST_CALLS],
        "others": calls.others,
        "more": max(0, len(calls.near) - MOST_CALLS),
        # Nobody has signed in, so each call says where one can apply.
        "tells_receivers": not user.is_authenticated,
    }


def dates(user: Any, now: datetime) -> Mapping[str, Any] | None:
    """What comes next in the rounds of one who sits in a body; the queries are those of ``open_calls``."""
    coming = _calls(user, now).dates[:MOST_DATES]
    if not coming:
        return None
    first = coming[0]
    return {"dates": coming, "ahead": Ahead(first.moment.at, first.moment.label, first.round.get_absolute_url())}


def gone(user: Any, now: datetime) -> Mapping[str, Any] | None:
    """What came last in the same rounds; the queries are those of ``open_calls``."""
    past = _calls(user, now).gone[:MOST_GONE]
    return {"gone": past} if past else None


def _calls(user: Any, now: datetime) -> Calls:
    """The calls, read once a request: two parts of the page tell of them."""
    read: dict[datetime, Calls] = user.__dict__.setdefault("_calls", {})
    if now not in read:
        read[now] = queries.open_calls(user, now)
    return read[now]
