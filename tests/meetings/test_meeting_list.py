"""The list of meetings says in its heading what comes."""

import re
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


def test_the_filled_button_goes_to_the_meeting_that_comes(house, now, sign_in):
    def filled(page):
        return re.findall(r'<a class="ds-button" href="[^"]+">\s*([^<]+?)\s*<', page)

    client, list_url = sign_in(house.secretary), reverse("meetings:list")
    page = client.get(list_url).text
    assert (filled(page), "Planlegg et møte i et av utvalgene deres." in page) == (["Planlegg et møte"], True)
    assert "Når sekretariatet kaller inn" in sign_in(house.stranger).get(list_url).text
    later = world.planned(house, now)
    Meeting.objects.update(starts_at=now + timedelta(days=2))
    first = world.planned(house, now)
    Meeting.objects.filter(pk=first.pk).update(starts_at=now + timedelta(days=1))
    client = sign_in(house.secretary)
    answer = client.get(list_url)
    assert (filled(answer.text), answer.context["step"].url) == (["Gå til møtet"], first.get_absolute_url())
    world.own_case(house, later, now)
    world.opened(house, later, now, *world.everybody(house))
    assert answer.context["step"].text.endswith(" · 0 saker · ikke kalt inn")
    # One meeting alone is told by the step.
    assert ("Kommende møter" in page, "Kommende møter" in answer.text) == (False, True)
    step = client.get(list_url).context["step"]
    assert (step.title, step.url) == (later.body.name, later.get_absolute_url())
    assert step.text.endswith(f" · {later.location} · 1 sak")


def test_finding_a_case_tells_nothing_there_from_nothing_that_matches(house, now, sign_in):
    client, url = sign_in(house.secretary), reverse("meetings:cases")

    def told(**query):
        page = client.get(url, query).text
        return [words in page for words in ("Ingen saker ennå", "Ingen saker passer")]

    assert (told(), told(q="32/24")) == ([True, False], [False, True])


def test_the_paper_folds_the_application_part_by_part(house, sign_in):
    _meeting, cases, _at = world.list_meeting(house)
    page = sign_in(house.secretary).get(cases[0].get_absolute_url())
    assert page.context["sent"].is_folded
    assert 'class="fold" id="del-' in page.text
