"""The secretariat's acts on a sent application: ask for a correction, give a later deadline."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from applications.models import Application, CorrectionRequest, Extension
from applications.services import notices
from applications.services.signing import locked
from applications.services.status import TransitionError, advance
from applications.workflow import Status
from portal import formats
from portal.acts import act
from portal.errors import DomainError
from portal.journal import services as journal
from portal.twins import twin_lazy, twin_of
from rounds.questions import locked_communities


class CorrectionError(DomainError):
    """The request lacks sections, a reason, or a date in the future."""


class ExtensionError(DomainError):
    """The new deadline cannot be given."""


@act
def request_correction(
    application: Application,
    sections: Sequence[str],
    reason: str,
    due_at: datetime,
    *,
    by: Any,
    at: datetime,
) -> CorrectionRequest:
    """Reopen named sections of a sent application until ``due_at`` (exclusive), with the reason; the rest is locked.

    The partners' contacts get the mail. Raises CorrectionError and TransitionError.
    """
    known = [section.code for section in application.round.spec.sections]
    wanted = [code for code in known if code in sections]
    if not wanted or set(sections) - set(known):
        raise CorrectionError(
            twin_of(twin_lazy("Velg hvilke deler av søknaden som skal rettes."), application.noun_context)
        )
    if not reason.strip():
        raise CorrectionError(_("Skriv hva som må rettes, og hvorfor."))
    if due_at <= at:
        raise CorrectionError(_("Fristen for rettelsen må være fram i tid."))
    opened = {"signing_locked_at": None}
    advance(application, "request_correction", by=by, at=at, changes=opened, sections=wanted, due_at=due_at.isoformat())
    request = CorrectionRequest.objects.create(
        application=application,
        sections=wanted,
        reason=reason.strip(),
        due_at=due_at,
        requested_by=by,
        requested_at=at,
    )
    notices.correction_requested(request, at=at)
    return request


@act
def extend(application: Application, until: datetime, reason: str, *, by: Any, at: datetime) -> Extension:
    """Give one application a later deadline (``until``, exclusive), for the draft or for the correction asked for.

    May be given after the deadline has passed, until the helsefellesskap has locked its list. Raises ExtensionError
    and TransitionError.
    """
    if not reason.strip():
        raise ExtensionError(twin_of(twin_lazy("Skriv hvorfor søknaden får utsatt frist."), application.noun_context))
    # The lists are read before the application's row is held: the same order as when a list is locked.
    is_too_late = application.community_id in locked_communities(application.round)
    current = locked(application)
    if is_too_late:
        raise ExtensionError(
            twin_of(
                twin_lazy("Prioriteringen er låst. Søknaden kan ikke lenger komme med, og frist gis ikke."),
                application.noun_context,
            )
        )
    if current.status not in {Status.DRAFT, Status.CORRECTION}:
        raise TransitionError(
            twin_of(twin_lazy("Søknaden er sendt, og har ingen frist å utsette."), application.noun_context)
        )
    request = current.open_correction
    due_at = request.due_at if request else current.closes_at
    if until <= max(due_at, at):
        words = {"due_at": formats.deadline_no(due_at)}
        raise ExtensionError(_("Den nye fristen må være fram i tid, og etter %(due_at)s.") % words)
    if request:
        CorrectionRequest.objects.filter(pk=request.pk).update(due_at=until)
    else:
        Application.objects.filter(pk=current.pk).update(extended_until=until)
    extension = Extension.objects.create(
        application=current, until=until, reason=reason.strip(), granted_by=by, granted_at=at
    )
    journal.record(
        "application.extended",
        subject=current,
        by=by,
        at=at,
        community=current.tenant,
        until=until.isoformat(),
    )
    notices.deadline_extended(extension, at=at)
    for kept in ("closes_at", "open_correction"):
        application.__dict__.pop(kept, None)
    application.refresh_from_db(fields=["extended_until"])
    return extension
