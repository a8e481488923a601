"""Load the regions, helsefellesskap, organisations and bodies from ``fixtures/organisations``."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal import clock
from portal.communities.queries import any_secretary
from portal.communities.services import register
from portal.errors import DomainError


class Command(BaseCommand):
    help = "Laster registeret: regioner, helsefellesskap, organisasjoner og organer. Endrer ikke det som finnes."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--folder", type=Path, default=settings.BASE_DIR / "fixtures/organisations")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            loaded = register.load(options["folder"], at=clock.now())
        except DomainError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"Nytt i registeret: {loaded.organisations} organisasjoner, {loaded.communities} helsefellesskap, "
            f"{loaded.bodies} organer."
        )
        if not any_secretary(clock.local_date(clock.now())):
            self.stdout.write("Ingen kan gjøre noe i portalen ennå. Sett inn den første: manage.py appoint")
