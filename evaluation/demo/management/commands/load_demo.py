"""Load the demo: the register, the persons, the three real rounds, and what has happened in them."""

from itertools import chain
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from applications.models import Application
from evaluation.demo.services import deliver_past
from evaluation.demo.story import STEPS
from evaluation.demo.timeline import BEGINNING, Days, perform_acts
from portal import clock
from portal.communities.services import demo, register
from portal.errors import DomainError


class Command(BaseCommand):
    help = "Laster demoen: registeret, personene, de tre rundene, og det som har skjedd i dem fram til i dag."

    def handle(self, *args: Any, **options: Any) -> None:
        now, fixtures = clock.now(), settings.BASE_DIR / "fixtures"
        beginning = Days(now).ago(BEGINNING)
        try:
            register.load(fixtures / "organisations", at=beginning)
            persons = demo.load_persons(fixtures / "demo/persons.yaml", at=beginning)
            # The story is performed once, on a portal where nobody has applied.
            if not Application.objects.exists():
                perform_acts(chain.from_iterable(step(now) for step in STEPS))
                deliver_past(now)
        except DomainError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Demoen er lastet: {persons} personer.")
