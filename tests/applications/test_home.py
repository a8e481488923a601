"""The front page of an applicant: what waits, «Søknader og prosjekter», and what others have done."""

from datetime import timedelta

import pytest
from django.urls import reverse

from applications.home import news, projects
from applications.models import Application
from applications.questions import NextDate
from applications.services import partners
from portal.journal.models import LogEntry
from portal.journal.services import collecting, record
from tests.applications import world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def front_page(client):
    return client.get("/").content.decode()


def write(application, act, *, by, at):
    """An entry of the log of the application."""
    with collecting():
        record(act, subject=application, by=by, at=at, community=application.community)


@pytest.mark.parametrize(
    ("person", "role"),
    [("applicant", "Ansvarlig søker"), ("co_applicant", "Partner"), ("fsu_leader", "Partner"), ("stranger", None),
     ("nobody", None)],
)  # fmt: skip
def test_projects_are_those_that_the_person_writes_with_the_role(house, draft, at, person, role):
    told = projects(getattr(house, person), at)
    assert [(item.application, item.role) for item in told["projects"]] == [(draft, role)] if role else told is None


def test_draft_has_its_deadline(house, draft, at):
    assert projects(house.applicant, at)["projects"][0].next == NextDate("Søknadsfrist", draft.closes_at)


def test_what_was_not_sent_in_time_says_so(house, draft):
    late = draft.closes_at + timedelta(days=1)
    assert projects(house.applicant, late)["projects"][0].next == NextDate("Fristen gikk ut", draft.closes_at)


def test_what_is_sent_has_no_deadline(house, sent_application, at):
    assert projects(house.applicant, at)["projects"][0].next is None


def test_projects_are_the_five_that_were_changed_last(house, draft, at):
    for _ in range(6):
        world.draft(house, draft.round, at=at)
    newest = Application.objects.order_by("-updated_at", "-pk")[:5]
    assert [item.application for item in projects(house.applicant, at)["projects"]] == list(newest)


def test_news_are_what_others_did_lately_and_nothing_that_applicants_may_not_know(house, draft, at):
    LogEntry.objects.all().delete()
    write(draft, "application.signed", by=house.co_applicant, at=at - timedelta(days=31))
    write(draft, "application.signed", by=house.co_applicant, at=at - timedelta(days=2))
    write(draft, "application.text_opened", by=house.applicant, at=at - timedelta(days=1))
    for inner in ("application.prioritise", "application.leave_out", "application.grant", "scores.delivered"):
        write(draft, inner, by=house.secretary, at=at)
    told = news(house.applicant, at)["news"]
    assert [(item.by, item.at, item.application) for item in told] == [
        (str(house.co_applicant), at - timedelta(days=2), draft)
    ]
    assert news(house.stranger, at) is None


def test_news_tell_once_what_one_did_several_times_on_a_day(house, draft, at):
    LogEntry.objects.all().delete()
    for hours in (30, 29, 2, 1, 0):
        write(draft, "application.partner_added", by=house.co_applicant, at=at - timedelta(hours=hours))
    write(draft, "application.text_opened", by=house.co_applicant, at=at)
    told = news(house.applicant, at)["news"]
    assert [(item.times, item.text, item.at) for item in told] == [
        (1, "Teksten ble åpnet mens partnerne signerte.", at),
        (3, "En partner ble lagt til.", at),
        (2, "En partner ble lagt til.", at - timedelta(hours=29)),
    ]
    assert len(news(house.applicant, at)["news"]) == 3


def test_of_many_partners_that_came_one_is_named_and_the_others_counted(house, draft, at, sign_in):
    LogEntry.objects.all().delete()
    draft.partners.filter(role="partner").delete()
    for number, organisation in enumerate([house.partner, house.trust]):
        partners.add(draft, [organisation], by=house.co_applicant, at=at + timedelta(minutes=number))
    assert [item.more for item in news(house.applicant, at)["news"]] == [0, 0]
    partners.add(draft, [], other_name="Kari Nordmann", by=house.co_applicant, at=at + timedelta(minutes=2))
    assert [(item.text, item.more) for item in news(house.applicant, at)["news"]] == [("En partner ble lagt til.", 2)]
    assert "Og 2 til." in front_page(sign_in(house.applicant))


def test_news_name_the_partners_that_came_and_went(house, draft, at):
    LogEntry.objects.all().delete()
    partner = draft.partners.get(organisation=house.trust)
    partners.remove(partner, by=house.co_applicant, at=at)
    partners.add(draft, [house.trust], by=house.co_applicant, at=at + timedelta(minutes=1))
    partners.add(draft, [], other_name="Kari Nordmann", by=house.co_applicant, at=at + timedelta(minutes=2))
    name = house.trust.name
    assert [item.text for item in news(house.applicant, at + timedelta(minutes=3))["news"]] == [
        "En partner ble lagt til.",
        f"{name} ble lagt til som partner.",
        f"{name} er ikke lenger partner.",
    ]


def test_front_page_of_an_applicant_shows_what_waits_the_projects_and_the_calls(house, draft, sign_in):
    page = front_page(sign_in(house.applicant))
    assert f"Skriv ferdig «{draft.title}»" in page
    assert page.index("Søknader og prosjekter") < page.index("Åpent nå")
    assert reverse("applications:list") in page


@pytest.mark.parametrize("count", [1, 3])
def test_front_page_costs_the_same_with_more_applications(house, draft, sign_in, at, django_assert_num_queries, count):
    for _ in range(count - 1):
        world.draft(house, draft.round, at=at)
    client = sign_in(house.applicant)
    front_page(client)
    with django_assert_num_queries(QUERIES):
        front_page(client)


QUERIES = 17
