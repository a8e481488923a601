"""The list under the frame: running sums, the line where the money ends, and shares by category.

Django-free. Whole kroner. Nothing here decides: it shows, and it warns (R45, R49, R50).
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Entry(Generic[Key]):
    """An application in its place on the list, with the amount asked for or recommended."""

    key: Key
    amount: int
    categories: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Line(Generic[Key]):
    """An entry with the sum down to and including it."""

    entry: Entry[Key]
    running: int
    is_within: bool
    is_last_within: bool = False


@dataclass(frozen=True, slots=True)
class Drawn(Generic[Key]):
    """The list with the line drawn."""

    lines: tuple[Line[Key], ...]
    total: int
    frame: int | None

    @property
    def left(self) -> int | None:
        """What remains of the frame; negative when the list asks for more than there is."""
        return None if self.frame is None else self.frame - self.total

    @property
    def is_over(self) -> bool:
        """Whether the whole list asks for more than the frame."""
        return self.frame is not None and self.total > self.frame


@dataclass(frozen=True, slots=True)
class Place(Generic[Key]):
    """Where an application stood on the list it came with: its rank, whether money was recommended, its score there."""

    key: Key
    rank: int | None
    is_awarded: bool = True
    total: Decimal | None = None


class NoticeKind(StrEnum):
    """What a list may be warned about."""

    OVER_FRAME = "over_frame"
    OVER_SHARE = "over_share"
    OVER_AMOUNT = "over_amount"


@dataclass(frozen=True, slots=True)
class Cap:
    """The most a category should have: a percentage of the frame, or an amount."""

    category: str
    percent: int | None = None
    amount: int | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """One warning, with what is and what should be (kroner, or percent for a share)."""

    kind: NoticeKind
    category: str
    actual: int
    limit: int


def under_frame(entries: Iterable[Entry[Key]], frame: int | None) -> Drawn[Key]:
    """The running sums from the top, and the line after the last entry down to which the money is enough.

    The line is where the order meets the frame, so a small application below it is not lifted over a large one. An
    entry of 0 kroner below the line stays below. No line is drawn without a frame, nor when everything is within it.
    """
    lines: list[Line[Key]] = []
    running, within = 0, True
    for entry in entries:
        running += entry.amount
        within = within and (frame is None or running <= frame)
        lines.append(Line(entry, running, within))
    last = sum(line.is_within for line in lines) - 1
    if 0 <= last < len(lines) - 1:
        lines[last] = Line(lines[last].entry, lines[last].running, is_within=True, is_last_within=True)
    return Drawn(tuple(lines), running, frame)


def interleaved(places: Iterable[Place[Key]]) -> tuple[Key, ...]:
    """Several lists made into one, before anybody has scored across them.

    Everyone's first comes before anyone's second, so that no list loses its own order and none is put before another
    as a whole. What was not recommended for money at home comes after all that was. Of those with the same rank the
    higher score at home comes first; the scores were given by different people and only break the tie. Those without
    rank or score come after those with one, and equals keep the order they are given in.
    """

    def order(place: Place[Key]) -> tuple[bool, bool, int, bool, Decimal]:
        total = place.total
        return (not place.is_awarded, place.rank is None, place.rank or 0, total is None, -(total or Decimal(0)))

    return tuple(place.key for place in sorted(places, key=order))


def by_category(entries: Iterable[Entry[Key]]) -> dict[str, int]:
    """The sum for each category; an application in several categories counts in full in each of them."""
    sums: dict[str, int] = {}
    for entry in entries:
        for category in entry.categories:
            sums[category] = sums.get(category, 0) + entry.amount
    return sums


def notices(entries: Sequence[Entry[Key]], frame: int | None, caps: Sequence[Cap] = ()) -> tuple[Notice, ...]:
    """What the secretariat should know before the list is locked; never a refusal."""
    found = []
    total = sum(entry.amount for entry in entries)
    if frame is not None and total > frame:
        found.append(Notice(NoticeKind.OVER_FRAME, "", total, frame))
    sums = by_category(entries)
    for cap in caps:
        found.extend(_over_cap(cap, sums, frame))
    return tuple(found)


def _over_cap(cap: Cap, sums: Mapping[str, int], frame: int | None) -> Iterable[Notice]:
    used = sums.get(cap.category, 0)
    if cap.amount is not None and used > cap.amount:
        yield Notice(NoticeKind.OVER_AMOUNT, cap.category, used, cap.amount)
    if cap.percent is not None and frame and used * 100 > cap.percent * frame:
        # Rounded up, so that 40.2 of 40 never reads as 40 of 40.
        yield Notice(NoticeKind.OVER_SHARE, cap.category, -(-used * 100 // frame), cap.percent)
