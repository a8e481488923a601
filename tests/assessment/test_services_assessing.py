"""Scores are drafted, delivered once, and summed up in the same transaction."""

from decimal import Decimal

import pytest
from django.core.management import call_command

from applications.models import Application
from applications.services import submitting
from evaluation.assessment import scoring
from evaluation.assessment.models import Assessment, Result, Score
from evaluation.assessment.services import assessing, assigning, results
from evaluation.assessment.services.assessing import Given
from evaluation.assessment.services.prioritising import FrozenListError
from portal import snapshots
from portal.journal.models import LogEntry
from tests.assessment import world
from tests.habilitet import decide_about
from tests.harness import worlds

pytestmark = pytest.mark.django_db


@worlds.world
def begun(application, local, assessor, secretary, at):
    world.assign(application, local, assessor, secretary, at)
    return assessing.begin(application, local, by=assessor, at=at)


def deliver(assessment, turn, at, **by_code):
    marks = world.given(turn, **by_code)
    return assessing.deliver(assessment, turn, marks, comment="Samlet sett godt.", by=assessment.assessor, at=at)


def test_draft_is_saved_unfinished_and_shows_the_total_so_far(begun, local, at):
    total = assessing.save(begun, local, {"purpose": Given(Decimal(3))}, comment="", by=begun.assessor, at=at)
    assert (total.value, len(total.missing)) == (Decimal("100.00"), len(local.measures) - 1)
    assert Score.objects.get(assessment=begun, criterion__code="purpose").points == 3
    assert Result.objects.count() == 0


def test_saving_again_overwrites(begun, local, at):
    for points in (3, 2):
        assessing.save(begun, local, {"purpose": Given(Decimal(points))}, comment="", by=begun.assessor, at=at)
    assert Score.objects.get(assessment=begun, criterion__code="purpose").points == 2
    assert Score.objects.filter(assessment=begun).count() == len(local.judged)


def test_points_off_the_scale_are_refused(begun, local, at):
    with pytest.raises(assessing.AssessingError, match="velg poeng på skalaen"):
        assessing.save(begun, local, {"purpose": Given(Decimal("2.5"))}, comment="", by=begun.assessor, at=at)


def test_unfinished_is_not_delivered_but_saved(begun, local, at):
    marks = {"purpose": Given(Decimal(2)), "benefit": Given(abstained=True), "spread": Given(Decimal(3), reason="Ja.")}
    with pytest.raises(assessing.UnfinishedError) as error:
        assessing.deliver(begun, local, marks, comment="", by=begun.assessor, at=at)
    titles = {item.code: item.title for item in local.judged}
    assert error.value.fields == {
        "purpose": f"«{titles['purpose']}»: skriv en kort begrunnelse.",
        "resources": f"«{titles['resources']}»: velg poeng, eller at du avstår.",
        "plan": f"«{titles['plan']}»: velg poeng, eller at du avstår.",
        "involvement": f"«{titles['involvement']}»: velg poeng, eller at du avstår.",
    }
    assert Score.objects.get(assessment=begun, criterion__code="purpose").points == 2


def test_delivery_freezes_the_total_and_makes_the_result(begun, local, at):
    delivered = deliver(begun, local, at, points=3)
    result = Result.objects.get(application=begun.application, stage=local.stage)
    assert (delivered.total, delivered.delivered_at) == (result.total, at)
    assert (result.delivered, result.spread, result.must_discuss) == (1, Decimal("0.00"), False)
    assert LogEntry.objects.filter(act="assessment.delivered").count() == 1


def test_second_delivery_is_a_named_error(begun, local, at):
    deliver(begun, local, at)
    with pytest.raises(assessing.AlreadyDeliveredError):
        deliver(begun, local, at)
    with pytest.raises(assessing.AlreadyDeliveredError):
        assessing.save(begun, local, {}, comment="", by=begun.assessor, at=at)
    assert LogEntry.objects.filter(act="assessment.delivered").count() == 1


def test_result_equals_the_arithmetic_on_raw_rows(application, local, house, secretary, at):
    for person, points in ((house.assessor, 0), (house.chair, 2), (house.user_member, 3)):
        world.deliver(application, local, person, at, points, by=secretary, plan=Given(abstained=True))
    raw = [
        {
            score.criterion.code: scoring.Mark(score.points, score.abstained)
            for score in Score.objects.filter(assessment=assessment).select_related("criterion")
        }
        for assessment in Assessment.objects.all()
    ]
    outcome = scoring.outcome(raw, local.measures, minimum_total=local.spec.minimum_total)
    result = Result.objects.get()
    assert (result.total, result.median, result.spread) == (
        outcome.total.mean,
        outcome.total.median,
        outcome.total.spread,
    )
    assert (result.delivered, result.must_discuss, result.meets_thresholds) == (3, True, outcome.meets_thresholds)


@pytest.mark.parametrize(("minimum", "is_met"), [(None, True), ("66", True), ("67", False)])
def test_a_total_below_the_minimum_of_the_stage_is_marked(house, application, local, secretary, at, minimum, is_met):
    """Two of three points in everything are 66.67 of 100."""
    data = local.round.spec.to_data()
    data["stages"][0]["minimum_total"] = minimum
    data["criteria"] = [{**item, "threshold": None} for item in data["criteria"]]
    local.round.__dict__["spec"] = type(local.round.spec).model_validate(data)
    application.round = local.round
    world.deliver(application, local, house.assessor, at, 2, by=secretary)
    result = Result.objects.get()
    assert (result.total, result.meets_thresholds) == (Decimal("66.67"), is_met)


def test_inhabil_assessors_scores_no_longer_count(application, local, house, secretary, at):
    world.deliver(application, local, house.assessor, at, 1, by=secretary)
    world.deliver(application, local, house.chair, at, 3, by=secretary)
    decide_about(
        application, house.assessor, is_recused=True, ground="party", reason="Nær familie.", by=secretary, at=at
    )
    result = Result.objects.get()
    assert (result.delivered, result.total) == (1, Decimal("100.00"))
    decide_about(application, house.chair, is_recused=True, ground="party", reason="Nær familie.", by=secretary, at=at)
    assert Result.objects.count() == 0


def test_results_can_be_rebuilt_from_the_rows(application, local, house, secretary, at):
    world.deliver(application, local, house.assessor, at, 2, by=secretary)
    before = Result.objects.values_list("total", "median", "spread", "delivered").get()
    Result.objects.update(total=None, median=None, delivered=9)
    assert results.rebuild_many(Application.objects.all()) == 1
    assert Result.objects.values_list("total", "median", "spread", "delivered").get() == before


def test_new_version_must_be_read_before_delivery(begun, local, at):
    newest = world.freeze(begun.application, at)
    with pytest.raises(assessing.NewVersionError):
        deliver(begun, local, at)
    read = assessing.read_new_version(begun, by=begun.assessor, at=at)
    assert read.submission == newest
    assert deliver(read, local, at).delivered_at == at


def test_delivery_after_the_freeze_is_a_named_error(begun, local, secretary, at):
    world.frozen(local, secretary, at)
    with pytest.raises(FrozenListError):
        deliver(begun, local, at)
    assert Assessment.objects.get(pk=begun.pk).delivered_at is None


def test_delivery_of_a_withdrawn_application_is_a_named_error(begun, local, at):
    submitting.withdraw(begun.application, by=begun.application.created_by, at=at)
    with pytest.raises(assessing.AssessingError):
        deliver(begun, local, at)


def test_delivery_after_the_assignment_is_taken_away(begun, local, secretary, at):
    assigning.unassign(begun.application.assignments.get(), by=secretary, at=at)
    with pytest.raises(assessing.NotAssignedError):
        deliver(begun, local, at)


def test_freeze_between_reading_and_delivering(begun, local, secretary, at, monkeypatch):
    """The assessor's page is open when the list is frozen; the delivery finds the lock, not half a freeze."""
    marks = world.given(local)
    assessing.save(begun, local, marks, comment="", by=begun.assessor, at=at)
    frozen = world.frozen(local, secretary, at)
    with pytest.raises(FrozenListError):
        assessing.deliver(begun, local, marks, comment="", by=begun.assessor, at=at)
    assert frozen.snapshot["rows"][0]["delivered"] == 0
    assert Result.objects.count() == 0
    assert snapshots.frozen(frozen.snapshot) == frozen.snapshot


def test_command_rebuilds_one_round(application, local, house, secretary, at, capsys):
    world.deliver(application, local, house.assessor, at, 2, by=secretary)
    Result.objects.all().delete()
    call_command("rebuild_results", round="another")
    assert Result.objects.count() == 0
    call_command("rebuild_results", round=local.round.code)
    assert Result.objects.get().total == Decimal("66.67")
    assert capsys.readouterr().out.splitlines()[-1] == "1 søknader regnet ut på nytt."
