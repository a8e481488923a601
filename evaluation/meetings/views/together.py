"""Several cases resolved in one press, and a member's wish that one of them is discussed."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from evaluation.meetings.models import Meeting
from evaluation.meetings.permissions import can_ask_discussion, can_lead, is_not_over
from evaluation.meetings.queries.habilitet import line_of
from evaluation.meetings.queries.together import lines_together
from evaluation.meetings.services import together as services
from evaluation.meetings.views.cases import visible_case
from evaluation.meetings.views.planning import visible_meeting
from portal.acts import attempt
from portal.errors import DomainError
from portal.permissions import require, require_to_open
from portal.requests import PersonRequest
from portal.snapshots import sums


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def together(request: PersonRequest, pk: int) -> HttpResponse:
    """The cases that can be resolved together, and the press that does it; members ask here that one is discussed."""
    meeting = visible_meeting(request, pk)
    require_to_open(request, is_not_over(meeting))
    if not meeting.is_called:
        return redirect("meetings:agenda", pk)
    if request.method == "POST":
        require(can_lead(request.user, meeting, now=request.now))
        return _resolved(request, meeting)
    return _page(request, meeting)


def _page(request: PersonRequest, meeting: Meeting) -> HttpResponse:
    lines = lines_together(meeting, request.user, now=request.now)
    taken = [line for line in lines if not line.why]
    leads = bool(can_lead(request.user, meeting, now=request.now)) and meeting.is_open
    context = {
        "meeting": meeting,
        "taken": taken,
        "left": [(line, services.WHY_LEFT_OUT[line.why]) for line in lines if line.why],
        "shown": sums({line.key: line.shown for line in taken}),
        "leads": leads,
        "asks": not leads and line_of(meeting, request.user) is not None,
    }
    return render(request, "meetings/together.html", context)


def _resolved(request: PersonRequest, meeting: Meeting) -> HttpResponse:
    """The act, and what it came to: where all went well the room, else the page, which says what was left and why."""
    chosen, shown = request.POST.getlist("case"), request.POST.get("shown", "")
    try:
        done = services.resolve_together(meeting, chosen, shown=shown, by=request.user, at=request.now)
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("meetings:together", meeting.pk)
    if count := len(done.done):
        said = ngettext("%(n)d sak er vedtatt som foreslått.", "%(n)d saker er vedtatt samlet, som foreslått.", count)
        messages.success(request, said % {"n": count})
    for case, why in done.left:
        messages.warning(request, _("Sak %(case)s er ikke med: %(why)s") % {"case": case.reference, "why": why})
    return redirect("meetings:room", meeting.pk)


@login_required
@require_POST
def discussion(request: PersonRequest, pk: int) -> HttpResponse:
    """Ask that a case is discussed, or take it back."""
    case = visible_case(request, pk)
    require(can_ask_discussion(request.user, case, now=request.now))
    acts = {
        "ask": (services.ask_to_discuss, _("Saken tas for seg i møtet, og kan drøftes.")),
        "take-back": (services.take_back_request, _("Ønsket om å drøfte saken er trukket.")),
    }
    if request.POST.get("act") not in acts:
        raise Http404
    act, said = acts[request.POST["act"]]
    attempt(request, lambda: act(case, by=request.user, at=request.now), said)
    return redirect("meetings:together", case.meeting_id)
