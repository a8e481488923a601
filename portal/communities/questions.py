"""What the register asks the rooms; see ``portal.rooms``."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from portal.rooms import question


@question
def bodies_in_session(body_ids: Collection[int]) -> Collection[int]:
    """Those of the bodies (ids) that have an open meeting.

    The caller has locked the bodies' rows, as opening a meeting also does: no meeting is opened while a rule changes.
    """


@question
def held_after(body_id: int, day: date) -> Collection[datetime]:
    """When the body has held meetings after the day (local date)."""


@question
def unfinished_in(body: Any, now: datetime) -> Collection[str]:
    """What another body must go on with when the body ends, each in a sentence; nothing when all is done."""


@question
def hand_meetings_over(body: Any, successor: Any, *, by: Any, at: datetime) -> int:
    """Let the successor hold the meetings that the body has planned, as a part of ending it; how many there were.

    The caller has locked the rows of both bodies.
    """


@question
def given_to_assess(person: str) -> Any:
    """A column of a query: None if the person that the rows have as ``person`` was never given something to assess."""


@question
def open_calls_by_community(now: datetime) -> Mapping[int, Sequence[Any]]:
    """The calls that each helsefellesskap (id) receives applications to now, each with a title and an address.

    Asked by the page that says whom to write to.
    """
