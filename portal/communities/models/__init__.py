"""The rows that say who is who: people, organisations, helsefellesskap, bodies and seats."""

from portal.communities.models.bodies import Body, BodyKind, DecisionRule, Right, Seat, SeatRole, Side
from portal.communities.models.organisations import HealthCommunity, Organisation, OrganisationKind
from portal.communities.models.people import Affiliation, User

__all__ = [
    "Affiliation",
    "Body",
    "BodyKind",
    "DecisionRule",
    "HealthCommunity",
    "Organisation",
    "OrganisationKind",
    "Right",
    "Seat",
    "SeatRole",
    "Side",
    "User",
]
