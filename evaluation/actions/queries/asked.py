"""What adopted minutes ask for, until the secretariat has gone through it."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import QuerySet

from evaluation.actions.asks import Ask, Due, asks
from evaluation.actions.queries.owners import Owner, Owners
from evaluation.meetings.models import Case, CaseStatus, Meeting, MeetingStatus
from evaluation.meetings.papers import SENDS_LETTERS
from evaluation.meetings.queries.habilitet import closed_to
from portal.clock import local_date
from portal.communities.models import serves
from portal.communities.standing import Standing

# After that nobody is asked to go through the minutes of a meeting any more.
GONE_THROUGH_WITHIN = timedelta(days=180)
# A text without these words asks for nothing (``asks.ASKS``), as both databases read it.
ASKING = "(^|[^a-zæøå])(ber|bed|bes)([^a-zæøå]|$)"


@dataclass(frozen=True, slots=True)
class Proposal:
    """A follow-up item that is proposed of a point: the case, what it asks for, and the owner and the date as read."""

    case: Case
    ask: Ask
    owner: Owner | None
    due: Due | None


def asking_cases() -> QuerySet[Case]:
    """The resolved cases of adopted minutes that ask for something by their words."""
    return Case.objects.filter(
        resolution__text__iregex=ASKING,
        status=CaseStatus.DECIDED,
        meeting__status=MeetingStatus.ADOPTED,
    )


def resolved_cases(standing: Standing) -> QuerySet[Case]:
    """Those of the asking cases that are not closed to the person."""
    cases = asking_cases().exclude(closed_to(standing))
    return cases.select_related("resolution").order_by("position", "number")


def _asks_of(case: Case, adopted_on: date, owners: Owners | None) -> Iterator[Ask]:
    names = list(owners.by_name) if owners else []
    for ask in asks(case.resolution.text, adopted_on, names):
        # The letters of a list are followed up by the portal itself.
        if not (case.is_allocation and ask.text.endswith(SENDS_LETTERS)):
            yield ask


def proposals_of(
    meeting: Meeting, standing: Standing, owners: Owners, shown: Collection[int] | None = None
) -> list[Proposal]:
    """What the adopted minutes of the meeting ask for, and nobody has gone through; two queries.

    Of a page that was ``shown`` the cases (ids) that stood on it, whoever has gone through them since.
    """
    adopted_on = local_date(meeting.held_at)
    cases = resolved_cases(standing).filter(meeting=meeting)
    cases = cases.filter(follow_up_review=None) if shown is None else cases.filter(pk__in=shown)
    read = [(case, ask) for case in cases for ask in _asks_of(case, adopted_on, owners)]
    following = _next_meeting(meeting) if any(ask.is_next_meeting for _case, ask in read) else None
    return [
        Proposal(case, ask, owners.named(ask.owner), ask.due or (following if ask.is_next_meeting else None))
        for case, ask in read
    ]


def _next_meeting(meeting: Meeting) -> Due | None:
    """The day of the body's next meeting after this one, when it is planned."""
    later = Meeting.objects.filter(body=meeting.body, starts_at__gt=meeting.held_at).exclude(pk=meeting.pk)
    starts_at = later.order_by("starts_at").values_list("starts_at", flat=True).first()
    return Due(local_date(starts_at)) if starts_at else None


def meetings_to_go_through(standing: Standing, now: datetime, meeting: Meeting | None = None) -> list[Meeting]:
    """The meetings of the bodies that the person serves, or the one, whose minutes ask for something; the oldest first.

    Two queries. One when nothing waits, the usual: what is closed takes long to ask.
    """
    waiting = asking_cases().filter(
        serves(standing), follow_up_review=None, resolution__adopted_at__gte=now - GONE_THROUGH_WITHIN
    )
    if meeting is not None:
        waiting = waiting.filter(meeting=meeting)
    ids = list(waiting.values_list("pk", flat=True))
    if not ids:
        return []
    cases = resolved_cases(standing).filter(pk__in=ids)
    asking: dict[int, Meeting] = {}
    for case in cases.select_related("meeting__body"):
        if case.meeting_id not in asking and next(_asks_of(case, local_date(case.meeting.held_at), None), None):
            asking[case.meeting_id] = case.meeting
    return sorted(asking.values(), key=lambda one: (one.held_at, one.pk))


def visible_meetings(standing: Standing) -> QuerySet[Meeting]:
    """The meetings that the person may see, with their bodies."""
    return Meeting.objects.visible_to(standing).select_related("body__community", "body__region")
