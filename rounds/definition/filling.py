"""Texts with placeholders: ``{closes}`` is filled in from the dates, so that a date is written once in the file."""

import re
from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Final

from portal.clock import local

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_MONTHS: Final = (
    "januar februar mars april mai juni juli august september oktober november desember".split()  # noqa: SIM905
)
# The placeholders that are filled in from the definition.
CALL_FIELDS: Final = frozenset(
    {"title", "year", "frame", "opens", "closes", "closes_time", "forward_by", "decision_by"}
    | {"evaluation_months", "acceptance_days", "sender"}
)
# The placeholders of letters.
LETTER_FIELDS: Final = CALL_FIELDS | frozenset(
    {"project", "applicant", "requested", "awarded", "body", "meeting_date", "case_number", "reason"}
    | {"acceptance_date", "reporting_date", "community"}
)


def written_date(day: date) -> str:
    """«1. mars 2025»."""
    return f"{day.day}. {_MONTHS[day.month - 1]} {day.year}"


def last_day(deadline: datetime) -> date:
    """The last day of a deadline: midnight belongs to the day before."""
    shown = local(deadline)
    return date.fromordinal(shown.toordinal() - 1) if shown.time() == time() else shown.date()


def deadline_hour(deadline: datetime) -> str:
    """«kl. 24.00»."""
    shown = local(deadline)
    return "kl. 24.00" if shown.time() == time() else f"kl. {shown:%H.%M}"


def unknown_placeholders(text: str, fields: frozenset[str]) -> list[str]:
    """The placeholders in the text that are not among the fields."""
    return [name for name in _PLACEHOLDER.findall(text) if name not in fields]


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with its placeholders filled in; one without a value becomes «–»."""
    return _PLACEHOLDER.sub(lambda match: values.get(match[1]) or "–", text)
