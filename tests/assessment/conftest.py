"""The two-stage round with what has been sent to it."""

from datetime import timedelta

from tests.applications import world as applications_world
from tests.assessment import world
from tests.harness import worlds


@worlds.world
def northern(house):
    """The round of Helse Nord 2025, which has two stages and weights."""
    return applications_world.real_round("helse-nord-2025")


@worlds.part
def at(northern):
    """The morning after it has closed."""
    return northern.closes_at + timedelta(hours=9)


@worlds.part
def local(house, northern):
    """The first stage at the house's helsefellesskap."""
    return world.turn(northern, "community", house.community)


@worlds.part
def regional(northern):
    """The second stage, at the region's committee."""
    return world.turn(northern, "region")


@worlds.world
def application(house, northern, at):
    """An application under assessment."""
    return world.sent(house, northern, at, title="Hvor er samhandlingsrommet?")
