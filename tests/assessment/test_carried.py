"""What stage entries and assignments carry for the lists is what the rows that it was copied from say."""

from datetime import timedelta
from decimal import Decimal

import pytest

from applications.models import UNSCORED
from applications.services import correcting, rows, submitting
from evaluation.assessment.models import Assignment
from evaluation.assessment.services import assessing, freezing, prioritising, results
from tests import stages
from tests.assessment import world
from tests.habilitet import decide_about
from tests.harness import worlds

pytestmark = pytest.mark.django_db


def carried(application):
    """Status, amount and points in the newest stage entry."""
    entry = application.stage_entries.last()
    return entry.status, entry.requested_amount, entry.total


@worlds.world
def scored(house, local, application, at):
    """The application with one delivered assessment."""
    return world.deliver(application, local, house.assessor, at, points=3, by=house.secretary)


def test_a_correction_carries_status_and_amount(house, northern, at):
    application = world.sent(house, northern, at, status="submitted", amount=100_000)
    assert carried(application) == ("submitted", 100_000, UNSCORED)
    due = at + timedelta(days=7)
    correcting.request_correction(application, ["plan"], "Planen mangler.", due, by=house.secretary, at=at)
    assert carried(application) == ("correction", 100_000, UNSCORED)
    rows.save_amount(application, 250_000, base=100_000, by=application.created_by, at=at)
    assert carried(application) == ("correction", 250_000, UNSCORED)
    submitting.withdraw(application, by=house.applicant, at=at)
    assert (carried(application), stages.carried_wrongly()) == (("withdrawn", 250_000, UNSCORED), [])


def test_a_delivery_is_carried_by_the_assignment_and_the_entry(house, local, scored, at):
    points = scored.application.results.get().total
    assert (carried(scored.application)[2], Assignment.objects.get().delivered_at) == (points, scored.delivered_at)
    assert points > Decimal(0)
    assert stages.carried_wrongly() == []


def test_an_assessment_that_is_taken_back_is_not_carried(house, local, scored, at):
    assessing.take_back(scored, local, reason="Feil søknad.", by=house.assessor, at=at)
    assert (carried(scored.application)[2], Assignment.objects.get().delivered_at) == (UNSCORED, None)
    assert stages.carried_wrongly() == []


def test_points_that_no_longer_count_are_not_carried(house, local, scored, at):
    words = {"is_recused": True, "ground": "other", "reason": "Gift med leder.", "by": house.secretary, "at": at}
    decide_about(scored.application, house.assessor, **words)
    assert (carried(scored.application)[2], stages.carried_wrongly()) == (UNSCORED, [])


def test_results_that_are_calculated_again_put_right_what_is_carried(scored):
    points = scored.application.results.get().total
    scored.application.stage_entries.update(total=Decimal(1), must_discuss=True)
    assert len(stages.carried_wrongly()) == 1
    results.rebuild_many([scored.application])
    assert (carried(scored.application)[2], stages.carried_wrongly()) == (points, [])


def test_a_lock_and_a_later_stage_carry_the_status(house, local, regional, scored, at):
    world.frozen(local, house.secretary, at)
    assert carried(scored.application)[0] == "prioritised"
    freezing.unlock(local, reason="Feil rekkefølge.", by=house.secretary, at=at)
    assert (carried(scored.application)[0], stages.carried_wrongly()) == ("admitted", [])
    assert [row.rank for row in prioritising.lock_open_list(local).recommendations.all()] == [1]
