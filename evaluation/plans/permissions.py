"""Who may write a plan, adopt it and tell of its measures. Everybody may read a plan that has a version."""

from datetime import datetime

from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext as _

from evaluation.plans.models import Measure, Plan
from evaluation.plans.queries import owns
from portal.communities.models import User
from portal.communities.queries import standing_at
from portal.permissions import Verdict, allow_if


def can_write(user: User | AnonymousUser, plan: Plan, *, now: datetime) -> Verdict:
    """Write on the plan, and enter by which resolution it was adopted: the secretariat of the helsefellesskap."""
    serves = plan.community_id in standing_at(user, now).secretariat_community_ids
    return allow_if(serves, _("Bare sekretariatet skriver handlingsplanen."))


def can_begin(user: User | AnonymousUser, *, now: datetime) -> Verdict:
    """Begin a plan: who is in the secretariat of a helsefellesskap."""
    return allow_if(
        bool(standing_at(user, now).secretariat_community_ids), _("Bare sekretariatet lager handlingsplaner.")
    )


def can_tell(user: User | AnonymousUser, measure: Measure, *, now: datetime) -> Verdict:
    """Tell how far a measure has come: those who have the responsibility for it, and the secretariat."""
    standing = standing_at(user, now)
    serves = measure.aim.area.plan.community_id in standing.secretariat_community_ids
    return allow_if(
        serves or owns(standing, measure), _("Bare de som har ansvaret for tiltaket, og sekretariatet, melder om det.")
    )
