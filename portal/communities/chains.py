"""Chains of those that have ended and those that go on from them: pure rules, for organisations and bodies alike.

Whoever goes on from one that went on from others goes on from all of them. The chains are worked out from the direct
links alone, so the order in which the links were registered makes no difference.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class Link:
    """From the day, the successor goes on with what the predecessor had; given by whoever registered it then."""

    predecessor: int
    successor: int
    from_date: date
    given_at: datetime

    def then(self, after: "Link") -> "Link":
        """The link by both: it holds when both hold, and is given when both are given."""
        from_date, given_at = max(self.from_date, after.from_date), max(self.given_at, after.given_at)
        return Link(self.predecessor, after.successor, from_date, given_at)


def through_others(direct: Iterable[Link]) -> dict[tuple[int, int], Link]:
    """The links that follow from the direct ones, by predecessor and successor; none that is itself direct.

    Where one leads to another in several ways, the way that holds first counts.
    """
    links = list(direct)
    after: dict[int, list[Link]] = defaultdict(list)
    for link in links:
        after[link.predecessor].append(link)
    follows: dict[tuple[int, int], Link] = {}
    for way in (way for link in links for way in _ways(link, after, {link.predecessor})):
        pair = (way.predecessor, way.successor)
        follows[pair] = min(follows.get(pair, way), way, key=lambda each: (each.from_date, each.given_at))
    for link in links:
        follows.pop((link.predecessor, link.successor), None)
    return follows


def _ways(link: Link, after: dict[int, list[Link]], passed: set[int]) -> Iterator[Link]:
    """The link, and every longer one that begins with it."""
    yield link
    passed = passed | {link.successor}
    for step in after[link.successor]:
        if step.successor not in passed:
            yield from _ways(link.then(step), after, passed)


def on_day(day: date, pk: int, predecessor: int | None, from_date: date | None) -> set[int]:
    """The organisation or body (id), and the one that it goes on from when it does on the day."""
    return {pk, predecessor} if predecessor and from_date and from_date <= day else {pk}


def can_follow(last_day: date, last_day_of_successor: date | None, *, is_continued: bool) -> bool:
    """Whether one that ends on the day can be continued by one with that last day, if any.

    The successor exists on the day after; or it ended on the same day, and others go on from it (``is_continued``).
    """
    if last_day_of_successor is None or last_day_of_successor > last_day:
        return True
    return last_day_of_successor == last_day and is_continued
