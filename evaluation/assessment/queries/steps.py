"""The next step of each secretariat, at every stage of a round: what leads it from the first check to the package."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applications.models import Application
from applications.workflow import Status
from evaluation.assessment.models import Assessment, PriorityList
from evaluation.assessment.permissions import barred_ids, out_of_case
from evaluation.assessment.queries import board as boards
from evaluation.assessment.queries.assignments import in_force
from evaluation.assessment.queries.outstanding import AT_HOME, outstanding
from evaluation.assessment.queries.readiness import undone
from evaluation.assessment.queries.turns import Turn, handled_turns
from portal.clock import local_date
from portal.communities.queries import Standing
from portal.rooms import Task
from rounds.models import Round


@dataclass(frozen=True, slots=True)
class Figures:
    """What is under assessment in a turn: how much, how much nobody has been given, and what is not delivered."""

    count: int
    unassigned: int
    undelivered: int
    overdue: int
    unlisted: int


def steps(place: Standing, now: datetime) -> list[Task]:
    """The next steps of the person's secretariats, the round that closed first on top."""
    return [task for turn in _active_turns(place) for task in _steps(turn, place, now)]


def _active_turns(place: Standing) -> Iterator[Turn]:
    at_home = Q(community__in=place.secretariat_community_ids, status__in=AT_HOME, submitted_at__isnull=False)
    in_region = Q(community__region__in=place.secretariat_region_ids, status=Status.FORWARDED)
    active = Application.objects.filter(at_home | in_region).values("round")
    for of_round in Round.objects.filter(pk__in=active).select_related("frame").order_by("closes_at", "code"):
        yield from handled_turns(of_round, place)


def _steps(turn: Turn, place: Standing, now: datetime) -> Iterator[Task]:
    found = turn.priority_list
    if found is None or not found.is_frozen:
        if turn.community:
            yield from _checks(turn, place)
        figures = _figures(turn, found, local_date(now))
        if figures.count:
            yield from _assessing(turn, figures)
            yield from _listing(turn, found, figures, place, now)
    elif turn.spec.forwards and not hasattr(found, "forwarding") and boards.going(found):
        due_at = turn.round.forward_by or turn.stage.deadline_at
        yield Task(_("Oversend listen"), turn.url("forward"), hint=turn.round.title, due_at=due_at)


def _checks(turn: Turn, place: Standing) -> Iterator[Task]:
    count = turn.sent.filter(status=Status.SUBMITTED).exclude(out_of_case(place.user_id)).count()
    if count:
        title = ngettext("Kontroller %(n)s søknad", "Kontroller %(n)s søknader", count) % {"n": count}
        yield Task(title, f"{turn.url('turn')}?status={Status.SUBMITTED.value}", hint=turn.round.title)


def _figures(turn: Turn, found: PriorityList | None, today: date) -> Figures:
    """One query for the applications, one for the assignments."""
    open_here = _open_here(turn)
    given = in_force(turn, today)
    delivered = Assessment.objects.filter(application=OuterRef("pk"), stage=turn.stage, delivered_at__isnull=False)
    counts = open_here.aggregate(
        count=Count("pk"),
        unassigned=Count("pk", filter=~Exists(given.filter(application=OuterRef("pk"))) & ~Exists(delivered)),
        unlisted=Count("pk", filter=~boards.on_list(found)),
    )
    done = Assessment.objects.filter(
        application=OuterRef("application"),
        stage=turn.stage,
        assessor=OuterRef("assessor"),
        delivered_at__isnull=False,
    )
    waiting = given.filter(~Exists(done), application__in=open_here)
    late = waiting.aggregate(undelivered=Count("pk"), overdue=Count("pk", filter=Q(due_date__lt=today)))
    return Figures(**counts, **late)


def _open_here(turn: Turn) -> QuerySet[Application]:
    return turn.sent.filter(status=Status.ADMITTED if turn.community else Status.FORWARDED)


def _assessing(turn: Turn, figures: Figures) -> Iterator[Task]:
    if figures.unassigned and turn.judged:
        n = figures.unassigned
        title = (
            ngettext("Fordel %(n)s søknad til vurdering", "Fordel %(n)s søknader til vurdering", n)
            if turn.community
            else ngettext(
                "Fordel %(n)s oversendt søknad til vurdering", "Fordel %(n)s oversendte søknader til vurdering", n
            )
        )
        yield Task(title % {"n": n}, turn.url("distribute"), hint=turn.round.title)
    if figures.overdue:
        n = figures.overdue
        title = ngettext("%(n)s vurdering er over fristen", "%(n)s vurderinger er over fristen", n)
        yield Task(title % {"n": n}, turn.url("turn"), hint=turn.round.title)


def _listing(
    turn: Turn, found: PriorityList | None, figures: Figures, place: Standing, now: datetime
) -> Iterator[Task]:
    is_assessed = not figures.undelivered and not (figures.unassigned and turn.judged)
    more: dict[str, Any] = {"hint": turn.round.title, "due_at": turn.stage.deadline_at}
    if figures.unlisted == figures.count:
        if is_assessed:
            yield Task(_("Sett opp listen"), turn.url("board"), **more)
        return
    if found is None:
        return
    if figures.unlisted:
        n = figures.unlisted
        title = ngettext("Hent %(n)s søknad inn på listen", "Hent %(n)s søknader inn på listen", n)
        yield Task(title % {"n": n}, turn.url("board"), **more)
    unwritten = boards.listed(found).filter(Q(outcome="") | Q(reason="")).count()
    if unwritten:
        title = ngettext("Skriv innstilling for %(n)s søknad", "Skriv innstilling for %(n)s søknader", unwritten)
        yield Task(title % {"n": unwritten}, turn.url("board"), **more)
    elif not figures.unlisted:
        yield from _locking(turn, found, place, now, more)


def _locking(turn: Turn, found: PriorityList, place: Standing, now: datetime, more: dict[str, Any]) -> Iterator[Task]:
    if undone(turn, found):
        yield Task(_("Registrer trinnets oppgaver"), turn.url("board"), **more)
        return
    is_settled = all(item.may_be_left_out for item in outstanding(turn, now))
    if is_settled and not barred_ids(place.user_id, boards.on_list(found)):
        yield Task(_("Lås prioriteringen"), turn.url("freeze"), **more)
