"""What a place gives a person, and what a change of it adds. Pure.

A place is an affiliation to an organisation or a seat on a body. Nobody gives himself or herself a right: what a change
adds to one's own place, a colleague decides (forvaltningsloven § 6). What it takes away, one may give up.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Gain(StrEnum):
    """What a change of a place adds to it."""

    PLACE = "place"
    TERM = "term"
    SIGN = "sign"
    VOTE = "vote"
    LEAD = "lead"
    SIDE = "side"
    STANDS_IN = "stands_in"


@dataclass(frozen=True, slots=True)
class Rights:
    """What a place gives, and its term (local dates, the last day counts); other rows by id."""

    from_date: date
    to_date: date | None = None
    may_sign: bool = False
    has_vote: bool = False
    leads: bool = False
    side: str = ""
    stands_in_for: int | None = None


def gains(before: Rights | None, after: Rights) -> frozenset[Gain]:
    """What a change adds to a place; a new place (``before`` is None) adds all that it gives."""
    if before is None:
        return frozenset({Gain.PLACE}) | _given(after)
    added = set(_given(after) - _given(before))
    if after.from_date < before.from_date or _last(after) > _last(before):
        added.add(Gain.TERM)
    if after.side != before.side:
        added.add(Gain.SIDE)
    if after.stands_in_for != before.stands_in_for:
        added.add(Gain.STANDS_IN)
    return frozenset(added)


def _given(rights: Rights) -> frozenset[Gain]:
    given = {Gain.SIGN: rights.may_sign, Gain.VOTE: rights.has_vote, Gain.LEAD: rights.leads}
    return frozenset(gain for gain, is_given in given.items() if is_given)


def _last(rights: Rights) -> date:
    return rights.to_date or date.max


def begins_anew(before: Rights | None, after: Rights, today: date) -> bool:
    """Whether the person gets the place by the change: it is new, or had ended, or had not begun on the day."""
    if before is None:
        return True
    was_in_force = before.from_date <= today <= _last(before)
    return not was_in_force and Gain.TERM in gains(before, after)


def leaves_vote_to_deputy(before: Rights, after: Rights) -> bool:
    """Whether a member votes in fewer days than before, so that the member's deputy votes."""
    if not before.has_vote:
        return False
    return not after.has_vote or after.from_date > before.from_date or _last(after) < _last(before)
