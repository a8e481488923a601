"""A body that ends leaves the meetings that it has planned to the body that goes on with its work."""

from datetime import datetime

from evaluation.meetings.models import Meeting
from evaluation.meetings.queries.ended_bodies import planned
from evaluation.meetings.services.locking import locked, tell
from evaluation.meetings.services.planning import fill_roll, take_numbers, year_of
from portal import clock
from portal.communities.models import Body, User


def hand_over(body: Body, successor: Body, *, by: User, at: datetime) -> int:
    """Let the successor hold the planned meetings: with its members, its case numbers, and a call of its own.

    A part of the act that ends the body, which has locked both bodies. Returns how many meetings there were.
    """
    meetings = [locked(pk) for pk in planned(body).values_list("pk", flat=True)]
    for meeting in meetings:
        _hand_over(meeting, successor, by=by, at=at)
    return len(meetings)


def _hand_over(meeting: Meeting, successor: Body, *, by: User, at: datetime) -> None:
    before = meeting.body
    meeting.body, meeting.called_at = successor, None
    meeting.moved_since_call, meeting.taken_off_since_call = False, ""
    meeting.save(update_fields=["body", "called_at", "moved_since_call", "taken_off_since_call"])
    cases = list(meeting.cases.order_by("number"))
    numbers = []
    for case, number in zip(cases, take_numbers(meeting, len(cases)), strict=True):
        old = case.reference
        case.body, case.year, case.number = successor, year_of(meeting), number
        case.save(update_fields=["body", "year", "number"])
        numbers.append(f"{old} → {case.reference}")
    fill_roll(meeting, clock.local_date(meeting.starts_at))
    said = ", ".join(numbers) or "–"
    tell("meeting.handed_over", meeting, by=by, at=at, body=before.name, numbers=said)
