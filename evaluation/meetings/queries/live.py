"""What every screen of a meeting shows: the case, who is there, the quorum, the ballot, and what the person may do."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _

from evaluation.assessment.models import Habilitet
from evaluation.assessment.queries.closed import is_out_under_frame
from evaluation.assessment.queries.must_answer import must_answer
from evaluation.meetings import voting
from evaluation.meetings.models import (
    Ballot,
    BallotStatus,
    Case,
    CaseKind,
    CaseStatus,
    Meeting,
    Resolution,
    Vote,
)
from evaluation.meetings.proposals import Point, first_point, points
from evaluation.meetings.queries.agenda import visible_meetings
from evaluation.meetings.queries.benches import Bench, benches_of
from evaluation.meetings.queries.electorate import Roll, is_awaited, roll_of, takes_attendance
from evaluation.meetings.queries.habilitet import closed_lines
from evaluation.meetings.queries.papers import noun_context_of
from evaluation.meetings.queries.proposed import (
    Allocation,
    Proposal,
    allocation_of,
    allocation_without,
    frame_of,
    last_result,
    outcome_label,
    proposal_of,
    shown_sum,
    voted_on,
)
from evaluation.meetings.queries.viewer import Viewer, viewer_of
from portal.communities import decision_words
from portal.communities.decision_rules import DecisionRules
from portal.communities.models import Body, User
from portal.communities.queries import standing_at
from portal.communities.standing import Standing
from rounds.frame import FrameState

NOT_LATE = timedelta(minutes=5)
BEFORE, AFTER = 2, 8


@dataclass(frozen=True, slots=True)
class Screen:
    """The page of a meeting, as one person sees it now."""

    meeting: Meeting
    case: Case | None
    agenda: Sequence[Case]
    cases: int
    settled: int
    roll: Roll
    benches: Sequence[Bench]
    viewer: Viewer
    ballot: Ballot | None = None
    closed_ballots: Sequence[Ballot] = ()
    votes_cast: int = 0
    # Counts also the votes of those who may no longer vote, as the pulse does.
    votes_given: int = 0
    sums: dict[str, int] = field(default_factory=dict)
    proposal: Proposal | None = None
    # What is left of the frame, for those who lead and to whom nothing under it is closed: it tells of every case.
    frame: FrameState | None = None
    # The applications on an allocation's list that are closed to the viewer: no text and no sum tells of them.
    closed_lines: frozenset[int] = frozenset()
    proposal_points: tuple[Point, ...] = ()
    resolution_points: tuple[Point, ...] = ()
    # Whether the time it is called to has passed; a few minutes are no delay.
    is_late: bool = False
    takes_attendance: bool = True
    # Whether the proposal on the list as a whole says something else than what the meeting has resolved so far.
    is_behind: bool = False
    # Why the last ballot of a case that is not settled cannot become the resolution: who in it is inhabil now.
    why_vote_again: str = ""

    @property
    def counts_votes(self) -> bool:
        """Whether the screen shows the number of votes as they come in: only for those who lead the case."""
        return self.ballot is not None and self.leads_case

    @property
    def body(self) -> Body:
        """Whose meeting it is."""
        return self.meeting.body

    @property
    def ballot_outcome(self) -> str:
        """What the proposal of ``ballot_shown`` means for the application, in the words of the case's stage."""
        return outcome_label(self.case, self.ballot_shown.outcome) if self.case and self.ballot_shown else ""

    @property
    def ballot_shown(self) -> Ballot | None:
        """The ballot whose proposal the screen shows: open, carried, or to be held again. None: the paper's."""
        return self.ballot or self.adopted_ballot or (self.latest_ballot if self.is_voted_again else None)

    @property
    def is_voted_again(self) -> bool:
        """Whether the proposal of the last ballot is voted on anew; that on a list as a whole follows its cases."""
        return bool(self.why_vote_again) and self.case is not None and not self.case.is_allocation

    @property
    def frame_after(self) -> FrameState | None:
        """What is left of the frame when the proposal on the application is adopted; None of another case."""
        if self.frame is None or self.case is None or not self.case.application_id:
            return None
        shown = self.ballot_shown or self.proposal
        amount = shown.amount if shown else None
        return self.frame.after(amount or 0)

    @property
    def resolution(self) -> Resolution | None:
        """How the case ended, if it has."""
        return getattr(self.case, "resolution", None) if self.case else None

    @property
    def noun_context(self) -> str:
        """``Round.noun_context`` of the round of the case's list; empty for a case that is on no list. No query."""
        return noun_context_of(self.case) if self.case else ""

    @property
    def shows_papers(self) -> bool:
        """Whether the person may see the proposal, the votes and the resolution: nobody to whom the case is closed.

        A case about neither an application nor a list is open to all when it is resolved.
        """
        is_own = self.case is not None and not (self.case.application_id or self.case.priority_list_id)
        return not self.viewer.is_out or (is_own and self.resolution is not None)

    @property
    def leads_case(self) -> bool:
        """Whether the person leads the case in hand: nobody to whom it, or a part of it, is closed."""
        return self.viewer.leads and not (self.viewer.is_out or self.closed_lines)

    @property
    def has_one_box(self) -> bool:
        """Whether who leads the case votes and closes the ballot in one box."""
        return self.ballot is not None and self.leads_case

    @property
    def begins_with_all(self) -> bool:
        """Whether the first press before the meeting is set is that all are there: it could not decide anything yet."""
        is_ready = self.meeting.is_open or self.roll.quorum.is_met
        return self.registers_arrivals and not is_ready and bool(self.awaited)

    @property
    def can_raise_own_habilitet(self) -> bool:
        """Whether a member sees the link to raise the question of the member's own habilitet in the case."""
        return (
            self.viewer.attendance is not None
            and self.meeting.is_open
            and self.case is not None
            and not (self.case.is_settled or self.viewer.leads or self.viewer.is_recused)
        )

    @property
    def keeps_attendance(self) -> bool:
        """Whether the person registers others as come or gone: who leads, and is not out of the case in hand."""
        treated = self.case is not None and not self.case.is_settled
        return self.viewer.leads and not (treated and self.viewer.is_out)

    @property
    def registers_arrivals(self) -> bool:
        """Whether the person can register others as come now."""
        return self.keeps_attendance and self.takes_attendance

    @property
    def quorum_tone(self) -> str:
        """The colour of the quorum; before the meeting is set nobody is there, and nothing is wrong."""
        if not self.meeting.is_open:
            return "neutral"
        return "success" if self.roll.quorum.is_met else "danger"

    @property
    def awaited(self) -> int:
        """How many are called and not heard of."""
        return sum(is_awaited(line.attendance) for bench in self.benches for line in bench.away)

    @property
    def next_step(self) -> str:
        """What the chair does now, as a heading. To one who is out of the case it would tell how the ballot went."""
        if self.case is None or self.case.is_settled:
            return _("Neste steg: neste sak") if self.next_case else _("Neste steg: hev møtet")
        if not self.leads_case:
            return _("Andre leder saken")
        if self.ballot:
            return _("Neste steg: lukk voteringen") if self.everybody_has_voted else _("Voteringen pågår")
        if self.case.is_withdrawn or self.case.kind != CaseKind.DECISION:
            return _("Neste steg: avslutt saken")
        if self.asks_habilitet_first:
            return _("Neste steg: avgjør habiliteten")
        if not self.roll.quorum.is_met:
            return _("Utvalget er ikke vedtaksført")
        if self.adopted_ballot:
            return _("Neste steg: registrer vedtaket")
        if self.closed_ballots:
            return _("Neste steg: stem på nytt") if self.why_vote_again else _("Neste steg: stem over et annet forslag")
        return _("Neste steg: er alle enige?") if self.can_be_agreed else _("Neste steg: stem over forslaget")

    @property
    def asks_habilitet_first(self) -> bool:
        """Whether the case asks for a decision, and somebody's habilitet must be decided before it."""
        is_decision = self.case is not None and self.case.kind == CaseKind.DECISION
        return is_decision and not self.ballot and self.has_undecided

    @property
    def next_case(self) -> Case | None:
        """The case after the current one."""
        later = [case for case in self.agenda if self.case and case.position > self.case.position]
        return later[0] if later else None

    @property
    def previous_case(self) -> Case | None:
        """The case before the current one."""
        earlier = [case for case in self.agenda if self.case and case.position < self.case.position]
        return earlier[-1] if earlier else None

    @property
    def adopted_ballot(self) -> Ballot | None:
        """The ballot whose proposal can become the resolution: the last one, if it carried and still counts."""
        latest = self.latest_ballot
        return latest if latest and latest.is_carried and not self.why_vote_again else None

    @property
    def latest_ballot(self) -> Ballot | None:
        """The last closed ballot."""
        return self.closed_ballots[-1] if self.closed_ballots else None

    @property
    def shown_sum(self) -> str:
        """What the page shows of the proposal, for the presses that adopt it or put it to the vote."""
        latest = self.latest_ballot
        return shown_sum(latest, voted_on(latest) if latest and self.is_voted_again else self.proposal)

    @property
    def can_be_agreed(self) -> bool:
        """Whether the resolution may be entered without a ballot."""
        return not self.why_vote_again and voting.can_be_agreed(self.roll.rules, last_result(self.latest_ballot))

    @property
    def rules_text(self) -> str:
        """How the case is decided, before and between its ballots; empty for a case that asks for no decision."""
        if self.case is None or self.case.kind != CaseKind.DECISION:
            return ""
        return decision_words.sentences(self.roll.rules)

    @property
    def rules_on_wall(self) -> str:
        """What it takes or took, for the projector: by the open ballot or the resolution; not who set it."""
        kept = self.ballot or self.resolution
        if not self.rules_text:
            return ""
        if kept is None:
            return decision_words.in_force(self.roll.rules)
        return decision_words.in_force(DecisionRules.from_data(kept.rules)) if kept.rules else ""

    @property
    def announcement(self) -> str:
        """What a screen reader is told when the screen changes."""
        if self.case is None:
            return self.meeting.get_status_display()
        heading = _("Sak %(reference)s") % {"reference": self.case.reference}
        if self.ballot:
            return f"{heading}: " + _("Voteringen er åpen.")
        if self.resolution:
            return f"{heading}: {self.case.get_status_display()}."
        if self.shows_papers and self.closed_ballots and self.closed_ballots[-1].result:
            return f"{heading}: {self.closed_ballots[-1].result['sentence']}"
        return f"{heading}: {self.case.title}."

    @property
    def everybody_has_voted(self) -> bool:
        """Whether all who may vote now have voted."""
        return self.votes_cast >= self.roll.voters.size

    @property
    def silent(self) -> list[str]:
        """The names of those who may vote and have not; only those who lead the case are told."""
        lines = [line for bench in self.benches for line in bench.present] if self.counts_votes else []
        return [line.name for line in lines if line.cannot_vote is None and not line.has_voted]

    @property
    def voters_sentence(self) -> str:
        """The rule, and how many may vote on each side: «Konsensus. 8 kan stemme: 4 på kommunesiden, …»."""
        on_sides = [
            _("%(n)s på %(side)s") % {"n": bench.voters, "side": bench.label.lower()}
            for bench in self.benches
            if bench.voters
        ]
        rule = decision_words.rule_name(self.roll.rules)
        if not on_sides:
            return f"{rule}."
        told = _("%(n)s kan stemme: %(sides)s.") % {"n": self.roll.voters.size, "sides": ", ".join(on_sides)}
        return f"{rule}. {told}"

    @property
    def remaining(self) -> int:
        """How many cases have not been dealt with."""
        return self.cases - self.settled

    @property
    def is_finished(self) -> bool:
        """Whether every case has been dealt with."""
        return not self.remaining

    @property
    def questions(self) -> Sequence[Habilitet]:
        """What has been raised or decided about the habilitet of those on the roll."""
        return self.roll.questions

    @property
    def has_undecided(self) -> bool:
        """Whether somebody's habilitet must be decided before the case: in it, or in a case on its list."""
        return bool(self.undecided_questions or self.undecided_on_list)

    @property
    def decide_url(self) -> str:
        """Where the first question that the case waits for is decided; in the whole when its case is of another day."""
        in_case, on_list = self.undecided_questions, self.undecided_on_list
        question = next(iter([*in_case, *on_list]), None)
        if self.case is None or question is None:
            return ""
        case = self.case.pk if in_case else question.case_here  # type: ignore[attr-defined]  # set by ``out_on_list``
        if case:
            return reverse("meetings:decide_habilitet", args=[case, question.pk])
        line = self.roll.of(question.person)
        return f"{reverse('meetings:raise_habilitet', args=[self.case.pk])}?attendance={line.pk if line else ''}"

    @property
    def undecided_questions(self) -> list[Habilitet]:
        """Questions of habilitet that the body must decide before the case."""
        return self.roll.undecided

    @property
    def undecided_on_list(self) -> list[Habilitet]:
        """Those in the cases on an allocation's list, also of who was counted in the ballot that carried, and left."""
        return self.roll.undecided_on_list(self.adopted_ballot)


def meetings_on_screen(user: User, *, now: datetime) -> QuerySet[Meeting]:
    """The meetings that the person may see, each with its current case and the number of cases, for ``screen``."""
    cases = Case.objects.filter(meeting=OuterRef("pk")).order_by().values("meeting")
    counted = cases.annotate(counted=Count("pk")).values("counted")
    settled = cases.exclude(status=CaseStatus.PREPARED).annotate(counted=Count("pk")).values("counted")
    current = (
        "application",
        "recommendation",
        "paper",
        "resolution",
        "follows",
        "priority_list__stage",
        "priority_list__round__frame",
    )
    return (
        visible_meetings(user, now=now)
        .select_related(*(f"current_case__{name}" for name in current))
        .annotate(
            cases_count=Coalesce(Subquery(counted), 0),
            settled_count=Coalesce(Subquery(settled), 0),
            viewer_must_answer=must_answer(standing_at(user, now), "current_case__application"),
        )
    )


def screen(meeting: Meeting, user: User, *, now: datetime) -> Screen:
    """The screen of a meeting from ``meetings_on_screen`` for the person; seven queries at most."""
    case = meeting.current_case
    if case:
        case.meeting = meeting
    roll = roll_of(meeting, case)
    ballots = list(_ballots(case_id=case.pk)) if case else []
    ballot = next((one for one in ballots if one.status == BallotStatus.OPEN), None)
    closed_ballots = [one for one in ballots if one.status == BallotStatus.CLOSED]
    votes = {vote.seat_id: vote for vote in list(_votes(ballot_id=ballot.pk))} if ballot else {}
    if ballot:
        for vote in votes.values():
            vote.ballot = ballot
    resolved = allocation_of(case) if case and case.is_allocation else None
    proposal = proposal_of(case, resolved) if case else None
    viewer = viewer_of(meeting, roll, votes, user=user, now=now)
    closed = closed_lines(standing_at(user, now), case) if case else frozenset()
    latest = closed_ballots[-1] if closed_ballots else None
    why_vote_again = roll.why_vote_again(latest) if latest and case and not case.is_settled else ""
    carried = latest if latest and latest.is_carried and not why_vote_again else None
    again = latest if why_vote_again and case and not case.is_allocation else None
    texts = _texts(case, closed, ballot or carried or again, proposal, resolved)
    return Screen(
        meeting=meeting,
        case=case,
        agenda=_agenda(meeting, case),
        cases=getattr(meeting, "cases_count", 0),
        settled=getattr(meeting, "settled_count", 0),
        roll=roll,
        # Only those who lead the case see who has voted, so that a vote changes no other screen.
        benches=benches_of(roll, votes if viewer.leads and not (viewer.is_out or closed) else {}),
        viewer=viewer,
        ballot=ballot,
        closed_ballots=closed_ballots,
        votes_cast=sum(1 for seat in votes if seat in roll.voters.sides),
        votes_given=len(votes),
        sums={"total": resolved.total, "applications": len(resolved.shares)} if resolved and not closed else {},
        proposal=proposal,
        frame=_frame(case, viewer, standing_at(user, now)),
        closed_lines=closed,
        proposal_points=points(texts[0]),
        resolution_points=points(texts[1]),
        is_behind=_is_behind(proposal, resolved, meeting.body) if resolved and proposal else False,
        is_late=now > meeting.starts_at + NOT_LATE,
        takes_attendance=takes_attendance(meeting, now),
        why_vote_again=why_vote_again,
    )


def _is_behind(proposal: Proposal, resolved: Allocation, body: Body) -> bool:
    return first_point(proposal.text) != first_point(resolved.proposal(body.name))


def _texts(
    case: Case | None,
    closed: frozenset[int],
    ballot: Ballot | None,
    proposal: Proposal | None,
    resolved: Allocation | None,
) -> tuple[str, str]:
    """The texts of the proposal and of the resolution, as they are shown to a viewer to whom ``closed`` is closed."""
    if case is None or proposal is None:
        return "", ""
    if closed:
        text = allocation_without(case, closed, resolved)
        return text, text if case.is_settled else ""
    return ballot.proposal if ballot else proposal.text, case.resolution.text if case.is_settled else ""


def _ballots(case_id: int) -> QuerySet[Ballot]:
    return Ballot.objects.filter(case=case_id).order_by("opened_at", "pk")


def _votes(ballot_id: int) -> QuerySet[Vote]:
    return Vote.objects.filter(ballot=ballot_id)


def _frame(case: Case | None, viewer: Viewer, standing: Standing) -> FrameState | None:
    if case is None or case.priority_list is None or case.is_settled or not viewer.leads or viewer.is_out:
        return None
    return None if is_out_under_frame(case.priority_list.round, standing) else frame_of(case)


def _agenda(meeting: Meeting, case: Case | None) -> list[Case]:
    """The cases around the current one; the whole agenda has its own page."""
    first = max(0, (case.position if case else 0) - BEFORE)
    return list(_nearby(meeting_id=meeting.pk, first=first))


def _nearby(meeting_id: int, first: int) -> QuerySet[Case]:
    cases = Case.objects.filter(meeting=meeting_id, position__gte=first)
    return cases.order_by("position", "number")[: BEFORE + AFTER + 1]
