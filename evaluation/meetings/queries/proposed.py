"""What the body is asked to adopt in a case."""

from dataclasses import dataclass

from evaluation.meetings.models import Case, CasePaper


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
