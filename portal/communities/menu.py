"""Who sees an entry of the menu: asked on every page without its view, so the menu reads the clock itself."""

from typing import Any

from portal import clock
from portal.communities.models import Standing
from portal.communities.queries import standing_at


def standing_now(user: Any) -> Standing:
    """The person's standing; from what the request has read already, or two queries."""
    return standing_at(user, clock.now())


def is_officer(user: Any) -> bool:
    """Whether the person is in a secretariat."""
    return standing_now(user).is_officer


def sits_in_a_body(user: Any) -> bool:
    """Whether the person has a seat."""
    return bool(standing_now(user).body_ids)


def belongs_to_an_organisation(user: Any) -> bool:
    """Whether the person acts for an organisation, which can apply."""
    return bool(standing_now(user).organisation_ids)


def may_assess(user: Any) -> bool:
    """Whoever sits in a body, and outsiders: applicants are not asked, and it must not cost a query a page."""
    place = standing_now(user)
    return bool(place.user_id and (place.body_ids or not place.organisation_ids))
