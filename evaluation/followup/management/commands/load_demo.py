"""Load the demo: the register, the persons, the three real rounds opened today, and what has happened in them."""

from io import StringIO
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from evaluation.followup.demo import STEPS
from portal import clock
from portal.communities.services import demo, register
from portal.errors import DomainError

ROUNDS = ("troms-ofoten-2024", "helse-nord-2025", "innlandet-2024")


class Command(BaseCommand):
    help = "Laster demoen: registeret, personene og de tre rundene, åpne fra i dag, og noen søknader."

    def handle(self, *args: Any, **options: Any) -> None:
        now, fixtures = clock.now(), settings.BASE_DIR / "fixtures"
        try:
            register.load(fixtures / "organisations", at=now)
            persons = demo.load_persons(fixtures / "demo/persons.yaml", at=now)
            for code in ROUNDS:
                path = fixtures / f"rounds/{code}.yaml"
                # Its warnings are for those who write rounds.
                call_command("load_round", path, "--open-today", stdout=self.stdout, stderr=StringIO())
            for step in STEPS:
                step(now)
        except DomainError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Demoen er lastet: {persons} personer.")
