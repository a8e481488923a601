"""The demo's story: what has happened before you sign in, told through the rooms' own services.

Each room has a module here that gives its acts; they are told in the order of time, so that the log, the letters and
the deadlines are as they would have been. The words stand in ``fixtures/demo/``.
"""

from collections.abc import Callable, Iterable
from datetime import datetime

from evaluation.demo import applications, assessments, awards, meetings, rounds
from evaluation.demo.timeline import Act

STEPS: tuple[Callable[[datetime], Iterable[Act]], ...] = (
    rounds.acts,
    applications.acts,
    assessments.acts,
    meetings.acts,
    awards.acts,
)
