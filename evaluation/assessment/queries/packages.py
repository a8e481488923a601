"""The packages that are forwarded to a body: their lists side by side, each with its ranks (R17)."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from operator import attrgetter
from typing import Any

from django.db.models import Q, QuerySet

from applications.models import Application
from applications.workflow import Status
from evaluation.assessment.models import Forwarding, Result
from evaluation.assessment.queries.closed import closed_ids
from evaluation.assessment.queries.turns import handled_turns
from evaluation.assessment.turn import Turn
from portal.communities.models import serves
from portal.communities.standing import Standing
from rounds.models import Round


@dataclass(frozen=True, slots=True)
class Row:
    """An application on a forwarded list: its rank and score there, the receiver's score, and its status now."""

    rank: int
    code: str
    title: str
    lead: str
    requested: int | None
    recommended: int | None
    home_total: Decimal | None
    total: Decimal | None
    status: str
    status_label: str
    closed: bool


@dataclass(frozen=True, slots=True)
class Package:
    """One forwarded list, with the name of the sender and the stage."""

    pk: int
    round: Round
    name: str
    stage: str
    # Whether sender and receiver are the same helsefellesskap.
    is_within: bool
    forwarded_at: datetime
    sha256: str
    rows: tuple[Row, ...]

    @property
    def has_closed(self) -> bool:
        """Whether a row is closed to the reader; then no sum is shown, since it would tell of that row."""
        return any(row.closed for row in self.rows)

    @property
    def requested(self) -> int:
        """The sum of the amounts asked for (kroner)."""
        return sum(row.requested or 0 for row in self.rows)

    @property
    def recommended(self) -> int:
        """The sum of the amounts that the sender recommends (kroner)."""
        return sum(row.recommended or 0 for row in self.rows)


def received(standing: Standing) -> Q:
    """A condition on packages: the person sits in the body that received them, or is in its secretariat."""
    return Q(to_body__in=standing.body_ids) | serves(standing, "to_body")


def forwarded_to(turn: Turn) -> QuerySet[Forwarding]:
    """The packages that were forwarded to the turn."""
    spec = turn.round.spec
    before = [stage.code for stage in spec.stages if stage.forwards and stage.forwards.to_stage == turn.stage.code]
    packages = Forwarding.objects.filter(priority_list__round=turn.round.pk, priority_list__stage__code__in=before)
    if turn.community and turn.stage.body is None:
        return packages.filter(priority_list__community=turn.community)
    return packages


def visible_packages(standing: Standing) -> QuerySet[Forwarding]:
    """The packages that the person may read: received, or sent by the person's secretariat."""
    sent = Q(priority_list__community__in=standing.secretariat_community_ids) | Q(
        priority_list__community=None, priority_list__stage__body__region__in=standing.secretariat_region_ids
    )
    visible = Forwarding.objects.filter(received(standing) | sent)
    return visible.select_related(
        "priority_list__round", "priority_list__community", "priority_list__stage__body", "to_body", "document__pdf"
    )


def unopened(round_code: str, standing: Standing) -> QuerySet[Forwarding]:
    """The packages of a round that the person's bodies received, and nobody there has opened yet."""
    packages = Forwarding.objects.filter(received(standing), priority_list__round__code=round_code, opened_at=None)
    return packages.select_related("to_body", "priority_list__community", "priority_list__stage__body")


def is_receiver(forwarding: Forwarding, standing: Standing) -> bool:
    """Whether the person is of those who received the package, and not also of the secretariat that sent it."""
    body, listed = forwarding.to_body, forwarding.priority_list
    if listed.community_id:
        is_sender = listed.community_id in standing.secretariat_community_ids
    else:
        is_sender = bool(listed.stage.body and standing.is_secretariat_of(listed.stage.body))
    return not is_sender and (body.pk in standing.body_ids or standing.is_secretariat_of(body))


def forwarded_from(turn: Turn) -> QuerySet[Forwarding]:
    """The package in which the list of the turn was forwarded; none before that."""
    return Forwarding.objects.filter(priority_list__stage=turn.stage, priority_list__community=turn.community)


def side_by_side(round_code: str, standing: Standing) -> list[Package]:
    """The packages of a round that the person's bodies received; four queries, however many lists there are."""
    forwardings = list(
        Forwarding.objects.filter(received(standing), priority_list__round__code=round_code)
        .select_related("to_body", "priority_list__community", "priority_list__stage__body")
        .select_related("priority_list__round__frame")
        .order_by("-priority_list__stage__position", "priority_list__community__name")
    )
    codes = [dossier["code"] for item in forwardings for dossier in item.snapshot["dossiers"]]
    applications = {item.code: item for item in Application.objects.filter(code__in=codes)}
    keys = [item.pk for item in applications.values()]
    results = Result.objects.filter(application__in=keys).values_list("application_id", "stage__code", "total")
    totals = {(pk, stage): total for pk, stage, total in results}
    closed = closed_ids(standing, Q(pk__in=keys))
    return [_package(item, applications, totals, closed) for item in forwardings]


def _package(
    item: Forwarding, applications: dict[str, Application], totals: dict[tuple[int, str], Any], closed: set[int]
) -> Package:
    listed = item.priority_list
    turn = Turn(listed.round, listed.stage, listed.community)
    to_stage = turn.spec.forwards.to_stage if turn.spec.forwards else ""
    sent = {dossier["code"] for dossier in item.snapshot["dossiers"]}
    rows = []
    for row in item.snapshot["list"]["rows"]:
        if row["code"] in sent:
            application = applications[row["code"]]
            rows.append(_row(row, application, totals.get((application.pk, to_stage)), application.pk in closed))
    is_within = turn.community is not None and item.to_body.community_id == turn.community.pk
    return Package(
        item.pk,
        turn.round,
        turn.name,
        turn.stage.name,
        is_within,
        item.forwarded_at,
        item.sha256,
        tuple(sorted(rows, key=attrgetter("closed"))),
    )


def _row(row: dict[str, Any], application: Application, total: Decimal | None, closed: bool) -> Row:  # noqa: FBT001
    home = Decimal(row["total"]) if row["total"] is not None else None
    return Row(
        rank=row["rank"],
        code=row["code"],
        title=row["title"],
        lead=row["lead"] or "",
        requested=None if closed else row["requested_amount"],
        recommended=None if closed else row["amount"],
        home_total=None if closed else home,
        total=None if closed else total,
        status=application.status,
        status_label=str(Status(application.status).label),
        closed=closed,
    )


def receiving_turn(of_round: Round, standing: Standing) -> Turn | None:
    """The last turn that receives packages and is handled by the person; None for members of the body."""
    return next((turn for turn in reversed(handled_turns(of_round, standing)) if not turn.is_first), None)
