"""The world that most tests of the room start in."""

from tests.harness import worlds
from tests.raised import world


@worlds.world
def raised(house, now):
    """A case that a person of Senja kommune has raised with the SSU; it waits."""
    return world.raised(house, now)
