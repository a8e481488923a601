"""Bring a round file up to today's form."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from rounds import round_file


class Command(BaseCommand):
    help = "Skriver en rundefil om til dagens form, og sier hva som er endret. Resten av filen står som den er."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        try:
            file = round_file.read_file(path)
        except OSError as error:
            raise CommandError(f"{path}: kan ikke leses ({error.strerror})") from error
        except round_file.RoundFileError as error:
            raise CommandError("\n".join(f"{path}, {problem}" for problem in error.problems)) from error
        if not file.upgrades:
            self.stdout.write(f"{path}: har dagens form.")
            return
        path.write_text(round_file.upgraded_text(path.read_text(encoding="utf-8"), file), encoding="utf-8")
        for change in file.located(change.notice for change in file.upgrades):
            self.stdout.write(f"{path}, {change}")
