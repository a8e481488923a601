"""What waits for a secretariat on the front page: mail that did not arrive, and seats that a colleague confirms."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal import clock
from portal.communities.queries import standing_at
from portal.communities.queries.vouching import seats_to_confirm
from portal.mail.queries import undelivered
from portal.rooms import WaitingTask
from portal.urgency import Stake


def undelivered_mail(user: Any, now: datetime) -> list[WaitingTask]:
    """For the secretariat: one task for all messages that did not arrive."""
    standing = standing_at(user, now)
    messages = undelivered(standing) if standing.is_officer else []
    if not messages:
        return []
    newest = messages[0].message
    title = ngettext("%(n)d melding kom ikke fram", "%(n)d meldinger kom ikke fram", len(messages))
    hint = _("Sist «%(title)s» til %(address)s") % {"title": newest.title, "address": newest.recipient}
    return [WaitingTask(title % {"n": len(messages)}, reverse("portal:undelivered"), hint, stake=Stake.WAITED_FOR)]


def unconfirmed_seats(user: Any, now: datetime) -> list[WaitingTask]:
    """For the colleagues who can: one task for each seat in the secretariat that one of them has given alone."""
    return [
        WaitingTask(
            _("Bekreft plassen til %(name)s") % {"name": seat.user},
            reverse("portal:seat_confirm", args=[seat.pk]),
            _("%(giver)s ga plassen i %(body)s") % {"giver": seat.given_alone_by, "body": seat.body},
            act=_("Bekreft plassen"),
            stake=Stake.WAITED_FOR,
        )
        for seat in seats_to_confirm(standing_at(user, now), clock.local_date(now))
    ]
