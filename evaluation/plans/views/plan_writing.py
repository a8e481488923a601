"""The plan as the secretariat writes it: begun, its head and parts, their order, and its adoption."""

from dataclasses import asdict, dataclass, replace
from functools import partial
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from evaluation.plans import forms, queries
from evaluation.plans.models import PARTS, Measure, Plan
from evaluation.plans.permissions import can_begin, can_write
from evaluation.plans.services import adopting, plan_text
from evaluation.plans.services.adopting import digest_of
from evaluation.plans.views.plan_page import find_plan
from portal import pending
from portal.acts import attempt
from portal.clock import local_date
from portal.communities.queries import communities, standing_at
from portal.permissions import require
from portal.requests import PersonRequest
from portal.writing import save

FORMS: dict[str, Any] = {"area": forms.AreaForm, "aim": forms.AimForm, "measure": forms.MeasureForm}
NEW_FORMS: dict[str, Any] = {"area": forms.NewAreaForm, "aim": forms.NewAimForm, "measure": forms.NewMeasureForm}


# The field that is the name of a part.
NAMES = {"area": "title", "aim": "title", "measure": "text"}
Beside = tuple[str, list[tuple[str, str, bool]]]


@dataclass(frozen=True, slots=True)
class Named:
    """What a page with one form is called, in short too, and the parts that stand beside what it is about."""

    title: str
    eyebrow: str
    here: str
    beside: Beside | None = None


def _writable(request: PersonRequest, code: str) -> Plan:
    plan = find_plan(request, code)
    require(can_write(request.user, plan, now=request.now))
    return plan


@login_required
@require_http_methods(["GET", "POST"])
def begin(request: PersonRequest, community: str) -> HttpResponse:
    """Begin a plan of a helsefellesskap, empty or with the text of an earlier one."""
    standing = standing_at(request.user, request.now)
    require(can_begin(request.user, now=request.now))
    row = get_object_or_404(communities(standing), code=community)
    form = forms.NewPlanForm(
        pending.data(request),
        plans=queries.plans_of(row.pk),
        declarations=queries.declarations(row.pk, standing),
    )
    form.helper.cancel_url = reverse("plans:list")
    if request.method == "POST" and form.is_valid():
        begun: list[Plan] = []

        def act() -> None:
            begun.append(plan_text.begin(row, **form.cleaned_data, by=request.user, at=request.now))

        if attempt(request, act, _("Planen er laget. Skriv den ferdig her."), form=form):
            return redirect("plans:text", begun[0].code)
    context = {"form": form, **asdict(Named(_("Ny handlingsplan"), row.name, _("Ny handlingsplan")))}
    return render(request, "plans/form.html", context, status=form.http_status)


@login_required
@require_safe
def text(request: PersonRequest, code: str) -> HttpResponse:
    """The whole plan as it is written now, each part with its way to be changed."""
    plan = _writable(request, code)
    return render(request, "plans/text.html", _text_context(request, plan))


def _text_context(request: PersonRequest, plan: Plan, adopt_form: forms.AdoptForm | None = None) -> dict[str, Any]:
    now, version = queries.text_of(plan), queries.latest_version(plan)
    standing = standing_at(request.user, request.now)
    resolutions = queries.resolutions_to_adopt_by(plan, standing)
    adopt_form = adopt_form or forms.AdoptForm(None, resolutions=resolutions, initial={"shown": digest_of(now)})
    adopt_form.helper.form_action = reverse("plans:adopt", args=[plan.code])
    is_changed = version is None or version.snapshot["plan"] != adopting.snapshot_of(plan, None)["plan"]
    return {
        "plan": plan,
        "heading": _news(is_public=version is not None, is_changed=is_changed),
        "areas": queries.parts_of(plan),
        "version": version,
        "adopted": queries.adoption_in_words(version) if version else "",
        "is_changed": is_changed,
        "has_measures": any(now.measures),
        "adopting": adopt_form if is_changed and queries.can_be_adopted(plan, standing) else None,
    }


def _news(*, is_public: bool, is_changed: bool) -> str:
    """The heading: whether what stands here is what everybody reads."""
    if not is_public:
        return _("Planen er et utkast")
    return _("Teksten er endret etter vedtaket") if is_changed else _("Alle leser denne teksten")


@login_required
@require_http_methods(["GET", "POST"])
def head(request: PersonRequest, code: str) -> HttpResponse:
    """The title, the period and the texts around the areas."""
    plan = _writable(request, code)
    address = reverse("plans:head", args=[code])
    form = forms.HeadForm(pending.data(request), initial=plan_text.texts_of(plan), address=address)
    named = Named(_("Tittel, periode og innledning"), plan.title, _("Innledning"), _beside(plan, "area", plan))
    return _written(request, plan, plan, form, named)


@login_required
@require_http_methods(["GET", "POST"])
def part(request: PersonRequest, code: str, part: str, pk: int) -> HttpResponse:
    """An area, an aim or a measure."""
    plan = _writable(request, code)
    row = _part(plan, part, pk)
    address = reverse("plans:part", args=[code, part, pk])
    more = _owners(request, plan, row if isinstance(row, Measure) else None) if part == "measure" else {}
    form = FORMS[part](pending.data(request), initial=plan_text.texts_of(row), address=address, **more)
    above = getattr(row, PARTS[part].parent)
    named = Named(str(getattr(row, NAMES[part])), f"{_title_of(part)} · {plan.title}", _title_of(part))
    return _written(request, plan, row, form, replace(named, beside=_beside(plan, part, above, row.pk)))


def _beside(plan: Plan, part: str, above: Any, here: int | None = None) -> Beside:
    """The parts beside this one in what they stand in, each with its page; one query."""
    rows = queries.parts_in(above, part)
    name = NAMES[part]
    return str(above.title), [
        (getattr(row, name), reverse("plans:part", args=[plan.code, part, row.pk]), row.pk == here) for row in rows
    ]


def _owners(request: PersonRequest, plan: Plan, kept: Measure | None) -> dict[str, Any]:
    return {"owners": plan_text.owners_of(plan.community, local_date(request.now)), "kept": kept}


def _title_of(part: str) -> str:
    return {"area": _("Innsatsområde"), "aim": _("Hva vil vi?"), "measure": _("Tiltak")}[part]


def _part(plan: Plan, part: str, pk: int) -> Any:
    if part not in PARTS:
        raise Http404
    return get_object_or_404(queries.part_of(plan, part, pk))


def _written(request: PersonRequest, plan: Plan, row: Any, form: Any, named: Named) -> HttpResponse:
    to = reverse("plans:text", args=[plan.code])
    form.helper.cancel_url = to
    if request.method == "POST":
        write, told = partial(plan_text.write, plan, row), (row, plan_text.WRITTEN)
        answer = save(request, form, write, _("Planen er lagret."), to=to, told=told)
        if answer is not None:
            return answer
    context = {"plan": plan, "form": form, "is_shared": True, **asdict(named)}
    return render(request, "plans/form.html", context, status=form.http_status)


@login_required
@require_http_methods(["GET", "POST"])
def add(request: PersonRequest, code: str, part: str, parent: int) -> HttpResponse:
    """A new area of the plan, a new aim of an area, or a new measure of an aim; ``parent`` is the id above it."""
    plan = _writable(request, code)
    if part not in PARTS:
        raise Http404
    above = plan if part == "area" else _part(plan, {"aim": "area", "measure": "aim"}[part], parent)
    more = _owners(request, plan, None) if part == "measure" else {}
    form = NEW_FORMS[part](pending.data(request), **more)
    form.helper.cancel_url = reverse("plans:text", args=[code])
    if request.method == "POST" and form.is_valid():
        act = partial(plan_text.add, plan, part, above, texts=form.cleaned_data, by=request.user, at=request.now)
        if attempt(request, act, _("Lagt til i planen."), form=form):
            return redirect("plans:text", code)
    eyebrow = plan.title if isinstance(above, Plan) else above.title
    title = {"area": _("Nytt innsatsområde"), "aim": _("Nytt mål"), "measure": _("Nytt tiltak")}[part]
    named = Named(title, eyebrow, title, _beside(plan, part, above))
    context = {"plan": plan, "form": form, **asdict(named)}
    return render(request, "plans/form.html", context, status=form.http_status)


@login_required
@require_POST
def move(request: PersonRequest, code: str, part: str, pk: int, way: str) -> HttpResponse:
    """Up or down among its siblings."""
    plan = _writable(request, code)
    if way not in {"up", "down"}:
        raise Http404
    row = _part(plan, part, pk)
    attempt(request, partial(plan_text.move, plan, row, up=way == "up", by=request.user, at=request.now), "")
    return redirect(f"{reverse('plans:text', args=[code])}#{part}-{pk}")


@login_required
@require_POST
def remove(request: PersonRequest, code: str, part: str, pk: int) -> HttpResponse:
    """Take it away, with everything in it."""
    plan = _writable(request, code)
    row = _part(plan, part, pk)
    attempt(request, partial(plan_text.remove, plan, row, by=request.user, at=request.now), _("Tatt bort fra planen."))
    return redirect("plans:text", code)


@login_required
@require_POST
def adopt(request: PersonRequest, code: str) -> HttpResponse:
    """Freeze the text as the version that a resolution adopted."""
    plan = _writable(request, code)
    resolutions = queries.resolutions_to_adopt_by(plan, standing_at(request.user, request.now))
    form = forms.AdoptForm(request.POST, resolutions=resolutions)
    if form.is_valid():
        resolution, shown = form.cleaned_data["resolution"], form.cleaned_data["shown"]
        act = partial(adopting.adopt, plan, resolution, shown=shown, by=request.user, at=request.now)
        if attempt(request, act, _("Planen er lagt fram som vedtatt."), form=form):
            return redirect(plan)
    context = _text_context(request, plan, form)
    return render(request, "plans/text.html", context, status=form.http_status)
