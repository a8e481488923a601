"""Reads for the pages of the plans: the text as it is written on, the version in force, and how far it has come."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, QuerySet, Subquery
from django.utils.translation import gettext as _

from evaluation.meetings.models import Case, CaseKind, CaseStatus, MeetingStatus, Resolution
from evaluation.meetings.queries.habilitet import closed_to
from evaluation.plans.content import AimText, AreaText, MeasureText, PlanText, counts
from evaluation.plans.models import (
    PARTS,
    Aim,
    Area,
    Measure,
    MeasureNews,
    MeasureOwner,
    MeasureState,
    Plan,
    PlanVersion,
)
from portal.clock import local_date
from portal.communities.models import BodyKind
from portal.communities.standing import Standing
from portal.formats import date_no

# The bodies whose resolutions can adopt a plan; the declaration behind it is the partnership meeting's.
ADOPTING = (BodyKind.SSU, BodyKind.PM)


def visible_plans(standing: Standing) -> QuerySet[Plan]:
    """The plans that the person may read, with their helsefellesskap, the newest period first."""
    return Plan.objects.visible_to(standing).select_related("community").order_by("-first_day", "community__name")


@dataclass(frozen=True, slots=True)
class Listed:
    """A plan as the list shows it: with the title and period of its version in force, or of the draft.

    ``by_state`` is how many of its adopted measures are in each state; nothing of a draft.
    """

    plan: Plan
    title: str
    first_day: date
    last_day: date
    by_state: Mapping[str, int]


def listed_plans(standing: Standing) -> list[Listed]:
    """The plans that the person may read, the newest period first; three queries."""
    plans = visible_plans(standing).prefetch_related(Prefetch("versions", PlanVersion.objects.all()))
    states = dict(Measure.objects.filter(aim__area__plan__in=plans).values_list("pk", "state"))
    return sorted((_listed(plan, states) for plan in plans), key=lambda listed: listed.first_day, reverse=True)


def _listed(plan: Plan, states: Mapping[int, str]) -> Listed:
    versions = list(plan.versions.all())
    if not versions:
        return Listed(plan, plan.title, plan.first_day, plan.last_day, {})
    text = PlanText.model_validate(versions[-1].snapshot["plan"])
    _by_area, whole = counts(text, states, MeasureState.NOT_BEGUN)
    return Listed(plan, text.title, text.first_day, text.last_day, whole.by_state)


def reads_drafts(standing: Standing, plan: Plan) -> bool:
    """Whether the person reads what is written in the plan and not adopted: who serves or sits in the helsefellesskap.

    No query.
    """
    return plan.community_id in standing.secretariat_community_ids | standing.seat_community_ids


# --- the text ---------------------------------------------------------------------------------------------


def parts_of(plan: Plan) -> list[Area]:
    """The areas of the plan with their aims, measures and owners, in order; four queries, six where there are owners.

    The aims of an area are ``aims.all()``, and so on.
    """
    owners = MeasureOwner.objects.select_related("owner_body", "owner_organisation", "owner_person")
    measures = Measure.objects.prefetch_related(Prefetch("owners", owners))
    aims = Aim.objects.prefetch_related(Prefetch("measures", measures))
    return list(Area.objects.filter(plan=plan).prefetch_related(Prefetch("aims", aims)))


def part_of(plan: Plan, part: str, pk: int) -> QuerySet[Any]:
    """The part of the plan with the id; none when it is of another plan. ``part`` is one of ``PARTS``."""
    kind = PARTS[part]
    rows: QuerySet[Any] = kind.model.objects.filter(**{kind.to_plan: plan}, pk=pk)
    return rows


def parts_in(above: Any, part: str) -> QuerySet[Any]:
    """The parts of the kind in what they stand in: the areas of a plan, the aims of an area, the measures of an aim."""
    kind = PARTS[part]
    rows: QuerySet[Any] = kind.model.objects.filter(**{kind.parent: above}).order_by("position", "pk")
    return rows


def plans_of(community_id: int) -> QuerySet[Plan]:
    """All plans of the helsefellesskap, the newest period first."""
    return Plan.objects.filter(community=community_id)


def text_of(plan: Plan) -> PlanText:
    """The plan as it is written now; what has fallen away stands in it, since it was once to be done."""
    return PlanText(
        title=plan.title,
        first_day=plan.first_day,
        last_day=plan.last_day,
        vision=plan.vision,
        introduction=plan.introduction,
        about_areas=plan.about_areas,
        ahead=plan.ahead,
        abbreviations=tuple(tuple(pair) for pair in plan.abbreviations),
        source=plan.source,
        taxonomy=plan.taxonomy,
        areas=tuple(_area(area) for area in parts_of(plan)),
    )


def _area(area: Area) -> AreaText:
    aims = tuple(
        AimText(title=aim.title, measures=tuple(map(text_of_measure, aim.measures.all()))) for aim in area.aims.all()
    )
    return AreaText(title=area.title, meaning=area.meaning, aims=aims)


def text_of_measure(measure: Measure) -> MeasureText:
    """The measure as plain data; without words for the responsible, the names of its owners."""
    return MeasureText(
        key=measure.pk,
        code=measure.code,
        letter=measure.letter,
        text=measure.text,
        responsible=measure.responsible_in_words,
        year=measure.year,
    )


def latest_version(plan: Plan) -> PlanVersion | None:
    """The version that is in force, with its document and resolution, and ``is_put_right``; one query."""
    earlier = PlanVersion.objects.filter(plan=plan, resolution=OuterRef("resolution"), pk__lt=OuterRef("pk"))
    versions = plan.versions.select_related("resolution__case__body", "resolution__case__meeting")
    return versions.annotate(is_put_right=Exists(earlier)).last()


def adoption_in_words(version: Any) -> str:
    """The sentence that says by whom the version (of ``latest_version``) was adopted."""
    put_right_on = local_date(version.document.frozen_at) if version.is_put_right else None
    return adopted_in_words(version.resolution, put_right_on=put_right_on)


def adopted_in_words(resolution: Resolution | None, *, put_right_on: date | None = None) -> str:
    """«Vedtatt av Strategisk samarbeidsutvalg 12.03.2027, sak 4/27»; without a resolution that none is known.

    ``put_right_on`` is when the secretariat has put right a text that the resolution had adopted.
    """
    if resolution is None:
        return _("Ingen vedtak er knyttet til planen.")
    case = resolution.case
    held = case.meeting.held_at or case.meeting.starts_at
    words = {"body": case.body.name, "day": date_no(local_date(held)), "case": case.reference}
    said = _("Vedtatt av %(body)s %(day)s, sak %(case)s.") % words
    if put_right_on is None:
        return said
    put_right = _("Teksten er rettet av sekretariatet %(day)s.") % {"day": date_no(put_right_on)}
    return f"{said} {put_right}"


def resolutions_to_adopt_by(plan: Plan, standing: Standing) -> QuerySet[Resolution]:
    """The resolutions of adopted minutes that can adopt the plan, open to the person, the newest first.

    Not what has adopted another plan or is a declaration, nor what is older than the adoption of the version in force.
    """
    elsewhere = PlanVersion.objects.filter(resolution=OuterRef("pk")).exclude(plan=plan)
    declared = Plan.objects.filter(declaration=OuterRef("pk"))
    later = PlanVersion.objects.filter(plan=plan, resolution__adopted_at__gt=OuterRef("adopted_at"))
    rows = _resolutions(plan.community_id, ADOPTING, standing)
    return rows.filter(~Exists(elsewhere), ~Exists(declared), ~Exists(later))


def can_be_adopted(plan: Plan, standing: Standing) -> bool:
    """Whether there is a resolution that can adopt the plan; one query."""
    return resolutions_to_adopt_by(plan, standing).exists()


def declarations(community_id: int, standing: Standing) -> QuerySet[Resolution]:
    """The resolutions of the partnership meeting that a plan can carry out (R29), the newest first.

    What has adopted a plan is no declaration.
    """
    rows = _resolutions(community_id, (BodyKind.PM,), standing)
    return rows.filter(~Exists(PlanVersion.objects.filter(resolution=OuterRef("pk"))))


def _resolutions(community_id: int, kinds: tuple[BodyKind, ...], standing: Standing) -> QuerySet[Resolution]:
    adopted = Resolution.objects.filter(
        case__body__community=community_id,
        case__body__kind__in=kinds,
        # What a body was informed of, or discussed, it has not adopted.
        case__kind=CaseKind.DECISION,
        case__status=CaseStatus.DECIDED,
        case__meeting__status=MeetingStatus.ADOPTED,
        case__application=None,
        case__priority_list=None,
    )
    closed = Case.objects.filter(closed_to(standing)).order_by().values("pk")
    return (
        adopted.exclude(case__in=closed)
        .select_related("case__meeting", "case__body")
        .order_by("-case__year", "-case__number")
    )


# --- how far it has come ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Told:
    """The state of a measure and the last that was told of it; empty and None when nothing was."""

    state: str
    label: str
    sentence: str = ""
    at: Any = None
    has_owner: bool = True
    # Whether the person has the responsibility for it.
    is_theirs: bool = False


def told_of(plan: Plan, standing: Standing | None = None) -> Mapping[int, Told]:
    """The state and the last news of each measure of the plan, by its id; one query.

    With the person's standing also whether the measure is theirs to tell of.
    """
    last = MeasureNews.objects.filter(measure=OuterRef("pk")).order_by("-pk")
    theirs = Measure.objects.owned_by(standing).filter(pk=OuterRef("pk")) if standing else Measure.objects.none()
    measures = Measure.objects.filter(aim__area__plan=plan).annotate(
        told=Subquery(last.values("sentence")[:1]),
        told_at=Subquery(last.values("told_at")[:1]),
        has_owner=Exists(MeasureOwner.objects.filter(measure=OuterRef("pk"))),
        is_theirs=Exists(theirs),
    )
    return {
        row.pk: Told(row.state, row.get_status_display(), row.told or "", row.told_at, row.has_owner, row.is_theirs)
        for row in measures
    }


def measures_of(plan: Plan) -> QuerySet[Measure]:
    """The measures of the plan with their owners."""
    owners = MeasureOwner.objects.select_related("owner_body", "owner_organisation", "owner_person")
    rows = Measure.objects.filter(aim__area__plan=plan).select_related("aim__area__plan__community")
    return rows.prefetch_related(Prefetch("owners", owners))


def news_of(measure: Measure) -> list[MeasureNews]:
    """What was told of the measure, the newest first; one query."""
    return list(measure.news.select_related("told_by").order_by("-pk"))


def last_news(measure: Measure) -> int | None:
    """The id of the last that was told of the measure."""
    return measure.news.order_by("-pk").values_list("pk", flat=True).first()


def owns(standing: Standing, measure: Measure) -> bool:
    """Whether the person has the responsibility for the measure; one query."""
    return Measure.objects.owned_by(standing).filter(pk=measure.pk).exists()
