"""Who may make, mend, report and close follow-up items. Who may read them is asked in ``queries``."""

from datetime import datetime

from django.utils.translation import gettext as _

from evaluation.actions.models import FollowUpItem
from evaluation.actions.queries import owns
from portal.communities.models import Body, User
from portal.communities.queries import standing_at
from portal.permissions import Verdict, allow_if


def can_keep(user: User, body: Body, *, now: datetime) -> Verdict:
    """Keep the body's list: make, mend and close its items."""
    serves = standing_at(user, now).is_secretariat_of(body)
    return allow_if(serves, _("Bare sekretariatet lager, endrer og lukker oppfølgingspunkter."))


def can_report(user: User, item: FollowUpItem, *, now: datetime) -> Verdict:
    """Tell what is done with the item: whoever is to carry it out, while it is open."""
    allowed = allow_if(
        owns(standing_at(user, now), item), _("Bare den som har ansvaret for punktet, melder hva som er gjort.")
    )
    return allowed and allow_if(item.is_open, _("Punktet er lukket."), is_past=True)
