"""The status of a plan is put up for the SSU, and read as the attachment of its case."""

from functools import partial

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from evaluation.meetings.models import Case
from evaluation.meetings.views.cases import readable_case
from evaluation.plans.permissions import can_write
from evaluation.plans.queries.plan_status import attached_to, ssu_meetings
from evaluation.plans.services import agenda
from evaluation.plans.views.plan_page import find_plan
from portal.acts import attempt
from portal.files.serving import made_or_back
from portal.permissions import require
from portal.requests import PersonRequest


@login_required
@require_POST
def put_up(request: PersonRequest, code: str, meeting: int) -> HttpResponse:
    """Put the status up as a case of a coming meeting of the SSU."""
    plan = find_plan(request, code)
    require(can_write(request.user, plan, now=request.now))
    row = get_object_or_404(ssu_meetings(plan.community_id), pk=meeting)
    act = partial(agenda.put_up_status, plan, row, by=request.user, at=request.now)

    def said(case: Case) -> str:
        return _("Statusen er ført opp som sak %(case)s.") % {"case": case.reference}

    attempt(request, act, said)
    return redirect(plan)


@login_required
@require_safe
def status_pdf(request: PersonRequest, case: int) -> HttpResponseBase:
    """The status as the meeting was shown it, for those who may read the papers of the case."""
    row = readable_case(request, case)
    report = attached_to(row)
    return made_or_back(request, report.pdf if report else None, row.get_absolute_url())
