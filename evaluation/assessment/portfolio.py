"""The list against the frame: running sums, the line where the frame is used up, and the sum of each category.

Django-free. All amounts are whole kroner. The sums are shown, and warned about; they refuse nothing (R45, R49, R50).
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Entry(Generic[Key]):
    """An application on the list, with the amount asked for or recommended (kroner) and its categories."""

    key: Key
    amount: int
    categories: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Line(Generic[Key]):
    """An entry with the running sum from the top of the list, the entry included."""

    entry: Entry[Key]
    running: int
    is_within: bool
    is_last_within: bool = False


@dataclass(frozen=True, slots=True)
class Drawn(Generic[Key]):
    """The list with its running sums, the total and the frame (kroner)."""

    lines: tuple[Line[Key], ...]
    total: int
    frame: int | None

    @property
    def left(self) -> int | None:
        """What remains of the frame (kroner); negative when the list uses more than the frame, None without a frame."""
        return None if self.frame is None else self.frame - self.total

    @property
    def is_over(self) -> bool:
        """Whether the whole list uses more than the frame."""
        return self.frame is not None and self.total > self.frame


@dataclass(frozen=True, slots=True)
class EarlierRank(Generic[Key]):
    """An application on the list that it was forwarded with: its rank, whether money was recommended, its score."""

    key: Key
    rank: int | None
    is_awarded: bool = True
    total: Decimal | None = None


class NoticeKind(StrEnum):
    """The kinds of warnings about a list."""

    OVER_FRAME = "over_frame"
    OVER_SHARE = "over_share"
    OVER_AMOUNT = "over_amount"


@dataclass(frozen=True, slots=True)
class Cap:
    """The most that a category should have: ``percent`` of the frame, or ``amount`` (kroner)."""

    category: str
    percent: int | None = None
    amount: int | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """One warning, with the actual number and the limit (kroner; percent for OVER_SHARE)."""

    kind: NoticeKind
    category: str
    actual: int
    limit: int


def under_frame(entries: Iterable[Entry[Key]], frame: int | None, *, above: int = 0) -> Drawn[Key]:
    """The running sums from the top, with a line after the last entry that the frame is enough for.

    ``above`` is the sum (kroner) of the entries before these, when they are a part of the list.

    Every entry below the first one that exceeds the frame is below the line, however small it is, also one of 0 kroner.
    There is no line without a frame, nor when all entries are within the frame.
    """
    lines: list[Line[Key]] = []
    running, within = above, True
    for entry in entries:
        running += entry.amount
        within = within and (frame is None or running <= frame)
        lines.append(Line(entry, running, within))
    last = sum(line.is_within for line in lines) - 1
    if 0 <= last < len(lines) - 1:
        lines[last] = Line(lines[last].entry, lines[last].running, is_within=True, is_last_within=True)
    return Drawn(tuple(lines), running, frame)


def frame_line(lines: Sequence[Line[Key]], total: int, frame: int | None, *, is_end: bool) -> Line[Key] | None:
    """The line below which «here the frame goes» is said, on a page of a list; None when it is on no row of the page.

    ``total`` (kroner) is of the whole list, and ``is_end`` whether the page ends it. A list that uses more than the
    frame has it below the last entry that the frame is enough for; any other below the last entry with an amount.
    Nothing is said below the last entry of the list.
    """
    if frame is None:
        return None
    if total > frame:
        return next((line for line in lines if line.is_last_within), None)
    with_amount = [line for line in lines if line.entry.amount and line.running == total]
    return None if is_end and with_amount == list(lines[-1:]) else next(iter(with_amount), None)


def interleaved(earlier_ranks: Iterable[EarlierRank[Key]]) -> tuple[Key, ...]:
    """The keys of several lists in one order, for a stage in which nobody has scored yet.

    The first of every list comes before the second of any list, so each list keeps its order and no list comes before
    another. Applications without a recommended amount come last. Of two with the same rank, the one with the higher
    score comes first; different people gave the scores, so they only separate equal ranks. Within these groups, those
    without a rank or a score come last, and equals keep the order in which they are given.
    """

    def order(earlier: EarlierRank[Key]) -> tuple[bool, bool, int, bool, Decimal]:
        total = earlier.total
        return (not earlier.is_awarded, earlier.rank is None, earlier.rank or 0, total is None, -(total or Decimal(0)))

    return tuple(earlier.key for earlier in sorted(earlier_ranks, key=order))


def by_category(entries: Iterable[Entry[Key]]) -> dict[str, int]:
    """The sum (kroner) of each category; an application in several categories counts in full in each of them."""
    sums: dict[str, int] = {}
    for entry in entries:
        for category in entry.categories:
            sums[category] = sums.get(category, 0) + entry.amount
    return sums


def notices(entries: Sequence[Entry[Key]], frame: int | None, caps: Sequence[Cap] = ()) -> tuple[Notice, ...]:
    """The warnings that the secretariat should see before the list is locked; none of them stops the lock."""
    all_notices = []
    total = sum(entry.amount for entry in entries)
    if frame is not None and total > frame:
        all_notices.append(Notice(NoticeKind.OVER_FRAME, "", total, frame))
    sums = by_category(entries)
    for cap in caps:
        all_notices.extend(_over_cap(cap, sums, frame))
    return tuple(all_notices)


def _over_cap(cap: Cap, sums: Mapping[str, int], frame: int | None) -> Iterable[Notice]:
    used = sums.get(cap.category, 0)
    if cap.amount is not None and used > cap.amount:
        yield Notice(NoticeKind.OVER_AMOUNT, cap.category, used, cap.amount)
    if cap.percent is not None and frame and used * 100 > cap.percent * frame:
        # Rounded up, so that 40.2 percent of a cap of 40 is not shown as 40.
        yield Notice(NoticeKind.OVER_SHARE, cap.category, -(-used * 100 // frame), cap.percent)
