"""The projection ``Result``: rebuilt whole from the delivered assessments, never patched."""

from collections.abc import Iterable

from applications.models import Application
from evaluation.assessment import scoring
from evaluation.assessment.models import Assessment, Habilitet, Result
from evaluation.assessment.scoring import Mark
from evaluation.assessment.turn import Turn, turn_of
from portal.acts import act
from rounds.models import Stage


def counting(application: Application, stage: Stage) -> list[Assessment]:
    """The delivered assessments that count: not those of a person who is inhabil."""
    recused = Habilitet.objects.inhabil().filter(application=application).values("person")
    delivered = Assessment.objects.filter(application=application, stage=stage).exclude(delivered_at=None)
    return list(delivered.exclude(assessor__in=recused).prefetch_related("scores__criterion").order_by("pk"))


def marks_of(assessment: Assessment) -> dict[str, Mark]:
    """An assessment's marks by the criterion's code."""
    return {score.criterion.code: Mark(score.points, score.abstained) for score in assessment.scores.all()}


def rebuild(application: Application, turn: Turn) -> Result | None:
    """Make the application's result in the turn anew, in the caller's transaction; none without assessments."""
    assessments = counting(application, turn.stage)
    if not assessments:
        Result.objects.filter(application=application, stage=turn.stage).delete()
        return None
    found = scoring.outcome(
        [marks_of(assessment) for assessment in assessments], turn.measures, minimum_total=turn.spec.minimum_total
    )
    result, _made = Result.objects.update_or_create(
        application=application,
        stage=turn.stage,
        defaults={
            "community": application.community,
            "delivered": len(assessments),
            "total": found.total.mean,
            "median": found.total.median,
            "spread": found.total.spread,
            "must_discuss": found.must_discuss,
            "meets_thresholds": found.meets_thresholds,
        },
    )
    return result


def rebuild_all(application: Application) -> None:
    """Make the application's results anew in every stage where something is delivered."""
    delivered = Assessment.objects.filter(application=application).exclude(delivered_at=None)
    stages = Stage.objects.filter(pk__in=delivered.values("stage")).select_related("body")
    for stage in stages:
        rebuild(application, turn_of(application, stage))


@act
def rebuild_many(applications: Iterable[Application]) -> int:
    """Make the results of many applications anew; how many there were. For the command."""
    count = 0
    for application in applications:
        rebuild_all(application)
        count += 1
    return count
