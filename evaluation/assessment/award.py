"""The amounts that each outcome allows, in recommendations, resolutions and decisions. Pure; all amounts in kroner."""

from enum import StrEnum

from rounds.outcomes import Amount, Outcome


class Fault(StrEnum):
    """A conflict between an outcome and its amount."""

    UNWANTED = "unwanted"  # the outcome is no award, and has an amount
    MISSING = "missing"  # the outcome is an award, and has no amount above 0
    ABOVE = "above"  # the amount is higher than what was asked for
    LESS = "less"  # «granted in full», with less than what was asked for
    WHOLE = "whole"  # «granted in part», with all that was asked for


# The amount is possible, but the outcome has the wrong name: a recommendation is corrected, an adopted one is kept.
MISNAMED = frozenset({Fault.LESS, Fault.WHOLE})


def fault(outcome: str, amount: int | None, requested: int | None) -> Fault | None:
    """The conflict of the outcome and the amount, or None. ``requested`` is None when the round asks for no amount."""
    rule = Outcome(outcome).means.amount
    if rule == Amount.NONE:
        return Fault.UNWANTED if amount is not None else None
    if not amount:
        return Fault.MISSING
    if requested is None or amount == requested:
        return Fault.WHOLE if requested is not None and rule == Amount.PART else None
    if amount > requested:
        return Fault.ABOVE
    return Fault.LESS if rule == Amount.ALL else None
