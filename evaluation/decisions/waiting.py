"""What waits for a secretariat after a meeting, on the front page."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from evaluation.decisions.queries import unsent_letters
from evaluation.decisions.queries.registering import undecided_minutes
from portal.communities.queries import standing_at
from portal.rooms import WaitingTask
from portal.urgency import Stake


def letters(user: Any, now: datetime) -> list[WaitingTask]:
    """For the secretariat: one task for each round with decisions whose letters are not sent."""
    standing = standing_at(user, now)
    if not standing.is_officer:
        return []
    return [
        WaitingTask(
            title=_("Gjør ferdig brevene om vedtak"),
            url=reverse("decisions:overview", args=[code]),
            hint=f"{title}: {_unsent(count)}",
            act=_("Se brevene"),
            stake=Stake.WAITED_FOR,
        )
        for (code, title), count in sorted(unsent_letters(standing).items())
    ]


def _unsent(count: int) -> str:
    return ngettext("%(n)d brev er ikke sendt", "%(n)d brev er ikke sendt", count) % {"n": count}


def minutes(user: Any, now: datetime) -> list[WaitingTask]:
    """For the secretariat: one task for each meeting whose adopted minutes are not made into decisions."""
    standing = standing_at(user, now)
    if not standing.is_officer:
        return []
    return [
        WaitingTask(
            title=_("Registrer vedtakene fra møtet i %(body)s") % {"body": body},
            url=reverse("decisions:overview", args=[of_round.code]),
            hint=of_round.title,
            act=_("Registrer vedtakene"),
            stake=Stake.WAITED_FOR,
        )
        for body, of_round in undecided_minutes(standing)
    ]
