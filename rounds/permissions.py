"""Who may do what with a round."""

from datetime import datetime
from typing import Any

from django.utils.functional import lazy
from django.utils.translation import gettext as _

from portal.communities.queries import standing_at
from portal.permissions import Verdict, Way, allow_if, first_refusal
from rounds.models import Round
from rounds.questions import gains_by_frame


def can_prepare(user: Any, round_: Round, now: datetime) -> Verdict:
    """Whether the person may set the frame of the round and see its warnings: the owner's secretariat may."""
    standing = standing_at(user, now)
    allowed = (
        round_.owner_community_id in standing.secretariat_community_ids
        or round_.owner_organisation_id in standing.secretariat_region_ids
    )
    return allow_if(allowed, _only_owner(round_))


def _say_owner(round_: Round) -> str:
    return _("%(owner)s utlyser runden. Bare sekretariatet der kan forberede den.") % {"owner": round_.owner.name}


# The owner's name is read only where the refusal is shown.
_only_owner: Any = lazy(_say_owner, str)


def can_set_frame(user: Any, round_: Round, now: datetime) -> Verdict:
    """Set the frame: the owner's secretariat, but nobody with a strong tie to what competes for it, or inhabil."""
    gains = gains_by_frame(round_, standing_at(user, now))
    return first_refusal(
        can_prepare(user, round_, now),
        allow_if(
            not gains,
            _("Du er med på, eller inhabil i, en sak som kan få av denne rammen. En kollega må sette den."),
        ),
    )


def can_cancel(user: Any, round_: Round, now: datetime) -> Verdict:
    """Cancel a round that has begun: the owner's secretariat, but nobody who gains by what is not granted in it."""
    gains, page = gains_by_frame(round_, standing_at(user, now)), Way(round_.get_absolute_url(), _("Se runden"))
    return first_refusal(
        can_prepare(user, round_, now),
        allow_if(not round_.cancelled_at, _("Utlysningen er allerede trukket."), is_past=True),
        allow_if(round_.is_locked, _("Ingen har begynt å søke. Ta bort runden i stedet."), first=page),
        allow_if(not gains, _("Du er med på, eller inhabil i, en sak under samme ramme. En kollega må gjøre det.")),
    )
