"""The demo's story: what has happened before you sign in, done by the rooms' own services.

Each room has a module here that gives its acts. They are performed in the order of time, so that the log, letters and
deadlines are as they would have been. The texts are in ``fixtures/demo/``.
"""

from collections.abc import Callable, Iterable
from datetime import datetime

from evaluation.demo import applications, assessments, awards, comments, meetings, plans, raised, reports, rounds
from evaluation.demo.timeline import Act

STEPS: tuple[Callable[[datetime], Iterable[Act]], ...] = (
    rounds.acts,
    applications.acts,
    assessments.acts,
    meetings.acts,
    awards.acts,
    plans.acts,
    raised.acts,
    comments.acts,
    reports.acts,
)
