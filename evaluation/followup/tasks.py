"""Celery's task of the room."""

from celery import shared_task

from evaluation.followup import reminders
from evaluation.followup.services import agenda
from portal import clock


@shared_task(name="followup.remind")
def remind() -> None:
    """Queue the reminders that have come due, and put up the evaluations that waited for a meeting."""
    now = clock.now()
    reminders.remind(now)
    agenda.raise_waiting(now)
