"""Cancelling a round that somebody has begun to apply in."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from applications.models import Application, CorrectionRequest
from applications.questions import is_decided_in
from applications.services import notices
from applications.services.status import advance
from applications.workflow import Status
from portal.acts import act, held
from portal.errors import ConflictError, DomainError
from portal.journal import services as journal
from rounds.models import Frame, Round


class CancelError(DomainError):
    """The round cannot be cancelled."""


class CancelledError(CancelError, ConflictError):
    """Somebody has cancelled the round already."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How many drafts and sent applications the cancelling of a round ends."""

    drafts: int
    sent: int


def begun_in(round_: Round) -> Ended:
    """How many drafts and sent applications the round has that nobody has withdrawn; one query."""
    rows = Application.objects.filter(round=round_).exclude(status=Status.WITHDRAWN)
    is_draft = Q(status=Status.DRAFT)
    return Ended(**rows.aggregate(drafts=Count("pk", filter=is_draft), sent=Count("pk", filter=~is_draft)))


@act
def cancel_round(round_: Round, *, reason: str, by: Any, at: datetime) -> Ended:
    """Cancel the round for good: nothing more is sent in it, and what was sent is not considered.

    Drafts stay as they are, and can be read. A sent application ends as withdrawn. The applicants and the
    helsefellesskap that receive the applications get a mail with the reason, which the public page shows. Raises
    CancelError without a reason, when nobody has begun to apply, and when somebody has decided about an application of
    the round; CancelledError when it is cancelled already.
    """
    if not reason.strip():
        raise CancelError(_("Skriv hvorfor utlysningen trekkes."))
    current = held(Round.objects.filter(pk=round_.pk)).get()
    if current.cancelled_at:
        raise CancelledError(_("Utlysningen er allerede trukket."))
    if not current.is_locked:
        raise CancelError(_("Ingen har begynt å søke. Ta bort runden i stedet."))
    # Held before it is asked whether one is decided: a resolution holds the frame, a decision the application.
    list(held(Frame.objects.filter(pk=current.frame_id)))
    begun = held(Application.objects.filter(round=current).exclude(status=Status.WITHDRAWN))
    applications = list(begun.select_related("round", "community", "owner_body"))
    if is_decided_in(current):
        raise CancelError(_("Det er gjort vedtak i runden. Da kan utlysningen ikke trekkes."))
    Round.objects.filter(pk=current.pk).update(cancelled_at=at, cancelled_because=reason.strip())
    sent = [application for application in applications if application.status != Status.DRAFT]
    for application in sent:
        advance(application, "cancel", by=by, at=at)
    CorrectionRequest.objects.filter(application__in=sent, answered_at=None).update(answered_at=at)
    for application in applications:
        notices.round_cancelled(application, reason=reason.strip(), at=at)
    notices.cancelled_to_communities(current, reason=reason.strip(), at=at)
    ended = Ended(len(applications) - len(sent), len(sent))
    told = {"reason": reason.strip(), "drafts": ended.drafts, "sent": ended.sent}
    journal.record("round.cancelled", subject=current, by=by, at=at, community=current.owner_community, **told)
    return ended
