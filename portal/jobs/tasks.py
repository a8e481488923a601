"""Celery's two tasks: the tick that leases, and the one that runs a job."""

from celery import shared_task

from portal import clock
from portal.jobs import services


@shared_task(name="jobs.tick")
def tick() -> None:
    """Lease the due jobs and hand each to a worker."""
    now = clock.now()
    if services.is_heard("jobs.tick", now):
        for job_id, queue in services.in_queues(services.lease_due(now)):
            run_job.apply_async((job_id,), queue=queue)


@shared_task(name="jobs.run")
def run_job(job_id: int) -> None:
    """Run one leased job."""
    services.run(job_id, at=clock.now())
