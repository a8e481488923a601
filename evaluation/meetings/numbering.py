"""Case numbers: one series a body and year, written 32/24; the other ways of writing them are understood (R126).

Pure: no Django, no database.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

WRITTEN = re.compile(r"^\s*(?:sak\s*)?(?:nr\.?\s*)?0*(\d{1,6})\s*[./\-–]\s*(\d{2}|\d{4})\s*$", re.IGNORECASE)
CENTURY = 2000


@dataclass(frozen=True, slots=True, order=True)
class CaseNumber:
    """The number of a case within the body's year."""

    year: int
    number: int

    def __str__(self) -> str:
        return f"{self.number}/{self.year % 100:02d}"


def parse(text: str) -> CaseNumber | None:
    """The number written as «32/24», «32.24», «07.24», «sak 32-2024»; None when it is not a case number."""
    match = WRITTEN.match(text)
    if not match or not int(match[1]):
        return None
    year = int(match[2])
    return CaseNumber(year if year >= CENTURY else CENTURY + year % CENTURY, int(match[1]))


def next_number(taken: Iterable[int]) -> int:
    """The number after the highest that is taken; a gap is never filled, so that a number means one case for ever."""
    return max(taken, default=0) + 1
