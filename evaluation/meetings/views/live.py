"""The meeting while it is held: one page that shows where it is, and what each person may press."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from evaluation.meetings.forms import HeldOnForm, PickCaseForm, ReopenMeetingForm
from evaluation.meetings.models import Choice, Meeting
from evaluation.meetings.permissions import can_attend_as, can_attend_for_all, can_lead, is_not_adopted, is_not_over
from evaluation.meetings.queries import live as screens
from evaluation.meetings.queries.agenda import agenda, visible_ballots
from evaluation.meetings.queries.electorate import lines_of
from evaluation.meetings.queries.pulse import pulse
from evaluation.meetings.services import balloting, resolving
from evaluation.meetings.services import live as acts
from evaluation.meetings.views.planning import visible_meeting
from portal import pending
from portal.acts import attempt
from portal.clock import local_date
from portal.errors import DomainError
from portal.permissions import require, require_to_open
from portal.requests import PersonRequest

VIEWS = {"projector": "meetings/_projector.html"}


def _room(request: PersonRequest, pk: int) -> Meeting:
    """The meeting with what its screens show, or 404."""
    return get_object_or_404(screens.meetings_on_screen(request.user, now=request.now), pk=pk)


@login_required
@never_cache
@require_safe
def room(request: PersonRequest, pk: int) -> HttpResponse:
    """The meeting as it is now, with what the person may do. The page is open before the meeting is."""
    meeting = _room(request, pk)
    if meeting.is_ended or not meeting.is_called:
        return redirect("meetings:minutes" if meeting.is_over else "meetings:agenda", pk)
    context = {"meeting": meeting, "screen": screens.screen(meeting, request.user, now=request.now)}
    return render(request, "meetings/room.html", context)


@login_required
@never_cache
@require_safe
def projector(request: PersonRequest, pk: int) -> HttpResponse:
    """The same for the wall: large, with nothing to press."""
    meeting = _room(request, pk)
    context = {"meeting": meeting, "screen": screens.screen(meeting, request.user, now=request.now)}
    return render(request, "meetings/projector.html", context)


@login_required
@never_cache
@require_safe
def screen(request: PersonRequest, pk: int) -> HttpResponse:
    """What a screen asks every second: 204 while it shows what is, else its new content."""
    current = pulse(request.user, pk, now=request.now)
    if current is None:
        raise Http404
    if current.is_shown_by(request.GET.get("revision", ""), request.GET.get("votes", "")):
        return HttpResponse(status=204)
    meeting = _room(request, pk)
    drawn = screens.screen(meeting, request.user, now=request.now)
    # Whoever does not see the number of votes shall not find it by asking with each number.
    if not drawn.counts_votes and current.is_shown_by(request.GET.get("revision", ""), ""):
        return HttpResponse(status=204)
    template = VIEWS.get(request.GET.get("view", ""), "meetings/_screen.html")
    return render(request, template, {"meeting": meeting, "screen": drawn})


def led_meeting(request: PersonRequest, pk: int) -> Meeting:
    """The meeting if the person leads it, else 404 or 403."""
    meeting = visible_meeting(request, pk)
    require(can_lead(request.user, meeting, now=request.now))
    return meeting


@login_required
@require_POST
def open_meeting(request: PersonRequest, pk: int) -> HttpResponse:
    """Set the meeting. On another day than planned, the page asks first."""
    meeting = led_meeting(request, pk)
    form = HeldOnForm(request.POST)
    on_day = form.cleaned_data["on_day"] if form.is_valid() else None
    try:
        acts.open_meeting(meeting, on_day=on_day, by=request.user, at=request.now)
    except acts.OtherDayError as asks:
        today = HeldOnForm(initial={"on_day": local_date(request.now)})
        return render(request, "meetings/meeting_open.html", {"meeting": meeting, "form": today, "asks": asks})
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Møtet er satt."))
    return redirect("meetings:room", pk)


ATTENDANCE_ACTS = {"arrive": acts.arrive, "leave": acts.leave, "apologise": acts.apologise}


@login_required
@require_POST
def attend(request: PersonRequest, pk: int, line_pk: int) -> HttpResponse:
    """Report a person in, out or absent."""
    meeting = visible_meeting(request, pk)
    line = get_object_or_404(lines_of(meeting.pk), pk=line_pk)
    line.meeting = meeting
    require(can_attend_as(request.user, line, now=request.now))
    act = ATTENDANCE_ACTS.get(request.POST.get("act", ""))
    if act is None:
        raise Http404
    attempt(request, lambda: act(line, by=request.user, at=request.now))
    return redirect("meetings:room", pk)


@login_required
@require_POST
def attend_all(request: PersonRequest, pk: int) -> HttpResponse:
    """Report in all who are called and not heard of."""
    meeting = visible_meeting(request, pk)
    require(can_attend_for_all(request.user, meeting, now=request.now))
    attempt(request, lambda: acts.arrive_all(meeting, by=request.user, at=request.now))
    return redirect("meetings:room", pk)


@login_required
@require_POST
def go_to(request: PersonRequest, pk: int) -> HttpResponse:
    """On to a case."""
    meeting = led_meeting(request, pk)
    form = PickCaseForm(request.POST, cases=agenda(meeting))
    if not form.is_valid():
        raise Http404
    attempt(request, lambda: acts.go_to(meeting, form.cleaned_data["case"], by=request.user, at=request.now))
    return redirect("meetings:room", pk)


@login_required
@require_POST
def postpone_rest(request: PersonRequest, pk: int) -> HttpResponse:
    """Put off what the meeting has not come to."""
    meeting = led_meeting(request, pk)
    reason = _("Møtet rakk ikke å behandle saken.")
    attempt(
        request,
        lambda: resolving.postpone_rest(meeting, reason=reason, by=request.user, at=request.now),
        _postponed,
    )
    return redirect("meetings:room", pk)


def _postponed(postponed: resolving.Postponed) -> str:
    if not postponed.left:
        return _("Sakene som gjensto, er utsatt.")
    done = ngettext("%(n)d sak er utsatt.", "%(n)d saker er utsatt.", postponed.done) % {"n": postponed.done}
    cases = ", ".join(case.reference for case in postponed.left)
    left = ngettext(
        "Sak %(cases)s er ikke rørt, fordi du er inhabil der, eller det ikke er avgjort om du er det. "
        "Nestleder eller en annen i sekretariatet må utsette den.",
        "Sakene %(cases)s er ikke rørt, fordi du er inhabil der, eller det ikke er avgjort om du er det. "
        "Nestleder eller en annen i sekretariatet må utsette dem.",
        len(postponed.left),
    )
    return f"{done} {left % {'cases': cases}}"


@login_required
@require_http_methods(["GET", "POST"])
def close_meeting(request: PersonRequest, pk: int) -> HttpResponse:
    """Close the meeting, which the page asks about first; then the minutes are there."""
    meeting = led_meeting(request, pk)
    require_to_open(request, is_not_over(meeting))
    if request.method == "GET":
        return render(request, "meetings/meeting_close.html", {"meeting": meeting})
    attempt(
        request,
        lambda: acts.close_meeting(meeting, by=request.user, at=request.now),
        _("Møtet er hevet. Her er protokollen."),
    )
    return redirect("meetings:room", pk)


@login_required
@require_http_methods(["GET", "POST"])
def reopen_meeting(request: PersonRequest, pk: int) -> HttpResponse:
    """Open a meeting again that was closed by mistake, with a reason, until its minutes are adopted."""
    meeting = led_meeting(request, pk)
    require_to_open(request, is_not_adopted(meeting))
    today = local_date(request.now)
    is_closed_before = meeting.closed_at is not None and local_date(meeting.closed_at) != today
    form = ReopenMeetingForm(pending.data(request), today=today if is_closed_before else None)
    form.helper.cancel_url = reverse("meetings:minutes", args=[pk])
    if request.method == "POST" and form.is_valid():

        def act() -> object:
            words = {"why": form.cleaned_data["why"], "on_day": today if form.cleaned_data.get("is_today") else None}
            return acts.reopen_meeting(meeting, **words, by=request.user, at=request.now)

        if attempt(request, act, _("Møtet er åpnet igjen."), form=form):
            return redirect("meetings:room", pk)
    context = {"meeting": meeting, "form": form}
    return render(request, "meetings/meeting_reopen.html", context, status=form.http_status)


@login_required
@require_POST
def vote(request: PersonRequest, pk: int) -> HttpResponse:
    """Vote in a ballot; the answer is a receipt, or why not."""
    ballot = get_object_or_404(visible_ballots(request.user, now=request.now), pk=pk)
    choice = request.POST.get("choice", "")
    if choice not in Choice.values:
        raise Http404
    attempt(
        request,
        lambda: balloting.cast(ballot, choice=Choice(choice), by=request.user, at=request.now),
        _("Stemmen din er registrert."),
    )
    return redirect("meetings:room", ballot.case.meeting_id)
