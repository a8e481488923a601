"""The list of meetings says in its heading what comes."""

from datetime import timedelta

import pytest
from django.urls import reverse

from evaluation.meetings.models import Meeting
from tests.meetings import world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]


def heading(client):
    return client.get(reverse("meetings:list")).context["heading"]


def test_the_heading_says_what_comes(house, now, sign_in):
    client = sign_in(house.secretary)
    assert heading(client) == "Ingen møter framover"
    meeting = world.planned(house, now)
    Meeting.objects.update(starts_at=now + timedelta(days=1))
    assert heading(client) == "Neste møte er i morgen"
    Meeting.objects.update(starts_at=now - timedelta(days=1))
    assert heading(client) == "Et møte skulle vært holdt i går"
    world.own_case(house, meeting, now)
    world.opened(house, meeting, now, *world.everybody(house))
    assert heading(client) == "Et møte pågår"


def test_the_paper_folds_the_application_part_by_part(house, sign_in):
    _meeting, cases, _at = world.list_meeting(house)
    page = sign_in(house.secretary).get(cases[0].get_absolute_url())
    assert page.context["sent"].is_folded
    assert 'class="fold" id="del-' in page.text
