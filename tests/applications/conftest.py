"""Whole applications in the three real rounds."""

import pytest
import time_machine

from applications.models import Application
from applications.services import submitting
from tests.applications import world


@pytest.fixture
def northern(house):
    """The round of Helse Nord 2025, loaded as it stands."""
    return world.real_round("helse-nord-2025")


@pytest.fixture
def at(northern):
    """A week before that round closes."""
    return world.open_moment(northern)


@pytest.fixture
def application(house, northern, at):
    """A whole application in that round, signed by its three partners."""
    return world.whole(house, northern, at=at)


@pytest.fixture
def unsigned(house, northern, at):
    """A whole application in that round that nobody has signed."""
    return world.whole(house, northern, at=at, signed=False)


@pytest.fixture
def clock(at):
    """The portal's clock stands at ``at``; ``clock.move_to(…)`` moves it."""
    with time_machine.travel(at, tick=False) as frozen:
        yield frozen


@pytest.fixture
def sent_application(application, applicant, at):
    """The same application, sent."""
    submitting.submit(application, by=applicant, at=at)
    return Application.objects.get(pk=application.pk)


@pytest.fixture
def draft(house, northern, at):
    """An empty draft in that round, with three partners; written by the applicant's, the partner's and the trust's."""
    world.draft(house, northern, at=at)
    return Application.objects.get()
