"""The plan as everybody reads it, its files, and a measure with what is told of it."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from evaluation.actions.models import OwnerKind
from evaluation.plans import content, queries
from evaluation.plans.content import AimText, AreaText, MeasureText, PlanText
from evaluation.plans.documents import ACTION_PLAN, STATE_COLOURS, drawn, status_chart
from evaluation.plans.forms import NewsForm
from evaluation.plans.models import SETTLED, Measure, MeasureNews, MeasureState, Plan, PlanVersion
from evaluation.plans.permissions import can_tell, can_write
from evaluation.plans.queries import Told
from evaluation.plans.queries.plan_status import next_meeting
from evaluation.plans.queries.projects import Project, projects_of
from evaluation.plans.services import adopting, telling
from evaluation.plans.sheet import workbook
from portal import pdf
from portal.acts import attempt
from portal.clock import local_date
from portal.communities.queries import communities, standing_at
from portal.formats import in_words
from portal.permissions import require
from portal.requests import PersonRequest, Request
from portal.ui import Event

Projects = Mapping[str, Sequence[Project]]
SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def find_plan(request: Request, code: str) -> Plan:
    """The plan if the person may read it, else 404."""
    return get_object_or_404(queries.visible_plans(standing_at(request.user, request.now)), code=code)


# --- all plans --------------------------------------------------------------------------------------------


@require_safe
def plan_list(request: Request) -> HttpResponse:
    """The plans that everybody may read, and those that the person's secretariat is writing."""
    standing, today = standing_at(request.user, request.now), local_date(request.now)
    plans = [(plan, _news(plan.by_state) if plan.by_state else "") for plan in queries.listed_plans(standing)]
    in_force = sum(bool(news) and plan.first_day <= today <= plan.last_day for plan, news in plans)
    context = {
        "heading": _in_force(in_force),
        "now": [line for line in plans if line[0].last_day >= today],
        "before": [line for line in plans if line[0].last_day < today],
        "begins": communities(standing),
    }
    return render(request, "plans/list.html", context)


def _in_force(count: int) -> str:
    """The news of the list: how many plans are in force."""
    said = ngettext("Én handlingsplan gjelder nå", "%(n)s handlingsplaner gjelder nå", count) % {"n": in_words(count)}
    return said if count else _("Ingen handlingsplan gjelder nå")


# --- one plan ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Line:
    """A measure of the plan with what is told of it."""

    measure: MeasureText
    told: Told
    projects: Sequence[Project] = ()


@dataclass(frozen=True, slots=True)
class Shown:
    """An area as its table shows it: each aim with the lines of its measures."""

    area: AreaText
    aims: Sequence[tuple[str, Sequence[Line]]]

    @property
    def in_short(self) -> str:
        """How many measures the area has, and how many in each state: «9 tiltak: 3 ferdig, 1 forsinket»."""
        states = Counter(line.told.state for _title, lines in self.aims for line in lines)
        told = [f"{states[state]} {state.label.lower()}" for state in STATE_COLOURS if states[state]]
        total = ngettext("%(n)s tiltak", "%(n)s tiltak", states.total()) % {"n": states.total()}
        return f"{total}: {', '.join(told)}" if told else total


def untold() -> Told:
    """What holds for a measure that nobody has told of."""
    return Told(MeasureState.NOT_BEGUN, str(MeasureState.NOT_BEGUN.label))


def _shown(plan: PlanText, told: Mapping[int, Told], projects: Projects) -> list[Shown]:
    none = untold()

    def line(measure: MeasureText) -> Line:
        return Line(measure, told.get(measure.key or 0, none), projects.get(measure.code, ()))

    return [Shown(area, [(aim.title, [*map(line, aim.measures)]) for aim in area.aims]) for area in plan.areas]


def _lines(areas: Sequence[Shown]) -> Iterator[Line]:
    return (line for area in areas for _title, lines in area.aims for line in lines)


def _is_late(line: Line) -> bool:
    return line.told.state == MeasureState.BEHIND


def text_in_force(plan: Plan) -> tuple[PlanText, PlanVersion | None]:
    """The text of the latest version, and the version; what is written now when there is none."""
    version = queries.latest_version(plan)
    return (drawn(version.snapshot)["plan"] if version else queries.text_of(plan)), version


@require_safe
def plan(request: Request, code: str) -> HttpResponse:
    """The plan in force with its status: how many measures are where, and what was last told of each."""
    row = find_plan(request, code)
    text, version = text_in_force(row)
    standing = standing_at(request.user, request.now)
    told = queries.told_of(row, standing)
    may_write = can_write(request.user, row, now=request.now)
    areas = _shown(text, told, projects_of(row, standing))
    by_area, whole = content.counts(text, {key: each.state for key, each in told.items()}, MeasureState.NOT_BEGUN)
    context = {
        "plan": row,
        "text": text,
        "version": version,
        "adopted": queries.adoption_in_words(version) if version else "",
        "heading": _news(whole.by_state),
        "facts": [(state.label, whole.by_state[state]) for state in STATE_COLOURS if whole.by_state.get(state)],
        "chart": status_chart(by_area),
        "areas": areas,
        "theirs": [line for line in _lines(areas) if line.told.is_theirs and line.told.state not in SETTLED],
        "behind": sorted(filter(_is_late, _lines(areas)), key=lambda line: line.told.at),
        "texts": _texts(text),
        "may_write": may_write,
        "meeting": next_meeting(row, text, request.now) if may_write and version else None,
    }
    return render(request, "plans/plan.html", context)


def _texts(text: PlanText) -> list[tuple[str, str]]:
    """The texts around the areas, each with its heading."""
    texts = [
        (_("Innledning"), text.introduction),
        (_("Om innsatsområdene"), text.about_areas),
        (_("Veien videre"), text.ahead),
    ]
    return [(title, words) for title, words in texts if words]


def _news(by_state: Mapping[str, int]) -> str:
    """What a plan's heading says: how many measures are late, else how many are done or going as they should."""
    total = sum(by_state.values())
    if late := by_state.get(MeasureState.BEHIND, 0):
        said = ngettext("Ett av %(total)s tiltak er forsinket", "%(n)s av %(total)s tiltak er forsinket", late)
        return said % {"n": in_words(late), "total": total}
    going = sum(by_state.get(state, 0) for state in (MeasureState.ON_TRACK, *SETTLED))
    if not going:
        return ngettext("Ett tiltak, ikke startet ennå", "%(total)s tiltak, ingen meldt startet", total) % {
            "total": total
        }
    return _("%(n)s av %(total)s tiltak er i rute eller ferdige") % {"n": going, "total": total}


@require_safe
def plan_pdf(request: Request, code: str) -> HttpResponse:
    """The version in force as PDF; drawn now until the job has made it, and while there is no version."""
    row = find_plan(request, code)
    version = queries.latest_version(row)
    if version and version.pdf:
        made = version.pdf.read()
    else:
        frozen = version.snapshot if version else adopting.snapshot_of(row, None)
        context = {"document": version.document if version else None, **drawn(frozen)}
        made = pdf.render(ACTION_PLAN.template, context, title=context["plan"].title, lang="nb")
    return _file(made, "application/pdf", f"{row.code}.pdf")


@require_safe
def plan_sheet(request: Request, code: str) -> HttpResponse:
    """The measures with their status as a spreadsheet."""
    row = find_plan(request, code)
    text, _version = text_in_force(row)
    return _file(workbook(text, queries.told_of(row), untold()), SHEET_TYPE, f"{row.code}.xlsx")


def _file(made: bytes, content_type: str, name: str) -> HttpResponse:
    how = "inline" if content_type == "application/pdf" else "attachment"
    return HttpResponse(made, content_type=content_type, headers={"Content-Disposition": f'{how}; filename="{name}"'})


# --- one measure ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Read:
    """A measure as it is read: its row, the plan's text, and its area, aim and words in it."""

    row: Measure
    text: PlanText
    area: AreaText
    aim: AimText
    measure: MeasureText
    is_draft: bool


def _read(request: Request, code: str, pk: int) -> Read:
    """The measure as it was adopted; else as it is written, to those who read drafts, and 404 to all others."""
    row = get_object_or_404(queries.measures_of(find_plan(request, code)), pk=pk)
    plan = row.aim.area.plan
    text, version = text_in_force(plan)
    if version and (line := content.line_of(text, pk)):
        return Read(row, text, *line, is_draft=False)
    text = queries.text_of(plan)
    line = content.line_of(text, pk)
    if line is None or not queries.reads_drafts(standing_at(request.user, request.now), plan):
        raise Http404
    return Read(row, text, *line, is_draft=True)


@require_safe
def measure(request: Request, code: str, pk: int) -> HttpResponse:
    """A measure: what it is for, those who have the responsibility, and what was told of it."""
    return _page(request, _read(request, code, pk))


def _page(request: Request, read: Read, form: NewsForm | None = None) -> HttpResponse:
    row = read.row
    news = queries.news_of(row)
    if form is None and can_tell(request.user, row, now=request.now):
        form = NewsForm(None, last=news[0].pk if news else None, initial={"state": row.state})
    if form:
        form.helper.form_action = reverse("plans:tell", args=[row.aim.area.plan.code, row.pk])
    named = request.user.is_authenticated
    context = {
        "read": read,
        "plan": row.aim.area.plan,
        # A person is named to those who sign in alone, as whoever told is.
        "owners": [str(each.owner) for each in row.owners.all() if named or each.owner_kind != OwnerKind.PERSON],
        "events": [Event(at=each.told_at, text=_said(each), by=each.told_by.name if named else "") for each in news],
        "form": form,
        "projects": projects_of(row.aim.area.plan, standing_at(request.user, request.now)).get(row.code, ()),
    }
    return render(request, "plans/measure.html", context, status=form.http_status if form else 200)


def _said(news: MeasureNews) -> str:
    return f"{MeasureState(news.state).label}: {news.sentence}"


@login_required
@require_POST
def tell(request: PersonRequest, code: str, pk: int) -> HttpResponse:
    """Those who have the responsibility, or the secretariat, tell how far it has come."""
    read = _read(request, code, pk)
    row = read.row
    require(can_tell(request.user, row, now=request.now))
    form = NewsForm(request.POST, last=queries.last_news(row))
    if form.is_valid():

        def act() -> MeasureNews:
            state, sentence = MeasureState(form.cleaned_data["state"]), form.cleaned_data["sentence"]
            return telling.tell(row, state, sentence, seen=form.seen_id, by=request.user, at=request.now)

        if attempt(request, act, _("Takk. Det står nå i handlingsplanen."), form=form):
            return redirect(row)
        form.see(queries.last_news(row))
    return _page(request, read, form)
