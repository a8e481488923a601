"""Two with the same points and opposite outcomes: what sets them apart is asked for, and the applicants read it."""

import pytest
from django.urls import reverse

from evaluation.assessment.models import Result
from evaluation.assessment.services import declaring
from evaluation.meetings.models import Resolution
from evaluation.meetings.services import live, resolving
from evaluation.meetings.services.resolving import ReasonError
from tests.harness import worlds
from tests.meetings import world

pytestmark = [pytest.mark.django_db, pytest.mark.fault("B1")]

NO = {"text": "1. SSU avslår søknaden.", "outcome": "rejected", "reason": "Uklare mål."}
ASKED = "Hvorfor får denne avslag når {} med like mange poeng får tilskudd?"


def score(case, total):
    application = case.application
    more = {"stage": case.priority_list.stage, "community": application.community, "delivered": 2}
    Result.objects.create(application=application, total=total, **more)


@worlds.world
def equal(house):
    """A meeting on two that are recommended a grant, with the same points; the cases and the time."""
    meeting, cases, at = world.list_meeting(house, 2)
    for case in cases[:2]:
        score(case, 80)
    return world.opened(house, meeting, at, *world.everybody(house)), cases, at


def test_a_refusal_beside_an_award_with_the_same_points_says_the_difference(house, equal):
    _meeting, cases, at = equal
    with pytest.raises(ReasonError, match=ASKED.format("«Prosjekt 2»").replace("?", r"\?")):
        resolving.adopt_agreed(cases[0], **NO, by=house.chair, at=at)
    more = {"difference": "Bare det andre har plan for drift."}
    resolution = resolving.adopt_agreed(cases[0], **NO, **more, by=house.chair, at=at)
    assert resolution.reason == "Uklare mål.\n\nBare det andre har plan for drift."


def test_an_award_after_a_refusal_with_the_same_points_says_it_too(house, equal):
    meeting, cases, at = equal
    resolving.adopt_agreed(cases[0], **NO, difference="Ingen plan.", by=house.chair, at=at)
    live.go_to(meeting, cases[1], by=house.chair, at=at)
    with pytest.raises(ReasonError, match="Hvorfor får denne tilskudd når «Prosjekt 1»"):
        resolving.adopt_as_proposed(cases[1], by=house.chair, at=at)


def test_a_case_that_is_closed_to_the_one_who_leads_is_not_named(house, equal):
    _meeting, cases, at = equal
    words = {"is_recused": True, "ground": "party", "reason": "Bror.", "by": house.secretary, "at": at}
    declaring.decide(cases[1].application, house.chair, **words)
    with pytest.raises(ReasonError, match="når en annen søknad med like mange poeng"):
        resolving.adopt_agreed(cases[0], **NO, by=house.chair, at=at)


@pytest.mark.parametrize("total", [79, None])
def test_nothing_is_asked_where_the_points_differ(house, equal, total):
    _meeting, cases, at = equal
    Result.objects.filter(application=cases[1].application_id).update(total=total)
    assert resolving.adopt_agreed(cases[0], **NO, by=house.chair, at=at).reason == "Uklare mål."


def test_nothing_is_asked_where_the_outcomes_are_the_same(house, equal):
    _meeting, cases, at = equal
    resolution = resolving.adopt_as_proposed(cases[0], by=house.chair, at=at)
    assert resolution.reason == cases[0].recommendation.reason


def test_the_page_asks_for_it_and_takes_it_into_the_reason(house, equal, frozen_clock, sign_in):
    _meeting, cases, at = equal
    frozen_clock.move_to(at)
    client, url = sign_in(house.chair), reverse("meetings:resolve", args=[cases[0].pk])
    assert "like mange poeng og motsatt utfall" in client.get(url).content.decode()
    page = client.post(url, NO)
    assert (page.status_code, ASKED.format("«Prosjekt 2»") in page.content.decode()) == (422, True)
    assert client.post(url, {**NO, "difference": "Ingen plan."}).status_code == 302
    assert Resolution.objects.get().reason.endswith("\n\nIngen plan.")
