"""The order of the tasks on the front page."""

from datetime import timedelta

import pytest

from portal.rooms import WaitingTask
from portal.urgency import Stake, by_urgency
from tests.world import NOW

LOST, WAITED_FOR, REMINDED = Stake


def task(title, days=None, stake=REMINDED, **more):
    return WaitingTask(title, "/", due_at=None if days is None else NOW + timedelta(days=days), stake=stake, **more)


def ordered(*tasks):
    return [each.title for each in by_urgency(tasks, NOW)]


@pytest.mark.parametrize(
    ("days", "order"),
    [
        ((None, None), ["0", "1"]),
        ((None, 13), ["1", "0"]),
        ((None, 14), ["0", "1"]),
        ((5, 3), ["1", "0"]),
        ((5, -1), ["1", "0"]),
        ((-1, -2), ["1", "0"]),
        ((20, 15), ["0", "1"]),
    ],
)
def test_what_is_late_or_soon_comes_before_what_is_early_in_the_process(days, order):
    assert ordered(*(task(str(number), left) for number, left in enumerate(days))) == order


def test_what_goes_on_now_comes_before_what_is_late():
    assert ordered(task("late", -1), task("now", is_now=True)) == ["now", "late"]


def test_what_begins_soon_comes_before_what_is_due_later():
    meeting = WaitingTask("meeting", "/", starts_at=NOW + timedelta(days=1))
    assert ordered(task("check"), task("later", 2), meeting) == ["meeting", "later", "check"]


@pytest.mark.parametrize(
    ("stake", "days", "first"),
    [
        # What is lost comes first though its day is up to a week later, and what others wait for up to three days.
        (LOST, (6, 1), "weighty"),
        (LOST, (9, 1), "report"),
        (WAITED_FOR, (3, 1), "weighty"),
        (WAITED_FOR, (5, 1), "report"),
        # What is late has waited already, and some days more lose nothing.
        (LOST, (5, -40), "weighty"),
        (LOST, (8, -40), "report"),
        (LOST, (-1, -40), "weighty"),
    ],
)
def test_what_is_lost_or_waited_for_comes_first_when_the_days_are_near_each_other(stake, days, first):
    heavy, light = days
    assert ordered(task("report", light), task("weighty", heavy, stake))[0] == first


def test_what_is_lost_comes_before_what_others_wait_for_on_the_same_day():
    assert ordered(task("waited", 4, WAITED_FOR), task("lost", 4, LOST)) == ["lost", "waited"]


def test_without_a_near_day_what_others_wait_for_comes_first_and_then_the_process():
    rest = (task("draft", 40, LOST), task("check"), task("letters", None, WAITED_FOR), task("share out"))
    assert ordered(*rest) == ["letters", "draft", "check", "share out"]
