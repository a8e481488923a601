"""The moments that a visitor of the demo can move the clock to: its deadlines, meetings and evaluations, and steps."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils.translation import gettext as _

from evaluation.assessment.queries.outstanding import SETTLING
from evaluation.followup.models import EvaluationReport
from evaluation.meetings.models import Meeting, MeetingStatus
from portal import clock
from rounds.models import Round

MORNING = time(9)
# How far the demo's clock may be ahead of the machine's.
FARTHEST = timedelta(days=2 * 365)


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment to go to. The key says which, when the page was loaded a while ago."""

    key: str
    label: str
    at: datetime


def moments(now: datetime) -> list[Moment]:
    """All that can be gone to, the nearest first."""
    latest = clock.system_now() + FARTHEST
    today = clock.local_date(now)
    every = [*_steps(today), *_deadlines(), *_meetings(now), *_evaluations(today)]
    return sorted((moment for moment in every if now < moment.at <= latest), key=lambda moment: moment.at)


def _steps(today: date) -> Iterator[Moment]:
    yield Moment("day", _("Neste dag"), clock.at_local(clock.next_day(today), MORNING))
    yield Moment("week", _("Neste uke"), clock.at_local(today + timedelta(days=7), MORNING))
    yield Moment("months", _("Ni måneder fram"), clock.at_local(clock.add_months(today, 9), MORNING))


def _deadlines() -> Iterator[Moment]:
    """An hour before each deadline, and when what was sent in the last second has arrived."""
    for round_ in Round.objects.prefetch_related("round_communities"):
        own_deadlines = {receiving.closes_at for receiving in round_.round_communities.all() if receiving.closes_at}
        for closes_at in sorted({round_.closes_at, *own_deadlines}):
            words, key = {"round": round_.title}, f"{round_.code}:{closes_at:%Y%m%d}"
            yield Moment(f"before:{key}", _("En time før fristen i %(round)s") % words, closes_at - timedelta(hours=1))
            yield Moment(f"after:{key}", _("Fristen i %(round)s er ute") % words, closes_at + 2 * SETTLING)


def _meetings(now: datetime) -> Iterator[Moment]:
    planned = Meeting.objects.filter(status=MeetingStatus.PLANNED, starts_at__gt=now)
    for meeting in planned.select_related("body__community").order_by("starts_at"):
        community = meeting.body.community
        words = {"body": f"{meeting.body} ({community})" if community else f"{meeting.body}"}
        yield Moment(f"meeting:{meeting.pk}", _("Møtet i %(body)s begynner") % words, meeting.starts_at)


def _evaluations(today: date) -> Iterator[Moment]:
    waiting = EvaluationReport.objects.filter(submitted_at=None, due_date__gt=today)
    for report in waiting.select_related("acceptance__decision__application"):
        title = report.acceptance.decision.application.title
        sentence = _("Evalueringen av «%(title)s» skal være sendt") % {"title": title}
        yield Moment(f"evaluation:{report.pk}", sentence, clock.at_local(report.due_date, MORNING))
