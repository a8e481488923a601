"""Celery's task of the room."""

from celery import shared_task

from evaluation.followup.services import agenda
from portal import clock


@shared_task(name="followup.raise_waiting")
def raise_waiting() -> None:
    """Put up the evaluations that waited for a meeting."""
    agenda.raise_waiting(clock.now())
