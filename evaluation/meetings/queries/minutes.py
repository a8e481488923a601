"""The content of the minutes, read from what happened in the meeting, as plain data that can be frozen."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Prefetch, QuerySet, prefetch_related_objects

from evaluation.assessment.models import Habilitet
from evaluation.meetings import proposals
from evaluation.meetings.models import (
    Absence,
    Attendance,
    Ballot,
    Case,
    CaseStatus,
    Meeting,
    MeetingReopening,
    MemberRemark,
    Minutes,
    Reopening,
    ResolutionVersion,
)
from evaluation.meetings.queries.agenda import visible_meetings
from evaluation.meetings.queries.electorate import attendances_of, in_order
from evaluation.meetings.queries.habilitet import (
    IN_PART,
    frozen,
    habilitet_told,
    line_of,
    question_told,
    questions_of_all,
)
from evaluation.meetings.queries.proposed import outcome_label
from evaluation.meetings.queries.related import named_from
from evaluation.meetings.reasons import whole
from evaluation.meetings.voting import CannotVote
from portal import formats
from portal.clock import local, local_date
from portal.communities.models import Affiliation, Right, SeatRole, Side, User, in_term
from portal.language import in_bokmaal

# The cases that a case builds on, the oldest first.
EARLIER = Prefetch("earlier", Case.objects.select_related("body").order_by("meeting__starts_at", "pk"))
# With this many cases or more, the page begins with a list of them.
LISTED_FROM = 5
PERSON_COLUMNS = ("title", "organisation", "note")
# From when until when a meeting was held, each time.
Sittings = Sequence[tuple[datetime, datetime | None]]
CHOICES = {"for": "for", "against": "mot", "abstain": "avsto"}


def visible_minutes(user: User, *, now: datetime) -> QuerySet[Minutes]:
    """The minutes of the meetings that the person may see, with what their pages name."""
    meetings = visible_meetings(user, now=now).values("pk")
    related = ("meeting__body__community", "meeting__body__region", "document__pdf", "adopted_by")
    return Minutes.objects.filter(meeting__in=meetings).select_related(*related)


@dataclass(frozen=True, slots=True)
class Reading:
    """What the person sees of the members' remarks on a draft, and whether the person may write one."""

    remarks: Sequence[MemberRemark]
    reads_all: bool
    may_tell: bool


def reading_of(minutes: Minutes, user: User, *, reads_all: bool, now: datetime) -> Reading:
    """Those of all for who adopts the minutes and reads them whole, since they may name any case; else one's own.

    No query before the draft is sent.
    """
    if minutes.remarks_until is None:
        return Reading((), reads_all, may_tell=False)
    remarks = minutes.member_remarks.select_related("person")
    is_in_time = local_date(now) <= minutes.remarks_until
    may_tell = is_in_time and line_of(minutes.meeting, user) is not None
    return Reading(list(remarks if reads_all else remarks.filter(person=user)), reads_all, may_tell)


@in_bokmaal
def minutes_content(meeting: Meeting, remarks: str) -> dict[str, Any]:
    """The minutes; ten queries however many cases, fewer when all are settled and nothing was put right."""
    roll = in_order(attendances_of(meeting.pk).select_related("seat__organisation"))
    # The chair first, then the vice chair, then the others in the order of the roll.
    roll.sort(key=lambda line: list(SeatRole).index(SeatRole(line.seat.role)))
    came = [line for line in roll if line.arrived_at]
    reopenings = list(meeting.reopenings.select_related("reopened_by"))
    sittings = _sittings(meeting, reopenings)
    away, aside = _out(_absences(meeting_id=meeting.pk), sittings)
    titles = _titles(roll, local_date(meeting.held_at))
    in_meeting = {line.seat_id: line.seat.user_id for line in came}
    body = meeting.body
    cases = list(_cases(meeting))
    prefetch_related_objects([case for case in cases if case.attachments_numbered], "attachments")
    open_cases = [case for case in cases if not hasattr(case, "resolution")]
    asked = questions_of_all(open_cases, [line.seat.user_id for line in roll])
    return {
        "body": body.name,
        "abbreviation": body.abbreviation,
        "of": body.community.name if body.community else str(body.region),
        # The day it was opened; minutes from before they had ``planned_at`` have the planned day here.
        "date": local(meeting.held_at).date().isoformat(),
        "starts_at": meeting.starts_at.isoformat(),
        "planned_at": meeting.starts_at.isoformat(),
        "place": meeting.location,
        "secretary": meeting.secretary.name if meeting.secretary else "",
        "opened_at": meeting.opened_at.isoformat() if meeting.opened_at else None,
        "closed_at": meeting.closed_at.isoformat() if meeting.closed_at else None,
        # From when until when it was held: several times when it was closed and opened again.
        "sittings": [[begun.isoformat(), ended.isoformat() if ended else None] for begun, ended in sittings],
        "meeting_reopenings": [_reopened(row) for row in reopenings],
        "called_at": meeting.called_at.isoformat() if meeting.called_at else None,
        "present": [_person(line, sittings, titles, away[line.pk]) for line in came if line.seat.right == Right.VOTE],
        "observers": [_person(line, sittings, titles, away[line.pk]) for line in came if line.seat.right != Right.VOTE],
        # A deputy who did not come was not asked for; only members are absent.
        "absent": [_person(line, sittings, titles) for line in roll if not line.arrived_at and not line.seat.is_deputy],
        "cases": [
            {
                **_case(case, asked.get(case.pk, ()), left_out := _left_out(case, in_meeting)),
                "away": _away(case, in_meeting),
                "stepped_aside": aside[case.pk],
                "left_out": list(left_out.values()),
            }
            for case in cases
        ],
        "remarks": remarks,
    }


def _sittings(meeting: Meeting, reopenings: Sequence[MeetingReopening]) -> Sittings:
    """From when until when the meeting was held, each time; empty before it is opened, the last without an end."""
    if meeting.opened_at is None:
        return ()
    begun = [meeting.opened_at, *(row.reopened_at for row in reopenings)]
    return tuple(zip(begun, [*(row.closed_at for row in reopenings), meeting.closed_at], strict=True))


def _clock(moment: datetime, sittings: Sittings) -> str:
    """«kl. 10.03», with the date when the meeting was held on several days."""
    days = {local_date(end) for sitting in sittings for end in (*sitting, moment) if end}
    return formats.datetime_no(moment) if len(days) > 1 else f"kl. {local(moment):%H.%M}"


def _span(left: datetime, back: datetime, sittings: Sittings) -> str:
    """«kl. 10.03–10.20»; the second with its date when that is another."""
    is_same_day = local_date(left) == local_date(back)
    return f"{_clock(left, sittings)}–{f'{local(back):%H.%M}' if is_same_day else _clock(back, sittings)}"


def _reopened(row: MeetingReopening) -> dict[str, Any]:
    return {
        "closed_at": row.closed_at.isoformat(),
        "at": row.reopened_at.isoformat(),
        "by": row.reopened_by.name,
        "why": row.why,
    }


def _absences(meeting_id: int) -> list[Absence]:
    """The times in which somebody was out and came back, with the person; one query."""
    return list(Absence.objects.filter(attendance__meeting=meeting_id).select_related("attendance__seat__user"))


def _out(
    absences: Sequence[Absence], sittings: Sittings
) -> tuple[Mapping[int, list[Absence]], Mapping[int, list[str]]]:
    """Who was away, by line, and the sentences of who was registered as gone while out of a case, by case."""
    away: dict[int, list[Absence]] = defaultdict(list)
    aside: dict[int, list[str]] = defaultdict(list)
    for absence in absences:
        if absence.case_id is None:
            away[absence.attendance_id].append(absence)
    for absence in absences:
        if absence.case_id is not None:
            aside[absence.case_id] += _stepped_aside(absence, sittings, away[absence.attendance_id])
    return away, aside


def _stepped_aside(aside: Absence, sittings: Sittings, away: Iterable[Absence]) -> list[str]:
    """When somebody went out in a case, and was back, by what was registered: one sentence, or none.

    That an inhabil member takes no part is known from the question of habilitet; that the person left the room is known
    only when somebody registered it: then ``aside`` ends when the person left (``keep_leaving``). When the meeting is
    closed, nobody leaves for the sake of a case.
    """
    line, ended_at = aside.attendance, aside.returned_at
    went = {absence.left_at: absence.returned_at for absence in away} | {line.left_at: None}
    if ended_at is None or ended_at not in went or ended_at in {ended for _begun, ended in sittings}:
        return []
    back = went[ended_at]
    returned = f" og tiltrådte {_clock(back, sittings)}" if back else ""
    return [f"{line.seat.user.name} fratrådte {_clock(ended_at, sittings)}{returned}."]


def _titles(roll: Collection[Attendance], first: date) -> dict[int, str]:
    """What each person was in the organisation of the seat on the day of coming, by the ids of the lines; one query.

    ``first`` is the day on which the meeting was opened: that of those who did not come.
    """
    rows = list(Affiliation.objects.filter(user__in={line.seat.user_id for line in roll}).order_by("pk"))
    titles: dict[int, str] = {}
    for line in roll:
        seat, day = line.seat, local_date(line.arrived_at) if line.arrived_at else first
        current = [row for row in rows if row.user_id == seat.user_id and in_term(row.from_date, row.to_date, day)]
        for row in current:
            if row.organisation_id == seat.organisation_id:
                titles[line.pk] = row.title
    return titles


def _away(case: Case, in_meeting: Collection[int]) -> list[str]:
    """The names of the members who were in the meeting (``in_meeting``, seats), and away when the case was decided.

    A deputy who had not been asked in yet is not missed.
    """
    people = _without_vote(case, CannotVote.AWAY)
    return [row["name"] for row in people if row["seat"] in in_meeting and not row["deputy_for"]]


def _left_out(case: Case, in_meeting: Mapping[int, int]) -> dict[int, str]:
    """The sentences of who was in the meeting and had no part in an allocation, inhabil in a case on its list.

    By the person; ``in_meeting`` has the person of each seat.
    """
    if case.status != CaseStatus.DECIDED:
        return {}
    return {
        in_meeting[row["seat"]]: f"{row['name']}{IN_PART} og deltok ikke i avgjørelsen om samlet fordeling."
        for row in _without_vote(case, CannotVote.RECUSED_IN_PART)
        if row["seat"] in in_meeting
    }


def _without_vote(case: Case, reason: CannotVote) -> list[dict[str, Any]]:
    """Who could not vote for this reason, as it was kept with the resolution."""
    electorate = case.resolution.electorate if hasattr(case, "resolution") else None
    return [row for row in (electorate or {}).get("barred", ()) if row["bar"] == reason]


def _person(
    line: Attendance, sittings: Sittings, titles: Mapping[int, str], away: Iterable[Absence] = ()
) -> dict[str, Any]:
    seat = line.seat
    notes = []
    if seat.role != SeatRole.MEMBER:
        notes.append(seat.get_role_display().lower())
    if seat.deputy_for:
        notes.append(f"vara for {seat.deputy_for.user}")
    if line.apology:
        notes.append("meldt forfall")
    notes += _times(line, sittings, away)
    return {
        "name": seat.user.name,
        "title": seat.title or titles.get(line.pk, ""),
        "organisation": seat.organisation.name if seat.organisation else "",
        "side": seat.side,
        "side_label": str(Side(seat.side).label),
        "note": ", ".join(notes),
    }


def _times(line: Attendance, sittings: Sittings, away: Iterable[Absence]) -> list[str]:
    """When somebody came after the meeting had begun, was out, and left before it ended."""
    if not sittings:
        return []
    opened_at, closed_at = sittings[0][0], sittings[-1][1]
    ends = {ended for _begun, ended in sittings[:-1]}
    notes = []
    if line.arrived_at and line.arrived_at > opened_at:
        notes.append(f"fra {_clock(line.arrived_at, sittings)}")
    for absence in away:
        # Who went and came while people gathered was not missed.
        if absence.returned_at is None or absence.returned_at <= opened_at:
            continue
        # Everybody left when it was closed.
        is_of_all = absence.left_at in ends
        back = f"igjen fra {_clock(absence.returned_at, sittings)}"
        notes.append(back if is_of_all else f"ute {_span(absence.left_at, absence.returned_at, sittings)}")
    if line.left_at and (closed_at is None or line.left_at < closed_at):
        notes.append(f"til {_clock(line.left_at, sittings)}")
    return notes


def _cases(meeting: Meeting) -> Iterable[Case]:
    return (
        meeting.cases.select_related("paper", "resolution", "application__round", "follows__body")
        .select_related("priority_list__stage", "priority_list__round")
        .prefetch_related("ballots", EARLIER, "resolution__versions__changed_by", "reopenings__reopened_by")
        .order_by("position", "number")
    )


def _case(case: Case, asked: Iterable[Habilitet], left_out: Mapping[int, str]) -> dict[str, Any]:
    resolution = getattr(case, "resolution", None)
    paper = getattr(case, "paper", None)
    earlier = [*([case.follows] if case.follows else []), *case.earlier.all()]
    follows = [named_from(case, one) for one in earlier]
    return {
        "id": case.pk,
        "reference": case.reference,
        "title": case.title,
        "kind": case.kind,
        "kind_label": case.get_kind_display(),
        "status": case.status,
        "status_label": case.get_status_display(),
        "follows": ", ".join(follows),
        "requested_by": paper.requested_by if paper else "",
        "application": case.application.code if case.application else "",
        # As it was when the case was settled.
        "habilitet": [question_told(row, left_out) for row in (resolution.habilitet if resolution else frozen(asked))],
        "attachments": [one.display_name for one in case.attachments.all()] if case.attachments_numbered else [],
        "proposal": paper.proposal if paper else "",
        "ballots": [_ballot(ballot) for ballot in case.ballots.all() if ballot.result],
        "resolution": resolution.text if resolution else "",
        "manner": resolution.manner if resolution else "",
        # Shown with the ballot when there was one, else with the resolution.
        "rules": resolution.rules_text if resolution and case.status == CaseStatus.DECIDED else "",
        "outcome": resolution.outcome if resolution else "",
        "amount": resolution.amount if resolution else None,
        "reason": resolution.reason if resolution else "",
        "difference": (resolution.difference or "") if resolution else "",
        "statements": resolution.statements if resolution else "",
        "over_frame_reason": resolution.over_frame_reason if resolution else "",
        "corrections": [_correction(case, version) for version in resolution.versions.all()] if resolution else [],
        "reopenings": [_reopening(case, reopening) for reopening in case.reopenings.all()],
    }


def _correction(case: Case, version: ResolutionVersion) -> dict[str, Any]:
    return {
        "at": version.changed_at.isoformat(),
        "by": version.changed_by.name,
        "why": version.why,
        **_said_before(case, version.content),
    }


def _reopening(case: Case, reopening: Reopening) -> dict[str, Any]:
    return {
        "at": reopening.reopened_at.isoformat(),
        "by": reopening.reopened_by.name,
        "why": reopening.why,
        "manner": reopening.content["manner"],
        # Of before its case was opened again.
        "corrections": [
            {name: row[name] for name in ("at", "by", "why")} | _said_before(case, row["content"])
            for row in reopening.content.get("corrections", ())
        ],
        **_said_before(case, reopening.content),
    }


def _said_before(case: Case, content: Mapping[str, Any]) -> dict[str, str]:
    """What a resolution said before it was changed or taken back."""
    meant = [outcome_label(case, content["outcome"])] if content["outcome"] else []
    meant += [formats.kroner(content["amount"])] if content["amount"] else []
    # What was kept before the difference had a field has none.
    reason = whole(content["reason"], content.get("difference"))
    return {"text": content["text"], "reason": reason, "meant": ", ".join(meant)}


def _ballot(ballot: Ballot) -> dict[str, Any]:
    entitled = (ballot.electorate or {})["entitled"]
    result = ballot.result or {}
    named = [person for person in entitled if person["choice"]]
    stood_in = [person for person in entitled if person["deputy_for"]]
    return {
        "proposal": ballot.proposal,
        "amount": ballot.amount,
        "rules": ballot.rules_text,
        "is_consensus": ballot.is_consensus,
        "is_adopted": result["is_adopted"],
        "sentence": result["sentence"],
        "total": result["total"],
        "sides": result["sides"],
        "votes": {
            label: [person["name"] for person in named if person["choice"] == choice]
            for choice, label in CHOICES.items()
        },
        # Without a name where the body keeps none: then nobody's answer is known.
        "silent": [person["name"] for person in entitled if not person["choice"]]
        if named and not ballot.is_by_hands
        else [],
        "deputies": [f"{person['name']} for {person['deputy_for']}" for person in stood_in],
    }


def shown(content: dict[str, Any], closed: Collection[int] = ()) -> dict[str, Any]:
    """The content with what its page and its PDF draw: points of the texts, amounts in words.

    Of the cases that are ``closed`` to the reader (ids) only number, title and kind are left, and no remarks, which
    may name them. No query: everything comes from the content, so that adopted minutes stay as they were.
    """
    adopted = content.get("adopted_at")
    return {
        **content,
        "when": _when(content),
        "adopted_text": formats.datetime_no(datetime.fromisoformat(adopted)) if adopted else "",
        "cases": [_closed_case(case) if case["id"] in closed else _shown_case(case) for case in content["cases"]],
        "remarks": "" if closed else content["remarks"],
        # Minutes of before a meeting could be opened again have none. The reason may tell of a closed case.
        "meeting_reopenings": [
            {
                **row,
                "why": "" if closed else row["why"],
                "closed": formats.datetime_no(datetime.fromisoformat(row["closed_at"])),
            }
            for row in _dated(content.get("meeting_reopenings", ()))
        ],
        "has_contents": len(content["cases"]) >= LISTED_FROM,
        # A column without any value is left out.
        "people": {group: _shown_people(content[group]) for group in ("present", "observers", "absent")},
    }


def _shown_people(people: list[dict[str, Any]]) -> dict[str, Any]:
    return {"rows": people, **{f"has_{name}": any(row[name] for row in people) for name in PERSON_COLUMNS}}


def _when(content: dict[str, Any]) -> str:
    """«22.11.2026 kl. 10.03–11.45 (innkalt til 22.11.2026 kl. 10.00)»; until it is closed, when it begins.

    Each time, when it was closed and opened again. Minutes of before they told of that have one time.
    """
    held = content.get("sittings") or [(content["opened_at"] or content["starts_at"], content["closed_at"])]
    starts = formats.datetime_no(datetime.fromisoformat(held[0][0]))
    times = " og ".join(_sitting(begun, ended) for begun, ended in held)
    planned = content.get("planned_at")
    called_for = formats.datetime_no(datetime.fromisoformat(planned)) if planned else starts
    return times + (f" (innkalt til {called_for})" if called_for != starts else "")


def _sitting(begun: str, ended: str | None) -> str:
    """From when until when; the end with its date when that is another."""
    first = datetime.fromisoformat(begun)
    if ended is None:
        return formats.datetime_no(first)
    last = datetime.fromisoformat(ended)
    is_same_day = local_date(first) == local_date(last)
    return f"{formats.datetime_no(first)}–{f'{local(last):%H.%M}' if is_same_day else formats.datetime_no(last)}"


def _closed_case(case: dict[str, Any]) -> dict[str, Any]:
    return {"is_closed": True} | {
        name: case[name] for name in ("id", "reference", "title", "kind_label", "status_label")
    }


def _shown_case(case: dict[str, Any]) -> dict[str, Any]:
    def words(text: str) -> list[str]:
        return text.split()

    proposal = words(case["proposal"])

    def is_printed(ballot: dict[str, Any]) -> bool:
        """Of several ballots each says what was voted on; one alone, when nothing else in the case says it."""
        return len(case["ballots"]) > 1 or words(ballot["proposal"]) != proposal

    return {
        **case,
        "points": proposals.points(case["resolution"]),
        # Left out when the resolution has the same words: they are printed once.
        "proposal_points": proposals.points(case["proposal"]) if proposal != words(case["resolution"]) else (),
        # What came of the ballots is told with each of them.
        "is_agreed": case["manner"] not in {ballot["sentence"] for ballot in case["ballots"]},
        "is_as_proposed": bool(proposal) and proposal == words(case["resolution"]),
        # Minutes of before they told of this have none.
        **{name: case.get(name, "") for name in ("over_frame_reason", "difference")},
        "corrections": _dated(case.get("corrections", ())),
        "reopenings": [
            {**row, "corrections": _dated(row.get("corrections", ()))} for row in _dated(case.get("reopenings", ()))
        ],
        "habilitet_told": habilitet_told(case),
        "amount_text": formats.kroner(case["amount"]) if case["amount"] else "",
        "away": case.get("away", ()),
        "attachments": case.get("attachments", ()),
        "ballots": [
            {**ballot, "points": proposals.points(ballot["proposal"]) if is_printed(ballot) else ()}
            for ballot in case["ballots"]
        ],
    }


def _dated(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows with their time in words."""
    return [{**row, "when": formats.datetime_no(datetime.fromisoformat(row["at"]))} for row in rows]


def extract(content: dict[str, Any], reference: str) -> dict[str, Any] | None:
    """The minutes with one case only (særutskrift); None when the case is not in them."""
    cases = [case for case in content["cases"] if case["reference"] == reference]
    return {**content, "cases": cases, "remarks": "", "meeting_reopenings": []} if cases else None
