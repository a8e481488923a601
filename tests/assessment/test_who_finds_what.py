"""Which pages each person finds after a list is forwarded; 404 for the others, and for a right id in a wrong round."""

import pytest
from django.urls import reverse

from evaluation.assessment.services import forwarding
from evaluation.assessment.turn import turn_url
from tests.assessment import world

pytestmark = pytest.mark.django_db

PEOPLE = (
    *("applicant", "signatory", "fsu_leader", "stranger", "nobody"),
    *("secretary", "far_secretary", "regional_secretary", "assessor", "member", "committee_member"),
)


# Of each address, those who get another answer than 404.
FOUND_BY = {
    "package": {"secretary": 200, "regional_secretary": 200, "committee_member": 200},
    "package under another round": {},
    "lists": {"regional_secretary": 200, "committee_member": 200},
    "lists of no round": {},
    "application": {"secretary": 200, "regional_secretary": 200, "assessor": 200},
    "round": {"secretary": 200, "far_secretary": 200, "regional_secretary": 200},
    "sent from the first stage": {"secretary": 302},
    "sent from the last stage": {},
    "recommendation": {"secretary": 403},
    "recommendation that is not begun": {},
    "scores": {"secretary": 403, "regional_secretary": 403, "assessor": 302},
    "scores of no stage": {},
}


def addresses(package, application, local, regional):
    round_code, code = local.round.code, application.code
    return {
        "package": reverse("assessment:package_detail", args=[round_code, package.pk]),
        "package under another round": reverse("assessment:package_detail", args=["troms-ofoten-2024", package.pk]),
        "lists": reverse("assessment:lists", args=[round_code]),
        "lists of no round": reverse("assessment:lists", args=["finnes-ikke"]),
        "application": reverse("assessment:detail", args=[code]),
        "round": reverse("assessment:round", args=[round_code]),
        "sent from the first stage": turn_url(local, "package"),
        "sent from the last stage": turn_url(regional, "package"),
        "recommendation": turn_url(local, "recommend", code),
        "recommendation that is not begun": turn_url(regional, "recommend", code),
        "scores": reverse("assessment:score", args=[code, local.stage.code]),
        "scores of no stage": reverse("assessment:score", args=[code, "finnes-ikke"]),
    }


def test_each_person_finds_the_rows_of_the_person_alone(house, northern, local, regional, at, sign_in):
    application = world.sent(house, northern, at, title="Oversendt")
    world.deliver(application, local, house.assessor, at, by=house.secretary)
    world.frozen(local, house.secretary, at)
    package = forwarding.forward(local, by=house.secretary, at=at)
    pages = addresses(package, application, local, regional)
    found_by = {page: {} for page in pages}
    for name in PEOPLE:
        client = sign_in(house.persons[name])
        for page, address in pages.items():
            status = client.get(address).status_code
            if status != 404:
                found_by[page][name] = status
    assert found_by == FOUND_BY
