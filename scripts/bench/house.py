"""The people and the rounds of the bench, made with the tests' own scenario so that every row is a valid one."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.test import Client

from applications import snapshot
from applications.models import Application
from evaluation.assessment.turn import Turn
from portal.clock import local_date
from portal.communities.models import User
from rounds.answering.models import Answer
from rounds.models import Round
from tests import factories, world
from tests.applications import world as applications_world

ROUND = "troms-ofoten-2024"
ASSESSORS = 10
LONG = 200
SECTION, QUESTION = "cooperation", "cooperation-model"
PARAGRAPH = (
    "Kommunene og sykehuset skal sammen bygge et tilbud der pasienten møter én tjeneste. Fagfolk fra begge nivåer "
    "arbeider i samme team, har felles møter hver uke, og deler ansvaret for oppfølging etter utskriving. Vi bruker "
    "det som finnes av lokaler og utstyr, og legger opplæringen dit pasientene bor. "
)


@dataclass
class House:
    """Who does what, and where."""

    home: Any
    open_round: Round
    met_round: Round
    assessors: list[User]
    draft: Application
    # A draft with a long benefit table.
    long_draft: Application
    content: dict[str, Any]

    @property
    def turn(self) -> Turn:
        """The stage in which the applications are assessed and decided."""
        return turn_of(self, self.open_round)


def turn_of(house: House, of_round: Round) -> Turn:
    """The round's only stage, at the house's helsefellesskap."""
    return Turn(of_round, of_round.stages.select_related("body").get(), house.home.community)


def build(at: datetime) -> House:
    """The house with two rounds alike, one under assessment and one in its meeting, and a whole draft."""
    home = world.house()
    spec = factories.definition(ROUND, open_on=local_date(at))
    open_round = factories.round_of(spec, at=at)
    met_round = factories.round_of(factories.changed(spec, code=f"{ROUND}-met"), at=at)
    assessors = [
        factories.user(f"Vurderer {number}", email=f"vurderer-{number}@example.org")
        for number in range(1, ASSESSORS + 1)
    ]
    for assessor in assessors:
        factories.seat(home.fsu, assessor)
    draft = applications_world.whole(home, open_round, at=at, signed=False)
    _write_long_answers(draft)
    return House(home, open_round, met_round, assessors, draft, _long_draft(home, open_round), snapshot.content(draft))


def _long_draft(home: Any, of_round: Round) -> Application:
    draft = applications_world.draft(home, of_round)
    for _number in range(LONG):
        applications_world.add_benefit(draft)
    return draft


def _write_long_answers(draft: Application) -> None:
    long = {question.code for question in draft.round.spec.questions if question.type == "long_text"}
    Answer.objects.filter(response=draft.response_id, question__in=long).update(value=(PARAGRAPH * 4).strip())


def cookie(user: User) -> str:
    """The session cookie of a person who has signed in."""
    client = Client()
    client.force_login(user)
    return "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())
