"""How many queries a page takes: the same number with one application and with three."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from evaluation.assessment.models import PriorityList
from evaluation.assessment.services import assessing, prioritising
from evaluation.assessment.turn import turn_url
from tests.assessment import world
from tests.harness import worlds

pytestmark = pytest.mark.django_db

# Sessions, the person and the standing are four of them.
COUNTS = {
    "desk": 8,
    "turn": 13,
    "filtered": 14,
    "ranking": 15,
    "board": 15,
    "board_and_more": 18,
    "detail": 15,
    "detail_from_list": 17,
    "score": 12,
    "check": 13,
    "export": 10,
}


class Judged:
    """So many applications, each with two delivered assessments and a recommendation; and the pages about them."""

    def __init__(self, house, northern, local, at, number):
        self.house, self.northern, self.local, self.at = house, northern, local, at
        self.applications = [world.sent(house, northern, at) for _number in range(number)]
        for application in self.applications:
            for person, points in ((house.assessor, 2), (house.chair, 3)):
                world.deliver(application, local, person, at, points, by=house.secretary)
        prioritising.set_up(local, by=house.secretary, at=at)
        for application in self.applications:
            world.recommend(local, application, house.secretary, at)

    def address(self, page):
        """Who opens the page of the table, and where it is; rows that only this page shows are made now."""
        if page in {"turn", "board", "export"}:
            return self.house.secretary, turn_url(self.local, page)
        return getattr(self, page)()

    def desk(self):
        return self.house.assessor, "/assessment/desk/"

    def filtered(self):
        query = f"?text=Prosjekt&assessor={self.house.chair.pk}&municipality={self.house.lead.pk}"
        return self.house.secretary, turn_url(self.local, "turn") + query + "&status=admitted&sort=-total"

    def ranking(self):
        """The board before there is a list."""
        PriorityList.objects.all().delete()
        return self.house.secretary, turn_url(self.local, "board")

    def board_and_more(self):
        """The board with as many that are not on the list yet."""
        for _number in self.applications:
            world.sent(self.house, self.northern, self.at)
        return self.house.secretary, turn_url(self.local, "board")

    def detail(self):
        return self.house.secretary, f"/assessment/application/{self.applications[0].code}/"

    def detail_from_list(self):
        person, url = self.detail()
        return person, f"{url}?from=status%3Dadmitted%26sort%3Dtitle%26nr%3D1"

    def score(self):
        """The page of one more application, whose assessment has been begun."""
        application, assessor = world.sent(self.house, self.northern, self.at), self.house.assessor
        world.assign(application, self.local, assessor, self.house.secretary, self.at)
        assessment = assessing.begin(application, self.local, by=assessor, at=self.at)
        assessing.save(assessment, self.local, world.given(self.local, 2), comment="", by=assessor, at=self.at)
        return assessor, f"/assessment/application/{application.code}/score/{self.local.stage.code}/"

    def check(self):
        """The page of the first of as many that have just come."""
        new, *_others = [world.sent(self.house, self.northern, self.at, status="submitted") for _ in self.applications]
        return self.house.secretary, f"/assessment/application/{new.code}/admission/"


@worlds.world
def one(house, northern, local, at):
    return Judged(house, northern, local, at, 1)


@worlds.world
def three(house, northern, local, at):
    return Judged(house, northern, local, at, 3)


def _read(answer):
    return b"".join(answer) if answer.streaming else answer.content


def count(client, person, url):
    client.force_login(person)
    # Django asks SQLite what it can do the first time, and a streamed answer asks when it is read.
    _read(client.get(url))
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(url)
        _read(answer)
    assert answer.status_code == 200
    return len(captured)


@pytest.mark.parametrize("page", COUNTS)
def test_page_with_one_application(page, one, client):
    assert count(client, *one.address(page)) == COUNTS[page]


@pytest.mark.parametrize("page", COUNTS)
def test_page_with_three_takes_as_many(page, three, client):
    assert count(client, *three.address(page)) == COUNTS[page]
