"""The points of many applications at once: each criterion across the assessors, and the total of each assessor."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Exists, OuterRef

from evaluation.assessment import scoring
from evaluation.assessment.models import Habilitet, Score
from evaluation.assessment.scoring import CriterionResult, Mark
from evaluation.assessment.turn import Turn


@dataclass(frozen=True, slots=True)
class Marks:
    """The delivered assessments of one application that count.

    ``criteria`` are in the order of the stage's scored criteria; ``totals`` (0–100) are the assessors', lowest first.
    """

    criteria: tuple[CriterionResult, ...] = ()
    totals: tuple[Decimal, ...] = ()


NO_MARKS = Marks()


def by_application(turn: Turn, applications: Collection[int]) -> dict[int, Marks]:
    """The marks of these applications in the stage, by their ids; those that nobody has assessed are left out.

    One query; none for a stage that gives no points.
    """
    if not turn.measures or not applications:
        return {}
    marks: dict[int, dict[int, dict[str, Mark]]] = defaultdict(lambda: defaultdict(dict))
    totals: dict[int, Decimal] = {}
    for application, assessment, total, code, points, abstained in _counting(turn, applications):
        marks[application][assessment][code] = Mark(points, abstained)
        if total is not None:
            totals[assessment] = total
    return {
        application: Marks(
            criteria=tuple(
                scoring.criterion_result(measure, [given.get(measure.code, Mark()) for given in of_each.values()])
                for measure in turn.measures
            ),
            totals=tuple(sorted(totals[assessment] for assessment in of_each if assessment in totals)),
        )
        for application, of_each in marks.items()
    }


def _counting(turn: Turn, applications: Collection[int]) -> list[tuple[int, int, Decimal | None, str, Decimal, bool]]:
    """The scores of delivered assessments, but those of a person who is inhabil in the application."""
    recused = Habilitet.objects.inhabil().filter(
        application=OuterRef("assessment__application"), person=OuterRef("assessment__assessor")
    )
    scores = Score.objects.filter(
        ~Exists(recused),
        assessment__application__in=applications,
        assessment__stage=turn.stage,
        assessment__delivered_at__isnull=False,
        criterion__code__in=[measure.code for measure in turn.measures],
    )
    fields = ("assessment__application_id", "assessment_id", "assessment__total", "criterion__code")
    return list(scores.order_by("assessment_id").values_list(*fields, "points", "abstained"))
