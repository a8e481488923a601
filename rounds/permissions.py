"""Who may do what with a round."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from portal.communities.queries import standing_at
from portal.permissions import Verdict, allow_if
from rounds.models import Round


def can_prepare(user: Any, found: Round, now: datetime) -> Verdict:
    """Set the round up, and see what to mend in it: the owner's secretariat."""
    own = standing_at(user, now)
    allowed = (
        found.owner_community_id in own.secretariat_community_ids
        or found.owner_organisation_id in own.secretariat_region_ids
    )
    return allow_if(allowed, _("Bare sekretariatet til den som utlyser, kan forberede runden."))
