"""Habilitet: a person answers, anybody concerned raises a question, and others decide where there is doubt."""

from dataclasses import asdict
from datetime import datetime

from django.utils.translation import gettext as _

from applications.models import Application
from evaluation.assessment import habilitet
from evaluation.assessment.habilitet import Ground
from evaluation.assessment.models import Habilitet
from evaluation.assessment.queries.ties import ties_of
from evaluation.assessment.services.results import rebuild_all
from portal.acts import act, held
from portal.clock import local_date
from portal.communities.models import Body, User
from portal.errors import ConflictError, DomainError
from portal.journal import services as journal
from portal.language import in_bokmaal


class HabilitetError(DomainError):
    """The statement or the decision lacks something."""


class AlreadyDecidedError(ConflictError):
    """Others have decided; a new tie goes to them."""


@act
def declare(
    application: Application, *, has_tie: bool, ground: str = "", explanation: str = "", by: User, at: datetime
) -> Habilitet:
    """A person's own answer (forvaltningsloven § 8). A tie, or a strong one the portal sees, must be decided by others.

    May be changed until it has been decided; a question that another has raised waits whatever the person answers.
    Raises HabilitetError without ground and explanation of a tie, and AlreadyDecidedError after the decision.
    """
    if has_tie and not (ground and explanation.strip()):
        raise HabilitetError(_("Velg grunn og forklar tilknytningen."))
    row = held(Habilitet.objects.filter(application=application, person=by)).first()
    if row and row.is_recused is not None:
        raise AlreadyDecidedError(_("Habiliteten din er avgjort. Har noe endret seg, si fra til sekretariatet."))
    row = row or Habilitet(application=application, person=by)
    seen = in_bokmaal(ties_of)(by, application, local_date(at))
    row.has_tie, row.declared_at = has_tie, at
    row.suggested = [asdict(tie) for tie in seen]
    if not (row.is_pending and row.raised_by_id != by.pk):
        waits = habilitet.needs_decision(has_tie=has_tie, suggested=seen)
        row.is_pending = waits
        row.raised_by, row.raised_at = (by, at) if waits else (None, None)
        row.ground, row.explanation = "", explanation.strip()
    if has_tie:
        row.ground, row.explanation = ground, explanation.strip()
    row.save()
    journal.record(
        "habilitet.declared",
        subject=application,
        by=by,
        at=at,
        community=application.tenant,
        has_tie=has_tie,
        ground=row.ground,
        suggested=[tie.ground for tie in seen],
        needs_decision=row.is_pending,
    )
    return row


def raise_question(row: Habilitet, *, ground: Ground, explanation: str, by: User, at: datetime) -> Habilitet:
    """Ask that others decide, on what is known now; an earlier decision stands until they have. For a caller's act."""
    row.ground, row.explanation = ground, explanation.strip()
    row.raised_by, row.raised_at, row.is_pending = by, at, True
    row.save()
    return row


def take_back(row: Habilitet) -> None:
    """Take back a question that nobody has decided; what was answered and decided before stands. For a caller's act."""
    if row.declared_at is None and row.is_recused is None:
        row.delete()
        return
    row.is_pending, row.raised_by, row.raised_at = False, None, None
    row.save(update_fields=["is_pending", "raised_by", "raised_at"])


@act
def decide(
    application: Application,
    person: User,
    *,
    is_recused: bool,
    ground: str = "",
    reason: str,
    by: User,
    at: datetime,
    body: Body | None = None,
) -> Habilitet:
    """Whether the person is inhabil in the application: by the secretariat, or by ``body`` in its meeting.

    What a body has decided in a meeting only a body decides again. Raises HabilitetError then, without a reason, and
    for a person's own case.
    """
    if person == by and body is None:
        raise HabilitetError(_("Ingen avgjør sin egen habilitet."))
    row = held(Habilitet.objects.filter(application=application, person=person)).first()
    if row and row.body and body is None:
        raise HabilitetError(
            _("%(body)s har avgjort dette i møte. Bare et utvalg i møte kan avgjøre det på nytt.") % {"body": row.body}
        )
    row = row or Habilitet(application=application, person=person)
    return decide_question(row, is_recused=is_recused, ground=ground, reason=reason, by=by, at=at, body=body)


@act
def decide_question(
    row: Habilitet, *, is_recused: bool, ground: str = "", reason: str, by: User, at: datetime, body: Body | None
) -> Habilitet:
    """Decide the question. For an application an inhabil person's scores no longer count: the results are rebuilt.

    The latest decision stands; the journal keeps the earlier. Raises HabilitetError without ground and reason.
    """
    if not reason.strip() or (is_recused and ground not in Ground.values):
        raise HabilitetError(_("Velg grunn og skriv en begrunnelse."))
    row.is_recused, row.is_pending = is_recused, False
    row.decided_ground, row.reason = ground if is_recused else "", reason.strip()
    row.body, row.decided_by, row.decided_at = body, by, at
    row.save()
    if row.application:
        rebuild_all(row.application)
        journal.record(
            "habilitet.decided",
            subject=row.application,
            by=by,
            at=at,
            community=row.application.tenant,
            person=row.person_id,
            is_recused=is_recused,
            ground=row.decided_ground,
            body=body.code if body else "",
        )
    return row
