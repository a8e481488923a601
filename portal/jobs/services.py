"""Queueing, leasing and running jobs."""

import logging
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.module_loading import import_string

from portal.acts import held
from portal.jobs.models import Beat, Job

logger = logging.getLogger(__name__)

# The queues of the broker. A worker takes from both in turn, unless it is started for one alone.
QUEUE, MAIL_QUEUE = "celery", "mail"
MAIL = "portal.mail.services.send"
LEASE = timedelta(minutes=5)
MAX_ATTEMPTS = 6
SHARE = 0.75
CLOCKS_DIFFER = timedelta(minutes=1)


def is_heard(task: str, now: datetime) -> bool:
    """Whether this ring of a beat does the periodic task: the first in each interval of ``CELERY_BEAT_SCHEDULE``.

    Beats ring a little early and late, so the next one is heard after three quarters of the interval.
    """
    seconds: Any = settings.CELERY_BEAT_SCHEDULE[task]["schedule"]
    next_at = now + SHARE * timedelta(seconds=seconds)
    # No ring of a right clock writes a later time than this: a clock that was ahead once silences nothing.
    too_late = now + timedelta(seconds=seconds) + CLOCKS_DIFFER
    # The conditional update decides who won; before the first ring ever, the row's key does.
    if Beat.objects.filter(Q(next_at__lte=now) | Q(next_at__gt=too_late), task=task).update(next_at=next_at):
        return True
    return Beat.objects.get_or_create(task=task, defaults={"next_at": next_at})[1]


def rest(task: str, until: datetime) -> None:
    """Let everything of this kind rest until the moment: what it needs does not answer, and waiting for it costs."""
    if not Beat.objects.filter(task=task).update(next_at=until):
        Beat.objects.get_or_create(task=task, defaults={"next_at": until})


def rests_until(task: str, at: datetime) -> datetime | None:
    """Until when it rests; None when it does not."""
    return Beat.objects.filter(task=task, next_at__gt=at).values_list("next_at", flat=True).first()


@contextmanager
def going_on(work: str) -> Iterator[None]:
    """Let one piece of a periodic task fail without stopping the others; it is tried again at the next ring.

    ``work`` says in the log what failed: no person's name. Only the type of the error is written, since its message
    may hold a person's data.
    """
    try:
        yield
    except Exception as error:  # noqa: BLE001 - whatever goes wrong is told of in the log
        logger.error("%s failed (%s) and is tried again", work, type(error).__name__)  # noqa: TRY400 - no message


class LaterError(Exception):
    """The job cannot be done yet and is run again at the moment; this run does not count as a failure."""

    def __init__(self, again_at: datetime) -> None:
        super().__init__()
        self.again_at = again_at


class HopelessError(Exception):
    """No later run can do the job, which waits for a person; the error that caused this says why."""


def enqueue(task: str, *, key: str, due: datetime, **arguments: Any) -> Job:
    """Write a job in the caller's transaction; a key that exists gives the job that has it.

    ``task`` is the dotted path of a function that takes ``arguments`` and ``at`` (UTC) by name and is
    idempotent: it may run again after a crash.
    """
    job, _created = Job.objects.get_or_create(key=key, defaults={"task": task, "arguments": arguments, "due_at": due})
    return job


def enqueue_again(task: str, *, key: str, due: datetime, **arguments: Any) -> None:
    """As ``enqueue``; one that has failed under the key is run anew, with these arguments."""
    job = enqueue(task, key=key, due=due, **arguments)
    if job.failed_at:
        Job.objects.filter(pk=job.pk, failed_at__isnull=False).update(arguments=arguments)
        retry([job.pk], at=due)


def put_off(task: str, *, key: str, due: datetime, **arguments: Any) -> None:
    """As ``enqueue``, for a job that waits until it is quiet: one that waits under the key is put off until ``due``."""
    waiting = Job.objects.filter(task=task, key__startswith=f"{key}@", done_at=None, failed_at=None, leased_until=None)
    if not waiting.update(due_at=due):
        enqueue(task, key=f"{key}@{due.isoformat()}", due=due, **arguments)


def lease_due(now: datetime, limit: int = 50) -> list[int]:
    """Lease the due jobs to the caller for five minutes; the ids of the jobs that it got."""
    # When two callers want the same row, the conditional update gives it to one of them; nobody gets a job that was put
    # off meanwhile.
    return [pk for pk in _due_keys(now, limit) if _due(now).filter(pk=pk).update(leased_until=now + LEASE)]


def _due(now: datetime) -> QuerySet[Job]:
    """The jobs that may be leased now."""
    free = Q(leased_until=None) | Q(leased_until__lte=now)
    return Job.objects.filter(free, done_at=None, failed_at=None, due_at__lte=now)


def _due_keys(now: datetime, limit: int) -> list[int]:
    return list(_due(now).values_list("pk", flat=True)[:limit])


def due_of(task: str, now: datetime) -> list[tuple[int, datetime]]:
    """The due jobs of the task with the moment of each, the earliest first."""
    return list(_due(now).filter(task=task).order_by("due_at", "pk").values_list("pk", "due_at"))


def in_queues(job_ids: Collection[int]) -> list[tuple[int, str]]:
    """The jobs with the queue of each: mail does not wait behind all the PDF files that are to be made."""
    rows = Job.objects.filter(pk__in=job_ids).order_by("due_at", "pk").values_list("pk", "task")
    return [(pk, MAIL_QUEUE if task == MAIL else QUEUE) for pk, task in rows]


def run(job_id: int, *, at: datetime) -> bool:
    """Run one job; True when it is done. A failure is written on the row; the job is run again after longer pauses."""
    with transaction.atomic():
        job = held(Job.objects.filter(pk=job_id, done_at=None, failed_at=None)).first()
        if job is None:
            return False
        Job.objects.filter(pk=job_id).update(attempts=job.attempts + 1, leased_until=at + LEASE)
    try:
        import_string(job.task)(**job.arguments, at=at)
    except LaterError as later:
        why = type(later.__cause__ or later).__name__
        Job.objects.filter(pk=job_id).update(attempts=job.attempts, leased_until=later.again_at, error=why)
        return False
    except Exception as error:  # noqa: BLE001 - whatever goes wrong is kept on the row
        _keep_failure(job, error, at)
        return False
    Job.objects.filter(pk=job_id).update(done_at=at, leased_until=None, error="")
    return True


def _keep_failure(job: Job, error: Exception, at: datetime) -> None:
    attempts = job.attempts + 1
    # The message of an exception may hold a person's data; its type does not.
    why = type(error.__cause__ or error if isinstance(error, HopelessError) else error).__name__
    logger.warning("job %s failed (%s), attempt %s", job.pk, why, attempts)
    is_over = attempts >= MAX_ATTEMPTS or isinstance(error, HopelessError)
    Job.objects.filter(pk=job.pk).update(
        error=why,
        leased_until=at + timedelta(seconds=5 * 4**attempts),
        failed_at=at if is_over else None,
    )


def retry(job_ids: Collection[int], *, at: datetime) -> int:
    """Let these failed jobs be run again, with all their attempts; how many there were."""
    failed = Job.objects.filter(pk__in=job_ids, failed_at__isnull=False)
    return failed.update(failed_at=None, attempts=0, leased_until=None, due_at=at, error="")


def next_due(now: datetime) -> datetime | None:
    """When the next job comes due that is not due yet."""
    waiting = Job.objects.filter(done_at=None, failed_at=None, due_at__gt=now)
    return waiting.order_by("due_at").values_list("due_at", flat=True).first()


def run_all_due(now: datetime) -> int:
    """Run due jobs in this process until none is due; how many were done. For tests and one-off commands."""
    done = 0
    while ids := lease_due(now):
        done += sum(run(pk, at=now) for pk in ids)
    return done
