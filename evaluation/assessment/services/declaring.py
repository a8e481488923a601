"""Habilitet: a person answers, somebody may raise a question, and others decide when there is doubt."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import override

from applications.models import Application
from applications.permissions import OUT_OF_CASE
from evaluation.assessment.habilitet import Ground, State
from evaluation.assessment.models import Habilitet, HabilitetStep
from evaluation.assessment.queries.deciders import deciders
from evaluation.assessment.queries.habilitet import question_before, state_of
from evaluation.assessment.queries.ties import ties_of
from evaluation.assessment.services.results import rebuild_all
from portal.acts import act, held
from portal.clock import local_date
from portal.communities.models import Body, User
from portal.communities.queries.vouching import brought_in_by, one_with
from portal.errors import ConflictError, DomainError
from portal.journal import services as journal
from portal.language import in_bokmaal
from portal.mail.services import queue

Kind = HabilitetStep.Kind


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
    until they have decided. A question that somebody else has raised keeps its words, and is decided whatever the
    person answers. Raises
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
    row.answer_ground, row.answer_explanation = ground if has_tie else "", explanation.strip()
    row.suggested = [asdict(tie) for tie in seen]
    if not (row.is_pending and row.is_raised_by_another):
        _ask_by_answer(row)
    row.save()
    words = {"ground": row.answer_ground, "words": row.answer_explanation}
    _keep(row, Kind.ANSWERED, by=by, at=at, asks=row.answer_asks, has_tie=has_tie, **words)
    journal.record(
        "habilitet.declared",
        subject=application,
        by=by,
        at=at,
        community=application.tenant,
        has_tie=has_tie,
        ground=row.answer_ground,
        suggested=[tie.ground for tie in seen],
        needs_decision=row.is_pending,
    )
    return row


def _ask_by_answer(row: Habilitet) -> None:
    """The person's own answer is the question, in its words; or there is none, when the answer asks nothing."""
    row.is_pending = row.answer_asks
    row.raised_by, row.raised_at = (row.person, row.declared_at) if row.answer_asks else (None, None)
    row.ground, row.explanation = (row.answer_ground, row.answer_explanation) if row.answer_asks else ("", "")


def _keep(row: Habilitet, kind: Kind, *, by: User, at: datetime, **said: Any) -> None:
    """Write what was said or decided as a row that is never changed."""
    of = {"application": row.application, "case_id": row.case_id, "person": row.person}
    HabilitetStep.objects.create(**of, kind=kind, by=by, at=at, **said)


def raise_question(row: Habilitet, *, ground: Ground, explanation: str, by: User, at: datetime) -> Habilitet:
    """Ask others to decide; an earlier decision is valid until they have. The caller is an act."""
    row.ground, row.explanation = ground, explanation.strip()
    row.raised_by, row.raised_at, row.is_pending = by, at, True
    row.save()
    _keep(row, Kind.RAISED, by=by, at=at, asks=True, ground=row.ground, words=row.explanation)
    return row


def take_back(row: Habilitet, *, reason: str, by: User, at: datetime) -> None:
    """Withdraw a question that nobody has decided; earlier answers and decisions are valid. The caller is an act.

    When the person's own answer asks the same, it is the question from now on.
    """
    _keep(row, Kind.TAKEN_BACK, by=by, at=at, words=reason.strip())
    if row.declared_at is None and row.is_recused is None:
        row.delete()
        row.is_pending = False
        return
    if row.is_recused is None:
        _ask_by_answer(row)
    else:
        asked = question_before(row)
        row.is_pending = False
        row.raised_by, row.raised_at = (asked.by, asked.at) if asked else (None, None)
        row.ground, row.explanation = (asked.ground, asked.words) if asked else ("", "")
    row.save()


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
    tell_raised(row, application.title, about=application, by=by, at=at)
    tenant = application.tenant
    journal.record(
        "habilitet.raised", subject=application, by=by, at=at, community=tenant, person=person.pk, ground=ground
    )
    return row


@act
def take_back_question(application: Application, person: User, *, reason: str, by: User, at: datetime) -> None:
    """Whoever raised the question about somebody, takes it back with a reason until it is decided; the person is told.

    A tie that the person has declared is a question still, now by the person's own answer. Raises HabilitetError
    without a reason, about a question that another has raised, and when ``by`` is out of the case;
    AlreadyDecidedError when it is decided or taken back.
    """
    if not reason.strip():
        raise HabilitetError(_("Skriv hvorfor spørsmålet tas tilbake."))
    row = _row(application, person)
    if state_of(by.pk, application) in {State.RECUSED, State.PENDING}:
        raise HabilitetError(_(OUT_OF_CASE))
    if row is None or not row.is_pending:
        raise AlreadyDecidedError(_("Spørsmålet er allerede avgjort, eller tatt tilbake."))
    if row.raised_by_id != by.pk or person == by:
        raise HabilitetError(_("Bare den som har reist spørsmålet, kan ta det tilbake."))
    take_back(row, reason=reason, by=by, at=at)
    tell_taken_back(row, application.title, about=application, by=by, at=at)
    journal.record(
        "habilitet.taken_back", subject=application, by=by, at=at, community=application.tenant, person=person.pk
    )


def tell_taken_back(row: Habilitet, title: str, *, about: Model, by: User, at: datetime) -> None:
    """Tell the person that the question in what is called ``title`` is taken back, and what is left. For an act."""
    left = {"person_asks": row.is_pending, "is_recused": bool(row.is_recused)}
    _tell("habilitet_taken_back", row, title, about=about, by=by, at=at, ground="", **left)


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
        tell_decided(row, application.title, about=application, by=by, at=at)
    return row


def _require_of_others(row: Habilitet | None, person: User, by: User, at: datetime) -> None:
    if person == by:
        raise HabilitetError(_("Ingen avgjør sin egen habilitet."))
    if person.pk in brought_in_by(by.pk) or (row and row.raised_by_id != by.pk and row.raised_by_id in one_with(by.pk)):
        raise HabilitetError(
            _("Plassen i sekretariatet er ikke bekreftet av en kollega. Derfor må en annen avgjøre spørsmålet.")
        )
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


def tell_raised(row: Habilitet, title: str, *, about: Model, by: User, at: datetime) -> None:
    """Tell the person that the question in what is called ``title`` is raised, by another. For an act."""
    _tell("habilitet_raised", row, title, about=about, by=by, at=at, ground=row.ground)


def tell_decided(row: Habilitet, title: str, *, about: Model, by: User, at: datetime) -> None:
    """Tell the person what was decided on the question in what is called ``title``. For an act."""
    ground, said = row.decided_ground, {"is_recused": row.is_recused, "body": row.body}
    _tell("habilitet_decided", row, title, about=about, by=by, at=at, ground=ground, **said)


def _tell(
    kind: str, row: Habilitet, title: str, *, about: Model, by: User, at: datetime, ground: str, **more: object
) -> None:
    """Nobody is shut out of a case by a colleague without hearing of it."""
    with override(row.person.language):
        label = str(Ground(ground).label) if ground else ""
    queue(
        kind,
        recipient=row.person.email,
        about=about,
        context={"title": title, "person": by, "ground": label, **more},
        at=at,
        key=f"{kind}:{row.application_id}:{row.case_id}:{row.person_id}:{at.isoformat()}",
        language=row.person.language,
    )


@act
def decide_question(
    row: Habilitet, *, is_recused: bool, ground: str = "", reason: str, by: User, at: datetime, body: Body | None
) -> Habilitet:
    """Decide the question of the row, and calculate the results again: scores of an inhabil person do not count.

    The latest decision is valid; the steps keep the earlier ones. Raises HabilitetError without a reason, and when
    an inhabil person's ground is missing.
    """
    if not reason.strip() or (is_recused and ground not in Ground.values):
        raise HabilitetError(_("Velg grunn og skriv en begrunnelse."))
    row.is_recused, row.is_pending = is_recused, False
    row.decided_ground, row.reason = ground if is_recused else "", reason.strip()
    row.body, row.decided_by, row.decided_at = body, by, at
    row.save()
    words = {"ground": row.decided_ground, "words": row.reason}
    _keep(row, Kind.DECIDED, by=by, at=at, is_recused=is_recused, body=body, **words)
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
