"""The pages: a case is sent for comments, and the round with what those asked have written."""

from functools import partial
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from evaluation.comments import queries, services
from evaluation.comments.forms import AskForm, CommentForm, DateForm
from evaluation.comments.models import CommentRound
from evaluation.comments.permissions import can_ask, can_change, can_write
from evaluation.comments.queries import AskedShown
from evaluation.meetings.queries.papers import paper_page
from portal import pending
from portal.acts import attempt
from portal.clock import local_date
from portal.communities.queries import standing_at
from portal.forms import Form
from portal.permissions import require
from portal.requests import PersonRequest


@login_required
@require_http_methods(["GET", "POST"])
def ask(request: PersonRequest, pk: int) -> HttpResponse:
    """Send a case for comments."""
    case = get_object_or_404(queries.cases_to_ask_about(request.user, request.now), pk=pk)
    require(can_ask(request.user, case, now=request.now))
    form = AskForm(pending.data(request), choices=queries.choices_of(case, local_date(request.now)))
    form.helper.cancel_url = case.get_absolute_url()
    if request.method == "POST" and form.is_valid():
        act = partial(services.ask, case, **form.cleaned_data, by=request.user, at=request.now)
        if attempt(request, act, _("Saken er sendt til innspill. De som er spurt, får e-post."), form=form):
            return redirect(case)
    return render(request, "comments/ask.html", {"case": case, "form": form}, status=form.http_status)


# --- one round --------------------------------------------------------------------------------------------


def _visible(request: PersonRequest, pk: int) -> CommentRound:
    """The round if the person may read it, else 404."""
    return get_object_or_404(queries.visible(standing_at(request.user, request.now)), pk=pk)


@login_required
@require_safe
def comment_round(request: PersonRequest, pk: int) -> HttpResponse:
    """What is asked, the paper as it is now, and what has been written."""
    return _page(request, _visible(request, pk))


def _page(request: PersonRequest, of_round: CommentRound, bound: Form | None = None) -> HttpResponse:
    """The page; ``bound`` is the form that was posted and could not be used."""
    standing, today = standing_at(request.user, request.now), local_date(request.now)
    shown = queries.asked_in(of_round, standing)
    for row in shown:
        row.asked.round = of_round
    context: dict[str, Any] = {
        "round": of_round,
        "case": of_round.case,
        "paper": paper_page(of_round.case, standing),
        "heading": queries.heading_of(of_round, shown, today),
        "state": of_round.state_on(today),
        "shown": [(row, _form_of(request, row, bound)) for row in shown],
        "changes": can_change(request.user, of_round, now=request.now),
    }
    if context["changes"]:
        context["next_step"] = queries.next_step_of(of_round, shown, today)
        date_form = bound if isinstance(bound, DateForm) else DateForm(None, initial={"due_date": of_round.due_date})
        date_form.helper.form_action = reverse("comments:move_date", args=[of_round.pk])
        context["date_form"] = date_form
    return render(request, "comments/round.html", context, status=bound.http_status if bound else 200)


def _form_of(request: PersonRequest, row: AskedShown, bound: Form | None) -> CommentForm | None:
    """The form of one asked for whom the person writes, with the comment as it stands."""
    if not can_write(request.user, row.asked, now=request.now):
        return None
    prefix = f"asked-{row.asked.pk}"
    if isinstance(bound, CommentForm) and bound.prefix == prefix:
        form = bound
    else:
        last, text = (row.comment.pk, row.comment.text) if row.comment else (None, "")
        form = CommentForm(None, last=last, initial={"sentence": text}, prefix=prefix)
        # What has been written may be written anew, but nothing waits for it.
        form.helper.quiet = bool(row.comment)
    form.helper.form_action = reverse("comments:write", args=[row.asked.pk])
    return form


@login_required
@require_POST
def write(request: PersonRequest, pk: int) -> HttpResponse:
    """The comment of one of those asked."""
    of_round = get_object_or_404(queries.visible(standing_at(request.user, request.now)), asked=pk)
    asked = queries.find_asked(of_round, pk)
    require(can_write(request.user, asked, now=request.now))
    last = queries.last_comment(asked)
    form = CommentForm(request.POST, last=last.pk if last else None, prefix=f"asked-{pk}")
    if form.is_valid():
        text, seen = form.cleaned_data["sentence"], form.seen_id
        act = partial(services.write, asked, text, seen=seen, by=request.user, at=request.now)
        if attempt(request, act, _("Takk. Innspillet står nå i saken."), form=form):
            return redirect(of_round)
        last = queries.last_comment(asked)
        form.see(last.pk if last else None)
    return _page(request, of_round, form)


@login_required
@require_POST
def move_date(request: PersonRequest, pk: int) -> HttpResponse:
    """Give another date."""
    of_round = _visible(request, pk)
    require(can_change(request.user, of_round, now=request.now))
    form = DateForm(request.POST)
    if form.is_valid():
        act = partial(services.move_date, of_round, form.cleaned_data["due_date"], by=request.user, at=request.now)
        if attempt(request, act, _("Fristen er endret."), form=form):
            return redirect(of_round)
    return _page(request, of_round, form)


@login_required
@require_POST
def close(request: PersonRequest, pk: int) -> HttpResponse:
    """The comments are taken into the case."""
    of_round = _visible(request, pk)
    require(can_change(request.user, of_round, now=request.now))
    attempt(
        request, partial(services.close, of_round, by=request.user, at=request.now), _("Innspillene er hentet inn.")
    )
    return redirect(of_round.case)
