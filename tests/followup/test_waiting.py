"""What waits for each after an award: whoever writes is told to write, and whoever signs to sign."""

from datetime import date

import pytest

from applications.home import projects as on_front_page
from applications.models import Contact
from applications.questions import NextDate
from evaluation.decisions.services.deciding import decide_from_minutes
from evaluation.followup.queries import next_dates
from evaluation.followup.waiting import projects
from portal.clock import end_of_day
from portal.urgency import Stake
from tests.decisions.world import adopted
from tests.followup.world import accepted, awarded, started, tell, told
from tests.world import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]


def told_to(person):
    return [task.title.split(":")[0] for task in projects(person, NOW)]


def test_whoever_may_sign_is_told_to_accept_and_whoever_writes_is_not(house):
    told(house)
    assert (told_to(house.signatory), told_to(house.applicant)) == (["Aksepter tilskuddet"], [])


@pytest.mark.parametrize(("make", "title"), [(accepted, "Meld driftsstart"), (started, "Skriv evalueringen")])
def test_whoever_writes_is_told_what_follows_and_whoever_only_signs_is_not(house, make, title):
    make(house)
    assert (told_to(house.signatory), told_to(house.applicant)) == ([], [title])


def test_whoever_signs_is_told_to_write_as_contact_or_as_the_one_responsible(house):
    acceptance = started(house)
    acceptance.responsible_email = house.signatory.email.upper()
    acceptance.save()
    assert told_to(house.signatory) == ["Skriv evalueringen"]
    acceptance.responsible_email = "leder@example.org"
    acceptance.save()
    Contact.objects.filter(partner__organisation__in=house.signatory.affiliations.values("organisation")).update(
        email=house.signatory.email
    )
    assert told_to(house.signatory) == ["Skriv evalueringen"]


def test_one_responsible_who_has_left_is_told_nothing(house):
    acceptance = started(house)
    acceptance.responsible_email = house.stranger.email
    acceptance.save()
    assert told_to(house.stranger) == []


def test_the_award_is_what_is_lost_when_its_day_has_passed(house):
    told(house)
    assert [task.stake for task in projects(house.signatory, NOW)] == [Stake.LOST]


@pytest.mark.parametrize(
    ("make", "label", "day"),
    [
        (told, "Svar på tilskuddet", date(2025, 3, 15)),
        (lambda house: accepted(house).decision, "Driftsstart", date(2025, 3, 1)),
        (lambda house: started(house).decision, "Evaluering", date(2025, 11, 10)),
    ],
)
def test_project_on_the_front_page_has_the_next_date_after_the_award(house, make, label, day):
    make(house)
    (project,) = on_front_page(house.applicant, NOW)["projects"]
    assert project.next == NextDate(label, end_of_day(day))


def test_award_that_is_not_told_has_no_date_on_the_front_page(house):
    awarded(house)
    assert [project.next for project in on_front_page(house.applicant, NOW)["projects"]] == [None]


@pytest.mark.parametrize("count", [1, 3])
def test_next_dates_are_two_queries(house, django_assert_num_queries, count):
    adopting = adopted(house, [("granted", 1_000_000)] * count)
    made = decide_from_minutes(adopting.meeting, by=house.secretary, at=NOW)
    awards = [tell(house, award).application for award in made]
    with django_assert_num_queries(2):
        assert len(next_dates(awards)) == count
    with django_assert_num_queries(0):
        assert next_dates([]) == {}
