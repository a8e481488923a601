"""Check that nothing in the log was changed or removed."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portal.journal import services


class Command(BaseCommand):
    help = "Kontrollerer loggkjeden og navngir det første bruddet."

    def handle(self, *args: Any, **options: Any) -> None:
        broken = services.verify()
        if broken:
            raise CommandError(f"Loggen er brutt ved linje {broken.number}: {broken.reason}.")
        self.stdout.write("Loggen er hel.")
