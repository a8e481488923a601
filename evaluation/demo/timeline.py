"""When things happen in the demo: acts on days before the day of loading, performed in the order of time."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.conf import settings
from ruamel.yaml import YAML

from portal import clock
from portal.communities.models import User

# The register and the persons are there before the oldest round.
BEGINNING = 450


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that somebody does, and when."""

    at: datetime
    do: Callable[[datetime], Any]


@dataclass(frozen=True, slots=True)
class Days:
    """The demo's calendar: days are counted back from the day of loading."""

    now: datetime

    def ago(self, days: int, hour: int = 9, minute: int = 0) -> datetime:
        """The moment ``days`` days ago (negative: in the future) at this hour in Oslo."""
        return clock.at_local(clock.local_date(self.now) - timedelta(days=days), time(hour, minute))


def perform_acts(acts: Iterable[Act]) -> None:
    """Perform the acts, the earliest first; acts at the same moment keep the order they were given in."""
    for act in sorted(acts, key=lambda act: act.at):
        act.do(act.at)


def read_entries(name: str) -> list[dict[str, Any]]:
    """The entries of ``fixtures/demo/<name>.yaml``."""
    entries: list[dict[str, Any]] = YAML(typ="safe").load(settings.BASE_DIR / f"fixtures/demo/{name}.yaml")[name]
    return entries


def person(address: str) -> User:
    """The person with the address before «@example.org»."""
    return User.objects.get(email=f"{address}@example.org")


def minutes_apart(start: datetime, step: int = 4) -> Iterator[datetime]:
    """Moments ``step`` minutes apart, for what people do in one sitting."""
    while True:
        yield start
        start += timedelta(minutes=step)
