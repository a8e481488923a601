"""What the round says of answers that will not be admitted: told when they are saved, and the save goes on."""

import pytest
import time_machine

from rounds.answering.models import Answer
from tests.applications import world
from tests.applications.test_views_draft import post_section, text_of, url

pytestmark = pytest.mark.django_db

GATE = (
    "Initiativet innfrir ingen av de tre kriteriene for prioritering av midlene: drift, utvikling eller "
    "implementering. Minst ett må innfris. Se eksemplene for hvert kriterium, og velg det initiativet svarer på."
)


@pytest.fixture
def initiative(house, innlandet):
    """A draft in Innlandet's round, which asks for one of three criteria."""
    return world.draft(house, innlandet)


@pytest.fixture
def innlandet():
    """That round, with the clock a week before it closes."""
    round_ = world.real_round("innlandet-2024")
    with time_machine.travel(world.open_moment(round_), tick=False):
        yield round_


def save(client, application, *met):
    return post_section(client, application, "criteria", **{"criteria-met": list(met), "criteria-reason": "Fordi"})


def test_saving_without_a_criterion_tells_it_and_goes_on(house, initiative, sign_in):
    client = sign_in(house.applicant)
    answer = save(client, initiative)
    assert answer.status_code == 302
    assert GATE in text_of(client.get(answer["Location"]))
    assert Answer.objects.get(question="criteria-reason").value == "Fordi"


def test_one_criterion_is_enough(house, initiative, sign_in):
    client = sign_in(house.applicant)
    answer = save(client, initiative, "operation")
    assert GATE not in text_of(client.get(answer["Location"]))
    assert GATE not in text_of(client.get(url("section", initiative, "criteria")))


def test_the_page_tells_it_once_somebody_has_answered_and_not_before(house, initiative, sign_in):
    client = sign_in(house.applicant)
    assert GATE not in text_of(client.get(url("section", initiative, "criteria")))
    world.set_answer(initiative, "criteria-met", {"values": [], "other": ""})
    assert GATE in text_of(client.get(url("section", initiative, "criteria")))


def test_autosave_tells_it_beside_the_question(house, initiative, sign_in):
    world.set_answer(initiative, "criteria-met", {"values": ["operation"], "other": ""})
    client = sign_in(house.applicant)
    address = url("answer", initiative, "criteria-met")
    answer = client.post(address, {"criteria-met--version": "1", "criteria-met--was": "x"}).json()
    assert (answer["state"], answer["notices"]) == ("saved", [GATE])
    met = {"criteria-met": "operation", "criteria-met--version": answer["version"], "criteria-met--was": answer["was"]}
    assert "notices" not in client.post(address, met).json()
