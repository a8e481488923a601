"""What is measured, and what it should cost."""

from dataclasses import dataclass

SMALL, LARGE, HUGE = 100, 2_000, 20_000
SIZES = (SMALL, LARGE, HUGE)
# A page may cost this many times what it does at the size before, by processor time of web worker and database.
MOST_GROWTH = {LARGE: 1.2, HUGE: 2.0}
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
# In the browser: the largest paint in empty views, and what CSS and JavaScript may weigh, compressed.
PAINT, FILES_KB = 20, 60
SCREENS = ("public", "front", "mine", "list", "board", "detail", "desk", "meeting", "section", "benefits")
PAGES = (
    Page("public", "public round page", 15),
    # The sum of what the filter shows is a query of its own.
    Page("list", "secretariat list", 35, queries=13),
    Page("last", "secretariat list, its last page", None, queries=13),
    Page("rounds", "rounds of the secretariat", None),
    Page("front", "front page of the secretariat", None, queries=40),
    Page("mine", "«Mine søknader»", None),
    Page("board", "ranking and recommendation", 35, queries=18),
    Page("last_board", "ranking and recommendation, its last page", None, queries=20),
    Page("detail", "application detail with assessments", 30, queries=15),
    Page("desk", "assessor's desk", 30),
    Page("meeting", "meeting page (room)", 25),
    Page("poll", "the meeting's screen poll, unchanged", None),
    Page("section", "one section of the form", 25),
    Page("autosave", "an autosave POST", 12),
    Page("benefits", "benefit table of 200 rows", 60),
    Page("benefit_row", "an autosave of one of its rows", 25, queries=13),
)
