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
from django.db.models import Count  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import reverse  # noqa: E402

from applications.models import Application, BudgetLine, Contact, Partner  # noqa: E402
from evaluation.demo import rounds  # noqa: E402
from evaluation.demo.timeline import BEGINNING, Days, perform_acts  # noqa: E402
from portal import clock  # noqa: E402
from portal.communities.models import User  # noqa: E402
from portal.communities.services import demo, register  # noqa: E402
from scripts.bench import seed  # noqa: E402
from scripts.pictures.plan import PERSONS, VISITOR, View  # noqa: E402
from tests import factories  # noqa: E402
from tests.harness.pages import walk  # noqa: E402

APPLICATIONS, PARTNERS, COSTS = 60, 64, 40
# How many of the first applications bear the long title.
FEW = 4
LONG_NAME = "spesialisthelsetjenestesamhandlingskommunegruppe"
LONG_WORDS = f"Tverrfaglig legemiddelgjennomgangsoppfølging for minoritetsspråklige i {LONG_NAME}ne"
HOME = "/"
# Seen by each person, since it is another page for each.
OF_EACH = "portal:home"


# A person, and the address from which the pages of that person are found.
Start = tuple[str, str]


def empty() -> Iterable[Start]:
    """The register, the persons and the rounds, as before anybody has applied."""
    now = clock.now()
    beginning = Days(now).ago(BEGINNING)
    register.load(settings.BASE_DIR / "fixtures/organisations", at=beginning)
    demo.load_persons(settings.BASE_DIR / "fixtures/demo/persons.yaml", at=beginning)
    perform_acts(rounds.acts(now))
    return [(person, HOME) for person in PERSONS]


def usual() -> Iterable[Start]:
    """The demo."""
    call_command("load_demo", verbosity=0)
    return [(person, HOME) for person in PERSONS]


def crowded() -> Iterable[Start]:
    """What the bench measures, with so many applications as a large round has, and one as large as any can be."""
    seed.fill(APPLICATIONS, clock.now())
    largest = Application.objects.annotate(rows=Count("benefits")).order_by("-rows")[0]
    _crowd(largest)
    writer = largest.created_by.email
    # Everybody who works: the assessors are alike.
    persons = User.objects.filter(is_active=True).exclude(email__startswith="assessor").exclude(email=writer)
    others = persons.order_by("pk").values_list("email", flat=True)
    # Nothing leads to the benefits from what is missing: none of them lacks anything.
    largest_pages = (largest.get_absolute_url(), reverse("applications:benefits", args=[largest.code]))
    return [(VISITOR, HOME), *((writer, page) for page in largest_pages), *((person, HOME) for person in others)]


def _crowd(draft: Application) -> None:
    """Many partners, many costs, and words so long that they must be broken."""
    first = Application.objects.filter(round=draft.round).order_by("pk").values_list("pk", flat=True)[:FEW]
    Application.objects.filter(pk__in=[draft.pk, *first]).update(title=LONG_WORDS)
    least = draft.partners.count()
    for number in range(least + 1, PARTNERS + 1):
        municipality = factories.organisation(name=f"Øvre og Ytre {LONG_NAME} {number} kommune")
        partner = Partner.objects.create(application=draft, organisation=municipality, position=number)
        Contact.objects.create(
            partner=partner, name=f"Kontaktperson {number}", title=LONG_NAME, email=f"{LONG_NAME}.{number}@example.org"
        )
    for number in range(COSTS):
        year = draft.round.spec.budget.years[number % 2]
        BudgetLine.objects.create(
            application=draft, year=year, cost_type="travel", source="grant", form="cash", amount=1_234_567,
            description=f"{LONG_NAME} {number // 2}", position=number,
        )  # fmt: skip


def views(starts: Iterable[Start]) -> Iterator[View]:
    """A view of each kind of page, as the first person sees it who reaches it; the front page as each does."""
    seen: set[str] = set()
    for person, start in starts:
        client = Client(HTTP_HOST="127.0.0.1")
        if person:
            client.force_login(User.objects.get(email=person))
        cookies = {name: morsel.value for name, morsel in client.cookies.items()}
        for page in walk(client, start):
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
