"""Load the file of a plan."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from evaluation.plans.plan_file import read_file
from evaluation.plans.services import loading
from portal import clock
from portal.errors import DomainError
from rounds.round_file import RoundFileError


class Command(BaseCommand):
    help = "Leser filen til en handlingsplan, kontrollerer den og legger planen inn. Navngir linje og felt for feil."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--dry-run", action="store_true", help="kontroller bare")

    def handle(self, *args: Any, **options: Any) -> None:
        path = options["file"]
        try:
            file = read_file(path)
            with transaction.atomic():
                plan = loading.load(file, by=None, at=clock.now())
                transaction.set_rollback(options["dry_run"])
        except OSError as error:
            raise CommandError(f"{path}: kan ikke leses ({error.strerror})") from error
        except RoundFileError as error:
            raise CommandError("\n".join(f"{path}, {problem}" for problem in error.problems)) from error
        except DomainError as error:
            raise CommandError(f"{path}: {error}") from error
        if options["dry_run"]:
            self.stdout.write(f"{path}: i orden.")
        elif plan is None:
            self.stdout.write(f"{file.code}: er lagt inn før, og er ikke endret.")
        else:
            self.stdout.write(f"{file.code}: {sum(1 for _measure in file.measures)} tiltak.")
