"""A stage that forwards prioritises; only the one that decides grants. Each page speaks so."""

import re

import pytest
from django.urls import reverse

from evaluation.assessment.queries import export
from evaluation.assessment.services import freezing, prioritising
from evaluation.assessment.turn import turn_url
from portal.communities.queries import standing_at
from rounds.outcomes import Outcome
from tests.assessment import world

pytestmark = pytest.mark.django_db

WORDS = re.compile(r"\b(Innvilges delvis|Innvilges|Prioriteres med lavere beløp|Prioriteres)\b(?! ikke)")


@pytest.fixture
def two(house, northern, local, at):
    """One recommended in full, and one with less than it asks for."""
    both = [world.sent(house, northern, at, title=title) for title in ("En", "To")]
    prioritising.set_up(local, by=house.secretary, at=at)
    world.recommend(local, both[0], house.secretary, at)
    world.recommend(local, both[1], house.secretary, at, outcome=Outcome.PARTLY_GRANTED, amount=200_000)
    return both


def said(text):
    return set(WORDS.findall(str(text)))


def test_the_pages_of_a_stage_that_forwards_do_not_grant(house, local, at, two, sign_in):
    client = sign_in(house.secretary)
    both = {"Prioriteres", "Prioriteres med lavere beløp"}
    pages = {
        turn_url(local, "board"): both,
        turn_url(local, "amounts"): both,
        turn_url(local, "recommend", two[1].code): both,
        reverse("assessment:detail", args=[two[1].code]): {"Prioriteres med lavere beløp"},
    }
    assert {url: said(client.get(url).content.decode()) for url in pages} == pages
    assert said("".join(export.lines(local, standing_at(house.secretary, at)))) == both
    world.do_tasks(local, house.secretary, at)
    assert said(freezing.freeze(local, by=house.secretary, at=at).document.snapshot) == both


def test_what_is_wrong_with_an_amount_is_said_in_the_words_of_the_choices(house, local, at, two):
    for outcome, amount, sentence in (
        (Outcome.GRANTED, 100_000, "Velg «Prioriteres med lavere beløp», eller innstill"),
        (Outcome.PARTLY_GRANTED, 450_000, "Velg «Prioriteres»"),
    ):
        with pytest.raises(prioritising.RecommendationError, match=sentence):
            world.recommend(local, two[0], house.secretary, at, outcome=outcome, amount=amount)
