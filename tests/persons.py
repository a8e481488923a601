"""Fixtures for the small world of ``world.house`` and its persons, one by one."""

import pytest
import time_machine

from tests import world
from tests.harness import worlds

PERSONS = (
    "applicant",
    "co_applicant",
    "hospital_applicant",
    "signatory",
    "fsu_leader",
    "stranger",
    "secretary",
    "hospital_secretary",
    "far_secretary",
    "regional_secretary",
    "assessor",
    "member",
    "recused_member",
    "chair",
    "vice_chair",
    "deputy",
    "committee_chair",
    "nobody",
)


@worlds.part
def now():
    """The time that the world stands at."""
    return world.NOW


@pytest.fixture
def frozen_clock():
    """The portal's clock stands at ``world.NOW``; ``frozen_clock.move_to(…)`` moves it."""
    with time_machine.travel(world.NOW, tick=False) as clock:
        yield clock


@worlds.world
def house():
    """Two helsefellesskap with bodies, organisations and a person for each role."""
    return world.house()


def _person(role):
    def person(house):
        return getattr(house, role)

    person.__name__ = role
    return worlds.part(person)


for _role in PERSONS:
    globals()[f"{_role}_fixture"] = _person(_role)


@pytest.fixture
def sign_in(client):
    """sign_in(person) → the test client, signed in as that person."""

    def sign_in(person):
        client.force_login(person)
        return client

    return sign_in
