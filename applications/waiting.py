"""What waits for an applicant, shown on the front page."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from applications import queries
from applications.models import Application
from applications.workflow import Status
from portal.communities.queries import standing_at
from portal.rooms import WaitingTask
from portal.twins import twin_lazy, twin_of
from portal.urgency import Stake


def open_drafts(user: Any, now: datetime) -> list[WaitingTask]:
    """Drafts and corrections that the person writes or gathers signatures for, nearest deadline first.

    A query, and one for each correction.
    """
    editable = queries.editable_applications(user, now).to_write_by(user, standing_at(user, now))
    tasks = [_to_write(item) for item in editable if item.due_at > now]
    return sorted(tasks, key=lambda task: task.due_at or now)


def _to_write(application: Application) -> WaitingTask:
    url = application.get_absolute_url()
    if application.signing_locked_at:
        act, title = _("Se signaturene"), _("Samle signaturene til «%(title)s»")
        url = reverse("applications:signatures", args=[application.code])
    elif application.status == Status.DRAFT:
        act, title = _("Fortsett"), _("Skriv ferdig «%(title)s»")
    else:
        act = twin_of(twin_lazy("Rett søknaden"), application.noun_context)
        title = f"{act} «%(title)s»"
    return WaitingTask(
        title=title % {"title": application.title},
        url=url,
        hint=str(application.round),
        due_at=application.due_at,
        act=act,
        stake=Stake.LOST,
    )


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
