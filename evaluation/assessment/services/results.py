"""The rows of ``Result``: each is calculated from all delivered assessments, and never changed in part.

The stage entry gets a copy of the total, which the ranking sorts by."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from applications.models import Application
from applications.services.status import score
from evaluation.assessment import scoring
from evaluation.assessment.models import Assessment, Habilitet, Result
from evaluation.assessment.queries.turns import turn_of
from evaluation.assessment.scoring import Mark, Outcome
from evaluation.assessment.turn import Turn
from portal.acts import act, upsert
from rounds.models import Stage


def counting(application: Application, stage: Stage) -> list[Assessment]:
    """The delivered assessments that count; those of a person who is inhabil do not."""
    recused = Habilitet.objects.inhabil().filter(application=application).values("person")
    delivered = Assessment.objects.filter(application=application, stage=stage).exclude(delivered_at=None)
    return list(delivered.exclude(assessor__in=recused).prefetch_related("scores__criterion").order_by("pk"))


def marks_of(assessment: Assessment) -> dict[str, Mark]:
    """The marks of an assessment, by the code of the criterion."""
    return {score.criterion.code: Mark(score.points, score.abstained) for score in assessment.scores.all()}


def summed(outcome: Outcome, totals: Iterable[Decimal]) -> dict[str, Any]:
    """What a row of ``Result`` holds of the outcome and of the assessors' totals."""
    return {
        "total": outcome.total.mean,
        "median": outcome.total.median,
        "spread": outcome.total.spread,
        "must_discuss": outcome.must_discuss,
        "meets_thresholds": outcome.meets_thresholds,
        "criteria": {
            item.code: [str(item.middle.mean), str(item.middle.spread)]
            for item in outcome.criteria
            if item.middle.count
        },
        "totals": [str(total) for total in sorted(totals)],
    }


def rebuild(application: Application, turn: Turn) -> Result | None:
    """Calculate the application's result in the turn, in the caller's transaction; no assessments give no result."""
    assessments = counting(application, turn.stage)
    if not assessments:
        Result.objects.filter(application=application, stage=turn.stage).delete()
        score(application, turn.stage, total=None, must_discuss=False)
        return None
    outcome = scoring.outcome(
        [marks_of(assessment) for assessment in assessments], turn.measures, minimum_total=turn.spec.minimum_total
    )
    totals = [assessment.total for assessment in assessments if assessment.total is not None]
    values = {"community": application.community, "delivered": len(assessments), **summed(outcome, totals)}
    result, _is_new = upsert(Result.objects.all(), {"application": application, "stage": turn.stage}, values)
    score(application, turn.stage, total=outcome.total.mean, must_discuss=outcome.must_discuss)
    return result


def rebuild_all(application: Application) -> None:
    """Calculate the application's result in every stage where an assessment is delivered."""
    delivered = Assessment.objects.filter(application=application).exclude(delivered_at=None)
    stages = Stage.objects.filter(pk__in=delivered.values("stage")).select_related("body")
    for stage in stages:
        rebuild(application, turn_of(application, stage))


@act
def rebuild_many(applications: Iterable[Application]) -> int:
    """Calculate the results of many applications, for the command; returns the number of applications."""
    count = 0
    for application in applications:
        rebuild_all(application)
        count += 1
    return count
