"""What the front page tells an assessor of what was given last, and a secretariat of what has come in."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from evaluation.assessment.queries import desk, steps
from portal.clock import local_date
from portal.communities.queries import standing_at

MOST = 5
MOST_ROUNDS = 3


def assessments(user: Any, now: datetime) -> Mapping[str, Any] | None:
    """The first rows of «Mine vurderinger»; two queries."""
    rows = desk.rows(standing_at(user, now), range(MOST))
    return {"rows": rows, "today": local_date(now)} if rows else None


def rounds(user: Any, now: datetime) -> Mapping[str, Any] | None:
    """The latest rounds of «Søknader», with how many applications have each status; the queries of ``steps.rounds``."""
    lines = steps.rounds(standing_at(user, now))[:MOST_ROUNDS]
    return {"lines": lines} if lines else None
