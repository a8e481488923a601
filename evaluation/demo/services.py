"""Moving the demo's clock: a walk on which all that time alone brings is done on the day it would have been."""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from evaluation.demo.moments import MORNING, Moment, moments
from evaluation.followup.services import agenda
from portal import clock, demo_clock
from portal.acts import act, upsert
from portal.communities.models import User
from portal.demo_clock import Walk
from portal.errors import ConflictError, DomainError
from portal.formats import datetime_no
from portal.jobs import services as jobs
from portal.jobs.models import Beat
from portal.journal import services as journal
from portal.mail import mailbox
from portal.reminders import services as reminders

CLOCK = "demo.clock"
# Nothing is left undone for longer than this, whoever begins to wait on the way.
WEEK = timedelta(days=7)


class ClockGoesError(ConflictError):
    """The clock is on its way already."""

    def __init__(self) -> None:
        super().__init__(_("Klokka er allerede på vei. Vent til den er framme."))


class NoMomentError(DomainError):
    """The moment is past, or its meeting or deadline is no longer there."""

    def __init__(self) -> None:
        super().__init__(_("Tidspunktet er passert eller flyttet. Velg på nytt."))


@act
def order(key: str, *, by: User | None, at: datetime) -> Moment:
    """Decide that the clock goes to the moment. The worker walks (``tasks.walk``)."""
    if demo_clock.read().is_going:
        raise ClockGoesError
    moment = next((moment for moment in moments(at) if moment.key == key), None)
    if moment is None:
        raise NoMomentError
    # The clock's row in the log: the beat that rings for the walk.
    row, _is_new = upsert(Beat.objects.all(), {"task": CLOCK}, {"next_at": moment.at})
    journal.record("demo.clock_moved", subject=row, by=by, at=at, to=datetime_no(moment.at))
    return moment


def announce(end: datetime) -> None:
    """Let the page show that the walk waits for the worker."""
    demo_clock.tell(Walk(ahead=demo_clock.read().ahead, total=_days(clock.now(), end)))


def walk(end: datetime) -> Walk:
    """Go to the end; on each day with something due, reminders, evaluations and jobs, as the worker does by itself."""
    begun, before = clock.now(), len(mailbox.names())
    moment, total = begun, _days(begun, end)
    while moment < end:
        moment = _next_stop(moment, end)
        # The end is shown when all is done.
        done = min(_days(begun, moment), total) - 1
        demo_clock.set_to(moment, Walk(done=done, total=total, mails=len(mailbox.names()) - before))
        _spend(moment)
    return demo_clock.set_to(end, Walk(done=total, total=total, mails=len(mailbox.names()) - before))


def deliver_past(now: datetime) -> None:
    """Send the mail of what has happened, each at the moment when the worker would have sent it."""
    for job, due_at in jobs.due_of(jobs.MAIL, now):
        jobs.run(job, at=due_at)


def _days(begun: datetime, end: datetime) -> int:
    return max((clock.local_date(end) - clock.local_date(begun)).days, 1)


def _next_stop(moment: datetime, end: datetime) -> datetime:
    """The next morning on which somebody is reminded, the next job, a week later, or the end; the earliest."""
    today = clock.local_date(moment)
    days = filter(None, (today + WEEK, reminders.next_day(today)))
    stops = [clock.at_local(day, MORNING) for day in days]
    return min(filter(None, (*stops, jobs.next_due(moment), end)))


def _spend(moment: datetime) -> None:
    """What the worker would have done by then. What fails is tried again at the next stop, as by the worker."""
    reminders.remind(moment)
    with jobs.going_on("putting up the evaluations that wait"):
        agenda.put_up_waiting(moment)
    jobs.run_all_due(moment)
