"""The next steps of a secretariat in each stage of a round, from the first check to the package."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import BooleanField, Count, Exists, ExpressionWrapper, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applications.models import CorrectionRequest, StageEntry
from applications.workflow import OPEN_STAGE_STATES, StageState, Status
from evaluation.assessment.models import Assignment, PriorityList, Recommendation
from evaluation.assessment.queries import board as boards
from evaluation.assessment.queries import turns
from evaluation.assessment.queries.closed import ClosedCases, WhyClosed, closed_cases, closed_ids, why_closed
from evaluation.assessment.queries.desk import given_in, in_force_on
from evaluation.assessment.queries.habilitet import out_of_case
from evaluation.assessment.queries.lists import shown_status
from evaluation.assessment.queries.outstanding import outstanding, to_record, unrecorded_tasks
from evaluation.assessment.turn import Turn, turn_url, unchecked_url
from portal.clock import local_date
from portal.communities.standing import Standing
from portal.rooms import WaitingTask
from portal.twins import twin_n
from portal.urgency import Stake
from rounds.deadlines import Deadline
from rounds.models import Round, Stage
from rounds.queries import deadlines

# A condition that fits no row.
NONE = Q(application__in=())


@dataclass(frozen=True, slots=True)
class Figures:
    """The numbers of applications under assessment in a turn, and of assessments that are not delivered.

    Without those that the person is out of: how far they have come is not told.
    """

    count: int
    unassigned: int
    undelivered: int
    overdue: int
    unlisted: int


def steps(standing: Standing, now: datetime) -> list[WaitingTask]:
    """The next steps of the person's secretariats; the round that closed first comes first."""
    return [task for turn, hint in _active_turns(standing) for task in _steps(turn, standing, now, hint)]


def first_of(turn: Turn, standing: Standing, now: datetime) -> WaitingTask | None:
    """What waits first for the person's secretariat in the turn."""
    return next(_steps(turn, standing, now, ""), None)


def _active_turns(standing: Standing) -> Iterator[tuple[Turn, str]]:
    """The turns of the person's secretariats, of rounds in which an application waits for one of them.

    Each comes with a hint: the title of the round, and the stage when the person handles several of them.
    """
    # One entry of each round is looked for, and not the rounds of all entries.
    here = StageEntry.objects.handled_by(standing).filter(stage__round=OuterRef("pk"), state__in=OPEN_STAGE_STATES)
    one = Subquery(here.order_by().values("pk")[:1])
    in_work = Round.objects.annotate(waits=one).filter(waits__isnull=False)
    for of_round in in_work.select_related("frame").order_by("closes_at", "code"):
        handled = turns.handled_turns(of_round, standing)
        for turn in handled:
            yield turn, of_round.title if len(handled) == 1 else f"{of_round.title}: {turn.stage.name}"


def _steps(turn: Turn, standing: Standing, now: datetime, hint: str) -> Iterator[WaitingTask]:
    priority_list = turns.priority_list_of(turn)
    if priority_list is None or not priority_list.is_frozen:
        if turn.is_checked:
            yield from _checks(turn, standing, now, hint)
        figures = _figures(turn, priority_list, standing, local_date(now))
        if figures.count:
            yield from _assessing(turn, figures, hint)
            yield from _listing(turn, priority_list, figures, standing, now=now, hint=hint)
    elif turn.spec.forwards and not hasattr(priority_list, "forwarding") and boards.rows_to_forward(priority_list):
        yield WaitingTask(
            _("Oversend listen"),
            turn_url(turn, "forward"),
            hint,
            turn.forward_by,
            _("Se over og oversend"),
            Stake.WAITED_FOR,
        )


def _checks(turn: Turn, standing: Standing, now: datetime, hint: str) -> Iterator[WaitingTask]:
    """The applications to check, and the corrections that did not come by their date; one query."""
    late = CorrectionRequest.objects.filter(application=OuterRef("pk"), answered_at=None, due_at__lte=now)
    is_out = Q(status=Status.CORRECTION)
    received = turns.received(turn).exclude(out_of_case(standing.user_id))
    counts = received.aggregate(
        unchecked=Count("pk", filter=~is_out), late=Count("pk", filter=is_out & Q(Exists(late)))
    )
    if n := counts["late"]:
        title = ngettext("%(n)s rettelse kom ikke innen fristen", "%(n)s rettelser kom ikke innen fristen", n)
        yield WaitingTask(
            title % {"n": n}, f"{turn_url(turn, 'turn')}?status={Status.CORRECTION.value}", hint=hint, act=_("Se dem")
        )
    if count := counts["unchecked"]:
        title = twin_n(turn.round.noun_context, "Kontroller %(n)s søknad", "Kontroller %(n)s søknader", count) % {
            "n": count
        }
        yield WaitingTask(title, unchecked_url(turn), hint=hint, act=_("Kontroller"))


def _figures(turn: Turn, priority_list: PriorityList | None, standing: Standing, today: date) -> Figures:
    """The figures of the turn; one query for the applications, one for the assignments."""
    open_here = turns.entries(turn).filter(state=StageState.IN_WORK)
    open_here = open_here.exclude(out_of_case(standing.user_id, "application"))
    waiting = Assignment.objects.filter(
        in_force_on(turn, today),
        stage=turn.stage,
        delivered_at=None,
        application__in=open_here.values("application"),
    )
    late = waiting.aggregate(undelivered=Count("*"), overdue=Count("application", filter=Q(due_date__lt=today)))
    # Each list of applications is read once, and not asked anew for each entry.
    given = Q(application__in=given_in(turn, today).values("application"))
    listed = boards.on_list(priority_list, "application")
    counts = open_here.order_by().aggregate(
        count=Count("application"),
        unassigned=Count("application", filter=~given),
        unlisted=Count("application", filter=~listed),
    )
    return Figures(**counts, **late)


def _assessing(turn: Turn, figures: Figures, hint: str) -> Iterator[WaitingTask]:
    if figures.unassigned and turn.judged:
        n = figures.unassigned
        title = (
            twin_n(
                turn.round.noun_context, "Fordel %(n)s søknad til vurdering", "Fordel %(n)s søknader til vurdering", n
            )
            if turn.is_first
            else twin_n(
                turn.round.noun_context,
                "Fordel %(n)s oversendt søknad til vurdering",
                "Fordel %(n)s oversendte søknader til vurdering",
                n,
            )
        )
        yield WaitingTask(title % {"n": n}, turn_url(turn, "distribute"), hint=hint, act=_("Fordel"))
    if figures.overdue:
        n = figures.overdue
        title = ngettext("%(n)s vurdering er over fristen", "%(n)s vurderinger er over fristen", n)
        yield WaitingTask(title % {"n": n}, turn_url(turn, "turn"), hint=hint, act=_("Se dem"))


def _listing(
    turn: Turn, priority_list: PriorityList | None, figures: Figures, standing: Standing, *, now: datetime, hint: str
) -> Iterator[WaitingTask]:
    is_assessed = not figures.undelivered and not (figures.unassigned and turn.judged)
    more: dict[str, Any] = {"hint": hint, "due_at": turn.stage.deadline_at}
    why = why_closed(standing)
    closed = closed_cases(standing, why)
    if figures.unlisted == figures.count:
        if is_assessed and _may_rank_all(turn, closed):
            yield WaitingTask(_("Sett opp listen"), turn_url(turn, "board"), act=_("Sett opp listen"), **more)
        return
    if priority_list is None:
        return
    if figures.unlisted and _may_rank_all(turn, closed):
        n = figures.unlisted
        title = twin_n(
            turn.round.noun_context, "Hent %(n)s søknad inn på listen", "Hent %(n)s søknader inn på listen", n
        )
        yield WaitingTask(title % {"n": n}, turn_url(turn, "board"), **more)
    waiting = boards.unwritten(priority_list).exclude(closed.out or NONE)
    to_answer = closed.to_answer or NONE
    # Without those that other tasks tell of: where the person answers about habilitet, or scores, first.
    # Counted by what the index of those that are not written holds.
    counts = waiting.order_by().aggregate(
        all=Count("application"),
        to_answer=Count("application", filter=to_answer),
        now=Count("application", filter=~(closed.barred or NONE)),
    )
    if counts["all"]:
        first = waiting.filter(to_answer).values_list("application__code", flat=True)
        yield from _writing(turn, counts["now"], more)
        yield from _answering(turn, counts["to_answer"], first, more)
    elif not figures.unlisted:
        yield from _locking(turn, priority_list, standing, why, now=now, more=more)


def _writing(turn: Turn, n: int, more: dict[str, Any]) -> Iterator[WaitingTask]:
    if n:
        title = twin_n(
            turn.round.noun_context, "Skriv innstilling for %(n)s søknad", "Skriv innstilling for %(n)s søknader", n
        )
        yield WaitingTask(title % {"n": n}, turn_url(turn, "board"), act=_("Skriv innstilling"), **more)


def _answering(turn: Turn, n: int, codes: QuerySet[Recommendation, str], more: dict[str, Any]) -> Iterator[WaitingTask]:
    """Those whose recommendation the person cannot write before an answer; the first of the ``codes`` is asked about.

    One query, when there are any.
    """
    if n:
        title = twin_n(
            turn.round.noun_context,
            "Svar på om du er habil i %(n)s søknad",
            "Svar på om du er habil i %(n)s søknader",
            n,
        )
        url = reverse("assessment:habilitet", args=[codes[0]])
        yield WaitingTask(title % {"n": n}, url, act=_("Svar"), **more)


def _may_rank_all(turn: Turn, closed: ClosedCases) -> bool:
    """Whether no application of the turn is closed to the person: else a colleague gives each its rank."""
    return not boards.out_in_turn(turn, closed) and not boards.titles_to_answer_in(turn, closed)


def _locking(
    turn: Turn, priority_list: PriorityList, standing: Standing, why: WhyClosed, *, now: datetime, more: dict[str, Any]
) -> Iterator[WaitingTask]:
    if tasks := unrecorded_tasks(turn, priority_list):
        yield WaitingTask(to_record(tasks), turn_url(turn, "board"), act=_("Registrer"), **more)
        return
    is_settled = all(item.may_be_left_out for item in outstanding(turn, now))
    if is_settled and not closed_ids(standing, boards.on_list(priority_list), why):
        yield WaitingTask(_("Lås prioriteringen"), turn_url(turn, "freeze"), act=_("Se over og lås"), **more)


def _entries_by_stage(standing: Standing) -> Iterator[tuple[dict[int, int], QuerySet[StageEntry]]]:
    """The entries that the person's secretariat handles: those of first stages, and those that began in a later one.

    An application that has been in several of the stages counts in the first of them. The stages (their rounds by
    their ids) are read first, so that an index is counted and not the table.
    """
    handled = StageEntry.objects.handled_by(standing)
    first: dict[int, int] = {}
    later: dict[int, int] = {}
    for pk, of_round, position in Stage.objects.values_list("pk", "round_id", "position"):
        (later if position else first)[pk] = of_round
    before = handled.filter(application=OuterRef("application"), stage__position__lt=OuterRef("stage__position"))
    yield first, handled.filter(stage__in=first)
    if later:
        yield later, handled.filter(~Exists(before), stage__in=later)


@dataclass(frozen=True, slots=True)
class Line:
    """A round with the number of applications in each status."""

    code: str
    title: str
    deadline: Deadline
    counts: tuple[tuple[str, str, int], ...]
    # Whether the applications come first to somebody else, and are sent on to the person's secretariat.
    is_forwarded: bool = False

    @property
    def total(self) -> int:
        """The number of applications that have been sent."""
        return sum(count for _status, _label, count in self.counts)

    @property
    def unchecked(self) -> int:
        """How many of them wait for the check: of those that are sent on, the list of the round tells it."""
        return sum(count for status, _label, count in self.counts if status == Status.SUBMITTED)


def rounds(standing: Standing) -> list[Line]:
    """The rounds that the person's secretariat handles, the latest first; six queries at most."""
    counted: dict[int, dict[str, int]] = defaultdict(Counter)
    # In a case that is closed to the person, the status that applicants see.
    seen = shown_status(closed_cases(standing))
    for stages, entries in _entries_by_stage(standing):
        numbers = entries.order_by().annotate(shown_status=seen).values_list("stage", "shown_status")
        for stage, status, count in numbers.annotate(n=Count("*")):
            counted[stages[stage]][status] += count
    # A round that sends applications to the secretariat, or is the region's, is shown before the first of them comes.
    received = Q(pk__in=Round.objects.received_by(standing).values("pk"))
    owned = Q(owner_organisation__in=standing.secretariat_region_ids, withdrawn_at=None)
    rows = Round.objects.filter(Q(pk__in=list(counted)) | received | owned).order_by("-closes_at", "code")
    shown = list(rows.annotate(is_received=ExpressionWrapper(received, output_field=BooleanField())))
    until = deadlines(shown, standing)
    return [
        Line(
            item.code,
            item.title,
            until[item.pk],
            tuple(
                (status.value, str(status.label), counted[item.pk][status])
                for status in Status
                if status in counted.get(item.pk, {})
            ),
            is_forwarded=not item.is_received,
        )
        for item in shown
    ]
