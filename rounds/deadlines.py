"""The deadline of a round as one person meets it: that of the helsefellesskap that the person belongs to. Pure.

A helsefellesskap may have a deadline of its own in a round, before or after the round's.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from rounds.definition import RoundDefinition


@dataclass(frozen=True, slots=True)
class Deadline:
    """When the last helsefellesskap that the person can send to closes (UTC)."""

    at: datetime
    # Those of them that close before, each with its moment.
    earlier: tuple[tuple[str, datetime], ...] = ()
    # The names of those that the person belongs to; empty when any may be meant.
    names: tuple[str, ...] = ()
    # When the last of all the round's helsefellesskap closes.
    last: datetime | None = None

    @property
    def later_elsewhere(self) -> datetime | None:
        """When the others close, if that is after the person's own; else None."""
        return self.last if self.names and self.last and self.last > self.at else None

    @property
    def where(self) -> str:
        """The person's own helsefellesskap."""
        return ", ".join(self.names)


def has_own(spec: RoundDefinition) -> bool:
    """Whether any helsefellesskap has a deadline of its own."""
    return any(item.closes for item in spec.communities)


def deadline(spec: RoundDefinition, closes_at: datetime, codes: Collection[str] = ()) -> Deadline:
    """The deadline for somebody who belongs to the helsefellesskap of these codes; without one of them, of all.

    ``closes_at`` is the deadline where a helsefellesskap has none of its own.
    """
    closes = {item.community: item.closes or closes_at for item in spec.communities}
    names = {item.community: item.name for item in spec.communities}
    belonging = [code for code in closes if code in codes]
    at = max(closes[code] for code in belonging or closes)
    earlier = tuple((names[code], closes[code]) for code in belonging or closes if closes[code] < at)
    return Deadline(at, earlier, tuple(names[code] for code in belonging), max(closes.values()))
