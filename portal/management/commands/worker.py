"""manage.py worker: the processes that run jobs, for a unit or a container."""

import os
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from portal import starting


class Command(BaseCommand):
    help = "Runs jobs: mail, PDF files, reminders. Each process takes one connection to the database."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--processes", type=int, default=1)
        parser.add_argument("--queues", default=starting.QUEUES, help="«mail» for a worker that sends mail alone.")

    def handle(self, *args: Any, **options: Any) -> None:
        command = starting.worker_command(options["processes"], options["queues"])
        os.execv(command[0], command)  # noqa: S606 - our own
