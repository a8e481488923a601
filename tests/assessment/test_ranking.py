"""The ranking page by page: places, ties over two pages, and the line of the frame wherever it is."""

from datetime import timedelta
from decimal import Decimal

import pytest

from evaluation.assessment.queries import ranking
from evaluation.assessment.queries.closed import ClosedCases
from tests.applications import world as applications_world
from tests.assessment import world
from tests.harness import worlds

SCORES = (90, 70, 70, 70, 70, 40, None, None)


pytestmark = pytest.mark.django_db
NOTHING = ClosedCases(barred=None, out_of_case=None)


@worlds.world
def ranked(house):
    """A round with eight applications of 100,000 kr, with SCORES."""
    of_round = applications_world.real_round("troms-ofoten-2024")
    stage = world.turn(of_round, community=house.community).stage
    for number, score in enumerate(SCORES):
        at = of_round.opens_at + timedelta(hours=number + 1)
        application = world.sent(house, of_round, at, title=f"Nr. {number}", amount=100_000)
        if score is not None:
            world.result(application, stage, total=Decimal(score))
    return of_round


@pytest.mark.parametrize("start", range(0, len(SCORES), 2))
@pytest.mark.parametrize(("frame", "within"), [(0, 0), (99_999, 0), (450_000, 4), (700_000, 7), (800_000, 8)])
def test_each_page_tells_the_same_places_and_the_same_line(house, ranked, start, frame, within, monkeypatch):
    monkeypatch.setattr(ranking, "PER_PAGE", 2)
    turn = world.turn(ranked, community=house.community)
    rows, told = ranking.page(turn, NOTHING, ranking.summary(turn, NOTHING), available=frame, start=start)
    assert told == within
    places, alike = [1, 2, 2, 2, 2, 6, 7, 7], [1, 4, 4, 4, 4, 1, 2, 2]
    assert [row.place for row in rows] == places[start : start + 2]
    assert [row.running for row in rows] == [100_000 * (start + 1), 100_000 * (start + 2)]
    assert [row.is_within for row in rows] == [start + index < within for index in range(2)]
    last = None if within == len(SCORES) else within - 1
    assert [row.is_last_within for row in rows] == [start + index == last for index in range(2)]
    assert all(row.alike == 1 or alike[start + index] > 1 for index, row in enumerate(rows))
