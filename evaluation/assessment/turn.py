"""A turn: one stage of a round at one receiver, which is a helsefellesskap or the region.

Priority lists, rankings, boards and assessments belong to a turn. A turn knows nothing of who is logged in.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache, cached_property, lru_cache
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from applications.models import Application
from applications.workflow import Status
from evaluation.assessment.models import Task
from evaluation.assessment.scoring import Measure
from portal.clock import local_date
from portal.communities.models import Body, HealthCommunity, Organisation
from rounds.definition import Criterion as CriterionSpec
from rounds.definition import StagePart
from rounds.models import Round, Stage
from rounds.questions import frame_state

REGION = "region"


@dataclass(frozen=True)
class Turn:
    """A stage with the helsefellesskap that receives the applications; None is the region."""

    round: Round
    stage: Stage
    community: HealthCommunity | None
    # For a reader to whom an application under the frame is closed: what is left of it tells of that application.
    hides_frame: bool = False

    # --- the stage in the round file -------------------------------------------------------------------

    @cached_property
    def spec(self) -> StagePart:
        """The definition of the stage in the round file."""
        spec = self.round.spec.stage(self.stage.code)
        if spec is None:
            raise LookupError(self.stage.code)
        return spec

    @property
    def is_first(self) -> bool:
        """Whether this is the first stage of the round: the applicants send their applications to it."""
        return self.round.spec.stages[0].code == self.stage.code

    @property
    def is_checked(self) -> bool:
        """Whether applications that come to this stage are checked here before they are assessed."""
        return self.round.spec.checks(self.spec)

    @cached_property
    def measures(self) -> tuple[Measure, ...]:
        """The scored criteria, as ``scoring`` takes them; they have weights only when the stage is weighted."""
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
        """The criteria that an assessor fills in: those with points, and those judged in words for one application."""
        criteria = self.round.spec.criteria_of(self.spec, "scored", "judgement")
        return tuple(item for item in criteria if item.level == "application")

    @property
    def tasks(self) -> tuple[Task, ...]:
        """The tasks of the stage (R16), in the order of the process."""
        return tuple(task for task in Task if self.spec.does(task))

    def due_date(self, now: datetime) -> date:
        """The date proposed to the assessors: two days before the deadline of the stage, else two weeks from now."""
        today = local_date(now)
        if self.stage.deadline_at:
            before = local_date(self.stage.deadline_at) - timedelta(days=2)
            if before > today:
                return before
        return today + timedelta(days=14)

    @property
    def forward_by(self) -> datetime | None:
        """When the list must be forwarded: the date of the round to a stage that decides, else the stage's deadline."""
        to_stage = self.round.spec.next_stage(self.spec)
        if to_stage and to_stage.does("decide"):
            return self.round.forward_by or self.stage.deadline_at
        return self.stage.deadline_at

    # --- who handles it -------------------------------------------------------------------------------

    @property
    def receiver_code(self) -> str:
        """The receiver in addresses: the code of the helsefellesskap, or «region»."""
        return self.community.code if self.community else REGION

    @property
    def name(self) -> str:
        """The name of the receiver, for headings."""
        return self.community.name if self.community else (self.stage.body.name if self.stage.body else _("Regionen"))

    @property
    def heading(self) -> str:
        """The name of the receiver, and of the stage when the round has several stages."""
        return f"{self.name} · {self.stage.name}" if len(self.round.spec.stages) > 1 else self.name

    @property
    def tenant(self) -> HealthCommunity | Organisation:
        """The helsefellesskap or region that owns the turn's log entries and documents."""
        if self.community:
            return self.community
        assert self.stage.body is not None, "a stage of the region's names its body"  # noqa: S101
        return self.stage.body.tenant

    @property
    def code(self) -> str:
        """The subject of the turn's documents."""
        return f"{self.round.code}/{self.stage.code}/{self.receiver_code}"

    @property
    def bodies(self) -> Q:
        """A condition on seats: they are in a body of the helsefellesskap, or of the region, that may assess here."""
        if self.community:
            return Q(body__community=self.community)
        return Q(body__region=self.stage.body.region_id if self.stage.body else None)

    @property
    def body(self) -> Body | None:
        """The body that discusses the list in its meeting."""
        return self.stage.body_for(self.community)

    # --- the money ------------------------------------------------------------------------------------

    @property
    def frame(self) -> int | None:
        """The frame of the round (kroner) in a stage that decides; None in a stage that forwards, or when hidden."""
        return self.round.frame.amount if self.spec.does("decide") and not self.hides_frame else None

    @cached_property
    def spent(self) -> int:
        """The amount (kroner) that other rounds have granted of the frame (R6); one query when there is a frame."""
        return frame_state(self.round).granted_elsewhere if self.frame else 0

    @property
    def left(self) -> int | None:
        """The amount (kroner) that other rounds have left of the frame; negative when they have passed it."""
        return None if self.frame is None else self.frame - self.spent

    @property
    def available(self) -> int | None:
        """The amount (kroner) that this round can grant: what is left, at least 0; None without a frame."""
        return None if self.left is None else max(self.left, 0)

    @property
    def passed(self) -> int:
        """By how much (kroner) other rounds have passed the frame; 0 when they have not."""
        return max(-(self.left or 0), 0)


PAGES = (
    "turn", "export", "distribute", "board", "freeze", "list", "unlock", "forward", "package", "call_back"
)  # fmt: skip


def turn_url(turn: Turn, page: str, *more: object) -> str:
    """The address of one of the turn's pages."""
    return _address(page, turn.round.code, turn.stage.code, turn.receiver_code, *more)


@lru_cache(maxsize=2_000)
def _address(page: str, *parts: object) -> str:
    # A list asks for a hundred addresses of one turn, each time it is shown.
    return reverse(f"assessment:{page}", args=parts)


def turn_pages(turn: Turn) -> dict[str, str]:
    """The addresses of the turn's pages, by name."""
    return {page: turn_url(turn, page) for page in PAGES}


def unchecked_url(turn: Turn) -> str:
    """The address of the turn's list, filtered to the applications that wait for the check."""
    return f"{turn_url(turn, 'turn')}?status={unchecked_status(turn).value}"


def unchecked_status(turn: Turn) -> Status:
    """The status of the applications that wait for the check in the turn."""
    return Status.SUBMITTED if turn.is_first else Status.FORWARDED


def kept_address(url: str, filter_of_list: str, number: int) -> str:
    """The address with the list that the reader comes from: its filter and order, and the number of the row in it."""
    return f"{url}?{urlencode({'from': f'{filter_of_list}&nr={number}'.lstrip('&')})}"


def desk_url() -> str:
    """The address of the assessor's desk."""
    return reverse("assessment:desk")


def detail_url(application: Application) -> str:
    """The address of the application with its assessments."""
    return reverse("assessment:detail", args=[application.code])


@cache
def _pattern(page: str, parts: int) -> str:
    return reverse(f"assessment:{page}", args=["CODE", "STAGE"][:parts])


def address(page: str, code: str, stage: str = "") -> str:
    """The address of a page of an application, for lists: each kind of address is looked up once."""
    return _pattern(page, 2 if stage else 1).replace("CODE", code).replace("STAGE", stage)


def score_url(application: Application, stage: Stage) -> str:
    """The address of the scoring page."""
    return score_address(application.code, stage.code)


def score_address(code: str, stage: str) -> str:
    """The address of the scoring page, from the codes of the application and the stage."""
    return reverse("assessment:score", args=[code, stage])
