"""The worlds that most tests of the room start in."""

from tests.harness import worlds
from tests.meetings import world


@worlds.world
def meeting_and_case(house, now):
    """A meeting going on by the body's own rule, all members there, and the case in hand."""
    return world.in_session(house, now)


@worlds.part
def meeting(meeting_and_case):
    return meeting_and_case[0]


@worlds.part
def case(meeting_and_case):
    return meeting_and_case[1]
