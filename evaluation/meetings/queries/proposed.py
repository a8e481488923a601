"""What the body is asked to adopt in a case, and what became of the last ballot on it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from applications.models import Application
from evaluation.assessment.models import PriorityList, Recommendation, Result
from evaluation.assessment.queries.closed import out_or_must_answer
from evaluation.meetings import papers, voting, wordings
from evaluation.meetings.models import Ballot, BallotStatus, Case, CasePaper, CaseStatus, Resolution
from evaluation.meetings.proposals import with_first_point
from evaluation.meetings.reasons import Recommended
from portal.communities.standing import Standing
from portal.errors import ChangedError
from portal.snapshots import digest
from rounds.definition import StagePart
from rounds.frame import FrameState
from rounds.models import Round
from rounds.outcomes import AWARDS, Outcome
from rounds.questions import frame_state


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


@dataclass(frozen=True, slots=True)
class Allocation:
    """What has been resolved about the applications of a list: in earlier meetings, and in this in agenda order."""

    shares: tuple[papers.Share, ...]
    # The ids of the applications of the shares, in the same order.
    applications: tuple[int, ...]
    postponed: tuple[str, ...]
    # The numbers of the cases that are not settled.
    waiting: tuple[str, ...]

    @property
    def total(self) -> int:
        """What was granted altogether, in kroner."""
        return sum(share.amount for share in self.shares)

    def proposal(self, body: str) -> str:
        """The proposal on the list as a whole."""
        return papers.allocation_proposal(body, self.shares)


def allocation_of(case: Case) -> Allocation:
    """What the meeting of an allocation case has resolved about its list, and earlier ones had decided; one query.

    When the allocation was postponed, only what was undecided is put up with it again.
    """
    here, decided_before = Q(meeting=case.meeting_id), Q(status=CaseStatus.DECIDED, pk__lt=case.pk)
    cases = Case.objects.filter(here | decided_before, priority_list=case.priority_list_id, application__isnull=False)
    named = cases.annotate(titled=F("application__title"), granted=F("resolution__amount"))
    rows = list(named.order_by("meeting__starts_at", "meeting", "position", "number"))
    settled = [row for row in rows if row.is_settled]
    return Allocation(
        shares=tuple(papers.Share(row.titled, row.granted) for row in settled if row.granted),
        applications=tuple(row.application_id or 0 for row in settled if row.granted),
        postponed=tuple(row.titled for row in settled if row.status == CaseStatus.POSTPONED),
        waiting=tuple(row.reference for row in rows if not row.is_settled),
    )


def allocation_without(case: Case, closed: frozenset[int], resolved: Allocation | None = None) -> str:
    """The allocation for a reader to whom these applications on the list are closed: the other lines, and no sum.

    As it was recommended, until every case of the list is settled; then as it was resolved. Two queries at most.
    """
    resolved = resolved or allocation_of(case)
    pairs = list(zip(resolved.applications, resolved.shares, strict=True))
    if resolved.waiting:
        rows = Recommendation.objects.filter(priority_list=case.priority_list_id, outcome__in=AWARDS)
        rows = rows.select_related("application").order_by(F("rank").asc(nulls_last=True), "pk")
        pairs = [(row.application_id, papers.Share(row.application.title, row.amount or 0)) for row in rows]
    shares = [share for application, share in pairs if application not in closed]
    return papers.allocation_without(case.meeting.body.name, shares)


def allocated_text(case: Case) -> str:
    """The text of the case's resolution; on a list as a whole with the first point that its cases call for now."""
    text: str = case.resolution.text
    return with_first_point(allocation_of(case).proposal(case.meeting.body.name), text) if case.is_allocation else text


def proposal_of(case: Case, resolved: Allocation | None = None) -> Proposal:
    """The proposal of the paper with the outcome and amount of the recommendation.

    On a list as a whole its first point is what the meeting has resolved (``resolved``, else one query), when all its
    cases are settled.
    """
    paper: CasePaper | None = getattr(case, "paper", None)
    text = paper.proposal if paper else ""
    if case.is_allocation and case.meeting.is_open and not case.is_settled:
        resolved = resolved or allocation_of(case)
        return Proposal(text if resolved.waiting else with_first_point(resolved.proposal(case.meeting.body.name), text))
    recommended = case.recommendation if case.application_id else None
    if recommended is None:
        return Proposal(text)
    return Proposal(text, recommended.outcome, recommended.amount, recommended.reason, recommended.conditions)


def stage_of(case: Case) -> StagePart:
    """The stage of the round in which the body handles the case: that of its list, else the one that decides."""
    about = case.priority_list or case.application
    assert about is not None, "asked in a case about applications only"  # noqa: S101
    stage = about.round.spec.stage(case.priority_list.stage.code) if case.priority_list else None
    return stage or about.round.spec.deciding_stage


def outcomes_of(case: Case) -> dict[Outcome, str]:
    """What the body can vote on and resolve for the application of the case, with the words of its stage."""
    assert case.application is not None, "asked in the case of an application only"  # noqa: S101
    stage, spec = stage_of(case), case.application.round.spec
    return {outcome: stage.outcome_label(outcome) for outcome in spec.proposable(stage, by_body=True)}


def outcome_label(case: Case, outcome: str) -> str:
    """The outcome in the words of the case's stage; empty without one, as in a case that is about no application."""
    return stage_of(case).outcome_label(outcome) if outcome else ""


@dataclass(frozen=True, slots=True)
class Equal:
    """Another application on a case's list with the same points in the stage.

    ``outcome`` is what the meeting has resolved, and until then what is recommended; empty when neither is.
    """

    application: Application
    outcome: str
    is_closed: bool


def equals_of_all(cases: Iterable[Case], standing: Standing) -> dict[int, list[Equal]]:
    """The equals of each case by its id, in the order of the list; three queries at most, however many the cases.

    One query when nobody has given points, two when none has the same, and none without a case of a list.
    ``is_closed`` is of the person whose standing it is.
    """
    listed = {(case.priority_list_id, case.application_id): case for case in cases if case.application_id}
    lists = {case.priority_list for case in listed.values() if case.priority_list}
    scored = Result.objects.filter(stage__in={one.stage_id for one in lists}, total__isnull=False)
    here = scored.filter(application__in={application for _list, application in listed}) if lists else ()
    points: dict[tuple[int | None, int | None], Any] = {
        (result.stage_id, result.application_id): result.total for result in here
    }
    if not points:
        return {}
    same = scored.filter(total__in=set(points.values()))
    rows = _with_points(lists, same, standing)
    # The rows of the cases themselves are among them.
    resolved = _resolved_on(lists) if len(rows) > 1 else {}
    equals: dict[int, list[Equal]] = {}
    for (pk, application), case in listed.items():
        stage = case.priority_list.stage_id if case.priority_list else None
        equals[case.pk] = [
            Equal(row.application, resolved.get((pk, row.application_id), row.outcome), row.is_closed)
            for row in rows
            if (row.priority_list_id, row.points) == (pk, points.get((stage, application)))
            and row.application_id != application
        ]
    return equals


def _with_points(lists: Iterable[PriorityList], same: QuerySet[Result], standing: Standing) -> list[Any]:
    """The rows of the lists with these points in the stage of the list, each with ``points`` and ``is_closed``."""
    of_row = same.filter(application=OuterRef("application"), stage=OuterRef("priority_list__stage"))
    rows = Recommendation.objects.filter(priority_list__in=lists, application__in=same.values("application"))
    rows = rows.annotate(points=Subquery(of_row.values("total")[:1]))
    rows = rows.annotate(is_closed=out_or_must_answer(standing, "application"))
    return list(rows.select_related("application").order_by("rank", "pk"))


def _resolved_on(lists: Iterable[PriorityList]) -> dict[tuple[int | None, int | None], str]:
    """The outcomes that are resolved, by list and application: after a postponement the later case counts."""
    decided = Case.objects.filter(priority_list__in=lists, resolution__isnull=False).order_by("pk")
    rows = decided.values_list("priority_list", "application", "resolution__outcome")
    return {(pk, application): outcome for pk, application, outcome in rows}


def open_equals(case: Case, standing: Standing) -> list[tuple[Application, str]]:
    """The equals of the case that are not closed to the person, each with its outcome."""
    equal = equals_of_all([case], standing).get(case.pk, [])
    return [(one.application, one.outcome) for one in equal if not one.is_closed]


def latest_ballot(case: Case) -> Ballot | None:
    """The last closed ballot on the case: only its result counts, whatever the result of earlier ballots."""
    return case.ballots.filter(status=BallotStatus.CLOSED).order_by("opened_at", "pk").last()


def voted_on(ballot: Ballot) -> Proposal:
    """The proposal of the ballot."""
    return Proposal(ballot.proposal, ballot.outcome, ballot.amount)


def shown_sum(latest: Ballot | None, proposal: Proposal | None) -> str:
    """What the page of a case shows above the press that adopts it or puts it to the vote; the press carries the sum.

    The text of the paper may be written on the way while the meeting is on the case, which changes no screen.
    """
    told = [proposal.text, proposal.outcome, proposal.amount] if proposal else []
    return digest([latest.pk if latest else None, *told])


def require_shown(shown: str | None, latest: Ballot | None, proposal: Proposal) -> None:
    """Raise ChangedError when the page showed another proposal, or none; not where there was no page."""
    if shown is not None and shown != shown_sum(latest, proposal):
        raise ChangedError(_("Forslaget er endret siden du så det. Les det slik det er nå, og trykk på nytt."))


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
    """The names of those who objected in the last ballot, or voted against; empty when not all of them are named.

    No body that keeps no names has any, and in a show of hands only those who asked for it are named.
    """
    people = (ballot.electorate or {}).get("entitled", ()) if ballot else ()
    names = [person["name"] for person in people if person["choice"] == voting.Choice.AGAINST]
    is_whole = not (ballot and ballot.is_by_hands and len(names) < (ballot.result or {})["total"]["against"])
    return names if is_whole else []


def voted_text(resolution: Resolution) -> str:
    """The text that a resolution has from its ballot, which a correction keeps; empty when it may be written.

    The text on a list as a whole follows its cases, and one that does not say its outcome and amount is put right.
    """
    case, ballot = resolution.case, resolution.ballot
    if ballot is None or case.is_allocation:
        return ""
    faulty = case.application_id and ballot.outcome and wordings.fault(ballot.proposal, ballot.outcome, ballot.amount)
    return "" if faulty else ballot.proposal


def is_passed_with_words(of_round: Round) -> bool:
    """Whether a body has said why more is granted than the round's frame, in an award; one query."""
    under = Resolution.objects.filter(case__application__round__frame=of_round.frame_id, amount__isnull=False)
    return under.exclude(over_frame_reason="").exists()


def frame_of(case: Case) -> FrameState | None:
    """What is left of the frame in the case of an application or a list, in the stage that decides; else None.

    One query. None as well while the frame is unknown.
    """
    if case.priority_list is None:
        return None
    round_ = case.priority_list.round
    if case.priority_list.stage.code != round_.spec.deciding_stage.code or round_.frame.amount is None:
        return None
    return frame_state(round_)
