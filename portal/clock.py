"""The portal's clock: times are stored in UTC, and shown and counted in Europe/Oslo.

Read ``now`` once per request or task and pass it down; nothing else asks the system for the time.
"""

import calendar
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

OSLO = ZoneInfo("Europe/Oslo")


@dataclass
class _Shift:
    """How far the portal's clock is ahead of the system's; only the demo's ever is."""

    ahead: Callable[[], timedelta] = timedelta


_shift = _Shift()


def now() -> datetime:
    """The time now, aware, in UTC."""
    return shown(system_now())


def shown(moment: datetime) -> datetime:
    """What the portal's clock showed when the machine's showed this."""
    return moment + _shift.ahead()


def system_now() -> datetime:
    """The time of the machine, aware, in UTC: ``now`` wherever the clock is not moved."""
    return datetime.now(UTC)  # noqa: TID251 - the only call in the portal


def shift_by(ahead: Callable[[], timedelta]) -> None:
    """Let the clock be so far ahead of the system's; ``ahead`` is asked each time. For the demo alone."""
    _shift.ahead = ahead


def local(moment: datetime) -> datetime:
    """The same moment on an Oslo clock."""
    return moment.astimezone(OSLO)


def local_date(moment: datetime) -> date:
    """The calendar date in Oslo at the moment."""
    return local(moment).date()


def at_local(day: date, hour: time = time()) -> datetime:
    """The moment, in UTC, when Oslo's clocks show this date and hour."""
    return datetime.combine(day, hour, tzinfo=OSLO).astimezone(UTC)


def is_skipped(day: date, hour: time) -> bool:
    """Whether Oslo's clocks never show this hour that day: they are set to summer time then."""
    return local(at_local(day, hour)).replace(tzinfo=None) != datetime.combine(day, hour)


def end_of_day(day: date) -> datetime:
    """«Kl. 24.00»: the first moment after the day in Oslo, in UTC. It does not itself belong to the day."""
    return at_local(day + timedelta(days=1))


def next_day(day: date) -> date:
    """The next calendar date."""
    return day + timedelta(days=1)


def add_months(day: date, months: int) -> date:
    """The date ``months`` calendar months later; the last day of that month when it is shorter.

    Used for the evaluation, due nine calendar months after the start of operation (R140).
    """
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))
