"""Habilitet: a person answers for an application, and others decide where there is doubt."""

from dataclasses import asdict
from datetime import datetime

from django.utils.translation import gettext as _

from applications.models import Application
from evaluation.assessment import habilitet
from evaluation.assessment.habilitet import Ground
from evaluation.assessment.models import Declaration, Recusal
from evaluation.assessment.queries.ties import ties_of
from evaluation.assessment.services.results import rebuild_all
from portal.acts import act, held
from portal.clock import local_date
from portal.communities.models import Body, User
from portal.errors import ConflictError, DomainError
from portal.journal import services as journal


class HabilitetError(DomainError):
    """The statement or the decision lacks something."""


class AlreadyDecidedError(ConflictError):
    """Others have decided; a new tie goes to them."""


@act
def declare(
    application: Application, *, has_tie: bool, ground: str = "", explanation: str = "", by: User, at: datetime
) -> Declaration:
    """A person's own answer (forvaltningsloven § 8). A tie, or a strong one the portal sees, must be decided by others.

    May be changed until it has been decided. Raises HabilitetError without ground and explanation of a tie, and
    AlreadyDecidedError afterwards.
    """
    if has_tie and not (ground and explanation.strip()):
        raise HabilitetError(_("Velg grunn og forklar tilknytningen."))
    if held(Recusal.objects.filter(application=application, person=by)).first():
        raise AlreadyDecidedError(_("Habiliteten din er avgjort. Har noe endret seg, si fra til sekretariatet."))
    seen = ties_of(by, application, local_date(at))
    declaration, _made = Declaration.objects.update_or_create(
        application=application,
        person=by,
        defaults={
            "has_tie": has_tie,
            "ground": ground if has_tie else "",
            "explanation": explanation.strip(),
            "suggested": [asdict(tie) for tie in seen],
            "needs_decision": habilitet.needs_decision(has_tie=has_tie, suggested=seen),
            "declared_at": at,
        },
    )
    journal.record(
        "habilitet.declared",
        subject=application,
        by=by,
        at=at,
        community=application.community,
        has_tie=has_tie,
        ground=declaration.ground,
        suggested=[tie.ground for tie in seen],
        needs_decision=declaration.needs_decision,
    )
    return declaration


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
) -> Recusal:
    """Whether the person is inhabil in the application: by the secretariat, or by ``body`` in its meeting.

    The latest decision stands; the journal keeps the earlier. An inhabil person's scores no longer count: the results
    are rebuilt in the same transaction. Raises HabilitetError without a reason, and for a person's own case.
    """
    if not reason.strip() or (is_recused and ground not in Ground.values):
        raise HabilitetError(_("Velg grunn og skriv en begrunnelse."))
    if person == by and body is None:
        raise HabilitetError(_("Ingen avgjør sin egen habilitet."))
    recusal, _made = Recusal.objects.update_or_create(
        application=application,
        person=person,
        defaults={
            "is_recused": is_recused,
            "ground": ground if is_recused else "",
            "reason": reason.strip(),
            "body": body,
            "decided_by": by,
            "decided_at": at,
        },
    )
    rebuild_all(application)
    journal.record(
        "habilitet.decided",
        subject=application,
        by=by,
        at=at,
        community=application.community,
        person=person.pk,
        is_recused=is_recused,
        ground=recusal.ground,
        body=body.code if body else "",
    )
    return recusal
