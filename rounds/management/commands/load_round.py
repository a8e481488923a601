"""Load a round file."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from portal import clock
from rounds import round_file
from rounds.definition import move_dates
from rounds.queries import stages_with_bodies, unseated, unusual_rules
from rounds.round_file import dotted
from rounds.services import RoundError, load_round


class Command(BaseCommand):
    help = "Leser en rundefil, kontrollerer den og legger runden inn. Navngir linje og felt for alt som er galt."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--open-today", action="store_true", help="flytt datoene så runden er åpen i dag")
        parser.add_argument("--dry-run", action="store_true", help="kontroller bare")

    def handle(self, *args: Any, **options: Any) -> None:
        path, now = options["file"], clock.now()
        try:
            file = round_file.read_file(path)
        except OSError as error:
            raise CommandError(f"{path}: kan ikke leses ({error.strerror})") from error
        except round_file.RoundFileError as error:
            raise CommandError(_told(path, error.problems)) from error
        definition = file.definition
        if options["open_today"]:
            definition = move_dates(definition, clock.local_date(now))
        for change in file.located(change.notice for change in file.upgrades):
            self.stderr.write(f"Merk: {change}")
        for warning in definition.warnings:
            self.stderr.write(f"Merk: {dotted(warning.path)}: {warning.message}")
        try:
            with transaction.atomic():
                loaded = load_round(definition, by=None, at=now)
                stages = stages_with_bodies(loaded)
                sentences = [*unseated(stages, clock.local_date(now)), *unusual_rules(stages)]
                # A dry run does the same to the end, and is then rolled back.
                transaction.set_rollback(options["dry_run"])
        except RoundError as error:
            raise CommandError(_told(path, file.located(error.problems)) or f"{path}: {error}") from error
        for sentence in sentences:
            self.stderr.write(f"Merk: stages: {sentence}")
        if options["dry_run"]:
            self.stdout.write(f"{path}: i orden.")
            return
        self.stdout.write(f"{loaded.code}: versjon {loaded.version}, frist {definition.values['closes']}.")


def _told(path: Path, problems: list[round_file.FileProblem]) -> str:
    return "\n".join(f"{path}, {problem}" for problem in problems)
