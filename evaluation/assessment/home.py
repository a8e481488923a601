"""What the front page tells an assessor: what was given last, and what is delivered of it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from evaluation.assessment.queries import desk
from portal.clock import local_date
from portal.communities.queries import standing_at

MOST = 5


def assessments(user: Any, now: datetime) -> Mapping[str, Any] | None:
    """The first rows of «Mine vurderinger»; two queries."""
    rows = desk.rows(standing_at(user, now), range(MOST))
    return {"rows": rows, "today": local_date(now)} if rows else None
