"""The world that most tests of the room start in."""

from tests.actions import world
from tests.harness import worlds


@worlds.world
def meeting_and_case(house, now):
    """Adopted minutes of the SSU, in which one case asks for two things."""
    meeting, (case,) = world.adopted(house, now)
    return meeting, case


@worlds.part
def meeting(meeting_and_case):
    return meeting_and_case[0]


@worlds.part
def case(meeting_and_case):
    return meeting_and_case[1]
