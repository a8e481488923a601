"""The board: ranks, recommended outcomes, amounts and reasons, until the list is frozen."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from evaluation.assessment import award
from evaluation.assessment.models import PriorityList, Recommendation, StageAct, Task
from evaluation.assessment.permissions import is_still_open
from evaluation.assessment.queries import board as boards
from evaluation.assessment.queries import ranking
from evaluation.assessment.queries.closed import closed_ids
from evaluation.assessment.turn import Turn
from portal.acts import act, held
from portal.cells import Base, Merge, versions
from portal.communities.models import User
from portal.communities.queries import standing_at
from portal.errors import ConflictError, DomainError
from portal.formats import kroner
from portal.journal import services as journal
from portal.journal.queries import writer_of
from portal.writing import merged
from rounds.models import Round
from rounds.outcomes import AWARDS, Amount, Outcome

RECOMMENDED, CONSIDERED = "priority.recommended", "priority.considered"


class FrozenListError(ConflictError):
    """The list is frozen: what is on it can no longer change."""


def lock_list(turn: Turn) -> PriorityList:
    """The turn's list, its row locked for the caller's transaction; the list is made when there is none."""
    PriorityList.objects.get_or_create(stage=turn.stage, community=turn.community, defaults={"round": turn.round})
    return held(PriorityList.objects.filter(stage=turn.stage, community=turn.community)).get()


def locked_communities(of_round: Round) -> set[int]:
    """The ids of the helsefellesskap whose applications can no longer come onto the list of the first stage.

    Their list is frozen. A body that receives applications from every helsefellesskap has one list for all of them.
    The rows of all lists of the round are locked for the caller's transaction.
    """
    lists = held(PriorityList.objects.filter(round=of_round.pk))
    first = of_round.first_stage
    frozen = [item for item in lists if item.is_frozen and item.stage_id == first.pk]
    if frozen and first.body:
        return set(of_round.communities.values_list("pk", flat=True))
    return {item.community_id for item in frozen if item.community_id}


def lock_open_list(turn: Turn) -> PriorityList:
    """The same as ``lock_list``, but raises FrozenListError when the list is frozen."""
    priority_list = lock_list(turn)
    if priority_list.is_frozen:
        raise FrozenListError(_("Prioriteringen er låst. Poeng og innstilling kan ikke lenger endres."))
    return priority_list


class RecommendationError(DomainError):
    """The recommendation breaks a rule; ``field`` is the name of the form field that must be corrected."""

    def __init__(self, sentence: str, field: str = "") -> None:
        super().__init__(sentence)
        self.field = field
        self.field_names = (field,) if field else ()


class TaskDoneError(ConflictError):
    """The task has already been recorded."""


def outcomes(turn: Turn) -> dict[Outcome, str]:
    """The outcomes that may be recommended in the turn, with their words."""
    return {outcome: turn.spec.outcome_label(outcome) for outcome in turn.round.spec.proposable(turn.spec)}


@act
def set_up(turn: Turn, *, by: User, at: datetime) -> PriorityList:
    """Begin the list, or add the applications that have come since, in the order of ``queries.ranking.proposed``.

    Applications that are on the list already keep their rank. Raises FrozenListError.
    """
    priority_list = lock_open_list(turn)
    order, waiting = ranking.proposed(turn, priority_list)
    start = max((rank for rank in priority_list.recommendations.values_list("rank", flat=True) if rank), default=0)
    Recommendation.objects.bulk_create(
        Recommendation(
            priority_list=priority_list, application_id=pk, rank=start + number, updated_by=by, updated_at=at
        )
        for number, pk in enumerate(waiting, 1)
    )
    if waiting and not start:
        priority_list.first_order = order
        priority_list.save(update_fields=["first_order"])
    if waiting:
        journal.record(
            "priority.set_up",
            subject=priority_list,
            by=by,
            at=at,
            community=turn.tenant,
            stage=turn.stage.code,
            added=len(waiting),
            order=str(order),
        )
    return priority_list


CHOICE = frozenset({"outcome", "amount"})


@dataclass(frozen=True, slots=True)
class Choice:
    """What was chosen for one row: an outcome (or none), an amount in kroner, and the versions of what was shown."""

    outcome: str
    amount: int | None
    base: Base


class ChoicesError(ConflictError):
    """Some rows could not be written, so none was: ``refused`` has the refusal of each, by the row's key."""

    def __init__(self, refused: Mapping[int, RecommendationError]) -> None:
        super().__init__(_("Ingenting er lagret. Rett det som er merket."))
        self.refused = refused


class ChosenMeanwhileError(RecommendationError):
    """Somebody else has written another outcome or amount since the page was opened: ``stored``, by its versions."""

    def __init__(self, sentence: str, stored: Base) -> None:
        super().__init__(sentence, "outcome")
        self.stored = stored


@act
def recommend(
    recommendation: Recommendation,
    turn: Turn,
    *,
    texts: Mapping[str, Any],
    base: Base | None = None,
    quietly: bool = False,
    by: User,
    at: datetime,
) -> Merge:
    """Write about one application: ``texts`` by the names of ``Recommendation.WRITTEN``; see portal/writing.py.

    «Granted in full» takes the amount that the application asks for. The page's script (``quietly``) sends words alone.
    Raises RecommendationError with the field, and without one when the case is closed to the person; FrozenListError
    when the list is frozen.
    """
    row = lock_open_list(turn).recommendations.select_related("application").get(pk=recommendation.pk)
    # Asked when the list is held, here and below: the person may have become inhabil since the page was drawn.
    if not (may := is_still_open(by, row.application, now=at)):
        raise RecommendationError(may.reason)
    stored = {name: getattr(row, name) for name in Recommendation.WRITTEN}
    typed = {name: text.strip() if isinstance(text, str) else text for name, text in texts.items()}
    merge = _one_choice(merged(stored, typed, base))
    if "outcome" in texts and not CHOICE & set(merge.conflicts):
        merge = _checked(merge, {**stored, **merge.changes}, turn, row.application.requested_amount)
    if merge.changes:
        Recommendation.objects.filter(pk=row.pk).update(**merge.changes, updated_by=by, updated_at=at)
    recommendation.refresh_from_db()
    fields, about = sorted(merge.changes), row.application
    if fields and not (quietly and journal.was_told(RECOMMENDED, subject=about, by=by, at=at, fields=fields)):
        _record_recommended(recommendation, turn, fields, by=by, at=at)
    return merge


@act
def recommend_amounts(turn: Turn, choices: Mapping[int, Choice], *, by: User, at: datetime) -> int:
    """Write the outcomes and amounts of several rows, all or none; how many were changed.

    ``choices`` by the key of the recommendation. Raises ChoicesError, also for a row that is closed to the person, and
    FrozenListError when the list is frozen.
    """
    priority_list = lock_open_list(turn)
    rows = priority_list.recommendations.select_related("application").in_bulk(choices)
    closed = closed_ids(standing_at(by, at), boards.on_list(priority_list))
    refused: dict[int, RecommendationError] = {}
    changed = 0
    for pk in sorted(rows):
        try:
            changed += _choose(rows[pk], turn, choices[pk], closed, by=by, at=at)
        except RecommendationError as refusal:
            refused[pk] = refusal
    if refused:
        raise ChoicesError(refused)
    return changed


def _choose(
    row: Recommendation, turn: Turn, choice: Choice, closed: Collection[int], *, by: User, at: datetime
) -> bool:
    """Write the outcome and the amount of one row, which are one choice; whether they were changed."""
    if row.application_id in closed:
        raise RecommendationError(_("Saken er stengt for deg. Ingenting er lagret for den."))
    stored = {"outcome": row.outcome, "amount": row.amount}
    typed = {"outcome": choice.outcome, "amount": choice.amount}
    if typed == stored or versions(typed) == choice.base:
        return False
    if versions(stored) != choice.base:
        raise ChosenMeanwhileError(_chosen_meanwhile(row, turn, by), versions(stored))
    requested = row.application.requested_amount
    outcome = choice.outcome or _outcome_of(choice.amount, turn, requested)
    changes = {"outcome": outcome, "amount": _checked_choice(outcome, choice.amount, turn, requested)}
    if changes == stored:
        return False
    Recommendation.objects.filter(pk=row.pk).update(**changes, updated_by=by, updated_at=at)
    row.outcome, row.amount = outcome, changes["amount"]
    _record_recommended(row, turn, sorted(changes), by=by, at=at)
    return True


def _outcome_of(amount: int | None, turn: Turn, requested: int | None) -> str:
    """The outcome that an amount means: the first that allows it, or the first award, which then says what is wrong."""
    awards = [item for item in outcomes(turn) if item in AWARDS] if amount else []
    fitting = (item for item in awards if not award.fault(item, amount, requested))
    return next(fitting, awards[0] if awards else "")


def _chosen_meanwhile(row: Recommendation, turn: Turn, by: User) -> str:
    name = writer_of(row.application, RECOMMENDED, but=by.pk, field="outcome") or _("Noen andre")
    label = turn.spec.outcome_label(row.outcome) or _("Ikke innstilt")
    chosen = label if row.amount is None else f"{label}, {kroner(row.amount)}"
    words = {"name": name, "choice": chosen}
    return _("%(name)s har endret dette til «%(choice)s» mens du skrev. Lagre igjen hvis ditt skal gjelde.") % words


def _one_choice(merge: Merge) -> Merge:
    """When somebody else has changed the outcome or the amount, neither is written."""
    if not CHOICE & set(merge.conflicts):
        return merge
    changes = {name: value for name, value in merge.changes.items() if name not in CHOICE}
    return Merge(changes, merge.conflicts)


def _checked(merge: Merge, written: Mapping[str, Any], turn: Turn, requested: int | None) -> Merge:
    """The same with the amount that the outcome allows; raises RecommendationError."""
    amount = _checked_choice(written["outcome"], written["amount"], turn, requested)
    return Merge({**merge.changes, "amount": amount}, merge.conflicts)


def _checked_choice(outcome: str, amount: int | None, turn: Turn, requested: int | None) -> int | None:
    """The amount that the outcome allows; raises RecommendationError, also when the turn has no such outcome."""
    if outcome not in outcomes(turn):
        raise RecommendationError(_("Velg en innstilling."), "outcome")
    return _checked_amount(outcome, amount, turn, requested)


def _record_recommended(row: Recommendation, turn: Turn, fields: list[str], *, by: User, at: datetime) -> None:
    journal.record(
        RECOMMENDED,
        subject=row.application,
        by=by,
        at=at,
        community=turn.tenant,
        stage=turn.stage.code,
        outcome=row.outcome,
        amount=row.amount,
        has_reason=bool(row.reason),
        fields=fields,
    )


_AMOUNT_FAULTS = {
    award.Fault.MISSING: _lazy("Skriv hvor mye som innstilles."),
    award.Fault.ABOVE: _lazy("Beløpet kan ikke være høyere enn det søkes om, %(amount)s."),
    award.Fault.LESS: _lazy("Dette er mindre enn det søkes om. Velg «%(part)s», eller innstill %(amount)s."),
    award.Fault.WHOLE: _lazy("Dette er hele beløpet. Velg «%(all)s»."),
}


def _checked_amount(outcome: str, amount: int | None, turn: Turn, requested: int | None) -> int | None:
    """The amount (kroner) that the outcome allows: none, the amount asked for, or less than that."""
    if outcome not in AWARDS:
        return None
    if amount is None and Outcome(outcome).means.amount == Amount.ALL:
        amount = requested
    wrong = award.fault(outcome, amount, requested)
    if wrong:
        field = "outcome" if wrong == award.Fault.WHOLE else "amount"
        # The words of the stage's outcomes for the whole amount and for a part of it.
        named = {item.means.amount.value: label for item, label in reversed(outcomes(turn).items())}
        raise RecommendationError(_AMOUNT_FAULTS[wrong] % {"amount": kroner(requested), **named}, field)
    return amount


@act
def move(
    recommendation: Recommendation, turn: Turn, *, position: int, reason: str = "", by: User, at: datetime
) -> Recommendation:
    """Give the application the position and move the others along; ``reason`` says why it departs from the score.

    Nothing when it has the position already, and no other reason is given.

    Raises RecommendationError for a position that does not exist, and for every position when anything on the list is
    closed to the person (which moves are refused would tell its place); FrozenListError when the list is frozen.
    """
    priority_list = lock_open_list(turn)
    # Asked again when the list is held: somebody may have asked about the person since the page was drawn.
    if boards.closed_on_list(standing_at(by, at), priority_list):
        raise RecommendationError(_(boards.LIST_CLOSED), "place")
    rank = boards.rank_at(priority_list, position)
    if rank is None:
        count = boards.listed(priority_list).count()
        raise RecommendationError(_("Skriv en plass fra 1 til %(count)s.") % {"count": count}, "place")
    row = priority_list.recommendations.get(pk=recommendation.pk)
    if row.rank == rank and reason.strip() in {"", row.order_reason}:
        return row
    old = row.rank or rank
    if rank < old:
        priority_list.recommendations.filter(rank__gte=rank, rank__lt=old).update(rank=F("rank") + 1)
    else:
        priority_list.recommendations.filter(rank__gt=old, rank__lte=rank).update(rank=F("rank") - 1)
    row.rank, row.updated_by, row.updated_at = rank, by, at
    row.order_reason = reason.strip() or row.order_reason
    row.save(update_fields=["rank", "order_reason", "updated_by", "updated_at"])
    journal.record(
        "priority.moved",
        subject=row.application,
        by=by,
        at=at,
        community=turn.tenant,
        stage=turn.stage.code,
        source=old,
        target=rank,
    )
    return row


@act
def consider(
    turn: Turn, *, texts: Mapping[str, str], base: Base | None = None, quietly: bool = False, by: User, at: datetime
) -> Merge:
    """Write the judgement of the list as a whole: what the portfolio can carry (R49, R50).

    It is ``considerations``, the one of the ``texts``; see portal/writing.py.
    """
    priority_list = lock_open_list(turn)
    merge = merged({"considerations": priority_list.considerations}, texts, base)
    priority_list.considerations = merge.changes.get("considerations", priority_list.considerations)
    priority_list.save(update_fields=["considerations"])
    fields, about = sorted(merge.changes), priority_list
    if fields and not (quietly and journal.was_told(CONSIDERED, subject=about, by=by, at=at, fields=fields)):
        journal.record(CONSIDERED, subject=about, by=by, at=at, community=turn.tenant, fields=fields)
    return merge


@act
def record_task(turn: Turn, task: Task, note: str, *, by: User, at: datetime) -> StageAct:
    """Record that a task of the stage is done (R16): «godkjenning» or «vurdering». Freezing records «prioritering».

    ``note`` says who has done the task and when, for instance the body and the meeting. Raises RecommendationError
    without a note, TaskDoneError the second time, and FrozenListError when the list is frozen.
    """
    if task not in turn.tasks or task == Task.PRIORITISE:
        raise RecommendationError(_("Dette skal ikke registreres her."), "task")
    if not note.strip():
        raise RecommendationError(_("Skriv hvem som har gjort det, og når."), "note")
    priority_list = lock_open_list(turn)
    return write_task(priority_list, turn, task, note.strip(), by=by, at=at)


def write_task(priority_list: PriorityList, turn: Turn, task: Task, note: str, *, by: User, at: datetime) -> StageAct:
    """Write the task's row and its entry in the journal; the caller has locked the list."""
    done, made = StageAct.objects.get_or_create(
        priority_list=priority_list, task=task, defaults={"note": note, "done_by": by, "done_at": at}
    )
    if not made:
        raise TaskDoneError(_("%(task)s er allerede registrert.") % {"task": task.label})
    journal.record(
        "priority.task_done",
        subject=priority_list,
        by=by,
        at=at,
        community=turn.tenant,
        stage=turn.stage.code,
        task=str(task),
    )
    return done


__all__ = [
    "RecommendationError",
    "TaskDoneError",
    "consider",
    "lock_list",
    "move",
    "outcomes",
    "recommend",
    "record_task",
    "set_up",
    "write_task",
]
