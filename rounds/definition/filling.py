"""Words with places: ``{closes}`` in a text is filled from the dates, so that no text states a date twice."""

import re
from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Final

from portal.clock import local

_PLACE = re.compile(r"\{([^{}]*)\}")
_MONTHS: Final = (
    "januar februar mars april mai juni juli august september oktober november desember".split()  # noqa: SIM905
)
# What the definition itself knows …
CALL_FIELDS: Final = frozenset(
    {"title", "year", "frame", "opens", "closes", "closes_time", "forward_by", "decision_by"}
    | {"evaluation_months", "acceptance_days"}
)
# … and what only a letter knows.
LETTER_FIELDS: Final = CALL_FIELDS | frozenset(
    {"project", "applicant", "requested", "awarded", "body", "meeting_date", "case_number", "reason"}
    | {"acceptance_date", "reporting_date", "community"}
)


def written_date(day: date) -> str:
    """«1. mars 2025»."""
    return f"{day.day}. {_MONTHS[day.month - 1]} {day.year}"


def last_day(deadline: datetime) -> date:
    """The day people know a deadline by: midnight belongs to the day it ends."""
    shown = local(deadline)
    return date.fromordinal(shown.toordinal() - 1) if shown.time() == time() else shown.date()


def deadline_hour(deadline: datetime) -> str:
    """«kl. 24.00»."""
    shown = local(deadline)
    return "kl. 24.00" if shown.time() == time() else f"kl. {shown:%H.%M}"


def unknown_places(text: str, fields: frozenset[str]) -> list[str]:
    """The places in the text that nobody can fill."""
    return [name for name in _PLACE.findall(text) if name not in fields]


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with its places filled; a place without a value stands as «–»."""
    return _PLACE.sub(lambda place: values.get(place[1]) or "–", text)
