"""What stands in the way of cancelling a round: an award or a refusal in force of the stage that decides, alone."""

import pytest

from evaluation.decisions.models import Decision
from evaluation.decisions.queries import is_decided_in
from evaluation.decisions.services.deciding import decide, decide_from_minutes
from evaluation.meetings.models import Case, CaseStatus
from tests.decisions.world import adopted
from tests.world import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.fault("D3")]

OUTCOMES = {
    ("granted", 1_000_000): True,
    ("partly_granted", 500_000): True,
    ("rejected", None): True,
    ("not_prioritised", None): True,
    ("postponed", None): False,
}


@pytest.mark.parametrize("is_registered", [False, True])
@pytest.mark.parametrize("outcome", OUTCOMES)
def test_what_is_given_or_refused_counts_and_what_is_put_off_does_not(outcome, is_registered, house):
    world = adopted(house, [outcome])
    Case.objects.update(status=CaseStatus.DECIDED)
    if is_registered:
        decide_from_minutes(world.meeting, by=house.secretary, at=NOW)
    assert is_decided_in(world.round) == OUTCOMES[outcome]


def test_a_decision_that_is_replaced_and_what_the_check_turned_away_do_not_count(house):
    world = adopted(house)
    Case.objects.update(status=CaseStatus.DECIDED)
    (made,) = decide_from_minutes(world.meeting, by=house.secretary, at=NOW)
    Decision.objects.filter(pk=made.pk).update(replaced_at=NOW)
    assert not is_decided_in(world.round)
    (application,) = world.applications
    type(application).objects.update(status="not_admitted")
    application.refresh_from_db()
    words = {"outcome": "not_admitted", "amount": None, "reason": "Kom for sent.", "by": house.secretary, "at": NOW}
    assert (decide(application, **words).outcome, is_decided_in(world.round)) == ("not_admitted", False)


def test_what_a_stage_that_recommends_has_resolved_does_not_count(house):
    world = adopted(house)
    Case.objects.update(status=CaseStatus.DECIDED)
    assert is_decided_in(world.round)
    stage = world.priority_list.stage
    type(stage).objects.filter(pk=stage.pk).update(code="earlier")
    assert not is_decided_in(world.round)
