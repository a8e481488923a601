"""The pages: what has been raised, one raised case, and the form to raise one."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from evaluation.meetings.models import Case, CaseKind
from evaluation.raised import queries, services
from evaluation.raised.forms import AnswerForm, PutUpForm, RaiseForm, SendOnForm
from evaluation.raised.history import events_of
from evaluation.raised.models import RaisedCase
from evaluation.raised.permissions import can_deal_with, can_raise, can_take_back
from portal import pending
from portal.acts import attempt
from portal.clock import local_date
from portal.communities.queries import standing_at
from portal.forms import Form
from portal.paging import page_of
from portal.permissions import require
from portal.requests import PersonRequest


@login_required
@require_safe
def case_list(request: PersonRequest) -> HttpResponse:
    """What waits, first what came first; then what has been dealt with, the latest first."""
    lists = queries.lists_of(standing_at(request.user, request.now))
    context = {
        "lists": lists,
        "page": page_of(request, lists.dealt_with),
        "raises": can_raise(request.user, now=request.now),
    }
    return render(request, "raised/list.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def raise_one(request: PersonRequest) -> HttpResponse:
    """Raise a case with a body."""
    require(can_raise(request.user, now=request.now))
    standing = standing_at(request.user, request.now)
    bodies = queries.bodies_to_ask(standing)
    senders = queries.all_senders(bodies, standing, local_date(request.now))
    initial = {"body": request.GET.get("body", "")}
    form = RaiseForm(pending.data(request), bodies=bodies, senders=senders, initial=initial)
    form.helper.cancel_url = reverse("raised:list")
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        made: list[RaisedCase] = []

        def act() -> None:
            kind, sender = CaseKind(data["kind"]), form.chosen_sender
            raised = services.raise_case(data["body"], sender, kind, data, by=request.user, at=request.now)
            made.append(raised)

        said = _("Saken er meldt inn. Dere får svar på e-post når sekretariatet har sett på den.")
        if attempt(request, act, said, form=form):
            return redirect(made[0])
    return render(request, "raised/raise.html", {"form": form}, status=form.http_status)


# --- one raised case --------------------------------------------------------------------------------------


def _visible(request: PersonRequest, pk: int) -> RaisedCase:
    """The raised case if the person may read it, else 404."""
    return get_object_or_404(queries.visible(standing_at(request.user, request.now)), pk=pk)


@login_required
@require_safe
def case(request: PersonRequest, pk: int) -> HttpResponse:
    """What is asked for, what has become of it, and what can be done with it."""
    return _page(request, _visible(request, pk))


def _page(request: PersonRequest, raised: RaisedCase, bound: Form | None = None) -> HttpResponse:
    """The page; ``bound`` is the form that was posted and could not be used."""
    context: dict[str, Any] = {
        "raised": raised,
        "events": events_of(raised),
        "case": queries.case_shown(raised, standing_at(request.user, request.now)),
        "takes_back": can_take_back(request.user, raised, now=request.now),
        "deals": can_deal_with(request.user, raised, now=request.now),
    }
    if context["deals"]:
        context |= _forms(raised, bound)
    return render(request, "raised/case.html", context, status=bound.http_status if bound else 200)


def _forms(raised: RaisedCase, bound: Form | None) -> dict[str, Form | None]:
    """The forms of the secretariat by what they do; without a planned meeting or another body there is none of that."""
    ways = queries.ways_on(raised)
    forms: dict[str, Form | None] = {
        "put_up": PutUpForm(None, meetings=ways.meetings) if ways.meetings is not None else None,
        "send_on": SendOnForm(None, bodies=ways.bodies) if ways.bodies is not None else None,
        "answer": AnswerForm(None),
    }
    shown = {name: bound if form and type(form) is type(bound) else form for name, form in forms.items()}
    for name, form in shown.items():
        if form:
            form.helper.form_action = reverse(f"raised:{name}", args=[raised.pk])
    return shown


def _deal(
    request: PersonRequest, pk: int, make: Callable[[RaisedCase], Form], act: Callable[..., Any], said: Any
) -> HttpResponse:
    """One act of the secretariat: ``make`` gives its form, ``act`` takes the case and what the form read."""
    raised = _visible(request, pk)
    require(can_deal_with(request.user, raised, now=request.now))
    form = make(raised)
    if form.is_valid():
        do = partial(act, raised, *form.cleaned_data.values(), by=request.user, at=request.now)
        if attempt(request, do, said, form=form):
            return redirect(raised)
    return _page(request, raised, form)


@login_required
@require_POST
def put_up(request: PersonRequest, pk: int) -> HttpResponse:
    """Make it a case of a planned meeting."""

    def make(raised: RaisedCase) -> Form:
        return PutUpForm(request.POST, meetings=queries.meetings_to_put_up_in(raised))

    def said(case: Case) -> str:
        return _("Saken er satt opp som sak %(case)s. Skriv saksframlegget ferdig før innkallingen.") % {
            "case": case.reference
        }

    return _deal(request, pk, make, services.put_up, said)


@login_required
@require_POST
def send_on(request: PersonRequest, pk: int) -> HttpResponse:
    """Send it on to another body."""

    def make(raised: RaisedCase) -> Form:
        return SendOnForm(request.POST, bodies=queries.other_bodies(raised))

    return _deal(request, pk, make, services.send_on, _("Saken er sendt videre. De som meldte den inn, får beskjed."))


@login_required
@require_POST
def answer(request: PersonRequest, pk: int) -> HttpResponse:
    """Answer it without taking it up."""

    def make(_raised: RaisedCase) -> Form:
        return AnswerForm(request.POST)

    return _deal(request, pk, make, services.answer, _("Svaret er sendt."))


@login_required
@require_POST
def take_back(request: PersonRequest, pk: int) -> HttpResponse:
    """They who raised it take it back."""
    raised = _visible(request, pk)
    require(can_take_back(request.user, raised, now=request.now))
    attempt(request, partial(services.take_back, raised, by=request.user, at=request.now), _("Saken er trukket."))
    return redirect(raised)
