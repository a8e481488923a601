"""Whole applications in the three real rounds."""

import pytest
import time_machine

from applications.models import Application
from applications.services import submitting
from tests.applications import world
from tests.harness import worlds


@worlds.world
def northern(house):
    """The round of Helse Nord 2025, loaded as it stands."""
    return world.real_round("helse-nord-2025")


@worlds.part
def at(northern):
    """A week before that round closes."""
    return world.open_moment(northern)


@worlds.world
def application(house, northern, at):
    """A whole application in that round, signed by its three partners."""
    return world.whole(house, northern, at=at)


@worlds.world
def unsigned(house, northern, at):
    """A whole application in that round that nobody has signed."""
    return world.whole(house, northern, at=at, signed=False)


@pytest.fixture
def clock(at):
    """The portal's clock stands at ``at``; ``clock.move_to(…)`` moves it."""
    with time_machine.travel(at, tick=False) as frozen:
        yield frozen


@worlds.world
def sent_application(house, application, at):
    """The same application, sent."""
    submitting.submit(application, by=house.applicant, at=at)
    return Application.objects.get(pk=application.pk)


@worlds.world
def draft(house, northern, at):
    """An empty draft in that round, with three partners; written by the applicant's, the partner's and the trust's."""
    world.draft(house, northern, at=at)
    return Application.objects.get()
