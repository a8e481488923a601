"""How many presses a meeting takes: each is a button of the page, and nothing is typed."""

import re

import pytest
from django.urls import reverse

from evaluation.meetings.models import Attendance, Meeting, Resolution
from evaluation.meetings.services import live, planning
from portal.clock import local_date
from tests.meetings import world

pytestmark = pytest.mark.django_db
FILLED = re.compile(
    r'<form method="post" action="([^"]+)"[^>]*>(?:(?!</form>).)*?'
    r'<button class="ds-button"((?:(?!data-variant)[^>])*)>',
    re.DOTALL,
)
HIDDEN = re.compile(r'<input type="hidden" name="(shown)" value="([^"]*)">')
ATTRIBUTE = re.compile(r'(\w+)="([^"]*)"')


def press(client, meeting):
    """Press the filled button of the chair's next step; gives its id."""
    page = client.get(reverse("meetings:room", args=[meeting.pk])).content.decode()
    step = re.search(r'<section class="next-step chair\b[^"]*".*?</section>', page, re.DOTALL)[0]
    action, attributes = FILLED.search(step).groups()
    button = dict(ATTRIBUTE.findall(attributes))
    chosen = {button["name"]: button["value"]} if "name" in button else {}
    chosen |= dict(HIDDEN.findall(step))
    assert client.post(action, chosen).status_code == 302
    return button["id"]


def test_all_who_are_called_are_there_in_one_press_and_ten_cases_take_twenty(house, sign_in):
    meeting, cases, at = world.list_meeting(house, count=10)
    assert len(cases) == 10 + 1  # the last is the allocation as a whole
    planning.call(meeting, by=house.secretary, at=at)
    live.open_meeting(meeting, on_day=local_date(at), by=house.chair, at=at)
    client = sign_in(house.chair)
    client.post(reverse("meetings:attend_all", args=[meeting.pk]))
    assert {item.seat.user for item in Attendance.objects.filter(meeting=meeting) if item.is_present} >= {
        house.chair,
        house.member,
        house.vice_chair,
    }
    pressed = []
    while Resolution.objects.count() < 10:
        pressed.append(press(client, Meeting.objects.get(pk=meeting.pk)))
    assert len(pressed) <= 20
    assert pressed == ["agree", "next"] * 9 + ["agree"]
