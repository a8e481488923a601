"""The status of a plan as a case for the body that follows it: in which meetings, and what it says (R136)."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from evaluation.meetings.models import Case, Meeting, MeetingStatus
from evaluation.plans.content import PlanText, counts
from evaluation.plans.models import SETTLED, MeasureState, Plan, PlanVersion, StatusReport
from evaluation.plans.queries import latest_version, told_of
from portal.clock import local_date
from portal.communities.models import BodyKind
from portal.communities.standing import Standing
from portal.formats import date_no
from portal.language import in_bokmaal


@dataclass(frozen=True, slots=True)
class Report:
    """What is frozen, and the texts of the case paper."""

    data: dict[str, Any]
    title: str
    background: str
    facts: str
    proposal: str


def ssu_meetings(community_id: int) -> QuerySet[Meeting]:
    """The meetings of the SSU of the helsefellesskap, the first first."""
    in_ssu = Meeting.objects.filter(body__community=community_id, body__kind=BodyKind.SSU)
    return in_ssu.select_related("body").order_by("starts_at", "pk")


def coming_meetings(community_id: int, at: datetime) -> QuerySet[Meeting]:
    """Those that are planned, the next first."""
    return ssu_meetings(community_id).filter(status=MeetingStatus.PLANNED, starts_at__gte=at)


def versions_in_force(standing: Standing, day: date) -> list[PlanVersion]:
    """The latest versions of the plans of the person's secretariats in whose adopted period the day is.

    Each with its plan, and with the adopted ``title``; one query, without the texts. What is written in a plan since
    moves neither its period nor its name.
    """
    last = PlanVersion.objects.filter(plan=OuterRef("plan")).order_by("-pk").values("pk")[:1]
    text = "document__snapshot__plan__"
    rows = PlanVersion.objects.filter(plan__community__in=standing.secretariat_community_ids, pk=Subquery(last))
    rows = rows.select_related("plan").defer("document__snapshot").order_by("plan")
    rows = rows.annotate(**{name: F(f"{text}{name}") for name in ("title", "first_day", "last_day")})
    return [row for row in rows if row.first_day <= day.isoformat() <= row.last_day]


def next_meeting(plan: Plan, text: PlanText, at: datetime) -> Meeting | None:
    """The next planned meeting of the SSU, for a plan whose text in force holds now.

    None when it has the status of the plan already.
    """
    return _without_status(plan, at) if text.first_day <= local_date(at) <= text.last_day else None


def waiting_for_status(standing: Standing, at: datetime) -> list[tuple[PlanVersion, Meeting]]:
    """The versions in force of the person's secretariats, with the next meeting of the SSU that has no status of it."""
    waiting = [(row, _without_status(row.plan, at)) for row in versions_in_force(standing, local_date(at))]
    return [(row, meeting) for row, meeting in waiting if meeting]


def _without_status(plan: Plan, at: datetime) -> Meeting | None:
    meeting = coming_meetings(plan.community_id, at).first()
    if meeting is None or StatusReport.objects.filter(plan=plan, case__meeting=meeting).exists():
        return None
    return meeting


@in_bokmaal
def report_of(plan: Plan, at: datetime) -> Report | None:
    """The status now; None for a plan without a version, which nobody has adopted. Three queries."""
    version = latest_version(plan)
    if version is None:
        return None
    text = PlanText.model_validate(version.snapshot["plan"])
    # What is written in the plan and not adopted is nothing to report on.
    adopted = {measure.key for measure in text.measures}
    told = {key: each for key, each in told_of(plan).items() if key in adopted}
    _by_area, whole = counts(text, {key: each.state for key, each in told.items()}, MeasureState.NOT_BEGUN)
    day = date_no(local_date(at))
    data = {
        "plan": version.snapshot["plan"],
        "of": version.snapshot["of"],
        "day": local_date(at),
        "told": {
            str(key): {"state": each.state, "sentence": each.sentence, "at": each.at and local_date(each.at)}
            for key, each in told.items()
        },
    }
    late = [each for each in text.measures if told[each.key or 0].state == MeasureState.BEHIND]
    lines = [_counted(state, whole.by_state.get(state, 0)) for state in MeasureState if whole.by_state.get(state)]
    label = MeasureState.BEHIND.label
    lines += [f"{label}: {each.text} ({each.responsible}). {told[each.key or 0].sentence}" for each in late]
    background = _("%(plan)s gjelder %(first)s–%(last)s. Statusen er slik den var meldt %(day)s.") % {
        "plan": text.title,
        "first": date_no(text.first_day),
        "last": date_no(text.last_day),
        "day": day,
    }
    untold = sum(1 for key, each in told.items() if not each.sentence and each.state not in SETTLED)
    if untold:
        said = ngettext("Ingen har meldt om %(n)s tiltak.", "Ingen har meldt om %(n)s tiltak.", untold)
        background += " " + said % {"n": untold}
    title = (_("Status for %(plan)s") % {"plan": text.title})[:200]
    proposal = _("Utvalget tar statusen for handlingsplanen til orientering.")
    return Report(data, title, background, "\n".join(lines), proposal)


def _counted(state: MeasureState, count: int) -> str:
    return f"{state.label}: {count}"


def attached_to(case: Case) -> StatusReport | None:
    """The status that the case is about; one query."""
    return StatusReport.objects.filter(case=case).first()
