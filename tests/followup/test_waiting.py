"""What waits for each after an award: whoever writes is told to write, and whoever signs to sign."""

import dataclasses
from datetime import date

import pytest

from applications.home import projects as on_front_page
from applications.models import Partner, PartnerRole
from applications.questions import NextDate
from evaluation.decisions.services.deciding import decide_from_minutes
from evaluation.followup.models import EvaluationReport
from evaluation.followup.permissions import can_record_start, can_report
from evaluation.followup.queries import next_dates
from evaluation.followup.waiting import projects
from portal.clock import end_of_day
from portal.communities.models import User
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


def everybody(house):
    values = [getattr(house, field.name) for field in dataclasses.fields(house)]
    return [value for value in values if isinstance(value, User)]


@pytest.mark.parametrize(
    ("make", "may_do", "title"),
    [
        (
            accepted,
            lambda person, report: can_record_start(person, application_of(report), now=NOW),
            "Meld driftsstart",
        ),
        (started, lambda person, report: can_report(person, report, now=NOW), "Skriv evalueringen"),
    ],
)
@pytest.mark.parametrize("role", [PartnerRole.PARTNER, PartnerRole.SUPPORTER])
def test_all_who_may_do_what_follows_are_told_it_and_nobody_else(house, make, may_do, title, role):
    """Whoever signs for a partner may, too, and was told nothing; whoever only supports it was led to a 403."""
    make(house)
    Partner.objects.filter(organisation=house.trust).update(role=role)
    report = EvaluationReport.objects.select_related("acceptance__decision__application").get()
    may = {person for person in everybody(house) if may_do(person, report)}
    assert {person for person in everybody(house) if title in told_to(person)} == may
    assert {house.signatory, house.applicant} <= may
    assert (house.trust_signatory in may) == (role == PartnerRole.PARTNER)


def application_of(report):
    return report.acceptance.decision.application


def test_the_one_responsible_is_named_to_the_others(house):
    acceptance = accepted(house, responsible_email=house.applicant.email.upper())
    assert acceptance.responsible_name == "Prosjektleder"
    hints = {person: [task.hint for task in projects(person, NOW)] for person in (house.applicant, house.signatory)}
    assert hints == {house.applicant: [""], house.signatory: ["Prosjektleder har ansvaret"]}


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
