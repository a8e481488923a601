"""When a resolution about an application lacks a reason of its own. The applicants read the reason in the letter.

Pure: outcomes, amounts in kroner and texts go in; what is lacking comes out.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from rounds.outcomes import LetterKind, Outcome


class Lack(StrEnum):
    """What a reason lacks."""

    MISSING = "missing"  # nothing is written
    DEPARTS = "departs"  # nothing is written, and the body came to something else than was recommended
    REFUSAL = "refusal"  # nothing is written, and the applicants are told no
    INHERITED = "inherited"  # what is written is the reason of a recommendation of something else


@dataclass(frozen=True, slots=True)
class Recommended:
    """What was recommended; ``outcome`` is empty when nothing was."""

    outcome: str = ""
    amount: int | None = None
    reason: str = ""

    def is_followed_by(self, outcome: str, amount: int | None) -> bool:
        """Whether the body decided just this, so that it may take the reason and the conditions over."""
        return (self.outcome, self.amount) == (outcome, amount)


def are_opposite(first: str, second: str) -> bool:
    """Whether one of the outcomes gives money and the other is a refusal; an empty outcome is neither."""
    letters = {Outcome(outcome).means.letter for outcome in (first, second) if outcome}
    return letters == {LetterKind.AWARD, LetterKind.REFUSAL}


def whole(reason: str, difference: str | None) -> str:
    """What the applicants read: the reason, and what sets the application apart.

    ``difference`` is None in what was resolved before it had a field: then the reason ends with it.
    """
    return "\n\n".join(part.strip() for part in (reason, difference or "") if part.strip())


def ends_alike(before: str, after: str) -> bool:
    """Whether the last paragraph of a reason is the same as before, where the difference stood without a field."""
    last, last_now = (re.split(r"\n\s*\n", text.strip())[-1].split() for text in (before, after))
    return last == last_now


def lack(recommended: Recommended, outcome: str, amount: int | None, reason: str) -> Lack | None:
    """What the reason lacks; None when nothing. A reason is asked for whatever the outcome."""
    departs = bool(recommended.outcome) and not recommended.is_followed_by(outcome, amount)
    if reason.strip():
        return Lack.INHERITED if departs and reason.split() == recommended.reason.split() else None
    if Outcome(outcome).means.letter == LetterKind.REFUSAL:
        return Lack.REFUSAL
    return Lack.DEPARTS if departs else Lack.MISSING
