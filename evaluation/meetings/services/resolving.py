"""How a case ends: resolved after a ballot or by agreement, postponed, or noted."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from evaluation.meetings import voting
from evaluation.meetings.models import (
    Ballot,
    BallotStatus,
    Case,
    CaseKind,
    CaseStatus,
    Meeting,
    MeetingStatus,
    Reopening,
    Resolution,
)
from evaluation.meetings.queries.electorate import roll_of, rules_of
from evaluation.meetings.queries.habilitet import closed_case_ids, frozen, questions_of, why_not_whole
from evaluation.meetings.queries.proposed import (
    Proposal,
    last_result,
    latest_ballot,
    objectors,
    proposal_of,
    require_shown,
)
from evaluation.meetings.services.balloting import (
    electorate_snapshot,
    require_answered,
    require_decidable,
    require_decided,
    require_decided_on_list,
    require_not_withdrawn,
    require_outcome_of_round,
    require_possible_to_decide,
    require_quorum,
    require_worded,
)
from evaluation.meetings.services.framing import hold_frame, over_frame
from evaluation.meetings.services.locking import (
    MeetingConflictError,
    MeetingError,
    case_led_by,
    locked,
    require_in_hand,
    require_no_ballot,
    require_open,
    tell,
    tell_written,
)
from evaluation.meetings.services.reasoning import require_reasons
from portal.acts import act
from portal.cells import Base, Merge
from portal.communities.models import User
from portal.communities.queries import standing_at
from portal.language import in_bokmaal
from portal.writing import merged
from rounds.outcomes import AWARDS, Outcome

STATEMENTS_WRITTEN = "case.statements_written"


def adopt_as_proposed(case: Case, *, shown: str | None = None, by: User, at: datetime) -> Resolution:
    """Adopt what the last ballot carried, or when none was held the proposal of the paper.

    ``shown`` is the sum of what the page showed (``proposed.shown_sum``). Raises ChangedError when that is not what
    would be adopted.
    """
    ballot = latest_ballot(case)
    proposal = proposal_of(case)
    require_shown(shown, ballot, proposal)
    if ballot:
        words = proposal.taken_over(ballot.outcome, ballot.amount)
        return adopt_ballot(ballot, **words, by=by, at=at)
    if not proposal.text.strip():
        raise MeetingError(_("Saken har ikke noe forslag til vedtak. Skriv vedtaket."))
    return adopt_agreed(
        case,
        text=proposal.text,
        outcome=proposal.outcome,
        amount=proposal.amount,
        **proposal.taken_over(proposal.outcome, proposal.amount),
        by=by,
        at=at,
    )


@act
def adopt_ballot(
    ballot: Ballot,
    *,
    by: User,
    at: datetime,
    reason: str = "",
    difference: str = "",
    conditions: str = "",
    statements: str = "",
    withdrawn_by: Sequence[str] = (),
    over_frame_reason: str = "",
) -> Resolution:
    """Make the proposal that was voted on the resolution of its case: just its text, outcome and amount.

    Another will is another ballot. ``withdrawn_by`` are the names of those who withdrew their objection to it. Raises
    MeetingError when the ballot is open, when it did not carry and somebody's objection stands, when the body has voted
    again since, and when it counted a vote of somebody who was found inhabil since; ReasonError when the reason lacks
    something.
    """
    hold_frame(ballot.case)
    case = case_led_by(by, ballot.case, at)
    require_in_hand(case)
    require_no_ballot(case)
    ballot.refresh_from_db()
    if ballot.status == BallotStatus.OPEN or ballot != latest_ballot(case):
        raise MeetingError(_("Det er stemt over et nytt forslag etterpå. Bare den siste voteringen kan bli vedtak."))
    require_not_withdrawn(case)
    came_about = _carried(ballot, case, withdrawn_by)
    _require_habil(ballot, case)
    require_outcome_of_round(case, ballot.outcome)
    require_worded(case, ballot.proposal, ballot.outcome, ballot.amount)
    differs = require_reasons(case, ballot.outcome, ballot.amount, reason, difference, by=by, at=at)
    over_frame_reason = over_frame(case, ballot.amount, why=over_frame_reason, by=by, at=at)
    fields = {"outcome": ballot.outcome, "amount": ballot.amount, "reason": reason, "difference": differs}
    return _settle(
        case,
        CaseStatus.DECIDED,
        text=ballot.proposal,
        ballot=ballot,
        conditions=conditions if ballot.outcome in AWARDS else "",
        statements=statements,
        over_frame_reason=over_frame_reason,
        by=by,
        at=at,
        **fields,
        **came_about,
    )


def _carried(ballot: Ballot, case: Case, withdrawn_by: Sequence[str]) -> dict[str, Any]:
    """How the proposal was adopted: the sentence of the minutes, and who took part.

    Raises MeetingError when it neither carried, nor can by withdrawn objections in a body that is quorate.
    """
    if ballot.is_carried:
        return {"manner": (ballot.result or {})["sentence"], "electorate": ballot.electorate}
    if not voting.can_be_agreed(ballot.decision_rules, last_result(ballot)):
        raise MeetingError(_("Forslaget ble ikke vedtatt i voteringen."))
    require_decidable(case, ballot.outcome, ballot.amount)
    roll = roll_of(case.meeting, case)
    require_quorum(roll)
    require_answered(roll, case)
    _require_withdrawn(ballot, withdrawn_by)
    manner = voting.agreed(roll.quorum, by_consensus=True, withdrawn_by=withdrawn_by)
    return {"manner": manner, "electorate": electorate_snapshot(roll, {})}


def _require_habil(ballot: Ballot, case: Case) -> None:
    roll = roll_of(case.meeting, case)
    require_decided(roll.questions)
    require_decided_on_list(roll, ballot)
    if why := roll.why_vote_again(ballot):
        raise MeetingError(why)


@act
def adopt_agreed(
    case: Case,
    *,
    text: str,
    by: User,
    at: datetime,
    outcome: str = "",
    amount: int | None = None,
    reason: str = "",
    difference: str = "",
    conditions: str = "",
    statements: str = "",
    over_frame_reason: str = "",
) -> Resolution:
    """Adopt without a ballot: the chair has asked, and nobody objects or asks for a vote.

    Raises MeetingError when the body is not quorate, or as open_ballot does, and after a ballot: what was voted on is
    adopted by ``adopt_ballot``, and another will is voted on.
    """
    hold_frame(case)
    case = case_led_by(by, case, at)
    require_in_hand(case)
    proposal = Proposal(text, outcome, amount, reason, conditions)
    words = {"difference": difference, "statements": statements, "over_frame_reason": over_frame_reason}
    return agree(case, proposal, **words, by=by, at=at)


def agree(
    case: Case,
    proposal: Proposal,
    *,
    by: User,
    at: datetime,
    difference: str = "",
    statements: str = "",
    over_frame_reason: str = "",
) -> Resolution:
    """The same of a case that is held, whether or not the meeting is on it: every condition, and the resolution."""
    outcome, amount, reason = proposal.outcome, proposal.amount, proposal.reason
    require_possible_to_decide(case, outcome, amount)
    require_worded(case, proposal.text, outcome, amount)
    require_no_ballot(case)
    roll = roll_of(case.meeting, case)
    require_decided_on_list(roll)
    require_quorum(roll)
    require_answered(roll, case)
    if latest_ballot(case):
        raise MeetingError(_("Det er holdt votering i saken. Registrer det som ble vedtatt, eller stem på nytt."))
    amount = amount if outcome in AWARDS else None
    differs = require_reasons(case, outcome, amount, reason, difference, by=by, at=at)
    over_frame_reason = over_frame(case, amount, why=over_frame_reason, by=by, at=at)
    return _settle(
        case,
        CaseStatus.DECIDED,
        text=proposal.text,
        manner=voting.agreed(roll.quorum, by_consensus=roll.rules.is_consensus),
        electorate=electorate_snapshot(roll, {}),
        outcome=outcome,
        amount=amount,
        reason=reason,
        difference=differs,
        conditions=proposal.conditions if outcome in AWARDS else "",
        statements=statements,
        over_frame_reason=over_frame_reason,
        by=by,
        at=at,
    )


def _require_withdrawn(ballot: Ballot, withdrawn_by: Sequence[str]) -> None:
    """Raise MeetingError while somebody's objection in the ballot stands."""
    if not withdrawn_by:
        raise MeetingError(
            _("Noen hadde innvendinger i siste votering. Stem på nytt, eller skriv hvem som trakk innvendingen.")
        ).about("withdrawn_by")
    # Two persons may have one name: each withdrawal is of one of them.
    if standing := list((Counter(objectors(ballot)) - Counter(withdrawn_by)).elements()):
        raise MeetingError(
            _("%(names)s hadde også innvendinger. Stem på nytt, eller kryss av når også den er trukket.")
            % {"names": ", ".join(standing)}
        ).about("withdrawn_by")


@act
def postpone(case: Case, *, reason: str, by: User, at: datetime) -> Resolution:
    """Postpone the case, for more work or because there is no quorum (R132). A later meeting can take it up."""
    case = case_led_by(by, case, at)
    require_in_hand(case)
    require_no_ballot(case)
    return _postpone(case, reason, by=by, at=at)


@dataclass(frozen=True, slots=True)
class Postponed:
    """How many cases were postponed, and those that were left, since the person is out of them."""

    done: int
    left: tuple[Case, ...]


@act
def postpone_rest(meeting: Meeting, *, reason: str, by: User, at: datetime) -> Postponed:
    """Postpone every case that is not settled, but those that ``by`` is out of: another must postpone them."""
    meeting = locked(meeting.pk)
    require_open(meeting)
    if Ballot.objects.filter(case__meeting=meeting, status=BallotStatus.OPEN).exists():
        raise MeetingError(_("Lukk voteringen først."))
    related = ("application", "priority_list__stage", "meeting__body")
    waiting = meeting.cases.filter(status=CaseStatus.PREPARED).select_related(*related)
    standing = standing_at(by, at)
    closed = closed_case_ids(standing, meeting)
    cases = list(waiting.order_by("position"))
    left = tuple(case for case in cases if case.pk in closed or why_not_whole(standing, case))
    rest = [case for case in cases if case not in left]
    for case in rest:
        _postpone(case, reason, by=by, at=at)
    return Postponed(len(rest), left)


def _postpone(case: Case, reason: str, *, by: User, at: datetime) -> Resolution:
    # Only the case of a list decides what becomes of an application.
    outcome = Outcome.POSTPONED if case.application_id and case.priority_list_id else ""
    return _settle(case, CaseStatus.POSTPONED, text=_postponed(reason), reason=reason, outcome=outcome, by=by, at=at)


@in_bokmaal
def _postponed(reason: str) -> str:
    """What the minutes say."""
    return (_("Saken utsettes. %(reason)s") % {"reason": reason}).strip()


@act
def note(case: Case, *, text: str, statements: str = "", by: User, at: datetime) -> Resolution:
    """End a case that asks for no decision: noted, what was discussed, or that the application is withdrawn."""
    case = case_led_by(by, case, at)
    require_in_hand(case)
    if case.kind == CaseKind.DECISION and not case.is_withdrawn:
        raise MeetingError(_("Sak %(case)s er en beslutningssak og må avgjøres.") % {"case": case.reference})
    # Nobody votes; the minutes tell who was out of the room.
    there = electorate_snapshot(roll_of(case.meeting, case), {})
    return _settle(case, CaseStatus.NOTED, text=text, statements=statements, electorate=there, by=by, at=at)


def _settle(case: Case, status: CaseStatus, *, by: User, at: datetime, **fields: Any) -> Resolution:
    won = Case.objects.filter(pk=case.pk, status=CaseStatus.PREPARED).update(status=status)
    if not won:
        raise MeetingConflictError(_("Sak %(case)s er allerede ferdig behandlet.") % {"case": case.reference})
    ballot: Ballot | None = fields.get("ballot")
    rules = ballot.rules if ballot else rules_of(case, case.meeting.body).to_data()
    people = case.meeting.attendances.values_list("seat__user", flat=True)
    habilitet = frozen(questions_of(case, list(people)))
    resolution = Resolution.objects.create(
        case=case, rules=rules, habilitet=habilitet, adopted_by=by, adopted_at=at, **fields
    )
    data = {"case": case.reference, "outcome": resolution.outcome, "amount": resolution.amount}
    data |= {"over_frame": resolution.over_frame_reason} if resolution.over_frame_reason else {}
    tell(f"case.{status}", case.meeting, by=by, at=at, subject=case, **data)
    return resolution


@act
def reopen(case: Case, *, why: str, by: User, at: datetime) -> Case:
    """Open a case again while the meeting lasts: its ballots are kept, and the minutes tell what it had come to.

    Raises MeetingError without a reason, after the meeting, and when the allocation of its list has been adopted.
    """
    case = case_led_by(by, case, at)
    if not case.meeting.is_open:
        raise MeetingError(_("Møtet er hevet. Saken kan ikke gjenåpnes."))
    _require_not_taken_up(case)
    _require_not_allocated(case)
    if not why.strip():
        raise MeetingError(_("Skriv hvorfor saken åpnes igjen."))
    status = case.status
    if not Case.objects.filter(pk=case.pk).exclude(status=CaseStatus.PREPARED).update(status=CaseStatus.PREPARED):
        raise MeetingConflictError(_("Sak %(case)s er allerede åpen.") % {"case": case.reference})
    resolution = Resolution.objects.get(case=case)
    before = {"status": status} | {name: getattr(resolution, name) for name in _KEPT}
    # A resolution is corrected between two closings of the meeting only.
    before |= {"corrections": corrected} if (corrected := _corrections_of(resolution)) else {}
    Reopening.objects.create(case=case, content=before, why=why.strip(), reopened_by=by, reopened_at=at)
    resolution.delete()
    data = {"case": case.reference, "why": why.strip(), "before": before}
    tell("case.reopened", case.meeting, by=by, at=at, subject=case, **data)
    return case


# What is kept of a resolution when its case is opened again.
_KEPT = ("text", "outcome", "amount", "reason", "difference", "conditions", "over_frame_reason", "statements", "manner")


def _corrections_of(resolution: Resolution) -> list[dict[str, Any]]:
    """What the resolution said before each correction: they are gone with it."""
    rows = resolution.versions.select_related("changed_by")
    return [
        {"at": row.changed_at.isoformat(), "by": row.changed_by.name, "why": row.why, "content": row.content}
        for row in rows
    ]


def _require_not_taken_up(case: Case) -> None:
    """Raise when the case, or its application or list, has been put up in a later case: it is settled there."""
    again = Q(follows=case)
    if case.priority_list_id:
        again |= Q(priority_list=case.priority_list_id, application=case.application_id, pk__gt=case.pk)
    if later := Case.objects.filter(again).first():
        raise MeetingError(
            _("Sak %(case)s er tatt opp igjen som sak %(later)s, og avgjøres der.")
            % {"case": case.reference, "later": later.reference}
        )


def _require_not_allocated(case: Case) -> None:
    """Raise when the allocation of the list that the application is on has been adopted, here or in a later meeting."""
    if case.priority_list_id is None or case.is_allocation:
        return
    whole = Case.objects.filter(priority_list=case.priority_list_id, application=None)
    # An allocation that was put up before the case left it out.
    decided = whole.filter(Q(meeting=case.meeting) | Q(pk__gt=case.pk), status=CaseStatus.DECIDED).first()
    if decided:
        raise MeetingError(
            _("Fordelingen i sak %(case)s er vedtatt. Åpne den igjen først.") % {"case": decided.reference}
        )


@act
def write_statements(
    resolution: Resolution,
    *,
    texts: Mapping[str, str],
    base: Base | None = None,
    quietly: bool = False,
    by: User,
    at: datetime,
) -> Merge:
    """Enter protokolltilførsel, ``statements`` of the ``texts``, until the minutes are adopted; see portal/writing.py.

    The resolution itself is not changed: its text and its reason are put right by ``corrections.correct`` alone, which
    asks why and keeps what was there.
    """
    case = case_led_by(by, resolution.case, at)
    if case.meeting.status == MeetingStatus.ADOPTED:
        raise MeetingError(_("Protokollen er godkjent og kan ikke endres."))
    stored = Resolution.objects.filter(pk=resolution.pk).first()
    if stored is None:
        raise MeetingConflictError(_("Sak %(case)s er allerede åpen.") % {"case": case.reference})
    merge = merged({"statements": stored.statements}, texts, base)
    resolution.statements = merge.changes.get("statements", stored.statements)
    Resolution.objects.filter(pk=resolution.pk).update(statements=resolution.statements)
    tell_written(STATEMENTS_WRITTEN, case.meeting, merge, quietly=quietly, by=by, at=at, subject=case)
    return merge
