"""Fixtures for the small world of ``world.house`` and its persons, one by one."""

import pytest
import time_machine

from tests import world

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


@pytest.fixture
def now():
    """The time that the world stands at."""
    return world.NOW


@pytest.fixture
def frozen_clock():
    """The portal's clock stands at ``world.NOW``; ``frozen_clock.move_to(…)`` moves it."""
    with time_machine.travel(world.NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def house(db):
    """Two helsefellesskap with bodies, organisations and a person for each role."""
    return world.house()


def _person(role):
    @pytest.fixture(name=role)
    def fixture(house):
        return getattr(house, role)

    return fixture


for _role in PERSONS:
    globals()[f"{_role}_fixture"] = _person(_role)


@pytest.fixture
def sign_in(client):
    """sign_in(person) → the test client, signed in as that person."""

    def sign_in(person):
        client.force_login(person)
        return client

    return sign_in
