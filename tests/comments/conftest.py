"""The world that most tests of the room start in."""

from tests.comments import world
from tests.harness import worlds


@worlds.world
def of_round(house, now):
    """A case of the SSU that is out for comments for four days; nobody has answered."""
    return world.out(house, now)
