"""manage.py jobs: the jobs that failed or wait, and trying the failed ones again."""

from argparse import ArgumentParser
from collections.abc import Iterable
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portal import clock
from portal.formats import datetime_no
from portal.jobs.models import Job
from portal.jobs.queries import failed_jobs, waiting_jobs
from portal.jobs.services import retry

SHOWN = 200


class Command(BaseCommand):
    help = "Lists the jobs that have failed (mail, PDF files) and tries them again: --retry NUMBER, or --retry-all."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--waiting", action="store_true", help="list those that wait or are tried again, too")
        parser.add_argument("--retry", type=int, nargs="+", metavar="NUMBER", default=[], help="try these again")
        parser.add_argument("--retry-all", action="store_true", help="try all that failed again")

    def handle(self, *args: Any, **options: Any) -> None:
        now = clock.now()
        if options["retry"] or options["retry_all"]:
            self._retry(options["retry"], now)
            return
        failed = failed_jobs()
        self.stdout.write(f"Har feilet: {failed.count()}")
        self._list(failed[:SHOWN])
        waiting = waiting_jobs(now)
        self.stdout.write(f"Venter eller prøves på nytt: {waiting.count()}")
        if options["waiting"]:
            self._list(waiting[:SHOWN])

    def _retry(self, numbers: list[int], now: Any) -> None:
        chosen = failed_jobs().filter(pk__in=numbers) if numbers else failed_jobs()
        known = set(chosen.values_list("pk", flat=True))
        if missing := sorted(set(numbers) - known):
            raise CommandError(f"Ingen feilet jobb har nummer {', '.join(map(str, missing))}.")
        self.stdout.write(f"Prøves på nytt: {retry(known, at=now)}")

    def _list(self, jobs: Iterable[Job]) -> None:
        for job in jobs:
            when = f"feilet {datetime_no(job.failed_at)}" if job.failed_at else f"siden {datetime_no(job.due_at)}"
            self.stdout.write(f"{job.pk:8}  {job.key}  {when}  {job.error or '–'}")
