"""Which reminder of a series is due today. Pure. A reminder is due in a window of days, not on one day only.

All dates are local (Europe/Oslo). A reminder that a stopped worker missed is sent when the worker runs again,
unless a later one of the same series is due by then: only the latest is sent.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

# How long after its day a reminder is still worth sending.
CATCH_UP = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Due:
    """A reminder that is due: the day it belongs to, and how many days it is after the deadline (negative: before)."""

    day: date
    offset: int

    @property
    def is_overdue(self) -> bool:
        """Whether the deadline itself has passed."""
        return self.offset > 0


def upcoming(deadline: date, offsets: Iterable[int], today: date) -> list[date]:
    """The days after today on which a reminder of the series is due, in order."""
    days = (deadline + timedelta(days=offset) for offset in offsets)
    return sorted(day for day in days if day > today)


def due_reminder(deadline: date, offsets: Iterable[int], today: date) -> Due | None:
    """The reminder of the series that is due today: the latest whose day has come, while it is still worth sending."""
    come = [offset for offset in offsets if deadline + timedelta(days=offset) <= today]
    if not come:
        return None
    latest = Due(deadline + timedelta(days=max(come)), max(come))
    return latest if today - latest.day <= CATCH_UP else None


def next_day(deadline: date, offsets: Iterable[int], today: date) -> date | None:
    """The first day after today on which a reminder of the series comes due; None when the series is over."""
    return min((day for offset in offsets if (day := deadline + timedelta(days=offset)) > today), default=None)


def deadlines_due(offsets: Iterable[int], today: date) -> tuple[date, date]:
    """The first and the last deadline of which a reminder of the series may be due today; see ``due_reminder``."""
    series = tuple(offsets)
    return today - CATCH_UP - timedelta(days=max(series)), today - timedelta(days=min(series))
