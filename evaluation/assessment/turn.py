"""A stage of a round at the one who handles it there: one helsefellesskap, or the region.

Lists, rankings, boards and assessments belong to a turn. It knows no person and no address.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache, cached_property

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from applications.models import Application
from applications.workflow import GONE, OPEN_STAGE_STATES, StageState, Status
from evaluation.assessment.models import PriorityList, Task
from evaluation.assessment.scoring import Measure
from portal.clock import local_date
from portal.communities.models import Body, HealthCommunity, Organisation, Standing
from rounds.definition import Criterion as CriterionSpec
from rounds.definition import StagePart
from rounds.models import Round, Stage
from rounds.questions import granted_elsewhere

REGION = "region"
# Of these states an application is assessed, or has been: neither waiting for the check nor closed.
TAKEN_IN = frozenset(StageState) - {StageState.RECEIVED, StageState.CLOSED}


@dataclass(frozen=True)
class Turn:
    """A stage with the helsefellesskap that handles it; no helsefellesskap means the region."""

    round: Round
    stage: Stage
    community: HealthCommunity | None

    # --- what the round says of the stage -------------------------------------------------------------

    @cached_property
    def spec(self) -> StagePart:
        """The stage as the round defines it."""
        spec = self.round.spec.stage(self.stage.code)
        if spec is None:
            raise LookupError(self.stage.code)
        return spec

    @property
    def is_first(self) -> bool:
        """Whether applications are sent to this stage, and so are checked here."""
        return self.round.spec.stages[0].code == self.stage.code

    @property
    def is_checked(self) -> bool:
        """Whether what comes to this stage is checked here before it is assessed."""
        return self.round.spec.checks(self.spec)

    @cached_property
    def measures(self) -> tuple[Measure, ...]:
        """The scored criteria, as the arithmetic takes them; with weights only where the stage is weighted."""
        spec = self.round.spec
        return tuple(
            Measure(
                item.code,
                scale.minimum,
                scale.maximum,
                item.weight if self.spec.scoring == "weighted" else None,
                item.threshold,
            )
            for item in spec.criteria_of(self.spec, "scored")
            if (scale := spec.scale(item.scale))
        )

    @property
    def judged(self) -> tuple[CriterionSpec, ...]:
        """What an assessor fills in: the scored criteria, and the judgements of the single application."""
        criteria = self.round.spec.criteria_of(self.spec, "scored", "judgement")
        return tuple(item for item in criteria if item.level == "application")

    @property
    def tasks(self) -> tuple[Task, ...]:
        """The acts that are recorded in this turn, in the order of the process."""
        return tuple(task for task in Task if self.spec.does(task))

    def due_date(self, now: datetime) -> date:
        """A date for the assessors: two days before the stage's own deadline, or in two weeks."""
        today = local_date(now)
        if self.stage.deadline_at:
            before = local_date(self.stage.deadline_at) - timedelta(days=2)
            if before > today:
                return before
        return today + timedelta(days=14)

    @property
    def forward_by(self) -> datetime | None:
        """When the list must be forwarded: the round's date for what goes to the stage that decides, else its own."""
        to_stage = self.round.spec.next_stage(self.spec)
        if to_stage and to_stage.does("decide"):
            return self.round.forward_by or self.stage.deadline_at
        return self.stage.deadline_at

    # --- who handles it -------------------------------------------------------------------------------

    @property
    def place(self) -> str:
        """Its name in addresses."""
        return self.community.code if self.community else REGION

    @property
    def name(self) -> str:
        """Who handles it, for headings."""
        return self.community.name if self.community else (self.stage.body.name if self.stage.body else _("Regionen"))

    @property
    def heading(self) -> str:
        """Who handles it, and in which stage where the round has several."""
        return f"{self.name} · {self.stage.name}" if len(self.round.spec.stages) > 1 else self.name

    @property
    def tenant(self) -> HealthCommunity | Organisation:
        """Whose log tells of it, and whose its documents are."""
        if self.community:
            return self.community
        assert self.stage.body is not None, "a stage of the region's names its body"  # noqa: S101
        return self.stage.body.tenant

    @property
    def code(self) -> str:
        """What its documents are about."""
        return f"{self.round.code}/{self.stage.code}/{self.place}"

    @property
    def bodies(self) -> Q:
        """The bodies whose people may assess here (a condition on seats): the helsefellesskap's, or the region's."""
        if self.community:
            return Q(body__community=self.community)
        return Q(body__region=self.stage.body.region_id if self.stage.body else None)

    @property
    def body(self) -> Body | None:
        """The body that meets on the list."""
        return self.stage.body_for(self.community)

    # --- the money ------------------------------------------------------------------------------------

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

    # --- the applications -----------------------------------------------------------------------------

    @property
    def sent(self) -> QuerySet[Application]:
        """The applications that have come to this turn, whether they have left it or not."""
        return self._entered()

    @property
    def unchecked(self) -> QuerySet[Application]:
        """Those that wait for this turn's check; not those that are out for correction."""
        return self._entered(stage_entries__state=StageState.RECEIVED).exclude(status=Status.CORRECTION)

    @property
    def assessable(self) -> QuerySet[Application]:
        """Those that are ranked here: taken in, and not taken back since."""
        return self._entered(stage_entries__state__in=TAKEN_IN).exclude(status__in=GONE)

    @property
    def in_work(self) -> QuerySet[Application]:
        """Those that are assessed here now: taken in, and on no locked list."""
        return self._entered(stage_entries__state=StageState.IN_WORK)

    @property
    def prioritised(self) -> QuerySet[Application]:
        """Those that the locked list of this turn sends on, or puts before the body that decides."""
        return self._entered(stage_entries__state=StageState.PRIORITISED)

    @property
    def remaining(self) -> QuerySet[Application]:
        """Those that have not left this turn."""
        return self._entered(stage_entries__state__in=OPEN_STAGE_STATES)

    def _entered(self, **more: object) -> QuerySet[Application]:
        return self.round.applications.filter(
            stage_entries__stage=self.stage, stage_entries__community=self.community, **more
        )

    @property
    def priority_list(self) -> PriorityList | None:
        """The turn's list, if it has been begun."""
        return PriorityList.objects.filter(stage=self.stage, community=self.community).first()

    @property
    def ids(self) -> dict[str, int | None]:
        """The turn by its keys (``bare`` makes it one again)."""
        community = self.community.pk if self.community else None
        return {"round_id": self.round.pk, "stage_id": self.stage.pk, "community_id": community}


def bare(round_id: int, stage_id: int, community_id: int | None) -> Turn:
    """A turn for the queries alone, by its ids."""
    return Turn(Round(pk=round_id), Stage(pk=stage_id), HealthCommunity(pk=community_id) if community_id else None)


def turn_of(application: Application, stage: Stage) -> Turn:
    """The turn that handles the application in the stage; read the stage with its body."""
    receiver = stage.receiver_of(application.community_id)
    if receiver is None:
        return Turn(application.round, stage, None)
    if receiver == application.community_id:
        return Turn(application.round, stage, application.community)
    return Turn(application.round, stage, HealthCommunity.objects.get(pk=receiver))


PAGES = ("turn", "export", "distribute", "ranking", "board", "freeze", "list", "forward", "package")


def turn_url(turn: Turn, page: str, *more: object) -> str:
    """The address of one of the turn's pages."""
    return reverse(f"assessment:{page}", args=[turn.round.code, turn.stage.code, turn.place, *more])


def turn_pages(turn: Turn) -> dict[str, str]:
    """The addresses of the turn's pages, by name."""
    return {page: turn_url(turn, page) for page in PAGES}


def unchecked_url(turn: Turn) -> str:
    """The turn's list with those that wait for its check."""
    status = Status.SUBMITTED if turn.is_first else Status.FORWARDED
    return f"{turn_url(turn, 'turn')}?status={status.value}"


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


def stages(of_round: Round) -> list[Stage]:
    """The round's stages with their bodies, in order."""
    return list(_stages(round_id=of_round.pk))


def _stages(round_id: int) -> QuerySet[Stage]:
    return Stage.objects.filter(round=round_id).select_related("body__community").order_by("position")


def handled_turns(of_round: Round, standing: Standing) -> list[Turn]:
    """The turns that the person's secretariat handles, in the order of the process; two queries."""
    mine = standing.secretariat_community_ids
    communities = list(_received_by(round_id=of_round.pk, mine=mine)) if mine else []
    turns: list[Turn] = []
    for stage in stages(of_round):
        if stage.body is None:
            turns.extend(Turn(of_round, stage, community) for community in communities)
        elif standing.is_secretariat_of(stage.body):
            turns.append(Turn(of_round, stage, stage.body.community))
    return turns


def _received_by(round_id: int, mine: Collection[int]) -> QuerySet[HealthCommunity]:
    received = HealthCommunity.objects.filter(round_communities__round=round_id, pk__in=mine)
    return received.order_by("round_communities__position")


def handled_in(code: str, standing: Standing) -> list[Turn]:
    """The turns of the round of that code that the person's secretariat handles; none when there is no such round."""
    of_round = _round(code=code).first()
    return handled_turns(of_round, standing) if of_round else []


def _round(code: str) -> QuerySet[Round]:
    return Round.objects.filter(code=code).select_related("frame")


def named(turns: Collection[Turn], stage: str, place: str) -> Turn | None:
    """The turn of the stage at the place, by their names in addresses."""
    return next((turn for turn in turns if (turn.stage.code, turn.place) == (stage, place)), None)


def nearest(turns: Collection[Turn]) -> Turn:
    """The turn that somebody is led to first: the earliest in which something remains; one query for each before it."""
    return next((turn for turn in turns if turn.remaining.exists()), next(iter(turns)))
