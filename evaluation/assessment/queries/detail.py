"""One application with its assessments side by side, and the people of the case."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from django.db.models import F, Prefetch, QuerySet
from django.urls import reverse

from applications import submissions
from applications.models import Application, StageEntry, Submission
from applications.queries import file_links, sent_file
from applications.submissions import FileLinks
from evaluation.assessment import scoring
from evaluation.assessment.habilitet import State, state
from evaluation.assessment.models import Admission, Assessment, Assignment, Habilitet, Recommendation, Score
from evaluation.assessment.queries.deciders import deciders
from evaluation.assessment.queries.turns import turn_of
from evaluation.assessment.questions import use_of_check
from evaluation.assessment.scoring import CriterionResult, Mark, Measure
from evaluation.assessment.turn import Turn
from portal.communities.models import User
from portal.files.models import StoredFile
from portal.formats import number
from portal.twins import twin_lazy, twin_of


@dataclass(frozen=True, slots=True)
class Person:
    """A person with an assignment or a habilitet row in the case."""

    pk: int
    name: str
    state: State
    assignment_id: int | None = None
    due_date: date | None = None
    delivered_at: datetime | None = None
    habilitet: Habilitet | None = None
    # Those who decide the question about the person, while it waits.
    deciders: Sequence[User] = ()

    @property
    def decider_ids(self) -> list[int]:
        """The ids of ``deciders``."""
        return [user.pk for user in self.deciders]

    @property
    def ties(self) -> list[str]:
        """The ties that the portal showed when the person answered, as sentences."""
        return [tie["sentence"] for tie in self.habilitet.suggested] if self.habilitet else []


@dataclass(frozen=True, slots=True)
class Cell:
    """The mark and the reason of one assessor for one criterion."""

    mark: Mark
    reason: str


NO_SCORE = Cell(Mark(), "")


@dataclass(frozen=True, slots=True)
class Line:
    """One criterion with a cell of each assessor; ``measure`` and ``result`` are None when it is judged in words."""

    code: str
    title: str
    measure: Measure | None
    cells: tuple[Cell, ...]
    result: CriterionResult | None

    def step(self, points: Decimal) -> int:
        """How high the points are on the scale of the criterion, in five steps from 1."""
        if self.measure is None or self.measure.maximum == self.measure.minimum:
            return 1
        share = (points - self.measure.minimum) / (self.measure.maximum - self.measure.minimum)
        return 1 + round(share * 4)


@dataclass(frozen=True, slots=True)
class Comparison:
    """The delivered assessments side by side."""

    assessors: tuple[str, ...] = ()
    totals: tuple[Decimal | None, ...] = ()
    lines: tuple[Line, ...] = ()
    outcome: scoring.Outcome | None = None
    comments: tuple[tuple[str, str], ...] = field(default_factory=tuple)

    @property
    def is_by_points(self) -> bool:
        """Whether a criterion has points; else each is judged in words alone."""
        return any(line.measure for line in self.lines)

    @property
    def columns(self) -> list[tuple[str, Decimal | None]]:
        """Each assessor with the assessor's total."""
        return list(zip(self.assessors, self.totals, strict=True))

    @property
    def is_below(self) -> bool:
        """Whether the points are below a threshold of the stage."""
        return self.outcome is not None and not self.outcome.meets_thresholds

    @property
    def to_discuss(self) -> list[str]:
        """The titles of the criteria that the assessors must discuss."""
        return [line.title for line in self.lines if line.result and line.result.must_discuss]


def assessment_of(application: Application, turn: Turn, user_id: int) -> Assessment | None:
    """The person's assessment in the turn with its scores; None when it is not begun. Two queries."""
    scores = Prefetch("scores", Score.objects.select_related("criterion"))
    assessments = Assessment.objects.filter(application=application, stage=turn.stage, assessor=user_id)
    return assessments.prefetch_related(scores).first()


class _Delivered(NamedTuple):
    pk: int
    assessor: str
    total: Decimal | None
    comment: str


def comparison(application: Application, turn: Turn) -> Comparison:
    """The assessments that count, by criterion and assessor; two queries."""
    recused = Habilitet.objects.inhabil().filter(application=application).values("person")
    delivered = (
        Assessment.objects.filter(application=application, stage=turn.stage, delivered_at__isnull=False)
        .exclude(assessor__in=recused)
        .order_by("assessor__name", "pk")
        .values_list("pk", "assessor__name", "total", "comment")
    )
    assessments = [_Delivered(*row) for row in delivered]
    if not assessments:
        return Comparison()
    of_these = Score.objects.filter(assessment__in=[assessment.pk for assessment in assessments])
    scores = {
        (pk, code): Cell(Mark(points, abstained), reason)
        for pk, code, points, abstained, reason in of_these.values_list(
            "assessment_id", "criterion__code", "points", "abstained", "reason"
        )
    }
    marks = [
        {code: cell.mark for (pk, code), cell in scores.items() if pk == assessment.pk} for assessment in assessments
    ]
    outcome = scoring.outcome(marks, turn.measures, minimum_total=turn.spec.minimum_total)
    return Comparison(
        assessors=tuple(assessment.assessor for assessment in assessments),
        totals=tuple(assessment.total for assessment in assessments),
        lines=_lines(turn, [assessment.pk for assessment in assessments], scores, outcome),
        outcome=outcome,
        comments=tuple((item.assessor, item.comment) for item in assessments if item.comment),
    )


def points_given(application: Application) -> list[dict[str, str]]:
    """The points of each criterion in the last stage in which the application was assessed: their mean, and the most.

    As they are written, the weight left out; empty when nobody has given points.
    """
    entries = application.stage_entries.select_related("stage__body", "stage__round", "community")
    for entry in reversed(entries):
        lines = comparison(application, turn_of(application, entry.stage)).lines
        given = [line for line in lines if line.measure and line.result and line.result.middle.mean is not None]
        if given:
            return [
                {"title": line.title, "points": number(line.result.middle.mean), "of": number(line.measure.maximum)}
                for line in given
                if line.result and line.measure
            ]
    return []


def _lines(
    turn: Turn, assessment_ids: Sequence[int], scores: dict[tuple[int, str], Cell], outcome: scoring.Outcome
) -> tuple[Line, ...]:
    measures = {measure.code: measure for measure in turn.measures}
    results = {result.code: result for result in outcome.criteria}
    lines = []
    for item in turn.judged:
        cells = tuple(scores.get((pk, item.code), NO_SCORE) for pk in assessment_ids)
        lines.append(Line(item.code, item.title, measures.get(item.code), cells, results.get(item.code)))
    return tuple(lines)


def people(application: Application, turn: Turn, day: date) -> list[Person]:
    """Everyone with an assignment in the turn, and everyone whose habilitet was asked or decided.

    Two queries, and those of ``deciders`` while a question waits.
    """
    assigned = assignments(application, turn).annotate(name=F("assessor__name")).order_by()
    given = {item.assessor_id: item for item in assigned}
    rows = application.habilitet.annotate(name=F("person__name")).select_related("raised_by").order_by()
    asked = {item.person_id: item for item in rows}
    waiting = [item for item in asked.values() if item.is_pending]
    for item in waiting:
        item.application = application
    able = deciders(waiting, day)
    names = {pk: item.name for pk, item in (given | asked).items()}
    persons = []
    for pk, name in sorted(names.items(), key=lambda pair: (pair[1], pair[0])):
        assignment, own_row = given.get(pk), asked.get(pk)
        persons.append(
            Person(
                pk=pk,
                name=name,
                state=state(
                    is_pending=own_row.is_pending if own_row else None,
                    is_recused=own_row.is_recused if own_row else None,
                ),
                assignment_id=assignment.pk if assignment else None,
                due_date=assignment.due_date if assignment else None,
                delivered_at=assignment.delivered_at if assignment else None,
                habilitet=own_row,
                deciders=able.get(own_row.pk, ()) if own_row else (),
            )
        )
    return persons


def recommendation(application: Application, turn: Turn) -> Recommendation | None:
    """The recommendation for the application in the stage of the turn; one query."""
    return Recommendation.objects.filter(application=application, priority_list__stage=turn.stage).order_by().first()


def admissions(application: Application) -> QuerySet[Admission]:
    """The checks of the application in its stages, the first one first; one query."""
    return application.admissions.select_related("stage", "decided_by")


def why_check_stands(application: Application, entry: StageEntry) -> str:
    """Why the outcome of the check in the stage can no longer be taken back, as a sentence; empty when it can."""
    if not application.admissions.filter(stage=entry.stage_id).exists():
        return twin_of(twin_lazy("Søknaden er ikke kontrollert ennå."), application.noun_context)
    if Assignment.objects.filter(application=application, stage=entry.stage_id).exists():
        return twin_of(
            twin_lazy("Søknaden er fordelt til vurdering. Ta av dem som skal vurdere den, før kontrollen gjøres om."),
            application.noun_context,
        )
    if Recommendation.objects.filter(application=application, priority_list__stage=entry.stage_id).exists():
        return twin_of(
            twin_lazy("Søknaden er satt opp på listen, så kontrollen kan ikke gjøres om."), application.noun_context
        )
    return use_of_check(application.pk)


def assignments(application: Application, turn: Turn) -> QuerySet[Assignment]:
    """The assignments of the application in the stage of the turn."""
    return Assignment.objects.filter(application=application, stage=turn.stage)


def newest_without_content(application: Application) -> Submission | None:
    """The version that was sent last, its number and its time alone; None when nothing is sent. One query."""
    return application.submissions.select_related(None).only("application", "version", "submitted_at").newest()


def newest(application: Application) -> Submission | None:
    """The version that was sent last, with its content; None when nothing is sent."""
    return application.submissions.newest()


def shown(submission: Submission, code: str) -> submissions.Shown:
    """The version as a page shows it, its attachments with addresses in this room."""
    return submissions.view_of(submission.snapshot, file_links=links_to_files(submission, code))


def links_to_files(submission: Submission, code: str) -> FileLinks:
    """What makes the attachments of the version links in this room; one query."""
    return file_links(submission.snapshot, _file_url(code, submission.version))


def _file_url(code: str, version: int) -> Callable[[int], str]:
    return lambda number: reverse("assessment:attachment", args=[code, version, number])


def file_of(application: Application, version: int, number: int) -> StoredFile | None:
    """The attachment with the number in the version; None when there is none."""
    submission = application.submissions.filter(version=version).first()
    return sent_file(submission, number) if submission else None
