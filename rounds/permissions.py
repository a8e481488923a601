"""Who may do what with a round."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from portal.communities.queries import standing_at
from portal.permissions import Verdict, allow_if
from rounds.models import Round


def can_prepare(user: Any, round_: Round, now: datetime) -> Verdict:
    """Whether the person may set the frame of the round and see its warnings: the owner's secretariat may."""
    standing = standing_at(user, now)
    allowed = (
        round_.owner_community_id in standing.secretariat_community_ids
        or round_.owner_organisation_id in standing.secretariat_region_ids
    )
    return allow_if(allowed, _("Bare sekretariatet til den som utlyser, kan forberede runden."))
