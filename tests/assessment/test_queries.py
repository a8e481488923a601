"""How many queries a page takes: the same number with one application and with three."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from evaluation.assessment.services import assessing, prioritising
from evaluation.assessment.turn import turn_url
from tests.assessment import world

pytestmark = pytest.mark.django_db

# Sessions, the person and the standing are four of them.
COUNTS = {
    "desk": 6,
    "turn": 12,
    "filtered": 13,
    "ranking": 9,
    "board": 12,
    "detail": 14,
    "score": 11,
    "check": 13,
    "export": 9,
}


@pytest.fixture(params=[1, 3])
def many(request, house, northern, local, at):
    """So many applications, each with two delivered assessments and a recommendation."""
    applications = [world.sent(house, northern, at) for _number in range(request.param)]
    for application in applications:
        for person, points in ((house.assessor, 2), (house.chair, 3)):
            world.deliver(application, local, person, at, points, by=house.secretary)
    prioritising.set_up(local, by=house.secretary, at=at)
    for application in applications:
        world.recommend(local, application, house.secretary, at)
    return applications


def count(client, person, url):
    client.force_login(person)
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(url)
        b"".join(answer) if answer.streaming else answer.content
    assert answer.status_code == 200
    return len(captured)


def test_desk(many, client, house):
    assert count(client, house.assessor, "/assessment/desk/") == COUNTS["desk"]


def test_list(many, client, house, local):
    assert count(client, house.secretary, turn_url(local, "turn")) == COUNTS["turn"]


def test_filtered_list(many, client, house, local):
    query = f"?text=Prosjekt&assessor={house.chair.pk}&municipality={house.lead.pk}&status=admitted&sort=-total"
    assert count(client, house.secretary, turn_url(local, "turn") + query) == COUNTS["filtered"]


def test_ranking(many, client, house, local):
    assert count(client, house.secretary, turn_url(local, "ranking")) == COUNTS["ranking"]


def test_board(many, client, house, local):
    assert count(client, house.secretary, turn_url(local, "board")) == COUNTS["board"]


def test_detail(many, client, house):
    url = f"/assessment/application/{many[0].code}/"
    assert count(client, house.secretary, url) == COUNTS["detail"]


def test_scoring_page(many, client, house, northern, local, at):
    application = world.sent(house, northern, at)
    world.assign(application, local, house.assessor, house.secretary, at)
    assessment = assessing.begin(application, local, by=house.assessor, at=at)
    assessing.save(assessment, local, world.given(local, 2), comment="", by=house.assessor, at=at)
    url = f"/assessment/application/{application.code}/score/{local.stage.code}/"
    assert count(client, house.assessor, url) == COUNTS["score"]


def test_check_page(many, client, house, northern, at):
    new, *_others = [world.sent(house, northern, at, status="submitted") for _application in many]
    assert count(client, house.secretary, f"/assessment/application/{new.code}/admission/") == COUNTS["check"]


def test_export(many, client, house, local):
    assert count(client, house.secretary, turn_url(local, "export")) == COUNTS["export"]
