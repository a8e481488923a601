"""A turn: a stage of a round at one helsefellesskap, or at the region. Lists, rankings and boards belong to a turn."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache, cached_property
from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from applications.models import Application
from applications.workflow import OPEN_TO_SECRETARIAT, Status
from evaluation.assessment.models import PriorityList, Task
from evaluation.assessment.scoring import Measure
from portal.clock import local_date
from portal.communities.models import Body, HealthCommunity
from portal.communities.queries import Standing, standing_at
from rounds.definition import Criterion as CriterionSpec
from rounds.definition import Stage as StageSpec
from rounds.models import Round, Stage
from rounds.questions import granted_elsewhere

REGION = "region"
PAGES = ("turn", "export", "distribute", "ranking", "board", "freeze", "list", "forward", "package")
# What is ranked: everything that was taken to assessment and not taken back.
ASSESSABLE = OPEN_TO_SECRETARIAT - {Status.SUBMITTED, Status.CORRECTION, Status.NOT_ADMITTED, Status.WITHDRAWN}


def is_regional(stage: Stage) -> bool:
    """Whether the stage is one body's for the whole region, and not each helsefellesskap's own."""
    return bool(stage.body and stage.body.community_id is None)


@dataclass(frozen=True)
class Turn:
    """A stage with the helsefellesskap whose turn it is; no helsefellesskap means the region."""

    round: Round
    stage: Stage
    community: HealthCommunity | None

    @cached_property
    def spec(self) -> StageSpec:
        """The stage as the round defines it."""
        found = self.round.spec.stage(self.stage.code)
        if found is None:
            raise LookupError(self.stage.code)
        return found

    @cached_property
    def measures(self) -> tuple[Measure, ...]:
        """The scored criteria, as the arithmetic takes them."""
        return measures(self.round, self.spec)

    @property
    def judged(self) -> tuple[CriterionSpec, ...]:
        """What an assessor fills in: the scored criteria, and the judgements of the single application."""
        return judged(self.round, self.spec)

    @property
    def place(self) -> str:
        """Its name in addresses."""
        return self.community.code if self.community else REGION

    @property
    def name(self) -> str:
        """Whose turn it is, for headings."""
        return self.community.name if self.community else (self.stage.body.name if self.stage.body else _("Regionen"))

    @property
    def frame(self) -> int | None:
        """The money of the stage that decides; a stage that forwards has no frame of its own."""
        return self.round.frame.amount if self.spec.does("decide") else None

    @cached_property
    def spent(self) -> int:
        """What other rounds have granted of the same frame (R6); one query in the stage that decides."""
        return granted_elsewhere(self.round) if self.frame else 0

    @property
    def available(self) -> int | None:
        """What is left of the frame for this round; nothing less than 0, None without a frame."""
        return None if self.frame is None else max(self.frame - self.spent, 0)

    @property
    def tasks(self) -> tuple[Task, ...]:
        """The acts that are recorded in this turn, in the order of the process."""
        return tuple(task for task in Task if self.spec.does(task))

    @property
    def ids(self) -> dict[str, int | None]:
        """The turn by its keys (``bare`` makes it one again)."""
        community = self.community.pk if self.community else None
        return {"round_id": self.round.pk, "stage_id": self.stage.pk, "community_id": community}

    @property
    def sent(self) -> QuerySet[Application]:
        """The applications that have reached this turn."""
        if self.community is None:
            return self.round.applications.filter(forwarded_at__isnull=False)
        # A draft that was taken back has never been sent: it is nobody's but the applicants'.
        return self.round.applications.filter(
            community=self.community, status__in=OPEN_TO_SECRETARIAT, submitted_at__isnull=False
        )

    @property
    def assessable(self) -> QuerySet[Application]:
        """Those that are ranked in this turn."""
        return self.sent.filter(status__in=ASSESSABLE)

    @property
    def priority_list(self) -> PriorityList | None:
        """The turn's list, if it has been begun."""
        return PriorityList.objects.filter(stage=self.stage, community=self.community).first()

    def due_date(self, now: datetime) -> date:
        """A date for the assessors: two days before the stage's own deadline, or in two weeks."""
        today = local_date(now)
        if self.stage.deadline_at:
            before = local_date(self.stage.deadline_at) - timedelta(days=2)
            if before > today:
                return before
        return today + timedelta(days=14)

    @property
    def pages(self) -> dict[str, str]:
        """The addresses of the turn's pages."""
        return {page: self.url(page) for page in PAGES}

    def url(self, page: str, *more: object) -> str:
        """The address of one of the turn's pages."""
        return reverse(f"assessment:{page}", args=[self.round.code, self.stage.code, self.place, *more])


def bare(round_id: int, stage_id: int, community_id: int | None) -> Turn:
    """A turn for the queries alone, by its ids."""
    return Turn(Round(pk=round_id), Stage(pk=stage_id), HealthCommunity(pk=community_id) if community_id else None)


def measures(of_round: Round, stage: StageSpec) -> tuple[Measure, ...]:
    """The scored criteria of a stage, with weights only where the stage is weighted."""
    spec = of_round.spec
    found = []
    for item in spec.criteria_of(stage, "scored"):
        scale = spec.scale(item.scale)
        if scale:
            weight = item.weight if stage.scoring == "weighted" else None
            found.append(Measure(item.code, scale.minimum, scale.maximum, weight, item.threshold))
    return tuple(found)


def judged(of_round: Round, stage: StageSpec) -> tuple[CriterionSpec, ...]:
    """What an assessor fills in, in the round's order."""
    kinds = {"scored", "judgement"}
    return tuple(
        item for item in of_round.spec.criteria_of(stage) if item.kind in kinds and item.level == "application"
    )


def stages(of_round: Round) -> list[Stage]:
    """The round's stages with their bodies, in order."""
    return list(_stages(round_id=of_round.pk))


def _stages(round_id: int) -> QuerySet[Stage]:
    return Stage.objects.filter(round=round_id).select_related("body").order_by("position")


def handled_turns(of_round: Round, place: Standing) -> list[Turn]:
    """The turns that the person's secretariat handles, in the order of the process; two queries."""
    mine = place.secretariat_community_ids
    communities = list(_received_by(round_id=of_round.pk, mine=mine)) if mine else []
    found = []
    for stage in stages(of_round):
        if is_regional(stage):
            if stage.body and place.is_secretariat_of(stage.body):
                found.append(Turn(of_round, stage, None))
        else:
            found.extend(Turn(of_round, stage, community) for community in communities)
    return found


def _received_by(round_id: int, mine: Collection[int]) -> QuerySet[HealthCommunity]:
    received = HealthCommunity.objects.filter(round_communities__round=round_id, pk__in=mine)
    return received.order_by("round_communities__position")


def turn_of(application: Application, stage: Stage) -> Turn:
    """The turn in which the application is assessed in the stage."""
    return Turn(application.round, stage, None if is_regional(stage) else application.community)


def current_stage(application: Application, found: list[Stage]) -> Stage:
    """The stage that the application stands in: the region's once it is forwarded, else the first."""
    if application.forwarded_at:
        return next((stage for stage in found if is_regional(stage)), found[-1])
    return found[0]


def next_body(turn: Turn) -> Body | None:
    """The body that the turn's list is forwarded to."""
    after = turn.round.spec.next_stage(turn.spec)
    stage = turn.round.stages.select_related("body").filter(code=after.code).first() if after else None
    if stage is None or turn.community is None:
        return None
    return stage.body_for(turn.community)


def bodies_of(turn: Turn) -> Q:
    """The bodies whose people may assess in the turn: those of the helsefellesskap, or of the region."""
    if turn.community:
        return Q(body__community=turn.community)
    body: Body | None = turn.stage.body
    return Q(body__region=body.region_id if body else None)


def turns_of_secretariat(code: str, user: Any, now: datetime) -> list[Turn]:
    """The turns of the round that the person handles; 404 when there are none."""
    found = list(_round(code=code))
    handled = handled_turns(found[0], standing_at(user, now)) if found else []
    if not handled:
        raise Http404
    return handled


def _round(code: str) -> QuerySet[Round]:
    return Round.objects.filter(code=code).select_related("frame")


def pick(handled: list[Turn], stage: str, place: str) -> Turn:
    """The turn of the address among those the person handles, or 404."""
    for turn in handled:
        if (turn.stage.code, turn.place) == (stage, place):
            return turn
    raise Http404


def handled_turn(code: str, stage: str, place: str, user: Any, now: datetime) -> Turn:
    """The turn of the address, or 404 for those whose turn it is not."""
    return pick(turns_of_secretariat(code, user, now), stage, place)


# --- addresses ------------------------------------------------------------------------------------------


def desk_url() -> str:
    """The assessor's desk."""
    return reverse("assessment:desk")


def detail_url(application: Application) -> str:
    """The application with its assessments."""
    return reverse("assessment:detail", args=[application.code])


@cache
def _pattern(page: str, parts: int) -> str:
    return reverse(f"assessment:{page}", args=["CODE", "STAGE"][:parts])


def address(page: str, code: str, stage: str = "") -> str:
    """The address of a page of an application, for lists: no look-up for each row."""
    return _pattern(page, 2 if stage else 1).replace("CODE", code).replace("STAGE", stage)


def score_url(application: Application, stage: Stage) -> str:
    """The scoring page."""
    return score_address(application.code, stage.code)


def score_address(code: str, stage: str) -> str:
    """The scoring page, by codes."""
    return reverse("assessment:score", args=[code, stage])
