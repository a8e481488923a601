"""What waits for a secretariat after a meeting, on the front page."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from evaluation.decisions.next_step import leading
from evaluation.decisions.queries import letter_work
from evaluation.decisions.queries.letter_work import RoundLine
from evaluation.decisions.queries.registering import rounds_without_meeting, undecided_minutes
from portal.clock import local_date
from portal.communities.queries import standing_at
from portal.rooms import WaitingTask
from portal.urgency import Stake
from rounds.models import Round


def letters(user: Any, now: datetime) -> list[WaitingTask]:
    """For the secretariat: what the person does next with the letters of each round, as the round's own page says it.

    Nothing while they wait for a colleague.
    """
    standing = standing_at(user, now)
    if not standing.is_officer:
        return []
    return [_of_letters(line) for line in letter_work.to_do_in(standing, local_date(now))]


def _of_letters(of_round: RoundLine) -> WaitingTask:
    counts = of_round.letters
    titles = {
        "unwritten": ngettext("Skriv ett brev", "Skriv %(n)s brev", counts.unwritten),
        "to_read": ngettext("Les og godkjenn ett brev", "Les og godkjenn %(n)s brev", counts.to_read),
        "to_send": ngettext("Send ett brev", "Send %(n)s brev", counts.to_send),
    }
    step = leading(of_round.code, counts)
    return WaitingTask(
        title=titles[counts.next] % {"n": getattr(counts, counts.next)},
        url=step.url if step else "",
        hint=of_round.title,
        act=step.act if step else "",
        stake=Stake.WAITED_FOR,
    )


def minutes(user: Any, now: datetime) -> list[WaitingTask]:
    """For the secretariat: one task for each meeting whose adopted minutes are not made into decisions.

    And one for each other round with applications that no meeting decides, of which the secretariat alone tells.
    """
    standing = standing_at(user, now)
    if not standing.is_officer:
        return []
    pairs = undecided_minutes(standing)
    named = {of_round.pk for _body, of_round in pairs}
    others = [(of_round, n) for of_round, n in rounds_without_meeting(standing) if of_round.pk not in named]
    return [*(_of_minutes(body, of_round) for body, of_round in pairs), *(_of_round(*other) for other in others)]


def _of_minutes(body: str, of_round: Round) -> WaitingTask:
    return WaitingTask(
        title=_("Registrer vedtakene fra møtet i %(body)s") % {"body": body},
        url=reverse("decisions:overview", args=[of_round.code]),
        hint=of_round.title,
        act=_("Registrer vedtakene"),
        stake=Stake.WAITED_FOR,
    )


def _of_round(of_round: Round, n: int) -> WaitingTask:
    return WaitingTask(
        title=ngettext("Registrer ett vedtak", "Registrer %(n)s vedtak", n) % {"n": n},
        url=reverse("decisions:overview", args=[of_round.code]),
        hint=of_round.title,
        act=ngettext("Registrer vedtaket", "Registrer vedtakene", n),
        stake=Stake.WAITED_FOR,
    )
