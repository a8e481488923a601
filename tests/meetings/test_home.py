"""The meetings on the front page."""

from datetime import timedelta

import pytest
from django.urls import reverse

from evaluation.meetings.home import meetings
from evaluation.meetings.models import Meeting, MeetingStatus
from tests.meetings.world import planned
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
    coming = [planned(house, NOW) for _ in range(3)]
    past = [held(house, days) for days in (30, 20, 10)]
    Meeting.objects.filter(pk__in=[meeting.pk for meeting in coming]).update(called_at=NOW)
    with django_assert_num_queries(3):  # with the two of the standing
        told = meetings(house.secretary, NOW)["meetings"]
    assert told == [*coming[:2], past[2], past[1]]
    assert meetings(house.member, NOW)["meetings"] == told
    assert meetings(house.far_secretary, NOW) is None


def test_front_page_of_a_member_has_the_meetings_and_that_of_an_applicant_has_not(house, sign_in):
    held(house, 10)
    link = reverse("meetings:list")
    pages = [sign_in(person).get("/").content.decode() for person in (house.member, house.applicant)]
    assert [f'<a class="ds-link" href="{link}">Se alle</a>' in page for page in pages] == [True, False]
