"""An officer who takes part in an application answers about habilitet before handling it."""

import pytest
from django.urls import reverse

from evaluation.assessment.models import Recommendation
from evaluation.assessment.services import declaring, prioritising
from evaluation.assessment.turn import turn_url
from tests import factories
from tests.assessment import world

pytestmark = [pytest.mark.django_db, pytest.mark.fault("A1", "A3")]


@pytest.fixture
def client_of_officer(house, at, frozen_clock, sign_in):
    frozen_clock.move_to(at)
    return sign_in(house.secretary)


def test_an_officer_who_writes_the_application_is_asked_first(house, application, local, at, client_of_officer):
    prioritising.set_up(local, by=house.hospital_secretary, at=at)
    assert client_of_officer.get(reverse("assessment:detail", args=[application.code])).status_code == 200
    factories.affiliation(house.secretary, house.lead)
    asks = reverse("assessment:habilitet", args=[application.code])
    assert client_of_officer.get(reverse("assessment:detail", args=[application.code]))["Location"] == asks
    for name in ("assessors", "admission"):
        assert client_of_officer.get(reverse(f"assessment:{name}", args=[application.code])).status_code == 403
    words = {"outcome": "granted", "reason": "Ja."}
    board = turn_url(local, "recommend", application.code)
    assert client_of_officer.post(board, words).status_code == 403
    assert Recommendation.objects.get().outcome == ""
    assert client_of_officer.post(asks, {"has_tie": "no"}).status_code == 302
    assert client_of_officer.get(reverse("assessment:detail", args=[application.code])).status_code == 200
    assert client_of_officer.get(board).status_code == 200


def test_a_strong_tie_is_decided_by_others(house, northern, at, client_of_officer):
    written = world.sent(house, northern, at, created_by=house.secretary)
    asks = reverse("assessment:habilitet", args=[written.code])
    assert client_of_officer.get(reverse("assessment:detail", args=[written.code]))["Location"] == asks
    client_of_officer.post(asks, {"has_tie": "no"})
    assert client_of_officer.get(reverse("assessment:detail", args=[written.code])).status_code == 403
    words = {"is_recused": False, "reason": "Bare opprettet den."}
    declaring.decide(written, house.secretary, **words, by=house.hospital_secretary, at=at)
    assert client_of_officer.get(reverse("assessment:detail", args=[written.code])).status_code == 200
