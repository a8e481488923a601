"""What waits for an applicant, shown on the front page."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from applications import completeness, queries, roster
from applications.models import Application, Partner
from applications.workflow import Status
from portal.communities.queries import standing_at
from portal.rooms import WaitingTask
from portal.twins import twin_lazy, twin_of
from portal.urgency import Stake


def open_drafts(user: Any, now: datetime) -> list[WaitingTask]:
    """Drafts and corrections that the person writes, gathers signatures for or sends, nearest deadline first.

    Not those whose text is locked and that the person's partner, unless it is the lead, has refused to sign.

    A query, one for each correction, one when a text is locked, and a whole check of each that all have signed.
    """
    standing = standing_at(user, now)
    editable = queries.editable_applications(user, now).to_write_by(user, standing)
    items = [item for item in editable if item.due_at > now]
    unsigned = list(queries.unsigned_in([item.pk for item in items if item.signing_locked_at]))
    answered = {
        one.application_id
        for one in unsigned
        if one.has_refused and not one.is_lead and one.organisation_id in standing.organisation_ids  # type: ignore[attr-defined]
    }
    tasks = [
        _to_write(item, [one for one in unsigned if one.application_id == item.pk], now)
        for item in items
        if item.pk not in answered
    ]
    return sorted(tasks, key=lambda task: task.due_at or now)


def _to_write(application: Application, unsigned: list[Partner], now: datetime) -> WaitingTask:
    url, act, title = application.get_absolute_url(), _("Fortsett"), _("Skriv ferdig «%(title)s»")
    to_sign = roster.signers(unsigned, application.round.spec)
    refusing = get_text_list([one.name for one in to_sign if one.has_refused], _("og"))  # type: ignore[attr-defined]
    if application.signing_locked_at and to_sign:
        act, title = _("Se signaturene"), _("Samle signaturene til «%(title)s»")
        if refusing:
            act, title = _("Se begrunnelsen"), _("Svar på at %(names)s ikke vil signere «%(title)s»")
        url = reverse("applications:signatures", args=[application.code])
    elif application.signing_locked_at:
        act, title = _to_send(application, now)
        url = reverse("applications:check", args=[application.code])
    elif application.status != Status.DRAFT:
        act = twin_of(twin_lazy("Rett søknaden"), application.noun_context)
        title = f"{act} «%(title)s»"
    return WaitingTask(
        title=title % {"title": application.title, "names": refusing},
        url=url,
        hint=str(application.round),
        due_at=application.due_at,
        act=act,
        stake=Stake.LOST,
    )


def _to_send(application: Application, now: datetime) -> tuple[str, str]:
    """Act and title when all have signed: send it, or see what is missing in it, as the page that both lead to says."""
    report = completeness.check(application, at=now)
    if not report.is_complete or completeness.uncorrected(report):
        return _("Se hva som mangler"), _("Gjør ferdig «%(title)s»")
    if application.status == Status.CORRECTION:
        return _("Send rettelsen"), _("Send rettelsen av «%(title)s»")
    return twin_of(twin_lazy("Send søknaden"), application.noun_context), _("Send «%(title)s»")


def signatures(user: Any, now: datetime) -> list[WaitingTask]:
    """Applications that wait for this person's signature, the nearest deadline first; one query beside the standing."""
    standing = standing_at(user, now)
    tasks = [
        WaitingTask(
            title=_("Signer «%(title)s» for %(partner)s") % {"title": item.application.title, "partner": item.name},
            url=reverse("applications:sign", args=[item.application.code, item.pk]),
            due_at=item.application.due_at,
            act=_("Les og signer"),
            stake=Stake.LOST,
        )
        for item in queries.waiting_for(standing)
        if item.application.due_at > now
    ]
    return sorted(tasks, key=lambda task: task.due_at or now)
