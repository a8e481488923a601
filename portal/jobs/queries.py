"""Reads for those who look after the jobs."""

from datetime import datetime

from django.db.models import QuerySet

from portal.jobs.models import Job


def failed_jobs() -> QuerySet[Job]:
    """The jobs that wait for a person, those that failed last first."""
    return Job.objects.filter(failed_at__isnull=False).order_by("-failed_at", "-pk")


def waiting_jobs(now: datetime) -> QuerySet[Job]:
    """The jobs that are due and not done: being run, or to be tried again."""
    return Job.objects.filter(done_at=None, failed_at=None, due_at__lte=now)
