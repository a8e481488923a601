"""How a body decides in a case: the rule of its votes, its quorum, and who has set them.

The round file may set both for one of its stages. Where it says nothing, and in every other case, the body's own rule
and quorum from the register hold. Pure: no Django, no database.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from math import ceil, floor
from typing import Any, Final


class Rule(StrEnum):
    """The rule by which a proposal is adopted."""

    CONSENSUS = "consensus"
    SIMPLE_MAJORITY = "simple_majority"
    DOUBLE_MAJORITY = "double_majority"


class Source(StrEnum):
    """Who has set a rule or a quorum."""

    ROUND = "round"
    BODY = "body"


@dataclass(frozen=True, slots=True)
class Share:
    """A share of the voting seats: at least ``part`` of them, or more than that. Exact, never rounded."""

    part: Fraction
    more_than: bool = False

    @classmethod
    def percent(cls, percent: int) -> "Share":
        """At least ``percent`` percent (1 to 100)."""
        return cls(Fraction(percent, 100))

    @classmethod
    def from_text(cls, text: str) -> "Share":
        """The share from its text, which ``str`` writes."""
        return cls(Fraction(text.removeprefix(">")), more_than=text.startswith(">"))

    def __str__(self) -> str:
        return f"{'>' if self.more_than else ''}{self.part}"

    def needed(self, seats: int) -> int:
        """How many of the voting seats must be filled; at least 1."""
        exact = self.part * seats
        return max(1, floor(exact) + 1 if self.more_than else ceil(exact))


# The shares by their codes in the round file.
SHARES: Final[Mapping[str, Share]] = {
    "half": Share(Fraction(1, 2)),
    "more_than_half": Share(Fraction(1, 2), more_than=True),
    "two_thirds": Share(Fraction(2, 3)),
    "all": Share(Fraction(1)),
}


@dataclass(frozen=True, slots=True)
class QuorumRule:
    """How many must be present for the body to decide, and whether both sides must be represented."""

    share: Share
    both_sides: bool


@dataclass(frozen=True, slots=True)
class DecisionRules:
    """The rule and the quorum in force in a case.

    ``stage`` is the name of the round's stage and is empty when the round has set nothing. ``quorum`` is None only for
    votes that were held before the quorum was stored with each vote.
    """

    rule: Rule
    quorum: QuorumRule | None
    body: str
    stage: str = ""
    rule_source: Source = Source.BODY
    quorum_source: Source = Source.BODY
    # Whether the vote of who leads decides when as many vote for as against; the body alone sets it.
    chair_breaks_ties: bool = False

    @property
    def is_consensus(self) -> bool:
        """Whether a proposal is adopted unless somebody objects."""
        return self.rule is Rule.CONSENSUS

    @property
    def needs_both_sides(self) -> bool:
        """Whether both sides must be present. A majority on both sides needs both, whatever the quorum says."""
        return self.rule is Rule.DOUBLE_MAJORITY or (self.quorum is not None and self.quorum.both_sides)

    @property
    def has_casting_vote(self) -> bool:
        """Whether a tie is decided by who leads: under simple majority alone, where a tie can decide anything."""
        return self.chair_breaks_ties and self.rule is Rule.SIMPLE_MAJORITY

    @property
    def terms(self) -> tuple[Rule, Share | None, bool, bool]:
        """All that decides how votes are counted, without who has set it."""
        return self.rule, self.quorum.share if self.quorum else None, self.needs_both_sides, self.has_casting_vote

    def at_stage(self, stage: str, rule: Rule | None, quorum: QuorumRule | None) -> "DecisionRules":
        """The body's own rules, replaced by those that a stage of a round sets; None leaves the body's own."""
        if rule is None and quorum is None:
            return self
        return replace(
            self,
            rule=rule or self.rule,
            quorum=quorum or self.quorum,
            stage=stage,
            rule_source=Source.ROUND if rule else Source.BODY,
            quorum_source=Source.ROUND if quorum else Source.BODY,
        )

    def to_data(self) -> dict[str, Any]:
        """The rules as plain data, to be frozen with a ballot or a resolution."""
        return {
            "rule": str(self.rule),
            "share": str(self.quorum.share) if self.quorum else None,
            "both_sides": self.quorum.both_sides if self.quorum else None,
            "body": self.body,
            "stage": self.stage,
            "rule_source": str(self.rule_source),
            "quorum_source": str(self.quorum_source),
            "chair_breaks_ties": self.chair_breaks_ties,
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "DecisionRules":
        """The rules from the data of ``to_data``."""
        return cls(
            rule=Rule(data["rule"]),
            quorum=QuorumRule(Share.from_text(data["share"]), data["both_sides"]) if data["share"] else None,
            body=data["body"],
            stage=data["stage"],
            rule_source=Source(data["rule_source"]),
            quorum_source=Source(data["quorum_source"]),
            # Votes of before a body could have it have none.
            chair_breaks_ties=data.get("chair_breaks_ties", False),
        )
