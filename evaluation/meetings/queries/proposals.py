"""What the body is asked to adopt in a case, and what became of the last ballot on it."""

from dataclasses import dataclass

from evaluation.meetings import voting
from evaluation.meetings.models import Ballot, BallotStatus, Case, CasePaper
from evaluation.meetings.reasons import Recommended
from rounds.outcomes import Outcome


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the body is asked to adopt: the wording, and for an application what it means."""

    text: str
    outcome: str = ""
    amount: int | None = None
    reason: str = ""
    conditions: str = ""

    @property
    def recommended(self) -> Recommended:
        """What was recommended, as the rule on reasons asks it."""
        return Recommended(self.outcome, self.amount, self.reason)

    def taken_over(self, outcome: str, amount: int | None) -> dict[str, str]:
        """The reason and the conditions that a body takes over: of a recommendation that it followed, and no other."""
        follows = self.recommended.is_followed_by(outcome, amount)
        return {"reason": self.reason, "conditions": self.conditions} if follows else {}


def proposal_of(case: Case) -> Proposal:
    """The proposal of the paper with the outcome and amount of the recommendation."""
    paper: CasePaper | None = getattr(case, "paper", None)
    text = paper.proposal if paper else ""
    recommended = case.recommendation if case.application_id else None
    if recommended is None:
        return Proposal(text)
    return Proposal(text, recommended.outcome, recommended.amount, recommended.reason, recommended.conditions)


def outcomes_of(case: Case) -> tuple[Outcome, ...]:
    """What the body can vote on and resolve for the application of the case: the outcomes of its round and stage."""
    assert case.application is not None, "asked in the case of an application only"  # noqa: S101
    spec = case.application.round.spec
    stage = spec.stage(case.priority_list.stage.code) if case.priority_list else None
    return spec.proposable(stage or spec.deciding_stage, by_body=True)


def latest_ballot(case: Case) -> Ballot | None:
    """The last closed ballot on the case: only its result counts, whatever the result of earlier ballots."""
    return case.ballots.filter(status=BallotStatus.CLOSED).order_by("opened_at", "pk").last()


def last_result(latest: Ballot | None) -> voting.LastBallot:
    """What became of the last closed ballot on a case; no query."""
    if latest is None:
        return voting.LastBallot.NONE
    if latest.is_carried:
        return voting.LastBallot.CARRIED
    result = latest.result or {}
    objected = result.get("is_quorate") and result["total"]["against"]
    return voting.LastBallot.OBJECTED if objected else voting.LastBallot.FELL


def objectors(ballot: Ballot | None) -> list[str]:
    """The names of those who objected in the last ballot, or voted against; empty when the body keeps no names."""
    people = (ballot.electorate or {}).get("entitled", ()) if ballot else ()
    return [person["name"] for person in people if person["choice"] == voting.Choice.AGAINST]
