"""Load a round file."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portal import clock
from portal.errors import DomainError
from rounds import files
from rounds.definition import move_dates
from rounds.files import dotted
from rounds.services import load_round, unusual_rules_in


class Command(BaseCommand):
    help = "Leser en rundefil, kontrollerer den og legger runden inn. Navngir linje og felt for alt som er galt."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--open-today", action="store_true", help="flytt datoene så runden er åpen i dag")
        parser.add_argument("--dry-run", action="store_true", help="kontroller bare")

    def handle(self, *args: Any, **options: Any) -> None:
        path, now = options["file"], clock.now()
        try:
            definition = files.read(path)
        except OSError as error:
            raise CommandError(f"{path}: kan ikke leses ({error.strerror})") from error
        except files.RoundFileError as error:
            raise CommandError("\n".join(f"{path}, {problem}" for problem in error.problems)) from error
        if options["open_today"]:
            definition = move_dates(definition, clock.local_date(now))
        for warning in definition.warnings:
            self.stderr.write(f"Merk: {dotted(warning.path)}: {warning.message}")
        try:
            unusual = unusual_rules_in(definition)
        except DomainError as error:
            raise CommandError(f"{path}: {error}") from error
        for sentence in unusual:
            self.stderr.write(f"Merk: stages: {sentence}")
        if options["dry_run"]:
            self.stdout.write(f"{path}: i orden.")
            return
        try:
            loaded = load_round(definition, by=None, at=now)
        except DomainError as error:
            raise CommandError(f"{path}: {error}") from error
        self.stdout.write(f"{loaded.code}: versjon {loaded.version}, frist {definition.values['closes']}.")
