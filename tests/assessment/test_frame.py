"""One frame, several rounds (R6): what other rounds have granted is taken from it."""

from datetime import timedelta

import pytest

from evaluation.assessment.services import declaring, freezing, prioritising
from evaluation.assessment.turn import turn_url
from evaluation.decisions.models import Decision
from evaluation.decisions.services import deciding
from rounds.questions import frame_state
from tests import factories
from tests.applications import world as applications_world
from tests.assessment import world
from tests.harness import worlds

pytestmark = pytest.mark.django_db


@worlds.world
def spring(house):
    return applications_world.real_round("troms-ofoten-2024")


@worlds.world
def autumn(spring):
    """A second round of the year, under the same frame."""
    data = {**factories.definition("troms-ofoten-2024").to_data(), "code": "troms-ofoten-2024-host"}
    return factories.round_of(type(spring.spec).model_validate(data))


def granted(house, of_round, amount):
    at = of_round.closes_at + timedelta(days=30)
    application = world.sent(house, of_round, at, amount=amount, status="prioritised")
    return deciding.decide(application, outcome="granted", amount=amount, reason="Ja.", by=house.secretary, at=at)


@pytest.mark.requirement("R6")
def test_what_other_rounds_have_granted_is_taken_from_the_frame(house, spring, autumn):
    granted(house, spring, 10_000_000)
    granted(house, autumn, 500_000)
    turn = world.turn(autumn, community=house.community)
    assert (turn.frame, turn.spent, turn.available) == (18_000_000, 10_000_000, 8_000_000)


def test_replaced_decisions_and_withdrawn_awards_do_not_count(house, spring, autumn):
    first, second, third = (granted(house, spring, amount) for amount in (1_000_000, 2_000_000, 4_000_000))
    Decision.objects.filter(pk=first.pk).update(replaced_at=first.decided_at)
    second.application.status = "withdrawn"
    second.application.save()
    assert frame_state(autumn).granted_elsewhere == third.amount


def test_more_than_the_frame_leaves_nothing(house, spring, autumn):
    granted(house, spring, 18_000_001)
    turn = world.turn(autumn, community=house.community)
    assert (turn.available, turn.left, frame_state(autumn).over) == (0, -1, 1)


@pytest.mark.requirement("R6")
def test_ranking_says_what_is_used_and_draws_the_line_by_what_is_left(house, spring, autumn, client):
    granted(house, spring, 17_000_000)
    at = autumn.closes_at + timedelta(days=1)
    for title in ("En", "To", "Tre"):
        world.sent(house, autumn, at, title=title, amount=500_000)
    turn = world.turn(autumn, community=house.community)
    client.force_login(house.secretary)
    answer = client.get(turn_url(turn, "board"))
    words = "Brukt i tidligere runder: 17\u00a0000\u00a0000\u00a0kr. Igjen av rammen på 18\u00a0000\u00a0000\u00a0kr: "
    assert f"{words}1\u00a0000\u00a0000\u00a0kr." in answer.content.decode()
    assert [(row.is_within, row.is_last_within) for row in answer.context["rows"]] == [
        (True, False),
        (True, True),
        (False, False),
    ]


def test_no_line_when_everything_is_within(house, spring, client):
    world.sent(house, spring, spring.closes_at, amount=500_000)
    client.force_login(house.secretary)
    answer = client.get(turn_url(world.turn(spring, community=house.community), "board"))
    assert [(row.is_within, row.is_last_within) for row in answer.context["rows"]] == [(True, False)]
    assert "Brukt i tidligere runder" not in answer.content.decode()


@pytest.mark.fault("B5")
def test_the_page_tells_by_how_much_the_frame_is_passed(house, spring, autumn, client):
    granted(house, spring, 20_000_000)
    at = autumn.closes_at + timedelta(days=1)
    world.sent(house, autumn, at, title="En", amount=500_000)
    turn = world.turn(autumn, community=house.community)
    client.force_login(house.secretary)

    def told():
        page = client.get(turn_url(turn, "board")).content.decode().replace("\u00a0", " ")
        assert "Brukt i tidligere runder: 20 000 000 kr. Det er 2 000 000 kr over rammen på 18 000 000 kr" in page
        assert "2 500 000 kr over" in page
        return page

    assert "Søkt av rammen" in told()
    prioritising.set_up(turn, by=house.secretary, at=at)
    world.recommend(turn, autumn.applications.get(), house.secretary, at, amount=500_000)
    page = told()
    assert "andre runder har alt gått 2 000 000 kr over rammen på 18 000 000 kr. Til sammen blir det" in page


@pytest.mark.fault("A3")
@pytest.mark.parametrize("has_list", [True, False])
def test_what_other_rounds_have_granted_is_no_figure_for_one_to_whom_it_is_closed(
    has_list, house, spring, autumn, frozen_clock, sign_in
):
    """The closed application is in another round: with one award there, the sum is its amount."""
    decision = granted(house, spring, 10_000_000)
    at = autumn.closes_at + timedelta(days=30)
    frozen_clock.move_to(at)
    world.sent(house, autumn, at)
    turn = world.turn(autumn, community=house.community)
    if has_list:
        prioritising.set_up(turn, by=house.secretary, at=at)
    figures = ("10\u00a0000\u00a0000", "8\u00a0000\u00a0000")

    def told():
        shown = sign_in(house.hospital_secretary).get(turn_url(turn, "board")).content.decode()
        return [figure for figure in figures if figure in shown]

    before = told()
    words = {"has_tie": True, "ground": "other", "explanation": "Nabo."}
    declaring.declare(decision.application, **words, by=house.hospital_secretary, at=at)
    assert (before, told()) == (list(figures), [])


@pytest.mark.fault("A3")
def test_pages_of_locking_and_of_the_locked_list_tell_no_sum_of_it_either(house, spring, autumn, frozen_clock, sign_in):
    decision = granted(house, spring, 17_900_000)
    at = autumn.closes_at + timedelta(days=30)
    frozen_clock.move_to(at)
    application = world.sent(house, autumn, at, amount=500_000)
    turn = world.turn(autumn, community=house.community)
    prioritising.set_up(turn, by=house.secretary, at=at)
    world.recommend(turn, application, house.secretary, at, amount=500_000)
    world.do_tasks(turn, house.secretary, at)
    said = "400\u00a0000\u00a0kr over det som er igjen av rammen, 100\u00a0000\u00a0kr"

    def tells(page):
        answer = sign_in(house.hospital_secretary).get(turn_url(turn, page))
        return (answer.status_code, said in answer.content.decode(), "17\u00a0900\u00a0000" in answer.content.decode())

    assert tells("freeze")[:2] == (200, True)
    declared = {"has_tie": True, "ground": "other", "explanation": "Nabo."}
    declaring.declare(decision.application, **declared, by=house.hospital_secretary, at=at)
    assert tells("freeze") == (200, False, False)
    freezing.freeze(turn, by=house.secretary, at=at)
    assert tells("list") == (200, False, False)
    assert said in sign_in(house.secretary).get(turn_url(turn, "list")).content.decode()
