"""Which cases a body may resolve together, in one press, and why the others are left out. Pure."""

from dataclasses import dataclass
from enum import StrEnum


class LeftOut(StrEnum):
    """Why a case is not resolved together with others."""

    CLOSED = "closed"
    NOT_FOR_DECISION = "not_for_decision"
    WITHDRAWN = "withdrawn"
    WHOLE_LIST = "whole_list"
    HABILITET = "habilitet"
    VOTED = "voted"
    DISCUSSED = "discussed"
    NO_PROPOSAL = "no_proposal"


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a case that is not settled."""

    is_decision: bool = True
    has_proposal: bool = True
    # Closed to the person who looks: nothing more of it is told.
    is_closed: bool = False
    is_withdrawn: bool = False
    # The allocation of a list: it says what its cases have come to.
    is_whole_list: bool = False
    # Somebody on the roll is inhabil, or the body has not decided it.
    has_inhabil: bool = False
    # A ballot was held: there is another will than that of the paper.
    was_voted_on: bool = False
    is_to_be_discussed: bool = False


def why_left_out(case: Facts) -> LeftOut | None:
    """Why the case is taken by itself; None when it may be resolved together with others."""
    reasons = (
        (case.is_closed, LeftOut.CLOSED),
        (not case.is_decision, LeftOut.NOT_FOR_DECISION),
        (case.is_withdrawn, LeftOut.WITHDRAWN),
        (case.is_whole_list, LeftOut.WHOLE_LIST),
        (case.has_inhabil, LeftOut.HABILITET),
        (case.was_voted_on, LeftOut.VOTED),
        (case.is_to_be_discussed, LeftOut.DISCUSSED),
        (not case.has_proposal, LeftOut.NO_PROPOSAL),
    )
    return next((reason for applies, reason in reasons if applies), None)
