"""Two with the same points and opposite outcomes: what sets them apart is asked for, and the applicants read it."""

import re

import pytest
from django.db import connection
from django.urls import reverse

from evaluation.assessment.models import Recommendation, Result
from evaluation.decisions.services.deciding import _words_of
from evaluation.meetings.models import Case, Resolution
from evaluation.meetings.queries.minutes import shown
from evaluation.meetings.queries.proposed import equals_of_all
from evaluation.meetings.services import corrections, live, minutes, resolving
from evaluation.meetings.services.reasoning import ReasonError
from portal.communities.queries import standing_at
from tests.habilitet import decide_about
from tests.harness import worlds
from tests.meetings import world

pytestmark = [pytest.mark.django_db, pytest.mark.fault("B1")]

NO = {"text": "1. SSU avslår søknaden.", "outcome": "rejected", "reason": "Uklare mål."}
ASKED = "Hvorfor får denne avslag når {} med like mange poeng får tilskudd? Søkerne leser svaret."


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
    with pytest.raises(ReasonError, match=re.escape(ASKED.format("«Prosjekt 2»"))):
        resolving.adopt_agreed(cases[0], **NO, by=house.chair, at=at)
    more = {"difference": "Bare det andre har plan for drift."}
    resolution = resolving.adopt_agreed(cases[0], **NO, **more, by=house.chair, at=at)
    assert (resolution.reason, resolution.difference) == ("Uklare mål.", "Bare det andre har plan for drift.")


def test_an_award_after_a_refusal_with_the_same_points_says_it_too(house, equal):
    meeting, cases, at = equal
    resolving.adopt_agreed(cases[0], **NO, difference="Ingen plan.", by=house.chair, at=at)
    live.go_to(meeting, cases[1], by=house.chair, at=at)
    with pytest.raises(ReasonError, match="Hvorfor får denne tilskudd når «Prosjekt 1»"):
        resolving.adopt_as_proposed(cases[1], by=house.chair, at=at)


@pytest.mark.fault("A3")
def test_of_a_case_that_is_closed_to_the_one_who_leads_nothing_is_asked(house, equal):
    _meeting, cases, at = equal
    words = {"is_recused": True, "ground": "party", "reason": "Bror.", "by": house.secretary, "at": at}
    decide_about(cases[1].application, house.chair, **words)
    written = resolving.adopt_agreed(cases[0], **NO, difference="Ingen plan.", by=house.chair, at=at)
    assert written.difference == "Ingen plan."


@pytest.mark.parametrize("total", [79, None])
def test_nothing_is_asked_where_the_points_differ(house, equal, total):
    _meeting, cases, at = equal
    Result.objects.filter(application=cases[1].application_id).update(total=total)
    resolution = resolving.adopt_agreed(cases[0], **NO, difference="Ingen plan.", by=house.chair, at=at)
    assert (resolution.reason, resolution.difference) == ("Uklare mål.", "")


def test_nothing_is_asked_where_the_outcomes_are_the_same(house, equal):
    _meeting, cases, at = equal
    resolution = resolving.adopt_as_proposed(cases[0], by=house.chair, at=at)
    assert resolution.reason == cases[0].recommendation.reason


def test_the_page_asks_for_it_and_keeps_it(house, equal, frozen_clock, sign_in):
    _meeting, cases, at = equal
    frozen_clock.move_to(at)
    client, url = sign_in(house.chair), reverse("meetings:resolve", args=[cases[0].pk])
    assert "like mange poeng og motsatt utfall" in client.get(url).content.decode()
    page = client.post(url, NO)
    assert (page.status_code, ASKED.format("«Prosjekt 2»") in page.content.decode()) == (422, True)
    assert client.post(url, {**NO, "difference": "Ingen plan."}).status_code == 302
    assert (Resolution.objects.get().reason, Resolution.objects.get().difference) == (NO["reason"], "Ingen plan.")


def closed_after_opposite_resolutions(house, equal):
    """The first refused while the second was to be refused, too, and then got its grant; the minutes."""
    meeting, cases, at = equal
    Recommendation.objects.filter(pk=cases[1].recommendation_id).update(outcome="rejected", amount=None)
    resolving.adopt_agreed(cases[0], **NO, by=house.chair, at=at)
    live.go_to(meeting, cases[1], by=house.chair, at=at)
    yes = {"text": "1. SSU innvilger 450 000 kr.", "outcome": "granted", "amount": 450_000, "reason": "Har en plan."}
    resolving.adopt_agreed(Case.objects.get(pk=cases[1].pk), **yes, difference="Planen.", by=house.chair, at=at)
    resolving.postpone_rest(meeting, reason="Tiden var ute.", by=house.chair, at=at)
    return live.close_meeting(meeting, by=house.chair, at=at)


def test_minutes_are_not_adopted_before_each_of_two_equals_says_it(house, equal):
    _meeting, cases, at = equal
    record = closed_after_opposite_resolutions(house, equal)
    with pytest.raises(minutes.UnsoundError) as refused:
        minutes.adopt(record, by=house.chair, at=at)
    assert [(case.pk, why) for case, why in refused.value.lines] == [(cases[0].pk, ASKED.format("«Prosjekt 2»"))]
    resolution = Resolution.objects.get(case=cases[0])
    right = {**NO, "difference": "Ingen plan.", "why": "Sa ikke hva som skiller."}
    corrections.correct(resolution, **right, by=house.chair, at=at)
    record = minutes.adopt(record, by=house.chair, at=at)
    case = shown(record.snapshot, ())["cases"][0]
    assert (case["reason"], case["difference"]) == (NO["reason"], "Ingen plan.")


def test_the_refusal_to_adopt_names_the_case_and_links_to_it(house, equal, frozen_clock, sign_in):
    meeting, cases, at = equal
    closed_after_opposite_resolutions(house, equal)
    frozen_clock.move_to(at)
    page = sign_in(house.secretary).post(reverse("meetings:adopt_minutes", args=[meeting.pk]))
    text = page.content.decode()
    link = f'href="{reverse("meetings:correct", args=[cases[0].pk])}">Sak {cases[0].reference} {cases[0].title}</a>'
    assert (page.status_code, link in text, ASKED.format("«Prosjekt 2»") in text) == (422, True, True)


@pytest.mark.fault("A2")
def test_the_refusal_says_nothing_of_a_case_that_is_closed_to_the_one_who_adopts(house, equal):
    _meeting, cases, at = equal
    record = closed_after_opposite_resolutions(house, equal)
    words = {"is_recused": True, "ground": "party", "reason": "Bror.", "by": house.secretary, "at": at}
    decide_about(cases[1].application, house.chair, **words)
    Resolution.objects.filter(case=cases[1]).update(text="1. SSU innvilger 1 kr.")
    with pytest.raises(minutes.UnsoundError) as refused:
        minutes.adopt(record, by=house.chair, at=at)
    assert [(case.pk, why) for case, why in refused.value.lines] == [
        (cases[1].pk, "Vedtaket må rettes av noen som saken ikke er stengt for."),
    ]


def test_the_letter_tells_the_reason_and_what_sets_it_apart(house, equal):
    _meeting, cases, at = equal
    resolution = resolving.adopt_agreed(cases[0], **NO, difference="Ingen plan.", by=house.chair, at=at)
    assert _words_of(resolution)["reason"] == "Uklare mål.\n\nIngen plan."


@pytest.mark.parametrize("equals", [1, 3])
def test_equals_are_read_at_once_when_the_minutes_are_adopted(house, equals, django_assert_num_queries):
    meeting, cases, at = world.list_meeting(house, equals + 1)
    for case in cases[:-1]:
        score(case, 80)
    meeting = world.opened(house, meeting, at, *world.everybody(house))
    for case in cases:
        live.go_to(meeting, case, by=house.chair, at=at)
        resolving.adopt_as_proposed(Case.objects.get(pk=case.pk), by=house.chair, at=at)
    record = live.close_meeting(meeting, by=house.chair, at=at)
    standing = standing_at(house.chair, at)
    decided = list(Case.objects.select_related("priority_list").order_by("pk"))
    with django_assert_num_queries(3):
        equals_of = equals_of_all(decided, standing)
        seen = {pk: [(one.application.title, one.outcome, one.is_closed) for one in equals_of[pk]] for pk in equals_of}
    titles = [f"Prosjekt {number}" for number in range(1, equals + 2)]
    others = [[(title, "granted", False) for title in titles if title != f"Prosjekt {n}"] for n in range(1, equals + 2)]
    assert seen == {case.pk: rest for case, rest in zip(cases, others, strict=False)}
    with django_assert_num_queries(34 if connection.vendor == "postgresql" else 33):
        minutes.adopt(record, by=house.chair, at=at)


def test_those_with_other_points_and_cases_about_none_have_no_equals(house, equal):
    _meeting, cases, at = equal
    standing = standing_at(house.chair, at)
    assert [one.application for one in equals_of_all(cases, standing)[cases[0].pk]] == [cases[1].application]
    Result.objects.filter(application=cases[1].application_id).update(total=79)
    assert equals_of_all(cases, standing)[cases[0].pk] == []
    assert equals_of_all(cases[2:], standing) == {}
