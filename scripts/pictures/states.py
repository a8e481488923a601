"""Fill one database and find its pages: ``python -m scripts.pictures.states STATE FILE``."""

import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.test import Client  # noqa: E402

from evaluation.demo import rounds  # noqa: E402
from evaluation.demo.timeline import BEGINNING, Days, perform_acts  # noqa: E402
from portal import clock  # noqa: E402
from portal.communities.models import User  # noqa: E402
from portal.communities.services import demo, register  # noqa: E402
from scripts.bench import seed  # noqa: E402
from scripts.pictures.plan import PERSONS, VISITOR, View  # noqa: E402
from tests.harness.pages import walk  # noqa: E402

APPLICATIONS = 60
# Seen by each person, since it is another page for each.
OF_EACH = "portal:home"


def empty() -> Iterable[str]:
    """The register, the persons and the rounds, as before anybody has applied."""
    now = clock.now()
    beginning = Days(now).ago(BEGINNING)
    register.load(settings.BASE_DIR / "fixtures/organisations", at=beginning)
    demo.load_persons(settings.BASE_DIR / "fixtures/demo/persons.yaml", at=beginning)
    perform_acts(rounds.acts(now))
    return PERSONS


def usual() -> Iterable[str]:
    """The demo."""
    call_command("load_demo", verbosity=0)
    return PERSONS


def crowded() -> Iterable[str]:
    """What the bench measures, with so many applications as a large round has."""
    seed.fill(APPLICATIONS, clock.now())
    # Everybody who works: the assessors are alike.
    persons = User.objects.filter(is_active=True).exclude(email__startswith="assessor").order_by("pk")
    return [VISITOR, *persons.values_list("email", flat=True)]


def views(persons: Iterable[str]) -> Iterator[View]:
    """A view of each kind of page, as the first person sees it who reaches it; the front page as each does."""
    seen: set[str] = set()
    for person in persons:
        client = Client(HTTP_HOST="127.0.0.1")
        if person:
            client.force_login(User.objects.get(email=person))
        cookies = {name: morsel.value for name, morsel in client.cookies.items()}
        for page in walk(client):
            if page.kind not in seen or page.kind == OF_EACH:
                yield View(person, page.kind, page.path, cookies)
            # A second page of the kind is as good as the first.
            seen.add(page.kind)


def main(state: str, file: str) -> None:
    """Fill the database of the settings, and write the views to the file."""
    call_command("migrate", verbosity=0)
    pages = [asdict(view) for view in views({"empty": empty, "usual": usual, "crowded": crowded}[state]())]
    Path(file).write_text(json.dumps(pages))


if __name__ == "__main__":
    main(*sys.argv[1:])
