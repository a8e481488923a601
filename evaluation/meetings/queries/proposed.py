"""What the body is asked to adopt in a case, and what it has voted on."""

from dataclasses import dataclass

from evaluation.meetings.models import Ballot, BallotStatus, Case, CasePaper
from portal.communities.decision_rules import DecisionRules


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the body is asked to adopt: the wording, and for an application what it means."""

    text: str
    outcome: str = ""
    amount: int | None = None
    reason: str = ""


def proposal_of(case: Case) -> Proposal:
    """The proposal of the paper with the outcome and amount of the recommendation."""
    paper: CasePaper | None = getattr(case, "paper", None)
    own = case.recommendation if case.application_id else None
    text = paper.proposal if paper else ""
    return Proposal(text, own.outcome, own.amount, own.reason) if own else Proposal(text)


def latest_ballot(case: Case) -> Ballot | None:
    """The last closed ballot on the case: what it said is what the body holds, whatever earlier ones said."""
    return case.ballots.filter(status=BallotStatus.CLOSED).order_by("opened_at", "pk").last()


def can_be_agreed(rules: DecisionRules, latest: Ballot | None) -> bool:
    """Whether a resolution may be entered without a ballot: once the body has voted, only a consensus that failed."""
    return latest is None or (rules.is_consensus and not latest.is_carried)
