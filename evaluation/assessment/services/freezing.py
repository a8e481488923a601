"""Freezing the priority list: a snapshot with its hash, and the applications moved on, in one transaction."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from applications.models import Application
from applications.services.status import advance
from evaluation.assessment.documents import PRIORITY_LIST
from evaluation.assessment.models import Habilitet, PriorityList, Recommendation, Task
from evaluation.assessment.queries import board as boards
from evaluation.assessment.queries.board import Row
from evaluation.assessment.queries.outstanding import Outstanding, lacking, outstanding
from evaluation.assessment.services.prioritising import lock_open_list, write_task
from evaluation.assessment.turn import Turn
from portal.acts import act, held
from portal.communities.models import User
from portal.documents import services as documents
from portal.errors import DomainError
from portal.journal import services as journal
from portal.language import in_bokmaal
from rounds.outcomes import AWARDS


class NotReadyError(DomainError):
    """The list lacks something; ``lacks`` are the sentences."""

    def __init__(self, lacks: Sequence[str]) -> None:
        super().__init__(" ".join(lacks))
        self.lacks = list(lacks)


@act
def freeze(turn: Turn, *, by: User, at: datetime, left_out: Collection[str] = ()) -> PriorityList:
    """Freeze the turn's list and move its applications on (prioritise, or leave out).

    In a turn that forwards, those without money are left out; where the body itself decides, all go to its meeting.
    A list that something may still come onto is not frozen (``queries.outstanding``); ``left_out`` are the keys of
    what the person has said may be left out, after its date. Raises FrozenListError the second time, NotReadyError
    when something is missing. Of a freeze and a withdrawal, one sees the other.
    """
    found = lock_open_list(turn)
    applications = _hold_applications(found)
    board = boards.rows(found)
    waiting = outstanding(turn, at)
    lacks = [item.sentence for item in unconfirmed(waiting, left_out)] + lacking(turn, found, board)
    if lacks:
        raise NotReadyError(lacks)
    board = _renumbered(found, board)
    if Task.PRIORITISE in turn.tasks:
        write_task(found, turn, Task.PRIORITISE, "", by=by, at=at)
    passed_by = in_bokmaal(outstanding)(turn, at) if waiting else []
    data = {**snapshot(turn, found, board, by=by, at=at), "left_out": [item.sentence for item in passed_by]}
    found.document = documents.freeze(PRIORITY_LIST, turn.code, data, tenant=turn.tenant, by=by, at=at)
    found.frozen_at, found.frozen_by = at, by
    found.save(update_fields=["document", "frozen_at", "frozen_by"])
    _move_on(turn, board, applications, by=by, at=at)
    journal.record(
        "priority.frozen",
        subject=found,
        by=by,
        at=at,
        community=turn.tenant,
        stage=turn.stage.code,
        sha256=found.sha256,
        count=len(board),
        left_out=[item.key for item in waiting],
    )
    return found


def unconfirmed(waiting: Sequence[Outstanding], left_out: Collection[str]) -> list[Outstanding]:
    """What stops the lock: what cannot be left out, and what nobody has said may be."""
    return [item for item in waiting if not (item.may_be_left_out and item.key in left_out)]


def _renumbered(found: PriorityList, board: Sequence[Row]) -> list[Row]:
    """The board without what was withdrawn, its ranks without gaps."""
    found.recommendations.exclude(pk__in=[row.pk for row in board]).delete()
    moved = [Recommendation(pk=row.pk, rank=place) for place, row in enumerate(board, 1) if row.rank != place]
    Recommendation.objects.bulk_update(moved, ["rank"], batch_size=500)
    return boards.rows(found)


def goes_on(turn: Turn, outcome: str) -> bool:
    """Whether an application with this outcome goes on to the body that decides."""
    forwards = turn.spec.forwards
    return forwards is None or forwards.which == "all" or outcome in AWARDS


def _hold_applications(found: PriorityList) -> list[Application]:
    """Everything on the list, held: what is read of it from here on stays true."""
    return list(held(Application.objects.filter(boards.on_list(found))).select_related("community", "round"))


def _move_on(turn: Turn, board: Sequence[Row], applications: Sequence[Application], *, by: User, at: datetime) -> None:
    outcome_of = {row.application_id: row.outcome for row in board}
    in_work = set(turn.in_work.filter(pk__in=outcome_of).values_list("pk", flat=True))
    for application in applications:
        if application.pk in in_work:
            name = "prioritise" if goes_on(turn, outcome_of[application.pk]) else "leave_out"
            advance(application, name, by=by, at=at)


@in_bokmaal
def snapshot(turn: Turn, found: PriorityList, board: Sequence[Row], *, by: User, at: datetime) -> dict[str, Any]:
    """The list as plain data: what is frozen, forwarded, put before the body, and shown afterwards."""
    drawn = boards.drawn(board, turn)
    submissions = boards.newest_submissions(row.application_id for row in board)
    return {
        "round": {"code": turn.round.code, "title": turn.round.title},
        "stage": {"code": turn.stage.code, "name": turn.stage.name},
        "place": turn.place,
        "name": turn.name,
        "frame": turn.frame,
        "spent": turn.spent,
        "total": drawn.total,
        "considerations": found.considerations,
        "warnings": boards.warnings(board, turn),
        "tasks": [
            {
                "task": act.task,
                "label": act.get_task_display(),
                "note": act.note,
                "by": str(act.done_by),
                "at": act.done_at,
            }
            for act in found.acts.select_related("done_by")
        ],
        "rows": [
            _line(row, running.running, running.is_within, submissions)
            for row, running in zip(board, drawn.lines, strict=True)
        ],
        "habilitet": habilitet_statement([row.application_id for row in board]),
        "frozen": {"by": str(by), "at": at},
    }


def _line(row: Row, running: int, is_within: bool, submissions: dict[int, Any]) -> dict[str, Any]:  # noqa: FBT001
    sent = submissions.get(row.application_id)
    return {
        "rank": row.rank,
        "code": row.code,
        "title": row.title,
        "community": row.community,
        "lead": row.lead,
        "requested_amount": row.requested,
        "outcome": row.outcome,
        "outcome_label": row.outcome_label,
        "amount": row.amount,
        "running": running,
        "is_within": is_within,
        "reason": row.reason,
        "conditions": row.conditions,
        "order_reason": row.order_reason,
        "threshold_reason": row.threshold_reason,
        "total": row.total,
        "spread": row.spread,
        "delivered": row.delivered,
        "must_discuss": row.must_discuss,
        "meets_thresholds": row.meets_thresholds,
        "submission": {"version": sent.version, "sha256": sent.sha256} if sent else None,
    }


def habilitet_statement(keys: Sequence[int]) -> list[dict[str, Any]]:
    """What was decided about people's habilitet in these applications; one query."""
    decided = (
        Habilitet.objects.decided()
        .filter(application__in=keys)
        .select_related("application", "person", "decided_by", "body")
        .order_by("application__code", "person__name", "pk")
    )
    return [
        {
            "code": item.application.code,
            "title": item.application.title,
            "person": str(item.person),
            "is_recused": item.is_recused,
            "ground": item.get_decided_ground_display(),
            "reason": item.reason,
            "decided_by": str(item.body or item.decided_by),
            "decided_at": item.decided_at,
        }
        for item in decided
        if item.application
    ]
