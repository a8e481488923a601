"""Who sees an entry of the menu. The menu is not built by a view, so these functions read the clock themselves."""

from typing import Any

from portal import clock
from portal.communities.queries import standing_at
from portal.communities.standing import Standing


def standing_now(user: Any) -> Standing:
    """The person's standing now; no query when the request has read it already, else two."""
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


def assesses(user: Any) -> bool:
    """Whether something was given to the person to assess; of one without any place it is not known. No query."""
    standing = standing_now(user)
    has_place = standing.body_ids or standing.organisation_ids
    return bool(standing.user_id and (standing.assesses or not has_place))
