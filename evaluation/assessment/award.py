"""Which amount goes with which outcome: the one rule of recommendation, resolution and decision. Pure; kroner."""

from enum import StrEnum

from rounds.outcomes import Amount, Outcome


class Fault(StrEnum):
    """What is wrong with an outcome and its amount."""

    UNWANTED = "unwanted"  # only an award has an amount
    MISSING = "missing"  # an award has one, above nothing
    ABOVE = "above"  # nobody gets more than was asked for
    LESS = "less"  # granted in full is what was asked for
    WHOLE = "whole"  # granted in part is less than that


# The amount may stand and the outcome has the wrong name: a recommendation is put right, what a body adopted stands.
MISNAMED = frozenset({Fault.LESS, Fault.WHOLE})


def fault(outcome: str, amount: int | None, requested: int | None) -> Fault | None:
    """What is wrong with the amount for the outcome; ``requested`` is None where the round asks for no amount."""
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
