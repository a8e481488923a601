"""Who may administer organisations, bodies and people: the secretariat that serves them."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from portal.communities.models import Body, HealthCommunity, Organisation, Seat
from portal.communities.queries import standing_at
from portal.communities.queries.vouching import one_with
from portal.permissions import Verdict, allow_if, first_refusal

if TYPE_CHECKING:
    from portal.communities.models import Body


def can_administer(user: Any, now: datetime) -> Verdict:
    """Whether the person is in any secretariat at all."""
    return allow_if(standing_at(user, now).is_officer, _("Bare sekretariatet kan administrere dette."))


def can_administer_community(user: Any, community: HealthCommunity, now: datetime) -> Verdict:
    """Whether the person's secretariat serves the helsefellesskap."""
    served = standing_at(user, now).secretariat_community_ids
    return allow_if(community.pk in served, _("Bare helsefellesskapets sekretariat kan endre dette."))


def can_administer_organisation(user: Any, organisation: Organisation, now: datetime) -> Verdict:
    """Whether the person's secretariat serves the organisation's helsefellesskap, or the regional authority itself."""
    standing = standing_at(user, now)
    serves = (
        organisation.community_id in standing.secretariat_community_ids
        or organisation.pk in standing.secretariat_region_ids
    )
    return allow_if(serves, _("Bare helsefellesskapets sekretariat kan endre organisasjonen og hvem som tilhører den."))


def can_administer_body(user: Any, body: Body, now: datetime) -> Verdict:
    """Whether the person's secretariat serves the body."""
    return allow_if(standing_at(user, now).is_secretariat_of(body), _("Bare sekretariatet kan endre dette organet."))


def can_appoint_first(user: Any, body: Body, now: datetime) -> Verdict:
    """Whether the person's secretariat serves the region of the helsefellesskap, whose secretariat has nobody yet."""
    regions = standing_at(user, now).secretariat_region_ids
    is_in_region = body.community is not None and body.community.region_id in regions
    return allow_if(is_in_region, _("Bare sekretariatet i regionen kan sette inn den første."))


GIVEN_BY_SAME = gettext_noop(
    "Du har selv fått eller gitt denne plassen. En annen kollega i sekretariatet, eller den som drifter portalen, "
    "må bekrefte den."
)


def can_confirm_seat(user: Any, seat: Seat) -> Verdict:
    """Whether the person, an officer of the secretariat, is another than who gave the seat, and than who got it."""
    is_waiting = allow_if(seat.given_alone_by_id is not None, _("Plassen er bekreftet."), is_past=True)
    return first_refusal(is_waiting, allow_if(seat.user_id not in one_with(user.pk), _(GIVEN_BY_SAME)))
