"""The earlier cases that a case builds on: found by number or title, named and left out."""

from collections.abc import Callable
from functools import partial

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from evaluation.meetings.forms import PickCaseForm
from evaluation.meetings.models import Case
from evaluation.meetings.permissions import can_write_paper, is_not_over
from evaluation.meetings.queries.agenda import cases_like
from evaluation.meetings.queries.related import cases_to_name, named_earlier, related_to
from evaluation.meetings.services import relating
from evaluation.meetings.views.cases import readable_case
from portal.acts import attempt
from portal.communities.queries import standing_at
from portal.paging import page_of
from portal.permissions import require, require_to_open
from portal.requests import PersonRequest


def _written_case(request: PersonRequest, pk: int) -> Case:
    case = readable_case(request, pk)
    require(can_write_paper(request.user, case, now=request.now))
    return case


@login_required
@require_http_methods(["GET", "POST"])
def earlier(request: PersonRequest, pk: int) -> HttpResponse:
    """Find an earlier case and name it; those that are named already stand above the search."""
    case = _written_case(request, pk)
    require_to_open(request, is_not_over(case.meeting))
    cases = cases_to_name(case, request.user, now=request.now)
    if request.method == "POST":
        _press(request, case, cases, relating.name_earlier)
        return redirect("meetings:earlier", pk)
    text = request.GET.get("q", "")
    named = related_to(case, standing_at(request.user, request.now)).earlier
    context = {"case": case, "page": page_of(request, cases_like(cases, text)), "text": text, "named": named}
    return render(request, "meetings/case_earlier.html", context)


@login_required
@require_POST
def leave_out(request: PersonRequest, pk: int) -> HttpResponse:
    """Take back that the case builds on an earlier one."""
    case = _written_case(request, pk)
    _press(request, case, named_earlier(case), relating.leave_out_earlier)
    return redirect("meetings:earlier", pk)


def _press(request: PersonRequest, case: Case, cases: QuerySet[Case], act: Callable[..., Case]) -> None:
    """Do the act with the case that the button names, one of ``cases``."""
    form = PickCaseForm(request.POST, cases=cases)
    if form.is_valid():
        attempt(request, partial(act, case, form.cleaned_data["case"], by=request.user, at=request.now))
