"""The text of a plan: begun, written on part by part, put in order.

Every act on a plan holds its row first, so that a version is frozen of a text that nobody is changing.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext as _

from evaluation.actions.models import OwnerKind
from evaluation.actions.queries.owners import Owner, Owners, owners_for
from evaluation.meetings.models import Resolution
from evaluation.plans.content import MeasureText
from evaluation.plans.models import (
    PARTS,
    Aim,
    Area,
    Measure,
    MeasureOwner,
    MeasureState,
    PartKind,
    Plan,
    PlanVersion,
)
from evaluation.plans.queries import text_of_measure
from portal.acts import act, held
from portal.cells import Base, Merge
from portal.communities.models import Body, HealthCommunity, User
from portal.communities.queries import standing_at
from portal.errors import ConflictError, DomainError
from portal.journal import services as journal
from portal.writing import merged

WRITTEN = "plan.written"
HEAD_TEXTS = ("title", "first_day", "last_day", "vision", "introduction", "about_areas", "ahead")


class PlanError(DomainError):
    """The act is not possible with the plan as it is."""


class PlanConflictError(PlanError, ConflictError):
    """Somebody else was first."""


def owners_of(community: HealthCommunity, day: date) -> Owners:
    """Who can have the responsibility for a measure of the helsefellesskap on the day; three queries."""
    return owners_for(Body(community=community), day)


def make_measure(aim: Aim, position: int, text: MeasureText, owners: Sequence[Owner]) -> Measure:
    """A measure with its owners, in the caller's act."""
    fields = text.model_dump(include={"code", "letter", "text", "responsible", "year"})
    measure = Measure.objects.create(aim=aim, position=position, **fields)
    _set_owners(measure, owners)
    return measure


def _set_owners(measure: Measure, owners: Sequence[Owner]) -> None:
    measure.owners.all().delete()
    MeasureOwner.objects.bulk_create(MeasureOwner(measure=measure, **owner.columns) for owner in owners)


@act
def begin(
    community: HealthCommunity,
    *,
    title: str,
    first_day: date,
    last_day: date,
    like: Plan | None = None,
    declaration: Resolution | None = None,
    by: User,
    at: datetime,
) -> Plan:
    """Begin a plan of the helsefellesskap; ``like`` is an earlier one, whose text it begins with.

    What was told of the earlier measures stays with them; those that fell away, or are achieved, are left out. Raises
    PlanError when ``by`` does not serve the helsefellesskap, or the period does not go forward, and PlanConflictError
    when the plan is begun already: the button was pressed twice.
    """
    if community.pk not in standing_at(by, at).secretariat_community_ids:
        raise PlanError(_("Bare sekretariatet lager handlingsplaner."))
    _require_period(first_day, last_day)
    # Held, so that two who begin one at once get a code each.
    community = held(HealthCommunity.objects.filter(pk=community.pk)).get()
    same = {"community": community, "title": title, "first_day": first_day, "last_day": last_day}
    if Plan.objects.filter(**same).exists():
        raise PlanConflictError(_("Helsefellesskapet har allerede en plan med denne tittelen og perioden."))
    texts = (
        {name: getattr(like, name) for name in ("vision", "about_areas", "abbreviations", "taxonomy")} if like else {}
    )
    plan = Plan.objects.create(
        code=_free_code(f"{community.code}-{first_day.year}"),
        **same,
        declaration=declaration,
        created_by=by,
        created_at=at,
        **texts,
    )
    for area in like.areas.all() if like else ():
        _copy_area(area, plan)
    journal.record("plan.begun", subject=plan, by=by, at=at, community=community)
    return plan


def _free_code(wanted: str) -> str:
    taken = set(Plan.objects.filter(code__startswith=wanted).values_list("code", flat=True))
    return next(code for code in (wanted, *(f"{wanted}-{n}" for n in range(2, len(taken) + 3))) if code not in taken)


def _require_period(first_day: date, last_day: date) -> None:
    if last_day < first_day:
        raise PlanError(_("Planen slutter før den begynner. Skriv en senere sluttdato.")).about("last_day")


def _copy_area(area: Area, plan: Plan) -> None:
    new = Area.objects.create(plan=plan, position=area.position, title=area.title, meaning=area.meaning)
    for aim in area.aims.all():
        under = Aim.objects.create(area=new, position=aim.position, title=aim.title)
        for measure in aim.measures.exclude(state__in=(MeasureState.ACHIEVED, MeasureState.FALLEN)):
            owners = [Owner.of_item(owner) for owner in measure.owners.all()]
            text = text_of_measure(measure).model_copy(update={"year": None, "responsible": measure.responsible})
            make_measure(under, measure.position, text, owners)


# --- written on -------------------------------------------------------------------------------------------


def texts_of(row: Plan | Area | Aim | Measure) -> dict[str, Any]:
    """What is stored of the texts of a plan's head or of a part, by the names of the form."""
    if isinstance(row, Plan):
        return {name: getattr(row, name) for name in HEAD_TEXTS}
    texts = {name: getattr(row, name) for name in _kind_of(row).texts if name != "owners"}
    if isinstance(row, Measure):
        texts["owners"] = sorted(_code(Owner.of_item(owner)) for owner in row.owners.all())
    return texts


def _code(owner: Owner) -> str:
    """As the form names an owner: another role by its words, since a measure can have several."""
    return f"{owner.kind}:{owner.role}" if owner.kind == OwnerKind.ROLE else owner.code


def owner_of(code: str) -> Owner:
    """The owner with the form's code."""
    kind, _colon, rest = code.partition(":")
    return Owner(kind, role=rest[:120]) if kind == OwnerKind.ROLE else Owner.of(code)


def _kind_of(row: Area | Aim | Measure) -> PartKind:
    return PARTS[row._meta.model_name]  # type: ignore[index]


@act
def write(
    plan: Plan,
    row: Plan | Area | Aim | Measure,
    *,
    texts: Mapping[str, Any],
    base: Base | None = None,
    quietly: bool = False,
    by: User,
    at: datetime,
) -> Merge:
    """Write the head of the plan (``row`` is the plan) or one of its parts; see portal/writing.py.

    Raises PlanError when the period does not go forward, and PlanConflictError when the part is gone.
    """
    plan = held_plan(plan)
    fresh = plan if isinstance(row, Plan) else part_in(plan, row)
    merge = merged(texts_of(fresh), texts, base)
    changes = dict(merge.changes)
    owners = changes.pop("owners", None)
    for name, value in changes.items():
        setattr(fresh, name, value)
    if isinstance(fresh, Plan):
        _require_period(fresh.first_day, fresh.last_day)
    if changes:
        fresh.save(update_fields=list(changes))
    if owners is not None and isinstance(fresh, Measure):
        _set_owners(fresh, [owner_of(code) for code in owners])
    fields = sorted(merge.changes)
    if fields and not (quietly and journal.was_told(WRITTEN, subject=fresh, by=by, at=at, fields=fields)):
        journal.record(WRITTEN, subject=fresh, by=by, at=at, community=plan.community, fields=fields)
    return merge


def held_plan(plan: Plan) -> Plan:
    """The plan as it is now, locked until the act is done."""
    return held(Plan.objects.filter(pk=plan.pk)).select_related("community").get()


def part_in(plan: Plan, row: Any) -> Any:
    """The part as it is now. Raises PlanConflictError when it is gone, or of another plan."""
    fresh = _kind_of(row).model.objects.filter(pk=row.pk, **{_kind_of(row).to_plan: plan}).first()
    if fresh is None:
        raise PlanConflictError(_("Noen andre har tatt bort dette i mellomtiden."))
    return fresh


@act
def add(plan: Plan, part: str, parent: Any, *, texts: Mapping[str, Any], by: User, at: datetime) -> Any:
    """Add a part at the end of its parent: an area of the plan, an aim of an area, a measure of an aim."""
    plan, kind = held_plan(plan), PARTS[part]
    parent = plan if part == "area" else part_in(plan, parent)
    siblings = kind.model.objects.filter(**{kind.parent: parent})
    last = siblings.aggregate(last=Max("position"))["last"]
    fields = {name: value for name, value in texts.items() if name != "owners"}
    row = kind.model.objects.create(**{kind.parent: parent}, position=0 if last is None else last + 1, **fields)
    if part == "measure":
        _set_owners(row, [owner_of(code) for code in texts.get("owners", ())])
    journal.record("plan.part_added", subject=plan, by=by, at=at, community=plan.community)
    return row


@act
def move(plan: Plan, row: Any, *, up: bool, by: User, at: datetime) -> bool:
    """Let a part change its turn with the one above it, or below; whether there was one."""
    plan = held_plan(plan)
    fresh, kind = part_in(plan, row), _kind_of(row)
    siblings = list(kind.model.objects.filter(**{kind.parent: getattr(fresh, kind.parent)}))
    index = siblings.index(fresh)
    other = index - 1 if up else index + 1
    if not 0 <= other < len(siblings):
        return False
    siblings[index], siblings[other] = siblings[other], siblings[index]
    for position, sibling in enumerate(siblings):
        kind.model.objects.filter(pk=sibling.pk).update(position=position)
    journal.record("plan.part_moved", subject=plan, by=by, at=at, community=plan.community)
    return True


@act
def remove(plan: Plan, row: Any, *, by: User, at: datetime) -> None:
    """Take away a part with everything in it.

    Raises PlanError when a measure in it is part of a version or has been told of: it falls away instead.
    """
    plan = held_plan(plan)
    fresh = part_in(plan, row)
    way = {"area": "aim__area", "aim": "aim", "measure": "pk"}[fresh._meta.model_name]
    measures = Measure.objects.filter(**{way: fresh.pk})
    adopted = {key for version in plan.versions.all() for key in _keys(version)}
    if measures.filter(news__isnull=False).exists() or adopted & set(measures.values_list("pk", flat=True)):
        raise PlanError(_("Tiltaket er vedtatt eller meldt om, og blir stående. Meld at det har falt bort."))
    fresh.delete()
    journal.record("plan.part_removed", subject=plan, by=by, at=at, community=plan.community)


def _keys(version: PlanVersion) -> set[int]:
    areas = version.snapshot["plan"]["areas"]
    return {measure["key"] for area in areas for aim in area["aims"] for measure in aim["measures"]}
