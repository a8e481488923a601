"""manage.py web: the web server by itself, for a unit or a container."""

import os
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portal import starting


class Command(BaseCommand):
    help = "Answers requests. Refuses to start when its threads could take more connections than the database gives."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--workers", type=int, default=1, help="processes: one a core")
        parser.add_argument("--threads", type=int, default=starting.THREADS, help="threads of each process")
        parser.add_argument(
            "--other-connections",
            type=int,
            default=starting.JOB_PROCESSES + starting.FOR_PEOPLE,
            help="connections to the database that everything else takes",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        workers, threads = options["workers"], options["threads"]
        try:
            starting.require_connections(workers=workers, threads=threads, others=options["other_connections"])
        except starting.TooManyConnectionsError as error:
            raise CommandError(str(error)) from error
        command = starting.web_command(options["host"], options["port"], workers=workers, threads=threads)
        os.execve(command[0], command, {**os.environ, **starting.web_environment(threads)})  # noqa: S606 - our own
