"""The board of a turn as plain rows: what the pages show, and what is frozen."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import FilteredRelation, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applications.models import Application, Partner, PartnerRole, Submission
from applications.workflow import GONE, StageState
from evaluation.assessment import portfolio, scoring
from evaluation.assessment.models import Admission, PriorityList, Recommendation
from evaluation.assessment.permissions import barred_ids
from evaluation.assessment.portfolio import Cap, Drawn, Entry
from evaluation.assessment.turn import Turn
from portal.formats import kroner
from rounds.outcomes import AWARDS, Outcome


@dataclass(frozen=True, slots=True)
class Row:
    """One application on the board."""

    pk: int
    application_id: int
    code: str
    title: str
    community: str
    lead: str
    requested: int | None
    rank: int | None
    outcome: str
    amount: int | None
    reason: str
    conditions: str
    order_reason: str
    threshold_reason: str
    total: Decimal | None
    spread: Decimal | None
    must_discuss: bool
    meets_thresholds: bool
    delivered: int

    @property
    def outcome_label(self) -> str:
        """The outcome in words."""
        return Outcome(self.outcome).proposed_label if self.outcome else ""

    @property
    def is_below(self) -> bool:
        """Whether it is recommended for money though it is below a threshold of the stage."""
        return not self.meets_thresholds and self.outcome in AWARDS

    @property
    def is_ready(self) -> bool:
        """Whether it has outcome and reason."""
        return bool(self.outcome and self.reason)


def listed(found: PriorityList) -> QuerySet[Recommendation]:
    """The recommendations of applications that are still under assessment, from the top."""
    return found.recommendations.exclude(application__status__in=GONE).order_by("rank", "pk")


def on_list(found: PriorityList | None) -> Q:
    """The applications on the list; nothing without one."""
    return Q(pk__in=Recommendation.objects.filter(priority_list=found).values("application") if found else [])


def not_listed(turn: Turn, found: PriorityList | None) -> int:
    """How many applications under assessment are not on the list; one query."""
    return turn.assessable.exclude(on_list(found)).count()


def rows(found: PriorityList) -> list[Row]:
    """Every application on the board with its score; one query."""
    lead = Partner.objects.filter(application=OuterRef("application"), role=PartnerRole.LEAD)
    of_stage = Q(application__results__stage=found.stage_id)
    joined = listed(found).annotate(result=FilteredRelation("application__results", condition=of_stage))
    values = joined.values_list(
        "pk",
        "application_id",
        "application__code",
        "application__title",
        "application__community__name",
        Subquery(lead.values("organisation__name")[:1]),
        "application__requested_amount",
        "rank",
        "outcome",
        "amount",
        "reason",
        "conditions",
        "order_reason",
        "threshold_reason",
        "result__total",
        "result__spread",
        "result__must_discuss",
        "result__meets_thresholds",
        "result__delivered",
    )
    return [_row(*value) for value in values]


def _row(*value: Any) -> Row:
    *front, must_discuss, meets, delivered = value
    return Row(*(*front, bool(must_discuss), meets is not False, delivered or 0))


def entries(board: Iterable[Row]) -> list[Entry[int]]:
    """The rows with the amounts that are recommended; nothing is recommended for those who get none."""
    return [Entry(row.pk, (row.amount or 0) if row.outcome in AWARDS else 0) for row in board]


def drawn(board: Sequence[Row], turn: Turn) -> Drawn[int]:
    """The board under the frame."""
    return portfolio.under_frame(entries(board), turn.available)


def unexplained(board: Sequence[Row]) -> list[Row]:
    """Those who stand above a higher score without a reason."""
    order = [(row.pk, row.total) for row in board]
    keys = set(scoring.out_of_order(order, {row.pk for row in board if row.order_reason}))
    return [row for row in board if row.pk in keys]


# --- categories and warnings ----------------------------------------------------------------------------


def caps(turn: Turn) -> list[Cap]:
    """The shares of the frame that the round sets for its categories (R45)."""
    spec = turn.round.spec
    found = spec.criteria_of(turn.spec)
    return [Cap(item.code, percent=item.category_share_percent) for item in found if item.category_share_percent]


def categorised(board: Sequence[Row], turn: Turn) -> list[Entry[int]]:
    """The rows with the gate criteria that the secretariat found met, as categories; one query when there are caps."""
    plain = entries(board)
    if not caps(turn):
        return plain
    met: dict[int, set[str]] = defaultdict(set)
    checks = Admission.objects.filter(application__in=[row.application_id for row in board])
    for pk, data in checks.values_list("application", "checklist"):
        met[pk].update(code for codes in data.get("gates", {}).values() for code in codes)
    return [
        Entry(entry.key, entry.amount, tuple(sorted(met[row.application_id])))
        for entry, row in zip(plain, board, strict=True)
    ]


def warnings(board: Sequence[Row], turn: Turn) -> list[str]:
    """What the secretariat should know before the list is frozen, as sentences; none of them stops it."""
    found = [_sentence(item, turn) for item in portfolio.notices(categorised(board, turn), turn.available, caps(turn))]
    if turn.judged:
        found.extend(_delivered_too_few(board, turn.spec.assessors))
    below = [row for row in board if row.is_below]
    found.extend(_("«%(title)s» er under en terskel, men innstilles.") % {"title": row.title} for row in below)
    return found


def _delivered_too_few(board: Sequence[Row], assessors: int) -> Iterator[str]:
    """The applications that nobody has assessed, and those that fewer have than the stage is to have."""
    waiting = sum(not row.delivered for row in board)
    if waiting:
        sentence = ngettext(
            "%(count)s søknad har ingen levert vurdering.", "%(count)s søknader har ingen levert vurdering.", waiting
        )
        yield sentence % {"count": waiting}
    few = sum(0 < row.delivered < assessors for row in board)
    if few:
        sentence = ngettext(
            "%(count)s søknad har færre leverte vurderinger enn de %(assessors)s som trinnet skal ha.",
            "%(count)s søknader har færre leverte vurderinger enn de %(assessors)s som trinnet skal ha.",
            few,
        )
        yield sentence % {"count": few, "assessors": assessors}


def _sentence(item: portfolio.Notice, turn: Turn) -> str:
    if item.kind == portfolio.NoticeKind.OVER_FRAME:
        sentence = (
            _("Innstillingen er på %(actual)s, %(over)s over det som er igjen av rammen, %(limit)s.")
            if turn.spent
            else _("Innstillingen er på %(actual)s, %(over)s over rammen på %(limit)s.")
        )
        return sentence % {
            "actual": kroner(item.actual),
            "over": kroner(item.actual - item.limit),
            "limit": kroner(item.limit),
        }
    criterion = turn.round.spec.criterion(item.category)
    title = criterion.title if criterion else item.category
    return _("«%(title)s» får %(actual)s prosent av rammen. Runden har satt %(limit)s prosent som tak.") % {
        "title": title,
        "actual": item.actual,
        "limit": item.limit,
    }


# --- what is frozen with it -----------------------------------------------------------------------------


def newest_submissions(keys: Iterable[int]) -> dict[int, Submission]:
    """The version of each application that was sent last, without its content; one query."""
    found = Submission.objects.filter(application__in=list(keys)).newest_of_each().defer("document__snapshot")
    return {submission.application_id: submission for submission in found}


def initial(row: Recommendation) -> dict[str, Any]:
    """What the form for a recommendation shows."""
    fields = ("outcome", "amount", "reason", "conditions", "order_reason", "threshold_reason")
    return {field: getattr(row, field) for field in fields}


def principles(turn: Turn) -> list[Any]:
    """What is judged of the list as a whole, and not of one application (R50)."""
    return [item for item in turn.round.spec.criteria_of(turn.spec) if item.level == "portfolio"]


# --- the frozen list ------------------------------------------------------------------------------------

# What an inhabil person may know of a row: that it is there.
OPEN_FIELDS = ("rank", "code", "title", "community", "lead", "requested_amount", "submission")


def masked(found: PriorityList, user_id: int | None, snapshot: dict[str, Any] | None = None) -> dict[str, Any]:
    """The frozen list as the person may see it: rows that are closed to them keep what is no secret; one query."""
    data = snapshot or found.snapshot or {"rows": [], "habilitet": []}
    codes = {row["code"] for row in data["rows"]}
    closed_ids = barred_ids(user_id, Q(code__in=codes))
    closed = set(Application.objects.filter(pk__in=closed_ids).values_list("code", flat=True)) if closed_ids else set()
    rows = [
        {**{name: row[name] for name in OPEN_FIELDS}, "closed": True} if row["code"] in closed else row
        for row in data["rows"]
    ]
    kept = [item for item in data["habilitet"] if item["code"] not in closed]
    # The judgement of the whole may speak of the case.
    words = "" if closed else data.get("considerations", "")
    return {**data, "rows": rows, "habilitet": kept, "considerations": words}


def going(found: PriorityList) -> list[dict[str, Any]]:
    """The rows of a frozen list that go on: those that are still prioritised in its stage."""
    entered = found.round.applications.filter(
        stage_entries__stage=found.stage_id, stage_entries__state=StageState.PRIORITISED
    )
    codes = set(entered.filter(recommendations__priority_list=found).values_list("code", flat=True))
    return [row for row in (found.snapshot or {"rows": []})["rows"] if row["code"] in codes]
