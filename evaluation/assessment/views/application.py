"""One application for the secretariat: assessments side by side, the check, the assessors, habilitet, the papers."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from applications import completeness
from applications.models import Application
from applications.queries import open_correction
from evaluation.assessment import checklist, permissions
from evaluation.assessment.forms import AdmissionForm, AssignForm, ClosingForm, RecusalForm
from evaluation.assessment.models import Assignment, Recommendation
from evaluation.assessment.queries import detail as details
from evaluation.assessment.queries import lists, ties
from evaluation.assessment.services import admission as admitting
from evaluation.assessment.services import assigning, declaring
from evaluation.assessment.turn import Turn, turn_url
from evaluation.assessment.views.reading import CONFLICT, INVALID, OK, context_of, find, must_declare, turn_in
from portal import clock, pending
from portal.acts import attempt
from portal.communities.models import User
from portal.errors import ConflictError, DomainError
from portal.files.services import response
from portal.permissions import require
from portal.requests import PersonRequest


@login_required
@require_GET
def detail(request: PersonRequest, code: str) -> HttpResponse:
    """The application with its assessments side by side and what can be done with it, in the stage that is asked for.

    Without one, in the stage that concerns the person.
    """
    application, mine = find(request, code, "owner_body")
    declare = must_declare(application, mine)
    if declare:
        return declare
    require(permissions.can_open(mine))
    turn = turn_in(application, mine, request.GET.get("stage", ""))
    sees = permissions.can_see_scores(mine, turn)
    context = context_of(
        application,
        turn=turn,
        mine=mine,
        turn_url=turn_url(turn, "turn"),
        others=[entry for entry in mine.entries if entry.stage_id != turn.stage.pk],
        sees=sees,
        comparison=details.comparison(application, turn) if sees else None,
        people=details.people(application, turn) if mine.is_office else [],
        recommendation=_recommendation(application, turn) if mine.is_office and sees else None,
        admissions=application.admissions.select_related("stage", "decided_by"),
        can_check=permissions.can_check(mine, application),
        can_follow_correction=permissions.can_follow_correction(mine, application),
        can_assign=permissions.can_assign(mine, turn),
        submission=application.submissions.defer("document__snapshot").newest(),
    )
    return render(request, "assessment/application_detail.html", context)


def _recommendation(application: Application, turn: Turn) -> Recommendation | None:
    return Recommendation.objects.filter(application=application, priority_list__stage=turn.stage).first()


# --- papers ---------------------------------------------------------------------------------------------


@login_required
@require_GET
def papers(request: PersonRequest, code: str) -> HttpResponse:
    """The application as it was sent."""
    application, mine = find(request, code)
    declare = must_declare(application, mine)
    if declare:
        return declare
    require(permissions.can_open(mine))
    submission = details.newest(application)
    if submission is None:
        raise Http404
    context = context_of(application, submission=submission, view=details.shown(submission, code))
    return render(request, "assessment/application_papers.html", context)


@login_required
@require_GET
def attachment(request: PersonRequest, code: str, version: int, number: int) -> HttpResponseBase:
    """An attachment of a version that was sent."""
    application, mine = find(request, code)
    require(permissions.can_open(mine))
    stored = details.file_of(application, version, number)
    if stored is None:
        raise Http404
    return response(stored)


# --- the completeness check -----------------------------------------------------------------------------


@login_required
@require_http_methods(["GET", "POST"])
def admission(request: PersonRequest, code: str) -> HttpResponse:
    """The checklist, with three ways out: admit, not admit, or (on a page of its own) back for correction."""
    application, mine = find(request, code)
    if permissions.can_follow_correction(mine, application):
        return redirect("assessment:correction", code)
    require(permissions.can_check(mine, application))
    turn = turn_in(application, mine, mine.to_check.stage.code if mine.to_check else "")
    form = _admission_form(application, turn, request, pending.data(request))
    status = OK
    if request.method == "POST":
        status = _admit(request, application, form)
        if status == OK:
            return redirect("assessment:detail", code)
    heading = "" if turn.is_first else turn.heading
    context = context_of(application, turn=turn, stage_heading=heading, form=form, checks=_checks(form))
    return render(request, "assessment/application_admission.html", context, status=status)


def _admission_form(application: Application, turn: Turn, request: PersonRequest, data: Any) -> AdmissionForm:
    submission = details.newest(application)
    if submission is None:
        raise Http404
    spec = application.round.spec
    problems = [problem.sentence for problem in completeness.missing(application, at=submission.submitted_at)]
    found = checklist.items(
        spec,
        turn.spec,
        submission.snapshot,
        submitted_at=application.submitted_at or submission.submitted_at,
        closes_at=application.closes_at,
        problems=problems,
    )
    return AdmissionForm(data, items=found, gates=checklist.gates(spec, turn.spec, submission.snapshot))


def _checks(form: AdmissionForm) -> list[Any]:
    """The boxes of the checklist, each with the reason for passing it by, and the gates."""
    boxes: list[Any] = [(item, form[f"check-{item.code}"], form[f"why-{item.code}"]) for item in form.items]
    return boxes + [(None, form[f"gate-{gate.code}"], None) for gate in form.gates]


def _admit(request: PersonRequest, application: Application, form: AdmissionForm) -> int:
    if not form.is_valid():
        return INVALID
    is_refused = request.POST.get("act") == "refuse"
    more = {"reason": form.cleaned_data["reason"]} if is_refused else {}
    act: Any = admitting.refuse if is_refused else admitting.admit
    try:
        act(application, checklist=form.checklist, by=request.user, at=request.now, **more)
    except admitting.UnmetError as error:
        form.add_unmet(error.codes)
        return INVALID
    except DomainError as error:
        form.add_error("reason" if is_refused and not isinstance(error, ConflictError) else None, str(error))
        return CONFLICT if isinstance(error, ConflictError) else INVALID
    messages.success(request, _("Søknaden er avvist.") if is_refused else _("Søknaden er tatt til vurdering."))
    return OK


@login_required
@require_http_methods(["GET", "POST"])
def correction(request: PersonRequest, code: str) -> HttpResponse:
    """What an application that is out for correction waits for; when the date has passed, the way to close it."""
    application, mine = find(request, code)
    require(permissions.can_follow_correction(mine, application))
    closing = permissions.can_close_unanswered(application, now=request.now)
    form = ClosingForm(pending.data(request))
    status = OK
    if request.method == "POST":
        require(closing)
        status = _close(request, application, form) if form.is_valid() else INVALID
        if status == OK:
            return redirect("assessment:detail", code)
    context = context_of(application, form=form, correction=open_correction(application), closing=closing)
    return render(request, "assessment/application_correction.html", context, status=status)


def _close(request: PersonRequest, application: Application, form: ClosingForm) -> int:
    try:
        admitting.close_unanswered(application, **form.cleaned_data, by=request.user, at=request.now)
    except DomainError as error:
        form.add_error(None, str(error))
        return CONFLICT if isinstance(error, ConflictError) else INVALID
    messages.success(request, _("Søknaden er avvist."))
    return OK


# --- assessors ------------------------------------------------------------------------------------------


@login_required
@require_http_methods(["GET", "POST"])
def assessors(request: PersonRequest, code: str) -> HttpResponse:
    """Give the application to an assessor by hand."""
    application, mine = find(request, code)
    turn = turn_in(application, mine)
    require(permissions.can_assign(mine, turn))
    day = clock.local_date(request.now)
    initial = {"due_date": turn.due_date(request.now)}
    form = AssignForm(pending.data(request), people=lists.eligible(turn, day), initial=initial)
    status = OK
    if request.method == "POST":
        status = _assign(request, application, turn, form) if form.is_valid() else INVALID
        if status == OK:
            return redirect("assessment:assessors", code)
    people = details.people(application, turn)
    context = context_of(application, turn=turn, form=form, people=people)
    return render(request, "assessment/application_assessors.html", context, status=status)


def _assign(request: PersonRequest, application: Application, turn: Turn, form: AssignForm) -> int:
    person = form.cleaned_data["assessor"]
    try:
        assigning.assign(
            application, turn, person, due_date=form.cleaned_data["due_date"], by=request.user, at=request.now
        )
    except DomainError as error:
        form.add_error(None, str(error))
        return CONFLICT if isinstance(error, ConflictError) else INVALID
    seen = ties.ties_of(person, application, clock.local_date(request.now))
    messages.success(request, _("%(name)s er satt opp og har fått e-post.") % {"name": person})
    if seen:
        facts = ", ".join(tie.sentence for tie in seen)
        messages.warning(request, _("Merk: %(name)s %(facts)s.") % {"name": person, "facts": facts})
    return OK


@login_required
@require_POST
def unassign(request: PersonRequest, code: str, pk: int) -> HttpResponse:
    """Take the application from an assessor who has not delivered."""
    application, mine = find(request, code)
    turn = turn_in(application, mine)
    require(permissions.can_assign(mine, turn))
    assignment = get_object_or_404(Assignment, pk=pk, application=application, stage=turn.stage)
    said = _("%(name)s er tatt av saken.") % {"name": assignment.assessor}
    attempt(request, lambda: assigning.unassign(assignment, by=request.user, at=request.now), said)
    return redirect("assessment:assessors", code)


# --- habilitet ------------------------------------------------------------------------------------------


@login_required
@require_http_methods(["GET", "POST"])
def recusal(request: PersonRequest, code: str, pk: int) -> HttpResponse:
    """Decide somebody's habilitet in the application."""
    application, mine = find(request, code)
    people = lists.concerned(application, turn_in(application, mine), clock.local_date(request.now))
    person = get_object_or_404(people, pk=pk)
    require(permissions.can_decide_habilitet(mine, person.pk))
    asked = application.habilitet.filter(person=person).first()
    initial = {"ground": asked.ground} if asked else {}
    form = RecusalForm(pending.data(request), initial=initial)
    status = OK
    if request.method == "POST":
        status = _decide(request, application, person, form) if form.is_valid() else INVALID
        if status == OK:
            return redirect("assessment:detail", code)
    seen = ties.ties_of(person, application, clock.local_date(request.now))
    context = context_of(application, form=form, person=person, asked=asked, ties=seen)
    return render(request, "assessment/application_recusal.html", context, status=status)


def _decide(request: PersonRequest, application: Application, person: User, form: RecusalForm) -> int:
    try:
        declaring.decide(application, person, **form.cleaned_data, by=request.user, at=request.now)
    except DomainError as error:
        form.add_error("ground", str(error))
        return INVALID
    messages.success(request, _("Habiliteten til %(name)s er avgjort.") % {"name": person})
    return OK
