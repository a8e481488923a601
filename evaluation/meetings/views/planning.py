"""Lists of meetings and cases, and the secretariat's preparation."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from evaluation.meetings.forms import (
    CaseForm,
    MeetingForm,
    MoveForm,
    PickCaseForm,
    RescheduleForm,
    SecretaryForm,
    TakeOffForm,
)
from evaluation.meetings.models import CaseKind, Meeting, MeetingStatus
from evaluation.meetings.permissions import (
    can_lead,
    can_move_case,
    can_plan,
    can_put_up,
    can_take_off,
    can_take_up_again,
    is_not_adopted,
    is_not_cancelled,
    is_not_over,
)
from evaluation.meetings.queries import agenda as agendas
from evaluation.meetings.queries.agenda import visible_meetings
from evaluation.meetings.queries.habilitet import closed_case_ids
from evaluation.meetings.queries.papers import visible_cases
from evaluation.meetings.questions import follow_up_lists, follow_up_of
from evaluation.meetings.services import from_list, live, planning, taking_off
from evaluation.meetings.since_call import changes_in_words
from portal import pending
from portal.acts import attempt
from portal.clock import local_date
from portal.communities.queries import standing_at
from portal.formats import beginning_in_words, date_in_words, day_in_words
from portal.mail.queries import messages_about
from portal.paging import page_of
from portal.permissions import first_refusal, require, require_to_open
from portal.requests import PersonRequest
from portal.ui import NextStep


def visible_meeting(request: PersonRequest, pk: int) -> Meeting:
    """The meeting if the person may see it, else 404."""
    return get_object_or_404(visible_meetings(request.user, now=request.now), pk=pk)


def planned_meeting(request: PersonRequest, pk: int) -> Meeting:
    """The meeting of a body that the person's secretariat serves, else 404 or 403."""
    meeting = visible_meeting(request, pk)
    require(can_plan(request.user, meeting.body, now=request.now))
    require_to_open(request, is_not_over(meeting))
    return meeting


@login_required
@require_safe
def meeting_list(request: PersonRequest) -> HttpResponse:
    """The person's meetings, those to come first."""
    lists = agendas.meeting_lists(request.user, now=request.now)
    page, coming = page_of(request, lists.held), list(lists.coming)
    # A meeting that goes on is the one to go to, else the first to come.
    following = min(coming, key=lambda meeting: not meeting.is_open, default=None)
    context = {
        "lists": lists,
        "coming": coming,
        "page": page,
        "heading": _news(coming, request.now),
        "step": _following(following, request.now) if following else None,
        "follow_up": follow_up_lists(request.user, request.now),
    }
    return render(request, "meetings/meeting_list.html", context)


def _news(coming: Sequence[Meeting], now: datetime) -> str:
    """The heading of the list: that a meeting goes on, else when the next one begins, or should have been held."""
    if not coming:
        return _("Ingen møter framover")
    if any(meeting.is_open for meeting in coming):
        return _("Et møte pågår")
    first = coming[0].starts_at
    said = _("Et møte skulle vært holdt %(day)s") if first < now else _("Neste møte er %(day)s")
    return said % {"day": day_in_words(local_date(first), local_date(now))}


def _following(meeting: Any, now: datetime) -> NextStep:
    """The meeting of the list to go to: which body, when, where, and how much there is to do."""
    when = beginning_in_words(meeting.held_at, now)
    cases = ngettext("%(n)s sak", "%(n)s saker", meeting.case_count) % {"n": meeting.case_count}
    state = "" if meeting.is_open or meeting.is_called else _("ikke kalt inn")
    text = " · ".join(filter(None, (f"{when[0].upper()}{when[1:]}", meeting.location, cases, state)))
    return NextStep(meeting.body.name, text=text, act=_("Gå til møtet"), url=meeting.get_absolute_url())


@login_required
@require_safe
def case_list(request: PersonRequest) -> HttpResponse:
    """Find a case by its number, however written, or by words of its title."""
    text = request.GET.get("q", "")
    cases = agendas.cases_like(visible_cases(request.user, now=request.now), text)
    page = page_of(request, cases)
    return render(request, "meetings/case_list.html", {"page": page, "text": text})


@login_required
@require_http_methods(["GET", "POST"])
def plan(request: PersonRequest) -> HttpResponse:
    """Plan a meeting: body, time, location."""
    bodies = agendas.bodies_planned_by(request.user, now=request.now)
    form = MeetingForm(pending.data(request), bodies=bodies, now=request.now)
    form.helper.cancel_url = reverse("meetings:list")
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        require(can_plan(request.user, data["body"], now=request.now))
        meeting = planning.plan(
            data["body"], starts_at=data["starts_at"], location=data["location"], by=request.user, at=request.now
        )
        return redirect("meetings:agenda", meeting.pk)
    return render(
        request, "meetings/meeting_plan.html", {"form": form, "has_bodies": bool(bodies)}, status=form.http_status
    )


@login_required
@require_safe
def agenda(request: PersonRequest, pk: int) -> HttpResponse:
    """The agenda: for the members to read, for the secretariat to prepare."""
    meeting = visible_meeting(request, pk)
    page = page_of(request, agendas.agenda(meeting))
    plans = bool(can_plan(request.user, meeting.body, now=request.now)) and not meeting.is_ended
    closed = closed_case_ids(standing_at(request.user, request.now), meeting)
    context = {
        "meeting": meeting,
        "page": page,
        "plans": plans,
        "closed": closed,
        "has_states": any(case.is_settled or case.pk in closed for case in page),
        "leads": can_lead(request.user, meeting, now=request.now),
        "follow_up": follow_up_of(meeting, request.user, request.now),
        "heading": _heading(meeting, request.now),
        "step": _step(meeting, plans=plans, has_cases=bool(page.paginator.count)),
    }
    if plans and agendas.tells_again(meeting, request.now):
        context["step"] = _call_again(meeting) or context["step"]
    if plans:
        context |= {
            "lists": agendas.lists_ready_for(meeting.body),
            "postponed": agendas.postponed_in(meeting.body),
            "mails": messages_about(meeting, "meeting_call") if meeting.is_called else (),
        }
    return render(request, "meetings/meeting_agenda.html", context)


def _heading(meeting: Meeting, now: datetime) -> str:
    """When the meeting is, or was, as people say it."""
    if meeting.is_cancelled:
        return _("Møtet %(day)s er avlyst") % {"day": date_in_words(local_date(meeting.starts_at))}
    if meeting.is_over:
        return _("Møtet var %(day)s") % {"day": date_in_words(local_date(meeting.held_at))}
    if meeting.status == MeetingStatus.OPEN:
        return _("Møtet pågår")
    return _("Møtet er %(when)s") % {"when": beginning_in_words(meeting.starts_at, now)}


def _step(meeting: Meeting, *, plans: bool, has_cases: bool) -> NextStep | None:
    """What is to be done with the meeting now."""
    if meeting.is_cancelled:
        return None
    room, key = reverse("meetings:room", args=[meeting.pk]), [meeting.pk]
    if meeting.is_over:
        url = reverse("meetings:minutes", args=key)
        return NextStep(_("Møtet er hevet"), act=_("Les protokollen"), url=url, tone="success")
    if meeting.is_called:
        if meeting.status == MeetingStatus.OPEN:
            return NextStep(_("Sakene behandles i møterommet"), act=_("Gå til møterommet"), url=room)
        text = _("I møterommet følger alle den saken som behandles, og der stemmer de.")
        return NextStep(_("Møtet er kalt inn"), act=_("Gå til møterommet"), url=room, text=text)
    if not plans:
        return None
    if not has_cases:
        text = _("Så kan dere kalle inn.")
        return NextStep(_("Sett opp sakene"), act=_("Velg saker"), url="#sett-opp", text=text)
    text = _("Medlemmene ser verken møtet eller sakene ennå.")
    return NextStep(_("Kall inn til møtet"), act=_("Kall inn"), url=reverse("meetings:call", args=key), text=text)


def _call_again(meeting: Meeting) -> NextStep | None:
    """For who plans a meeting that is called: to tell the members of what they do not know."""
    changes = changes_in_words(agendas.since_call(meeting))
    if not changes:
        return None
    text, url = _("Kall inn på nytt, så medlemmene får vite det."), reverse("meetings:call", args=[meeting.pk])
    title, more = changes[0], [f"{change}." for change in changes[1:]]
    return NextStep(title, act=_("Kall inn på nytt"), url=url, text=" ".join([*more, text]))


@login_required
@require_http_methods(["GET", "POST"])
def reschedule(request: PersonRequest, pk: int) -> HttpResponse:
    """Another time or location."""
    meeting = planned_meeting(request, pk)
    shown = planning.time_and_place(meeting)
    initial = {"starts_at": meeting.starts_at, "location": meeting.location, "shown": shown}
    form = RescheduleForm(pending.data(request), initial=initial, now=request.now)
    form.helper.cancel_url = reverse("meetings:agenda", args=[pk])
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data

        def act() -> object:
            return planning.reschedule(meeting, **data, by=request.user, at=request.now)

        said = _("Tid og sted er endret.")
        if meeting.is_called:
            said += " " + _("Kall inn på nytt, så medlemmene får vite det.")
        if attempt(request, act, said, form=form):
            return redirect("meetings:agenda", pk)
        form.show_now(shown)
    return render(
        request,
        "meetings/meeting_form.html",
        {"form": form, "meeting": meeting, "title": _("Tid og sted")},
        status=form.http_status,
    )


@login_required
@require_http_methods(["GET", "POST"])
def add_case(request: PersonRequest, pk: int) -> HttpResponse:
    """Put up a single case; its paper is written next."""
    meeting = planned_meeting(request, pk)
    rounds = agendas.rounds_with_case(meeting.body)
    form = CaseForm(pending.data(request), initial={"kind": CaseKind.DECISION}, rounds=rounds)
    form.helper.cancel_url = reverse("meetings:agenda", args=[pk])
    made = []
    if request.method == "POST" and form.is_valid():
        data = {**form.cleaned_data, "kind": CaseKind(form.cleaned_data["kind"])}
        act = partial(planning.add_case, meeting, **data, by=request.user, at=request.now)
        if attempt(request, lambda: made.append(act()), form=form):
            return redirect("meetings:edit_paper", made[0].pk)
    return render(
        request,
        "meetings/meeting_form.html",
        {"form": form, "meeting": meeting, "title": _("Ny sak")},
        status=form.http_status,
    )


@login_required
@require_POST
def add_list(request: PersonRequest, pk: int, list_pk: int) -> HttpResponse:
    """Put up all cases of a frozen priority list."""
    meeting = planned_meeting(request, pk)
    priority_list = get_object_or_404(agendas.lists_of(meeting.body), pk=list_pk)
    require(can_put_up(request.user, meeting.body, priority_list, now=request.now))
    attempt(
        request,
        lambda: from_list.add_cases(meeting, priority_list, by=request.user, at=request.now),
        _("Sakene er satt opp i prioritert rekkefølge, med samlet fordeling til slutt."),
    )
    return redirect("meetings:agenda", pk)


@login_required
@require_POST
def take_up_again(request: PersonRequest, pk: int) -> HttpResponse:
    """Put up a case that was postponed."""
    meeting = planned_meeting(request, pk)
    form = PickCaseForm(request.POST, cases=agendas.postponed_in(meeting.body))
    if form.is_valid():
        case = form.cleaned_data["case"]
        require(can_take_up_again(request.user, case, now=request.now))
        attempt(
            request,
            lambda: planning.take_up_again(case, meeting, by=request.user, at=request.now),
            _("Saken er satt opp igjen med nytt nummer."),
        )
    return redirect("meetings:agenda", pk)


@login_required
@require_POST
def move(request: PersonRequest, pk: int) -> HttpResponse:
    """Move a case to another position on the agenda."""
    case = get_object_or_404(visible_cases(request.user, now=request.now), pk=pk)
    require(can_move_case(request.user, case, now=request.now))
    form = MoveForm(request.POST)
    if form.is_valid():
        attempt(request, lambda: planning.move(case, to=form.cleaned_data["to"], by=request.user, at=request.now))
    return redirect("meetings:agenda", case.meeting_id)


@login_required
@require_http_methods(["GET", "POST"])
def take_off(request: PersonRequest, pk: int) -> HttpResponse:
    """Take a case, or all cases of its list, off the agenda of a meeting that is not set; with a reason."""
    case = get_object_or_404(visible_cases(request.user, now=request.now), pk=pk)
    require(can_take_off(request.user, case, now=request.now))
    form = TakeOffForm(pending.data(request))
    form.helper.cancel_url = reverse("meetings:agenda", args=[case.meeting_id])
    if request.method == "POST" and form.is_valid():
        act = partial(taking_off.take_off, case, **form.cleaned_data, by=request.user, at=request.now)
        said = _("Saken er tatt av sakslisten.")
        if case.meeting.is_called:
            said += " " + _("Kall inn på nytt, så medlemmene får vite det.")
        if attempt(request, act, said, form=form):
            return redirect("meetings:agenda", case.meeting_id)
    context = {"case": case, "meeting": case.meeting, "form": form, "count": len(agendas.goes_with(case))}
    return render(request, "meetings/case_take_off.html", context, status=form.http_status)


@login_required
@require_http_methods(["GET", "POST"])
def choose_secretary(request: PersonRequest, pk: int) -> HttpResponse:
    """Choose who is secretary of the meeting, until the minutes are adopted."""
    meeting = visible_meeting(request, pk)
    require(can_lead(request.user, meeting, now=request.now))
    require_to_open(request, first_refusal(is_not_cancelled(meeting), is_not_adopted(meeting)))
    people = agendas.secretaries_of(meeting)
    form = SecretaryForm(pending.data(request), people=people, initial={"person": meeting.secretary_id})
    to = reverse("meetings:minutes" if meeting.is_over else "meetings:agenda", args=[pk])
    form.helper.cancel_url = to
    if request.method == "POST" and form.is_valid():
        act = partial(live.choose_secretary, meeting, **form.cleaned_data, by=request.user, at=request.now)
        if attempt(request, act, _("Sekretæren er lagret."), form=form):
            return redirect(to)
    context = {"form": form, "meeting": meeting, "title": _("Sekretær i møtet")}
    return render(request, "meetings/meeting_form.html", context, status=form.http_status)


@login_required
@require_http_methods(["GET", "POST"])
def call(request: PersonRequest, pk: int) -> HttpResponse:
    """Call everybody on the roll; the page first shows who is called and to how many cases."""
    meeting = planned_meeting(request, pk)
    if request.method == "POST":
        attempt(
            request,
            lambda: planning.call(meeting, by=request.user, at=request.now),
            _("Innkallingen er sendt, og medlemmene kan lese sakspapirene."),
        )
        return redirect("meetings:agenda", pk)
    return render(request, "meetings/meeting_call.html", {"meeting": meeting, "page": agendas.call_page(meeting)})
