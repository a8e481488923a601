"""Assigning applications to assessors: one by hand, or many evenly."""

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from applications.models import Application
from evaluation.assessment.distribution import distribute
from evaluation.assessment.habilitet import State
from evaluation.assessment.models import Assessment, Assignment
from evaluation.assessment.permissions import is_still_open
from evaluation.assessment.queries import lists, turns
from evaluation.assessment.queries.candidates import not_to_give, taken_off
from evaluation.assessment.queries.desk import seated
from evaluation.assessment.queries.habilitet import state_of
from evaluation.assessment.turn import Turn
from portal.acts import act, held
from portal.clock import local_date
from portal.communities.models import User
from portal.communities.queries import standing_at
from portal.errors import ConflictError, DomainError
from portal.formats import date_no
from portal.journal import services as journal
from portal.mail import services as mail
from rounds.models import Stage


class AssigningError(DomainError):
    """The application cannot be assigned to this person."""


class AlreadyAssignedError(ConflictError):
    """The application is already assigned to the person."""


class DeliveredError(ConflictError):
    """The assessment is delivered and cannot be removed."""


@act
def assign(
    application: Application, turn: Turn, assessor: User, *, due_date: date, by: User, at: datetime
) -> Assignment:
    """Assign the application to an assessor in the turn and send the person a mail.

    Raises AssigningError for a person who is out of the case, also when it is the one who assigns, a past date or an
    application that is not under assessment, and AlreadyAssignedError the second time.
    """
    _check_date(due_date, at)
    _hold(turn)
    # Asked when the stage is held: the person may have become inhabil since the page was drawn.
    if not (may := is_still_open(by, application, now=at)):
        raise AssigningError(may.reason)
    if not turns.in_work(turn).filter(pk=application.pk).exists():
        raise AssigningError(_("Bare saker som er til vurdering nå, kan fordeles."))
    state = state_of(assessor.pk, application)
    if state == State.RECUSED:
        raise AssigningError(_("%(name)s er inhabil i denne saken.") % {"name": assessor})
    if state == State.PENDING:
        raise AssigningError(_("Det er ikke avgjort om %(name)s er inhabil i denne saken.") % {"name": assessor})
    try:
        with transaction.atomic():
            assignment = Assignment.objects.create(
                application=application,
                stage=turn.stage,
                assessor=assessor,
                by_seat=seated(turn, local_date(at)).filter(user=assessor).exists(),
                due_date=due_date,
                assigned_by=by,
                assigned_at=at,
            )
    except IntegrityError as error:
        raise AlreadyAssignedError(_("%(name)s har allerede fått saken.") % {"name": assessor}) from error
    journal.record(
        "assessment.assigned",
        subject=application,
        by=by,
        at=at,
        community=application.tenant,
        stage=turn.stage.code,
        assessor=assessor.pk,
        due_date=due_date.isoformat(),
    )
    _tell(assessor, turn, [application], due_date, at)
    return assignment


def _hold(turn: Turn) -> None:
    """Let one person at a time assign in the stage: the next sees what the first has assigned."""
    held(Stage.objects.filter(pk=turn.stage.pk)).get()


def _check_date(due_date: date, at: datetime) -> None:
    if due_date < local_date(at):
        raise AssigningError(_("Fristen kan ikke være passert."))


def _tell(assessor: User, turn: Turn, applications: Sequence[Application], due_date: date, at: datetime) -> None:
    due = date_no(due_date)
    mail.queue_together(
        "assessment_assigned",
        recipient=assessor.email,
        about=turn.tenant,
        context={"assessor": assessor, "round": turn.round.title, "noun_context": turn.round.noun_context},
        items=[{"title": application.title, "code": application.code, "due": due} for application in applications],
        at=at,
        together=f"assigned:{turn.stage.pk}:{assessor.pk}",
        language=assessor.language,
    )


@act
def unassign(assignment: Assignment, *, by: User, at: datetime) -> None:
    """Remove the assignment and the draft of the assessment. Raises DeliveredError when the assessment is delivered."""
    application = assignment.application
    # The delivery locks the same row: it either comes first, or finds that the assessment has been removed.
    assessments = held(
        Assessment.objects.filter(application=application, stage=assignment.stage_id, assessor=assignment.assessor_id)
    )
    if any(assessment.delivered_at for assessment in assessments):
        raise DeliveredError(_("Vurderingen er levert og kan ikke tas bort."))
    assessments.delete()
    assignment.delete()
    journal.record(
        "assessment.unassigned",
        subject=application,
        by=by,
        at=at,
        community=application.tenant,
        assessor=assignment.assessor_id,
    )


@act
def assign_evenly(
    turn: Turn,
    assessors: Sequence[User],
    *,
    each: int,
    due_date: date,
    by: User,
    at: datetime,
    codes: Collection[str] = (),
) -> dict[User, int]:
    """Assign ``each`` assessors to every application under assessment, evenly; returns the number for each person.

    With ``codes``, to those applications alone; all of them must be under assessment and open to ``by``.

    No application is assigned to somebody who is inhabil in it, has declared a tie, or has a strong tie that the portal
    sees, nor to somebody who could read its points while the list was locked: that is done by hand. The applications in
    which ``by`` is inhabil, or must answer about habilitet first, are left to a colleague. Each person gets one mail.
    Raises AssigningError when there is nobody to choose among, and for a code that does not fit.
    """
    _check_date(due_date, at)
    if not assessors:
        raise AssigningError(_("Velg minst én som skal vurdere."))
    _hold(turn)
    applications = _applications(turn, codes, by, at)
    chosen = _share(turn, applications, assessors, each, at)
    on_seats = set(seated(turn, local_date(at)).values_list("user", flat=True))
    by_id = {user.pk: user for user in assessors}
    rows = [
        Assignment(
            application=application,
            stage=turn.stage,
            assessor_id=pk,
            by_seat=pk in on_seats,
            due_date=due_date,
            assigned_by=by,
            assigned_at=at,
        )
        for application in applications
        for pk in chosen[application.pk]
    ]
    Assignment.objects.bulk_create(rows)
    given = defaultdict(list)
    for row in rows:
        given[row.assessor_id].append(row.application)
    for pk, theirs in given.items():
        _tell(by_id[pk], turn, theirs, due_date, at)
    journal.record(
        "assessment.distributed",
        subject=turn.round,
        by=by,
        at=at,
        community=turn.tenant,
        stage=turn.stage.code,
        each=each,
        given={application.code: list(chosen[application.pk]) for application in applications},
    )
    return {by_id[pk]: len(theirs) for pk, theirs in given.items()}


def _applications(turn: Turn, codes: Collection[str], by: User, at: datetime) -> list[Application]:
    able = lists.to_distribute(turn, codes, standing_at(by, at))
    chosen = list(able.order_by("submitted_at", "pk"))
    if codes and len(chosen) != len(set(codes)):
        raise AssigningError(_(lists.NOT_TO_DISTRIBUTE))
    return chosen


def _share(
    turn: Turn, applications: Sequence[Application], assessors: Sequence[User], each: int, at: datetime
) -> dict[int, tuple[int, ...]]:
    keys = [application.pk for application in applications]
    excluded = not_to_give(applications, assessors, local_date(at)) | taken_off(applications, turn)
    given = defaultdict(set)
    for key, pk in Assignment.objects.filter(stage=turn.stage, application__in=keys).values_list(
        "application_id", "assessor_id"
    ):
        given[key].add(pk)
    load = Counter(pk for people_of_one in given.values() for pk in people_of_one)
    return distribute(keys, [user.pk for user in assessors], each=each, excluded=excluded, given=given, load=load)
