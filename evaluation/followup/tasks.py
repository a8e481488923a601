"""Celery's task of the room."""

from celery import shared_task

from evaluation.followup.services import agenda
from portal import clock
from portal.jobs.services import is_heard


@shared_task(name="followup.put_up_waiting")
def put_up_waiting() -> None:
    """Put up the evaluations that waited for a meeting."""
    now = clock.now()
    if is_heard("followup.put_up_waiting", now):
        agenda.put_up_waiting(now)
