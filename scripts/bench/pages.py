"""What is measured, and what it should cost."""

from dataclasses import dataclass

SMALL, LARGE = 100, 2_000
SIZES = (SMALL, LARGE)
# A page may cost this much more with 2,000 applications than with 100.
MOST_GROWTH = 1.3
MOST_QUERIES = 12
CSV_SECONDS, CSV_QUERIES = 2.0, 10
LETTER_SHARE = 0.85
WORKER_MB = 150


@dataclass(frozen=True, slots=True)
class Page:
    """One row of the table; ``aim`` is in empty views at 2,000 applications."""

    key: str
    name: str
    aim: int | None
    queries: int = MOST_QUERIES


EMPTY = "empty"
PAGES = (
    Page("public", "public round page", 20),
    Page("list", "secretariat list", 40),
    Page("detail", "application detail with assessments", 60, queries=15),
    Page("desk", "assessor's desk", 40),
    Page("ranking", "ranking", 60),
    Page("meeting", "meeting page (room)", 40),
    Page("poll", "the meeting's screen poll, unchanged", None),
    Page("section", "one section of the form", 60),
    Page("autosave", "an autosave POST", 15),
)
