"""Freezing the priority list: a snapshot with its SHA-256, and a new status for its applications."""

from collections.abc import Collection, Sequence
from dataclasses import asdict
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Any

from django.utils.translation import gettext as _

from applications.models import Application
from applications.services.status import advance
from applications.workflow import can
from evaluation.assessment.documents import PRIORITY_LIST
from evaluation.assessment.models import Assignment, Forwarding, Habilitet, PriorityList, Recommendation, Task
from evaluation.assessment.queries import board as boards
from evaluation.assessment.queries import board_warnings, turns
from evaluation.assessment.queries.board import Row
from evaluation.assessment.queries.candidates import LAPSED, could_read_points
from evaluation.assessment.queries.outstanding import Outstanding, missing_to_freeze, outstanding
from evaluation.assessment.questions import use_of_list
from evaluation.assessment.services.prioritising import lock_list, lock_open_list, write_task
from evaluation.assessment.turn import Turn
from portal.acts import act, held
from portal.communities.models import User
from portal.documents import services as documents
from portal.errors import ChangedError, DomainError
from portal.journal import services as journal
from portal.language import in_bokmaal
from portal.mail import services as mail
from portal.snapshots import changed
from rounds.definition import StagePart
from rounds.outcomes import AWARDS

# The parts of the list that are of the whole, and how many changed parts are named.
WHOLE, FRAME = "whole", "frame"
NAMED = 5


class NotReadyError(DomainError):
    """The list cannot be frozen yet; ``lacks`` are sentences that say what is missing."""

    def __init__(self, lacks: Sequence[str]) -> None:
        super().__init__(" ".join(lacks))
        self.lacks = list(lacks)


@act
def freeze(
    turn: Turn, *, by: User, at: datetime, left_out: Collection[str] = (), shown: str | None = None
) -> PriorityList:
    """Freeze the turn's list, and prioritise its applications or leave them out, in one transaction.

    In a turn that forwards, the applications without money are left out. In a turn that decides, all go to the body's
    meeting. The list is not frozen while something may still come onto it (``queries.outstanding``), except what
    ``left_out`` names: the keys that the person has ticked, after the date of each. ``shown`` is the sums of ``parts``
    on the page that the person pressed the button of. Raises FrozenListError the second time, NotReadyError when
    something is missing, and ChangedError when the list is another than the page showed. A freeze and a withdrawal lock
    the same rows, so they take turns.
    """
    priority_list = lock_open_list(turn)
    applications = _hold_applications(priority_list)
    board = boards.rows(priority_list)
    waiting = outstanding(turn, at)
    lacks = [*unconfirmed(waiting, left_out), *missing_to_freeze(turn, priority_list, board)]
    if lacks:
        raise NotReadyError([item.sentence for item in lacks])
    if shown is not None:
        _require_shown(shown, priority_list, turn, board)
    board = _renumbered(priority_list, board)
    if Task.PRIORITISE in turn.tasks:
        write_task(priority_list, turn, Task.PRIORITISE, "", by=by, at=at)
    passed_by = in_bokmaal(outstanding)(turn, at) if waiting else []
    data = {**snapshot(turn, priority_list, board, by=by, at=at), "left_out": [item.sentence for item in passed_by]}
    version = documents.next_version(PRIORITY_LIST, turn.code)
    priority_list.document = documents.freeze(
        PRIORITY_LIST, turn.code, data, version=version, tenant=turn.tenant, by=by, at=at
    )
    priority_list.frozen_at, priority_list.frozen_by = at, by
    priority_list.save(update_fields=["document", "frozen_at", "frozen_by"])
    _move_on(turn, board, applications, by=by, at=at)
    journal.record(
        "priority.frozen",
        subject=priority_list,
        by=by,
        at=at,
        community=turn.tenant,
        stage=turn.stage.code,
        sha256=priority_list.sha256,
        count=len(board),
        left_out=[item.key for item in waiting],
    )
    return priority_list


class UnlockError(DomainError):
    """The list cannot be opened again: it is not locked, or somebody has used it."""


@act
def unlock(turn: Turn, *, reason: str, by: User, at: datetime) -> PriorityList:
    """Open the frozen list again: its applications are under assessment as before. What was frozen is kept.

    Who had not delivered is taken off the cases, is told so in one mail, and keeps the draft: while the list was
    locked, the points of others could be read. The secretariat may give a case to the person anew.

    Raises UnlockError without a reason, and unless the list is frozen and nobody has used it: forwarded it, put it up
    for a meeting, or decided an application on it. It locks the same rows as a freeze and a forwarding.
    """
    if not reason.strip():
        raise UnlockError(_("Skriv hvorfor listen låses opp."))
    priority_list = lock_list(turn)
    kept = priority_list.document
    if kept is None:
        raise UnlockError(_("Listen er ikke låst."))
    if Forwarding.objects.filter(priority_list=priority_list).exists():
        raise UnlockError(_("Listen er oversendt. Kall oversendelsen tilbake først."))
    applications = _hold_applications(priority_list)
    if used := use_of_list(priority_list.pk):
        raise UnlockError(used)
    _take_off(turn, priority_list, by=by, at=at)
    priority_list.document = priority_list.frozen_at = priority_list.frozen_by = None
    priority_list.save(update_fields=["document", "frozen_at", "frozen_by"])
    # The freeze recorded that it was prioritised; the next freeze does so again.
    priority_list.acts.filter(task=Task.PRIORITISE).delete()
    for application in applications:
        name = "unlock" if turn.is_first else "unlock_later"
        if can(application.status, name):
            advance(application, name, by=by, at=at)
    journal.record(
        "priority.unlocked",
        subject=priority_list,
        by=by,
        at=at,
        community=turn.tenant,
        stage=turn.stage.code,
        reason=reason.strip(),
        version=kept.version,
        sha256=kept.sha256,
    )
    return priority_list


def _take_off(turn: Turn, priority_list: PriorityList, *, by: User, at: datetime) -> None:
    lapsed = could_read_points(turn, priority_list).select_related("application__community", "assessor")
    waiting = list(lapsed.order_by("assessor", "pk"))
    Assignment.objects.filter(pk__in=[row.pk for row in waiting]).delete()
    for assessor, rows in groupby(waiting, key=attrgetter("assessor")):
        _tell(assessor, turn, [row.application.title for row in rows], priority_list, at)
    for row in waiting:
        data = {"stage": turn.stage.code, "assessor": row.assessor_id}
        journal.record(LAPSED, subject=row.application, by=by, at=at, community=row.application.tenant, **data)


def _tell(assessor: User, turn: Turn, titles: list[str], priority_list: PriorityList, at: datetime) -> None:
    """Tell the assessor which cases went, once for each time the list is unlocked."""
    mail.queue(
        "assessment_lapsed",
        recipient=assessor.email,
        about=turn.tenant,
        context={"titles": titles, "round": turn.round.title, "noun_context": turn.round.noun_context},
        at=at,
        key=f"lapsed:{priority_list.document_id}:{assessor.pk}",
        language=assessor.language,
    )


def unconfirmed(waiting: Sequence[Outstanding], left_out: Collection[str]) -> list[Outstanding]:
    """What stops the lock: what cannot be left out, and what the person has not ticked."""
    return [item for item in waiting if not (item.may_be_left_out and item.key in left_out)]


def parts(priority_list: PriorityList | None, turn: Turn, board: Sequence[Row]) -> dict[str, Any]:
    """What the page shows of the list before it is locked: each row by its code, then what is of the whole."""
    rows = {row.code: {**asdict(row), "rank": rank} for rank, row in enumerate(board, 1)}
    return rows | {WHOLE: priority_list.considerations if priority_list else "", FRAME: [turn.frame, turn.spent]}


def _require_shown(shown: str, priority_list: PriorityList, turn: Turn, board: Sequence[Row]) -> None:
    """Raise ChangedError, which names what is new, unless the list is as the page showed it."""
    new = changed(shown, parts(priority_list, turn, board))
    if new and not shown:
        raise ChangedError(_("Se over listen slik den er nå, før du låser den."))
    if new:
        names = {row.code: f"«{row.title}»" for row in board}
        names |= {WHOLE: _("vurderingen av helheten"), FRAME: _("rammen")}
        what = [names.get(key) or _("%(code)s er ute av listen") % {"code": key} for key in new[:NAMED]]
        if more := len(new) - len(what):
            what.append(_("%(n)s til") % {"n": more})
        said = _("Listen er endret siden du så den: %(what)s. Se over den slik den er nå, før du låser den.")
        raise ChangedError(said % {"what": ", ".join(what)})


def _renumbered(priority_list: PriorityList, board: Sequence[Row]) -> list[Row]:
    """The board without withdrawn applications, and with ranks without gaps."""
    priority_list.recommendations.exclude(pk__in=[row.pk for row in board]).delete()
    moved = [Recommendation(pk=row.pk, rank=rank) for rank, row in enumerate(board, 1) if row.rank != rank]
    Recommendation.objects.bulk_update(moved, ["rank"], batch_size=500)
    return boards.rows(priority_list)


def goes_on(turn: Turn, outcome: str) -> bool:
    """Whether an application with this outcome is forwarded, or goes to the body that decides."""
    forwards = turn.spec.forwards
    return forwards is None or forwards.which == "all" or outcome in AWARDS


def _hold_applications(priority_list: PriorityList) -> list[Application]:
    """The applications on the list, their rows locked until the transaction ends."""
    return list(held(Application.objects.filter(boards.on_list(priority_list))).select_related("community", "round"))


def _move_on(turn: Turn, board: Sequence[Row], applications: Sequence[Application], *, by: User, at: datetime) -> None:
    outcome_of = {row.application_id: row.outcome for row in board}
    in_work = set(turns.in_work(turn).filter(pk__in=outcome_of).values_list("pk", flat=True))
    for application in applications:
        if application.pk in in_work:
            name = "prioritise" if goes_on(turn, outcome_of[application.pk]) else "leave_out"
            advance(application, name, by=by, at=at)


@in_bokmaal
def snapshot(
    turn: Turn, priority_list: PriorityList, board: Sequence[Row], *, by: User, at: datetime
) -> dict[str, Any]:
    """The list as plain data, as it is frozen, forwarded, given to the body, and shown afterwards."""
    drawn = boards.drawn(board, turn)
    submissions = boards.newest_submissions(row.application_id for row in board)
    return {
        "round": {"code": turn.round.code, "title": turn.round.title},
        "stage": {"code": turn.stage.code, "name": turn.stage.name},
        "place": turn.receiver_code,
        "name": turn.name,
        "frame": turn.frame,
        "spent": turn.spent,
        "total": drawn.total,
        "considerations": priority_list.considerations,
        "warnings": board_warnings.warnings(priority_list, turn, boards.sums(priority_list, turn), is_kept=True),
        "tasks": [
            {
                "task": act.task,
                "label": act.get_task_display(),
                "note": act.note,
                "by": str(act.done_by),
                "at": act.done_at,
            }
            for act in priority_list.acts.select_related("done_by")
        ],
        "rows": [
            _line(row, running.running, running.is_within, submissions, turn.spec)
            for row, running in zip(board, drawn.lines, strict=True)
        ],
        "habilitet": habilitet_statement([row.application_id for row in board]),
        "frozen": {"by": str(by), "at": at},
    }


def _line(
    row: Row,
    running: int,
    is_within: bool,  # noqa: FBT001
    submissions: dict[int, Any],
    stage: StagePart,
) -> dict[str, Any]:
    sent = submissions.get(row.application_id)
    return {
        "rank": row.rank,
        "code": row.code,
        "title": row.title,
        "community": row.community,
        "lead": row.lead,
        "requested_amount": row.requested,
        "outcome": row.outcome,
        "outcome_label": stage.outcome_label(row.outcome),
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
    """The decisions about habilitet in the applications with these ids; one query."""
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
