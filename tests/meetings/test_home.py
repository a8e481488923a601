"""The meetings on the front page, and their room before they are set."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from evaluation.meetings import waiting
from evaluation.meetings.home import meetings
from evaluation.meetings.models import Meeting, MeetingStatus
from evaluation.meetings.services import live, planning
from tests.meetings.world import own_case, planned
from tests.world import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]


def held(house, days):
    """A meeting so many days ago, with adopted minutes."""
    meeting = planned(house, NOW)
    Meeting.objects.filter(pk=meeting.pk).update(
        starts_at=NOW - timedelta(days=days), called_at=NOW, status=MeetingStatus.ADOPTED
    )
    return meeting


def test_front_page_shows_the_two_next_meetings_and_the_two_last_that_were_held(house, django_assert_num_queries):
    coming = [planned(house, NOW + timedelta(days=20)) for _ in range(3)]
    past = [held(house, days) for days in (30, 20, 10)]
    Meeting.objects.filter(pk__in=[meeting.pk for meeting in coming]).update(called_at=NOW)
    with django_assert_num_queries(3):  # with the two of the standing
        told = meetings(house.secretary, NOW)["meetings"]
    assert told == [*coming[:2], past[2], past[1]]
    assert meetings(house.member, NOW)["meetings"] == told
    assert meetings(house.far_secretary, NOW) is None
    assert meetings(house.secretary, NOW)["ahead"].url == coming[0].get_absolute_url()


def test_front_page_of_a_member_has_the_meetings_and_that_of_an_applicant_has_not(house, sign_in):
    held(house, 10)
    link = reverse("meetings:list")
    pages = [sign_in(person).get("/").content.decode() for person in (house.member, house.applicant)]
    assert [f'<a class="ds-link" href="{link}">Se alle</a>' in page for page in pages] == [True, False]


def test_who_has_nothing_to_do_reads_what_comes_next(house, sign_in):
    meeting = planned(house, NOW + timedelta(days=20))
    Meeting.objects.filter(pk=meeting.pk).update(called_at=NOW)
    page = sign_in(house.member).get("/")
    assert page.context["ahead"].title == meeting.body.name
    assert "Neste:" in page.text


def test_a_meeting_waits_from_a_week_before_and_is_told_of_once(house):
    meeting = planned(house, NOW + timedelta(days=20))

    def told(person, at):
        near = meetings(person, at)
        return [task.title for task in waiting.meetings(person, at)], bool(near and near["meetings"])

    # It is not called: the secretariat has its papers to prepare.
    assert told(house.secretary, NOW) == (["Kall inn til møte i SSU Troms og Ofoten"], False)
    own_case(house, meeting, NOW)
    planning.call(meeting, by=house.secretary, at=NOW)
    week_before = meeting.starts_at - timedelta(days=7)
    for person in (house.secretary, house.member):
        assert told(person, week_before - timedelta(minutes=1)) == ([], True)
        assert told(person, week_before) == (["Møte i SSU Troms og Ofoten"], False)


def test_before_its_day_the_room_leads_to_the_papers(house, sign_in, frozen_clock):
    meeting = planned(house, NOW)
    own_case(house, meeting, NOW)
    planning.call(meeting, by=house.secretary, at=NOW)
    papers = f'<a class="ds-button" href="{reverse("meetings:agenda", args=[meeting.pk])}">Les sakspapirene'
    early = '<button class="ds-link" type="submit" id="open-meeting">Sett møtet før tiden</button>'

    def offered(person):
        page = sign_in(person).get(meeting.get_absolute_url()).content.decode()
        return papers in page, early in page

    assert (offered(house.chair), offered(house.member)) == ((True, True), (True, False))
    frozen_clock.move_to(meeting.starts_at)
    assert (offered(house.chair), offered(house.member)) == ((False, False), (False, False))


def filled(page):
    """The filled ones of the buttons that begin a meeting."""
    buttons = re.findall(r'<button class="ds-button"([^>]*)id="(arrive-all|open-meeting|i-arrive)"', page)
    return [name for looks, name in buttons if "data-variant" not in looks]


def test_one_filled_button_and_the_cases_before_the_meeting_is_set(house, frozen_clock, sign_in):
    meeting = planned(house, NOW + timedelta(days=1))
    case = own_case(house, meeting, NOW)
    planning.call(meeting, by=house.secretary, at=NOW)
    frozen_clock.move_to(meeting.starts_at)
    page = sign_in(house.chair).get(meeting.get_absolute_url()).content.decode()
    # The body cannot decide before its members are there: that is the first press, and then the meeting is set.
    assert filled(page) == ["arrive-all"]
    assert 'data-tone="neutral">Ikke vedtaksført' in page
    assert f'href="{case.get_absolute_url()}"' in page
    assert 'id="go-' not in page
    assert filled(sign_in(house.member).get(meeting.get_absolute_url()).text) == ["i-arrive"]
    live.arrive_all(meeting, by=house.chair, at=meeting.starts_at)
    assert filled(sign_in(house.chair).get(meeting.get_absolute_url()).text) == ["open-meeting"]
