"""manage.py beat: the clock of the jobs, for a unit or a container; one of it alone."""

import os
from typing import Any

from django.core.management.base import BaseCommand

from portal import starting


class Command(BaseCommand):
    help = "Gives the signal for jobs and reminders every so often. Run exactly one."

    def handle(self, *args: Any, **options: Any) -> None:
        command = starting.beat_command()
        os.execv(command[0], command)  # noqa: S606 - our own
