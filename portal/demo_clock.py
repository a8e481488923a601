"""The demo's clock: how far it is ahead of the machine's, and how far a walk to a later moment has come.

One small file tells web, worker and beat alike. Outside the demo nothing reads it: ``portal.apps`` sets the clock by it
only there.
"""

import json
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

from portal import clock

# A walk that has told nothing for so long has stopped with its worker.
SILENT = timedelta(minutes=3)


@dataclass(frozen=True, slots=True)
class Walk:
    """Where the clock is (seconds ahead), and its latest walk: days done of all, mails sent, last told (real time)."""

    ahead: float = 0.0
    done: int = 0
    total: int = 0
    mails: int = 0
    told: float = 0.0

    @property
    def is_over(self) -> bool:
        """Whether the clock has arrived where it was sent."""
        return self.done >= self.total

    @property
    def is_going(self) -> bool:
        """Whether the walk waits for its worker, or goes on."""
        silent = clock.system_now().timestamp() - self.told
        return not self.is_over and silent < SILENT.total_seconds()


def read() -> Walk:
    """The clock as the file has it; a clock that nobody has moved has no file."""
    try:
        return Walk(**json.loads(Path(settings.DEMO_CLOCK).read_text(encoding="utf-8")))
    except FileNotFoundError:
        return Walk()


def ahead() -> timedelta:
    """How far the clock is ahead of the machine's."""
    return timedelta(seconds=read().ahead)


def tell(walk: Walk) -> None:
    """Write the file as a whole: who reads meanwhile reads the old one."""
    path = Path(settings.DEMO_CLOCK)
    part = path.with_suffix(".part")
    part.write_text(json.dumps(asdict(replace(walk, told=clock.system_now().timestamp()))), encoding="utf-8")
    part.replace(path)


def set_to(moment: datetime, walk: Walk) -> Walk:
    """Let the clock show the moment now; it goes on from there. Never backwards."""
    seconds = (moment - clock.system_now()).total_seconds()
    moved = replace(walk, ahead=max(seconds, read().ahead))
    tell(moved)
    return moved
