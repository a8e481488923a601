"""Who may raise a case, take it back, and deal with it. Who may read it is asked in ``queries``."""

from datetime import datetime

from django.utils.translation import gettext as _

from evaluation.raised.models import RaisedCase
from evaluation.raised.queries import may_ask
from portal.communities.models import User
from portal.communities.queries import standing_at
from portal.communities.standing import Standing
from portal.permissions import Verdict, allow_if


def can_raise(user: User, *, now: datetime) -> Verdict:
    """Raise a case: members of a body, and those who belong to an organisation of a helsefellesskap; one query."""
    return allow_if(
        may_ask(standing_at(user, now)),
        _("Bare medlemmer av et organ og partnere i et helsefellesskap melder inn saker."),
    )


def is_sender(raised: RaisedCase, standing: Standing) -> bool:
    """Whether the person belongs to those who raised it."""
    if raised.from_body_id:
        return raised.from_body_id in standing.body_ids
    return raised.from_organisation_id in standing.organisation_ids


def can_take_back(user: User, raised: RaisedCase, *, now: datetime) -> Verdict:
    """Take it back while it waits: any of those who raised it."""
    allowed = allow_if(is_sender(raised, standing_at(user, now)), _("Bare de som har meldt inn saken, kan trekke den."))
    return allowed and allow_if(raised.is_waiting, _("Saken er behandlet."), is_past=True)


def can_deal_with(user: User, raised: RaisedCase, *, now: datetime) -> Verdict:
    """Put it up, send it on or answer it, while it waits: the secretariat of the body."""
    serves = standing_at(user, now).is_secretariat_of(raised.body)
    allowed = allow_if(serves, _("Bare sekretariatet behandler innmeldte saker."))
    return allowed and allow_if(raised.is_waiting, _("Saken er behandlet."), is_past=True)
