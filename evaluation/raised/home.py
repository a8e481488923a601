"""The way in for those who belong to a partner and have no seat: the page of the meetings is not theirs."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from evaluation.raised.permissions import can_raise
from portal.communities.menu import standing_now


def has_no_seat(user: Any) -> bool:
    """Whether the person belongs to an organisation and sits in no body."""
    standing = standing_now(user)
    return bool(standing.organisation_ids and not standing.body_ids)


def way_in(user: Any, now: datetime) -> Mapping[str, Any] | None:
    """Shown when there is a body to raise a case with; one query."""
    return {} if can_raise(user, now=now) else None
