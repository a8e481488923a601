"""The world that most tests of the room start in."""

from tests.harness import worlds
from tests.reporting import world


@worlds.world
def project(house):
    """A project of one million kroner that has sent its evaluation."""
    return world.evaluated(house)


@worlds.world
def report(house, project):
    """A report of the helsefellesskap for the year, in which nothing is written."""
    return world.begun(house)


@worlds.world
def sent(house, report):
    """The same report, written, approved and sent."""
    return world.approved(world.written(report, house.secretary), house.secretary)
