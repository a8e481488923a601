"""The world that most tests of the room start in."""

from tests.harness import worlds
from tests.plans import world


@worlds.world
def plan(house, now):
    """A plan of the home helsefellesskap with one area, one aim and two measures; nobody has adopted it."""
    return world.begun(house, now)


@worlds.world
def public(house, now):
    """The same plan, adopted by the SSU: everybody reads it."""
    plan = world.begun(house, now)
    world.adopted(house, plan, now)
    return plan
