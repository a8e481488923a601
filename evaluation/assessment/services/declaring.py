"""Habilitet: a person answers, somebody may raise a question, and others decide when there is doubt."""

from dataclasses import asdict
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import override

from applications.models import Application
from applications.permissions import OUT_OF_CASE
from evaluation.assessment import habilitet
from evaluation.assessment.habilitet import Ground, State
from evaluation.assessment.models import Habilitet
from evaluation.assessment.queries.deciders import deciders
from evaluation.assessment.queries.habilitet import state_of
from evaluation.assessment.queries.ties import ties_of
from evaluation.assessment.services.results import rebuild_all
from portal.acts import act, held
from portal.clock import local_date
from portal.communities.models import Body, User
from portal.errors import ConflictError, DomainError
from portal.journal import services as journal
from portal.language import in_bokmaal
from portal.mail.services import queue


class HabilitetError(DomainError):
    """The answer or the decision lacks a ground or a reason, or is not the person's to give."""


class AlreadyDecidedError(ConflictError):
    """The person's habilitet is decided; who would decide it, or answer, sees the decision first."""


class AlreadyRaisedError(ConflictError):
    """The question of the person's habilitet waits for a decision already."""


@act
def declare(
    application: Application, *, has_tie: bool, ground: str = "", explanation: str = "", by: User, at: datetime
) -> Habilitet:
    """Store a person's answer about the person's habilitet (forvaltningsloven § 8).

    Others must decide when the person declares a tie, or when the portal sees a strong one. The answer may be changed
    until they have decided. A question that somebody else has raised is decided whatever the person answers. Raises
    HabilitetError when a tie has no ground or explanation, and AlreadyDecidedError after the decision.
    """
    if has_tie and not (ground and explanation.strip()):
        raise HabilitetError(_("Velg grunn og forklar tilknytningen."))
    row = _row(application, by)
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
    """Ask others to decide; an earlier decision is valid until they have. The caller is an act."""
    row.ground, row.explanation = ground, explanation.strip()
    row.raised_by, row.raised_at, row.is_pending = by, at, True
    row.save()
    return row


def take_back(row: Habilitet) -> None:
    """Withdraw a question that nobody has decided; earlier answers and decisions are kept. The caller is an act."""
    if row.declared_at is None and row.is_recused is None:
        row.delete()
        return
    row.is_pending, row.raised_by, row.raised_at = False, None, None
    row.save(update_fields=["is_pending", "raised_by", "raised_at"])


@act
def raise_about(
    application: Application, person: User, *, ground: str, explanation: str, by: User, at: datetime
) -> Habilitet:
    """An officer asks whether somebody is inhabil, outside a meeting; the case is closed to the person until decided.

    Another decides it (``queries.deciders``). The person is told by mail. Raises HabilitetError about oneself, without
    a ground or an explanation, when the officer is out of the case, and when a body has decided it; AlreadyRaisedError
    when it waits for a decision.
    """
    if person == by:
        raise HabilitetError(_("Svar selv på om du er habil."))
    if ground not in Ground.values or not explanation.strip():
        raise HabilitetError(_("Velg grunn og skriv hvorfor."))
    row = _row(application, person) or Habilitet(application=application, person=person)
    # Asked when the application is held: another may have raised the question about the officer meanwhile.
    if state_of(by.pk, application) in {State.RECUSED, State.PENDING}:
        raise HabilitetError(_(OUT_OF_CASE))
    _require_not_by_body(row)
    if row.is_pending:
        raise AlreadyRaisedError(_("Spørsmålet om habiliteten til %(name)s er allerede reist.") % {"name": person})
    row = raise_question(row, ground=Ground(ground), explanation=explanation, by=by, at=at)
    _tell("habilitet_raised", row, application, by=by, at=at, ground=ground)
    tenant = application.tenant
    journal.record(
        "habilitet.raised", subject=application, by=by, at=at, community=tenant, person=person.pk, ground=ground
    )
    return row


def _require_not_by_body(row: Habilitet) -> None:
    if row.body:
        raise HabilitetError(
            _("%(body)s har avgjort dette i møte. Bare et utvalg i møte kan avgjøre det på nytt.") % {"body": row.body}
        )


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
    """Decide whether the person is inhabil in the application; ``body`` is set when a body decides in its meeting.

    Outside a meeting the question is raised by one and decided by another, and the person is told by mail. Only a body
    can change what a body has decided. Raises HabilitetError when the secretariat tries to, when nobody has raised the
    question, when ``by`` is not among those who decide it (``queries.deciders``), and when the reason is missing;
    AlreadyDecidedError when another was first.
    """
    row = _row(application, person)
    if body is None:
        _require_of_others(row, person, by, at)
    row = row or Habilitet(application=application, person=person)
    row = decide_question(row, is_recused=is_recused, ground=ground, reason=reason, by=by, at=at, body=body)
    if body is None:
        _tell("habilitet_decided", row, application, by=by, at=at, ground=row.decided_ground, is_recused=is_recused)
    return row


def _require_of_others(row: Habilitet | None, person: User, by: User, at: datetime) -> None:
    if person == by:
        raise HabilitetError(_("Ingen avgjør sin egen habilitet."))
    if row:
        _require_not_by_body(row)
    if row and not row.is_pending and row.is_recused is not None:
        raise AlreadyDecidedError(_("Habiliteten til %(name)s er allerede avgjort.") % {"name": person})
    if row is None or not row.is_pending:
        raise HabilitetError(_("Ingen har reist spørsmål om habiliteten til %(name)s.") % {"name": person})
    if row.raised_by_id == by.pk:
        raise HabilitetError(_("Du har reist spørsmålet. En annen må avgjøre det."))
    able = deciders([row], local_date(at))[row.pk]
    if by not in able:
        names = ", ".join(str(user) for user in able) or _("et utvalg i møte")
        raise HabilitetError(_("Spørsmålet avgjøres av %(names)s.") % {"names": names})


def _tell(
    kind: str, row: Habilitet, application: Application, *, by: User, at: datetime, ground: str, **more: object
) -> None:
    """Nobody is shut out of a case by a colleague without hearing of it."""
    with override(row.person.language):
        label = str(Ground(ground).label) if ground else ""
    queue(
        kind,
        recipient=row.person.email,
        about=application,
        context={"application": application, "person": by, "ground": label, **more},
        at=at,
        key=f"{kind}:{row.pk}:{at.isoformat()}",
        language=row.person.language,
    )


@act
def decide_question(
    row: Habilitet, *, is_recused: bool, ground: str = "", reason: str, by: User, at: datetime, body: Body | None
) -> Habilitet:
    """Decide the question of the row, and calculate the results again: scores of an inhabil person do not count.

    The latest decision is valid; the journal keeps the earlier ones. Raises HabilitetError without a reason, and when
    an inhabil person's ground is missing.
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


def _row(application: Application, person: User) -> Habilitet | None:
    """The person's row, held. The application is held first: of a row that is not there, nothing can be held."""
    held(Application.objects.filter(pk=application.pk)).get()
    return held(Habilitet.objects.filter(application=application, person=person)).first()
