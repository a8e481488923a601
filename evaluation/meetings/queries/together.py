"""The cases of a meeting that nobody has dealt with, and which of them may be resolved together."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, QuerySet

from evaluation.meetings import proposals
from evaluation.meetings.models import Ballot, Case, CaseKind, CaseStatus, DiscussionRequest, Meeting
from evaluation.meetings.queries.electorate import lines_of
from evaluation.meetings.queries.habilitet import closed_case_ids, closed_lines, questions_of_all
from evaluation.meetings.queries.proposed import Proposal, outcome_label, proposal_of
from evaluation.meetings.together import Facts, LeftOut, why_left_out
from portal.communities.models import User
from portal.communities.queries import standing_at
from rounds.models import Frame


@dataclass(frozen=True, slots=True)
class Line:
    """A case with what would be adopted, why it is left out, and who asks that it is discussed."""

    case: Case
    proposal: Proposal
    why: LeftOut | None
    askers: tuple[User, ...]

    @property
    def key(self) -> str:
        """What names the case on the page, and in the sums of what it shows."""
        return str(self.case.pk)

    @property
    def points(self) -> tuple[proposals.Point, ...]:
        """What would be adopted; nothing of a case that is closed to the person."""
        return () if self.why is LeftOut.CLOSED else proposals.points(self.proposal.text)

    @property
    def outcome(self) -> str:
        """What it means for the application, in the words of the case's stage."""
        return "" if self.why is LeftOut.CLOSED else outcome_label(self.case, self.proposal.outcome)

    @property
    def shown(self) -> list[Any]:
        """What the page shows of it, for the press."""
        return [self.proposal.text, self.proposal.outcome, self.proposal.amount]


def lines_together(meeting: Meeting, user: User, *, now: datetime) -> list[Line]:
    """Every case of the meeting that is not settled, in order; six queries, one more with the case of a whole list."""
    standing = standing_at(user, now)
    cases = list(_waiting(meeting))
    for case in cases:
        case.meeting = meeting
    people = [line.seat.user_id for line in lines_of(meeting.pk)]
    asked = questions_of_all(cases, people)
    closed = closed_case_ids(standing, meeting)
    return [
        _line(case, asked.get(case.pk, ()), is_closed=case.pk in closed or _is_part(standing, case)) for case in cases
    ]


def _is_part(standing: Any, case: Case) -> bool:
    return case.is_allocation and bool(closed_lines(standing, case))


def _line(case: Case, asked: Iterable[Any], *, is_closed: bool) -> Line:
    # The text on a list as a whole follows its cases; it is never resolved together with them.
    proposal = Proposal("") if case.is_allocation else proposal_of(case)
    askers = tuple(row.person for row in case.discussion_requests.all())
    facts = Facts(
        is_decision=case.kind == CaseKind.DECISION,
        has_proposal=bool(proposal.text.strip()),
        is_closed=is_closed,
        is_withdrawn=case.is_withdrawn,
        is_whole_list=case.is_allocation,
        has_inhabil=any(row.is_pending or row.is_recused for row in asked),
        was_voted_on=case.was_voted_on,  # type: ignore[attr-defined]  # set by ``_waiting``
        is_to_be_discussed=bool(askers),
    )
    return Line(case, proposal, why_left_out(facts), askers)


def _waiting(meeting: Meeting) -> QuerySet[Case]:
    requests = Prefetch("discussion_requests", DiscussionRequest.objects.select_related("person"))
    related = ("paper", "application", "recommendation", "priority_list__stage", "priority_list__round")
    cases = meeting.cases.filter(status=CaseStatus.PREPARED).select_related(*related).prefetch_related(requests)
    return cases.annotate(was_voted_on=Exists(Ballot.objects.filter(case=OuterRef("pk")))).order_by(
        "position", "number"
    )


def frames_of(meeting: Meeting) -> QuerySet[Frame]:
    """The frames from which the applications on the meeting's lists are granted."""
    listed = Case.objects.filter(meeting=meeting.pk, priority_list__isnull=False, application__isnull=False)
    return Frame.objects.filter(pk__in=listed.order_by().values("application__round__frame"))
