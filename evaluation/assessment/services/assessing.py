"""The work of an assessor: scores are drafted, saved while they are written, and delivered once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from applications.models import Application
from evaluation.assessment import scoring
from evaluation.assessment.models import Assessment, Assignment, Score
from evaluation.assessment.queries import turns
from evaluation.assessment.queries.desk import of_person
from evaluation.assessment.scoring import Mark
from evaluation.assessment.services.prioritising import lock_open_list
from evaluation.assessment.services.results import marks_of, rebuild
from evaluation.assessment.turn import Turn
from portal.acts import act, held
from portal.cells import Base
from portal.clock import local_date
from portal.communities.models import User
from portal.errors import ConflictError, DomainError
from portal.journal import services as journal
from portal.writing import merged


@dataclass(frozen=True, slots=True)
class Given:
    """The points, the abstention and the reason that the assessor has given for a criterion so far."""

    points: Decimal | None = None
    abstained: bool = False
    reason: str = ""

    @property
    def mark(self) -> Mark:
        """The points or the abstention without the reason, as ``scoring`` takes them."""
        return Mark(self.points, self.abstained)


# What the field for the points holds when the assessor abstains.
ABSTAIN = "abstain"


def cells_of(given: Mapping[str, Given], comment: str) -> dict[str, str]:
    """What the fields of the page hold, by their names: «points-CODE», «reason-CODE» and «comment»."""
    cells = {"comment": comment.strip()}
    for code, item in given.items():
        points = "" if item.points is None else f"{item.points.normalize():f}"
        cells[f"points-{code}"] = ABSTAIN if item.abstained else points
        cells[f"reason-{code}"] = item.reason.strip()
    return cells


def given_in(scores: Iterable[Score]) -> dict[str, Given]:
    """What is stored of an assessment, by the code of the criterion; ``scores`` come with their criteria."""
    return {score.criterion.code: Given(score.points, score.abstained, score.reason) for score in scores}


class AssessingError(DomainError):
    """The assessment cannot be saved or delivered as it is."""


class UnfinishedError(AssessingError):
    """Criteria lack points or a reason; ``fields`` maps the code of a criterion to a sentence on what it lacks."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__(_("Vurderingen er ikke ferdig. Se hva som mangler under hvert kriterium."))
        self.fields = dict(fields)


class AlreadyDeliveredError(ConflictError):
    """The assessment is delivered and cannot be changed."""


class WrittenElsewhereError(ConflictError):
    """The assessor has written in the same fields on another page; ``stored`` has their texts by the name."""

    def __init__(self, stored: Mapping[str, str]) -> None:
        super().__init__(
            _(
                "Du har endret det samme på en annen side, så ingenting er lagret herfra. Det som er lagret, står ved "
                "feltene. Lagre en gang til for å bruke det som står i feltene her."
            )
        )
        self.stored = dict(stored)


class NewVersionError(ConflictError):
    """A new version of the application has been sent since the assessor read it."""


class NotAssignedError(ConflictError):
    """The application is no longer assigned to the assessor."""


def begin(application: Application, turn: Turn, *, by: User, at: datetime, version: int | None = None) -> Assessment:
    """The assessor's assessment in the turn; when there is none, a new one of the version that the assessor has read.

    ``version`` is the number of that version: the assessor's screen may show an older version than the one sent last.
    Without it, the version sent last is meant.
    """
    assessment = Assessment.objects.filter(application=application, stage=turn.stage, assessor=by).first()
    if assessment:
        return assessment
    sent = application.submissions.all()
    read = sent.filter(version=version).first() if version else None
    assessment, _made = Assessment.objects.get_or_create(
        application=application,
        stage=turn.stage,
        assessor=by,
        defaults={"submission": read or sent.current(), "updated_at": at},
    )
    return assessment


@act
def save(
    assessment: Assessment,
    turn: Turn,
    given: Mapping[str, Given],
    *,
    comment: str,
    base: Base | None = None,
    by: User,
    at: datetime,
) -> scoring.Total:
    """Save the draft, finished or not, and return the running total.

    With ``base``, the versions of what the page showed, only what was changed on the page is written. Raises
    WrittenElsewhereError when another page has changed the same, AlreadyDeliveredError when it is delivered,
    NotAssignedError when it has been removed, and AssessingError for points that are not on the scale.
    """
    locked = _lock(assessment)
    given, comment = _changed(locked, given, comment, base)
    _write(locked, turn, given, comment, at)
    return scoring.running_total({code: item.mark for code, item in given.items()}, turn.measures)


def _lock(assessment: Assessment) -> Assessment:
    locked = held(Assessment.objects.filter(pk=assessment.pk)).first()
    if locked is None:
        raise NotAssignedError(_("Saken er ikke lenger fordelt til deg. Vurderingen er ikke lagret."))
    if locked.delivered_at:
        raise AlreadyDeliveredError(_("Vurderingen er levert og kan ikke endres."))
    return locked


def _changed(
    assessment: Assessment, given: Mapping[str, Given], comment: str, base: Base | None
) -> tuple[dict[str, Given], str]:
    """What is to be stored: what was changed on this page, and else what is stored. Raises WrittenElsewhereError."""
    stored = given_in(assessment.scores.select_related("criterion"))
    before, typed = cells_of(stored, assessment.comment), cells_of(given, comment)
    merge = merged(before, typed, base)
    if merge.conflicts:
        raise WrittenElsewhereError({name: before.get(name, "") for name in merge.conflicts})
    result = {}
    for code in {**stored, **given}:
        put, kept = given.get(code, Given()), stored.get(code, Given())
        marks = put if f"points-{code}" in merge.changes else kept
        reason = put.reason if f"reason-{code}" in merge.changes else kept.reason
        result[code] = Given(marks.points, marks.abstained, reason)
    return result, merge.changes.get("comment", assessment.comment)


def _write(assessment: Assessment, turn: Turn, given: Mapping[str, Given], comment: str, at: datetime) -> None:
    spec = turn.round.spec
    rows = {row.code: row for row in turn.stage.criteria.all()}
    scores = []
    for item in turn.judged:
        put = given.get(item.code, Given())
        scale = spec.scale(item.scale)
        if put.points is not None and (scale is None or put.points not in scale.values):
            raise AssessingError(_("«%(title)s»: velg poeng på skalaen.") % {"title": item.title})
        scores.append(
            Score(
                assessment=assessment,
                criterion=rows[item.code],
                points=None if put.abstained else put.points,
                abstained=put.abstained,
                reason=put.reason.strip(),
            )
        )
    Score.objects.bulk_create(
        scores,
        update_conflicts=True,
        unique_fields=["assessment", "criterion"],
        update_fields=["points", "abstained", "reason"],
    )
    Assessment.objects.filter(pk=assessment.pk).update(comment=comment.strip(), updated_at=at)


def unfinished(turn: Turn, given: Mapping[str, Given]) -> dict[str, str]:
    """A sentence for each criterion that lacks points, an abstention or a reason; by the code of the criterion."""
    lacks = {}
    for item in turn.judged:
        put = given.get(item.code, Given())
        if item.kind == "scored" and put.points is None and not put.abstained:
            lacks[item.code] = _("«%(title)s»: velg poeng, eller at du avstår.") % {"title": item.title}
        elif not put.reason.strip() and not put.abstained:
            lacks[item.code] = _("«%(title)s»: skriv en kort begrunnelse.") % {"title": item.title}
    return lacks


def deliver(
    assessment: Assessment,
    turn: Turn,
    given: Mapping[str, Given],
    *,
    comment: str,
    base: Base | None = None,
    by: User,
    at: datetime,
) -> Assessment:
    """Save and deliver the assessment: its total is stored, and the application's result is calculated again.

    Both happen in one transaction. Raises UnfinishedError when something is missing (the draft is saved all the same),
    WrittenElsewhereError as ``save`` does, NewVersionError when a new version of the application has been sent
    meanwhile, FrozenListError when the priority list is locked, AlreadyDeliveredError when the assessment is delivered
    already, NotAssignedError when the application is no longer assigned to the assessor, and AssessingError when it is
    not under assessment.
    """
    lacks = unfinished(turn, given)
    if lacks:
        save(assessment, turn, given, comment=comment, base=base, by=by, at=at)
        raise UnfinishedError(lacks)
    return _deliver(assessment, turn, given, comment=comment, base=base, by=by, at=at)


@act
def _deliver(
    assessment: Assessment,
    turn: Turn,
    given: Mapping[str, Given],
    *,
    comment: str,
    base: Base | None,
    by: User,
    at: datetime,
) -> Assessment:
    # The list is locked first, as in ``freeze``: a delivery and a freeze at the same time take turns.
    lock_open_list(turn)
    locked = _lock(assessment)
    application = _current(locked, turn, at)
    given, comment = _changed(locked, given, comment, base)
    _write(locked, turn, given, comment, at)
    fresh = Assessment.objects.prefetch_related("scores__criterion").get(pk=locked.pk)
    total = scoring.weighted_total(marks_of(fresh), turn.measures).value
    _mark(locked, total=total, delivered_at=at)
    rebuild(application, turn)
    journal.record(
        "assessment.delivered",
        subject=application,
        by=by,
        at=at,
        community=application.tenant,
        stage=turn.stage.code,
        version=locked.submission.version,
        total=str(total),
    )
    locked.refresh_from_db()
    return locked


def _mark(assessment: Assessment, *, delivered_at: datetime | None, **written: Any) -> None:
    """Write when it is delivered, or that it is not; the assignment carries the same time."""
    Assessment.objects.filter(pk=assessment.pk).update(delivered_at=delivered_at, **written)
    same = {"application": assessment.application_id, "assessor": assessment.assessor_id}
    Assignment.objects.filter(**same, stage=assessment.stage_id).update(delivered_at=delivered_at)


@act
def take_back(assessment: Assessment, turn: Turn, *, reason: str, by: User, at: datetime) -> None:
    """Make a delivered assessment a draft again, until the list is locked: it no longer counts in the result.

    What was delivered is kept in the log. Raises AssessingError without a reason, and when it is not delivered or the
    application is not under assessment, FrozenListError when the priority list is locked.
    """
    if not reason.strip():
        raise AssessingError(_("Skriv hvorfor vurderingen tas tilbake."))
    lock_open_list(turn)
    locked = held(Assessment.objects.filter(pk=assessment.pk)).first()
    if locked is None or locked.delivered_at is None:
        raise AssessingError(_("Vurderingen er ikke levert."))
    application = _current(locked, turn, at, is_newest=False)
    scores = locked.scores.select_related("criterion")
    given = {row.criterion.code: [str(row.points or ""), row.abstained, row.reason] for row in scores}
    kept = {"total": str(locked.total), "given": given, "comment": locked.comment}
    _mark(locked, total=None, delivered_at=None, updated_at=at)
    rebuild(application, turn)
    journal.record(
        "assessment.taken_back",
        subject=application,
        by=by,
        at=at,
        community=application.tenant,
        stage=turn.stage.code,
        reason=reason.strip(),
        **kept,
    )


def _current(assessment: Assessment, turn: Turn, at: datetime, *, is_newest: bool = True) -> Application:
    """The application, when it is under assessment, is still the assessor's, and the newest version has been read.

    Without ``is_newest`` it may be another version.

    Raises AssessingError, NotAssignedError or NewVersionError otherwise.
    """
    application = turns.in_work(turn).select_related("community", "round").filter(pk=assessment.application_id).first()
    if application is None:
        raise AssessingError(
            _("Saken har status «%(status)s» og skal ikke vurderes nå.")
            % {"status": assessment.application.get_status_display()}
        )
    given = of_person(assessment.assessor_id, local_date(at))
    if not given.filter(application=application, stage=turn.stage).exists():
        raise NotAssignedError(_("Saken er ikke lenger fordelt til deg."))
    newest = application.submissions.current()
    if is_newest and newest.pk != assessment.submission_id:
        raise NewVersionError(_("Det er sendt en ny versjon. Les den før du leverer."))
    return application


@act
def read_new_version(assessment: Assessment, *, by: User, at: datetime) -> Assessment:
    """Let an undelivered assessment be of the version that was sent last, which the assessor now has read."""
    locked = _lock(assessment)
    newest = locked.application.submissions.current()
    Assessment.objects.filter(pk=locked.pk).update(submission=newest, updated_at=at)
    journal.record(
        "assessment.read_anew",
        subject=locked.application,
        by=by,
        at=at,
        community=locked.application.tenant,
        version=newest.version,
    )
    locked.submission = newest
    return locked
