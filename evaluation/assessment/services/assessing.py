"""An assessor's own work: scores are drafted, saved as one goes, and delivered once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from applications.models import Application
from evaluation.assessment import scoring
from evaluation.assessment.models import Assessment, Score
from evaluation.assessment.queries.desk import of_person
from evaluation.assessment.scoring import Mark
from evaluation.assessment.services.prioritising import lock_open_list
from evaluation.assessment.services.results import marks_of, rebuild
from evaluation.assessment.turn import Turn
from portal.acts import act, held
from portal.clock import local_date
from portal.communities.models import User
from portal.errors import ConflictError, DomainError
from portal.journal import services as journal


@dataclass(frozen=True, slots=True)
class Given:
    """What the assessor has put on a criterion so far."""

    points: Decimal | None = None
    abstained: bool = False
    reason: str = ""

    @property
    def mark(self) -> Mark:
        """Without the reason, as the arithmetic takes it."""
        return Mark(self.points, self.abstained)


class AssessingError(DomainError):
    """The assessment cannot be saved or delivered as it is."""


class UnfinishedError(AssessingError):
    """Criteria lack points or a reason; ``fields`` maps a criterion's code to what is missing."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__(_("Vurderingen er ikke ferdig. Se hva som mangler under hvert kriterium."))
        self.fields = dict(fields)


class AlreadyDeliveredError(ConflictError):
    """The assessment is delivered and stands."""


class NewVersionError(ConflictError):
    """The application has been sent anew since the assessor read it."""


class NotAssignedError(ConflictError):
    """The application has been taken from the assessor."""


def begin(application: Application, turn: Turn, *, by: User, at: datetime, version: int | None = None) -> Assessment:
    """The assessor's assessment in the turn; begun when there is none, on the version that was read.

    That is ``version``, or the one sent last: what the assessor has on the screen may be older than what has come.
    """
    found = Assessment.objects.filter(application=application, stage=turn.stage, assessor=by).first()
    if found:
        return found
    sent = application.submissions.all()
    read = sent.filter(version=version).first() if version else None
    found, _made = Assessment.objects.get_or_create(
        application=application,
        stage=turn.stage,
        assessor=by,
        defaults={"submission": read or sent.current(), "updated_at": at},
    )
    return found


@act
def save(
    assessment: Assessment, turn: Turn, given: Mapping[str, Given], *, comment: str, by: User, at: datetime
) -> scoring.Total:
    """Save the draft as it stands, finished or not; the running total.

    Raises AlreadyDeliveredError once delivered, and AssessingError for points off the scale.
    """
    mine = _lock(assessment)
    _write(mine, turn, given, comment, at)
    return scoring.running_total({code: item.mark for code, item in given.items()}, turn.measures)


def _lock(assessment: Assessment) -> Assessment:
    mine = held(Assessment.objects.filter(pk=assessment.pk)).first()
    if mine is None:
        raise NotAssignedError(_("Søknaden er ikke lenger satt opp til deg. Vurderingen er ikke lagret."))
    if mine.delivered_at:
        raise AlreadyDeliveredError(_("Vurderingen er levert og kan ikke endres."))
    return mine


def _write(mine: Assessment, turn: Turn, given: Mapping[str, Given], comment: str, at: datetime) -> None:
    spec = turn.round.spec
    rows = {row.code: row for row in turn.stage.criteria.all()}
    scores = []
    for item in turn.judged:
        put = given.get(item.code, Given())
        scale = spec.scale(item.scale)
        if put.points is not None and (scale is None or put.points not in scale.values):
            raise AssessingError(_("«%(title)s»: velg et trinn på skalaen.") % {"title": item.title})
        scores.append(
            Score(
                assessment=mine,
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
    Assessment.objects.filter(pk=mine.pk).update(comment=comment.strip(), updated_at=at)


def unfinished(turn: Turn, given: Mapping[str, Given]) -> dict[str, str]:
    """What each criterion lacks before the assessment can be delivered: points or an abstention, and a reason."""
    lacks = {}
    for item in turn.judged:
        put = given.get(item.code, Given())
        if item.kind == "scored" and put.points is None and not put.abstained:
            lacks[item.code] = _("«%(title)s»: velg poeng, eller at du avstår.") % {"title": item.title}
        elif not put.reason.strip() and not put.abstained:
            lacks[item.code] = _("«%(title)s»: skriv en kort begrunnelse.") % {"title": item.title}
    return lacks


def deliver(
    assessment: Assessment, turn: Turn, given: Mapping[str, Given], *, comment: str, by: User, at: datetime
) -> Assessment:
    """Save and deliver: the total is frozen, and the application's result made anew in the same transaction.

    Raises UnfinishedError when something is missing (what was written is saved), NewVersionError when the
    application was sent anew meanwhile, FrozenListError when the priority list is locked, AlreadyDeliveredError when
    it is delivered already, and AssessingError when the application no longer is to be assessed.
    """
    lacks = unfinished(turn, given)
    if lacks:
        save(assessment, turn, given, comment=comment, by=by, at=at)
        raise UnfinishedError(lacks)
    return _deliver(assessment, turn, given, comment=comment, by=by, at=at)


@act
def _deliver(
    assessment: Assessment, turn: Turn, given: Mapping[str, Given], *, comment: str, by: User, at: datetime
) -> Assessment:
    # The list first, as when it is frozen: of a delivery and a freeze, one sees the other.
    lock_open_list(turn)
    mine = _lock(assessment)
    application = _current(mine, turn, at)
    _write(mine, turn, given, comment, at)
    fresh = Assessment.objects.prefetch_related("scores__criterion").get(pk=mine.pk)
    total = scoring.weighted_total(marks_of(fresh), turn.measures).value
    Assessment.objects.filter(pk=mine.pk).update(total=total, delivered_at=at)
    rebuild(application, turn)
    journal.record(
        "assessment.delivered",
        subject=application,
        by=by,
        at=at,
        community=application.tenant,
        stage=turn.stage.code,
        version=mine.submission.version,
        total=str(total),
    )
    mine.refresh_from_db()
    return mine


def _current(mine: Assessment, turn: Turn, at: datetime) -> Application:
    """The application, if it still is the assessor's, under assessment, and the version that was read."""
    application = turn.in_work.select_related("community", "round").filter(pk=mine.application_id).first()
    if application is None:
        raise AssessingError(
            _("Søknaden har status «%(status)s» og skal ikke vurderes nå.")
            % {"status": mine.application.get_status_display()}
        )
    given = of_person(mine.assessor_id, local_date(at))
    if not given.filter(application=application, stage=turn.stage).exists():
        raise NotAssignedError(_("Søknaden er ikke lenger satt opp til deg."))
    newest = application.submissions.current()
    if newest.pk != mine.submission_id:
        raise NewVersionError(_("Søknaden er sendt på nytt. Les den nye versjonen før du leverer."))
    return application


@act
def read_anew(assessment: Assessment, *, by: User, at: datetime) -> Assessment:
    """Tie an undelivered assessment to the version that was sent last, once the assessor has it on the screen."""
    mine = _lock(assessment)
    newest = mine.application.submissions.current()
    Assessment.objects.filter(pk=mine.pk).update(submission=newest, updated_at=at)
    journal.record(
        "assessment.read_anew",
        subject=mine.application,
        by=by,
        at=at,
        community=mine.application.tenant,
        version=newest.version,
    )
    mine.submission = newest
    return mine
