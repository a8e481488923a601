"""In which order the tasks of the front page are shown: a rule on plain values.

A date alone does not say what to do first. What is lost when its day has passed, and what others wait for, counts as
due some days earlier than it is (``HEAD_START``). So it comes first when the days are near each other, and not when
there is plenty of time.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import IntEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from portal.rooms import WaitingTask


class Stake(IntEnum):
    """What depends on a task that it is done in time; the weightiest first."""

    LOST = 1  # after the day it cannot be done: the grant or the application is lost
    WAITED_FOR = 2  # others cannot go on before it is done
    REMINDED = 3  # whoever is late is reminded, and nothing is lost


HEAD_START = {Stake.LOST: timedelta(days=7), Stake.WAITED_FOR: timedelta(days=3), Stake.REMINDED: timedelta()}
# A task that is due within this time comes before those that only come earlier in the process.
SOON = timedelta(days=14)


def by_urgency(tasks: Sequence["WaitingTask"], now: datetime) -> list["WaitingTask"]:
    """What goes on now, what is late or due within ``SOON``, then what others wait for, then the rest as it is given.

    Of what is late, the day does not come nearer any more: it is taken as due now.
    """
    going_on = [task for task in tasks if task.is_now]
    others = [task for task in tasks if not task.is_now]
    urgent = [task for task in others if (when := _when(task)) and when < now + SOON]
    rest = [task for task in others if task not in urgent]

    def counted(task: "WaitingTask") -> tuple[datetime, datetime]:
        when = _when(task) or now
        return max(when, now) - HEAD_START[task.stake], when

    return [*going_on, *sorted(urgent, key=counted), *sorted(rest, key=lambda task: task.stake != Stake.WAITED_FOR)]


def _when(task: "WaitingTask") -> datetime | None:
    return task.due_at or task.starts_at
