"""Celery's task of the reminders."""

from celery import shared_task

from portal import clock
from portal.jobs.services import is_heard
from portal.reminders import services


@shared_task(name="reminders.remind")
def remind() -> None:
    """Queue the reminders that have come due."""
    now = clock.now()
    if is_heard("reminders.remind", now):
        services.remind(now)
