"""One application for the secretariat: the papers, the check, the correction, the assessors."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from applications import completeness, submissions
from applications.models import Application
from applications.queries import open_correction
from evaluation.assessment import checklist, permissions
from evaluation.assessment.check_forms import AdmissionForm, ClosingForm
from evaluation.assessment.forms import AssignForm, TakenBackForm
from evaluation.assessment.queries import detail as details
from evaluation.assessment.queries import lists, ties
from evaluation.assessment.queries.candidates import candidates, taken_off_names
from evaluation.assessment.queries.case import summary_in
from evaluation.assessment.queries.closed import closed_cases
from evaluation.assessment.services import admission as admitting
from evaluation.assessment.services import assigning
from evaluation.assessment.turn import Turn, detail_url
from evaluation.assessment.views.came_from import kept
from evaluation.assessment.views.next_step import correction_heading
from evaluation.assessment.views.reading import CONFLICT, INVALID, OK, context_of, find, must_declare, turn_of_person
from portal import clock, pending
from portal.acts import attempt
from portal.communities.queries import standing_at
from portal.errors import ConflictError, DomainError
from portal.files.services import response
from portal.formats import in_words
from portal.permissions import require
from portal.requests import PersonRequest
from portal.twins import tell_form, twin_lazy, twin_n, twin_of

# --- papers ---------------------------------------------------------------------------------------------


@login_required
@require_GET
def papers(request: PersonRequest, code: str) -> HttpResponse:
    """The application as it was sent."""
    application, access = find(request, code)
    declare = must_declare(application, access)
    if declare:
        return declare
    require(permissions.can_open(access))
    submission = details.newest(application)
    if submission is None:
        raise Http404
    told = summary_in(application.round.spec, submission.snapshot)
    context = context_of(application, submission=submission, view=details.shown(submission, code), summary=told)
    return render(request, "assessment/application_papers.html", context)


@login_required
@require_GET
def attachment(request: PersonRequest, code: str, version: int, number: int) -> HttpResponseBase:
    """An attachment of a version that was sent, as a file."""
    application, access = find(request, code)
    require(permissions.can_open(access))
    stored = details.file_of(application, version, number)
    if stored is None:
        raise Http404
    return response(stored)


# --- the completeness check -----------------------------------------------------------------------------


@login_required
@require_http_methods(["GET", "POST"])
def admission(request: PersonRequest, code: str) -> HttpResponse:
    """The checklist with two acts, admit and not admit; a correction is asked for on another page.

    «Kryss av for resten» ticks the points whose questions are answered, and shows the page again.
    """
    application, access = find(request, code)
    if permissions.can_follow_correction(access, application):
        return redirect("assessment:correction", code)
    require(permissions.can_check(access, application))
    turn = turn_of_person(application, access, access.to_check.stage.code if access.to_check else "")
    form = _admission_form(application, turn, request, pending.data(request))
    status = OK
    if request.POST.get("act") == "tick":
        form = _admission_form(application, turn, request, _ticked(request.POST, form))
    elif request.method == "POST":
        status = _admit(request, application, form)
        if status == OK:
            return redirect(kept(request, detail_url(application)))
    heading = "" if turn.is_first else turn.heading
    checks = _checks(form)
    told = {"news": _news(checks), "stage_heading": heading, "detail_url": kept(request, detail_url(application))}
    context = context_of(application, turn=turn, form=form, checks=checks, **told)
    return render(request, "assessment/application_admission.html", context, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def check_again(request: PersonRequest, code: str) -> HttpResponse:
    """Take the outcome of the check back, with a reason."""
    application, access = find(request, code)
    require(permissions.can_check_again(access, application))
    form = TakenBackForm(pending.data(request), submit=_("Gjør kontrollen om"), cancel_url=detail_url(application))
    if request.method == "POST" and form.is_valid():
        act = partial(admitting.take_back, application, **form.cleaned_data, by=request.user, at=request.now)
        if attempt(
            request, act, twin_of(twin_lazy("Søknaden venter på kontroll igjen."), application.noun_context), form=form
        ):
            return redirect("assessment:detail", code)
    context = context_of(application, form=form)
    return render(request, "assessment/application_check_again.html", context, status=form.http_status)


def _admission_form(application: Application, turn: Turn, request: PersonRequest, data: Any) -> AdmissionForm:
    submission = details.newest(application)
    if submission is None:
        raise Http404
    spec, view = application.round.spec, submissions.view_of(submission.snapshot)
    problems = [problem.sentence for problem in completeness.missing(application, at=submission.submitted_at)]
    items = checklist.items(
        spec,
        turn.spec,
        submission.snapshot,
        submitted_at=application.submitted_at or submission.submitted_at,
        closes_at=application.closes_at,
        problems=problems,
        parts=[part for section in view.sections for part in section.parts],
    )
    form = AdmissionForm(
        data,
        items=items,
        gates=checklist.gates(spec, turn.spec, submission.snapshot),
        initial={"version": submission.version},
    )
    tell_form(form, application.noun_context)
    return form


def _ticked(data: QueryDict, form: AdmissionForm) -> QueryDict:
    """What was sent, with a tick for a person's points that are answered. Nothing is decided by it."""
    ticked = data.copy()
    for code in form.rest:
        ticked[f"check-{code}"] = "on"
    return ticked


def _checks(form: AdmissionForm) -> dict[str, list[Any]]:
    """The boxes of the checklist, each with the field for the reason when it is not ticked, and the gates.

    ``agreed`` are those that the portal has ticked and nobody has unticked; the others a person must judge.
    """
    boxes: list[Any] = [(item, form[f"check-{item.code}"], form[f"why-{item.code}"]) for item in form.items]
    agreed = [row for row in boxes if row[0].answer and row[1].value() and not (row[1].errors or row[2].errors)]
    gates = [(None, form[f"gate-{gate.code}"], None) for gate in form.gates]
    return {"to_judge": [row for row in boxes if row not in agreed] + gates, "agreed": agreed}


def _news(checks: dict[str, list[Any]]) -> str:
    """How many points a person has still to judge: neither ticked nor explained."""
    left = sum(bool(why and not box.value() and not why.value()) for item, box, why in checks["to_judge"])
    if not left:
        return _("Alle punktene er kontrollert")
    sentence = ngettext("Ett punkt å kontrollere", "%(n)s punkter å kontrollere", left)
    return sentence % {"n": in_words(left)}


def _admit(request: PersonRequest, application: Application, form: AdmissionForm) -> int:
    if not form.is_valid():
        return INVALID
    is_refused = request.POST.get("act") == "refuse"
    more = {name: form.cleaned_data[name] for name in (("reason", "version") if is_refused else ("version",))}
    act: Any = admitting.refuse if is_refused else admitting.admit
    try:
        act(application, checklist=form.checklist, by=request.user, at=request.now, **more)
    except admitting.SentAgainError as error:
        form.add_error(None, str(error))
        form.show_version(form.initial["version"])
        return CONFLICT
    except admitting.UnmetError as error:
        form.add_unmet(error.codes, application.noun_context)
        return INVALID
    except DomainError as error:
        form.add_error("reason" if is_refused and not isinstance(error, ConflictError) else None, str(error))
        return CONFLICT if isinstance(error, ConflictError) else INVALID
    messages.success(
        request,
        twin_of(twin_lazy("Søknaden er avvist."), application.noun_context)
        if is_refused
        else twin_of(twin_lazy("Søknaden er tatt til vurdering."), application.noun_context),
    )
    return OK


@login_required
@require_http_methods(["GET", "POST"])
def correction(request: PersonRequest, code: str) -> HttpResponse:
    """The correction that is asked for and its date; after the date, a form that closes the application."""
    application, access = find(request, code)
    require(permissions.can_follow_correction(access, application))
    closing = permissions.can_close_unanswered(application, now=request.now)
    form = ClosingForm(pending.data(request))
    form.helper.cancel_url = detail_url(application)
    form.helper.danger = True
    tell_form(form, application.noun_context)
    status = OK
    if request.method == "POST":
        require(closing)
        status = _close(request, application, form) if form.is_valid() else INVALID
        if status == OK:
            return redirect("assessment:detail", code)
    asked = open_correction(application)
    heading = correction_heading(application, asked, request.now)
    context = context_of(application, form=form, correction=asked, closing=closing, heading=heading)
    return render(request, "assessment/application_correction.html", context, status=status)


def _close(request: PersonRequest, application: Application, form: ClosingForm) -> int:
    try:
        admitting.close_unanswered(application, **form.cleaned_data, by=request.user, at=request.now)
    except DomainError as error:
        form.add_error(None, str(error))
        return CONFLICT if isinstance(error, ConflictError) else INVALID
    messages.success(request, twin_of(twin_lazy("Søknaden er avvist."), application.noun_context))
    return OK


# --- assessors ------------------------------------------------------------------------------------------


@login_required
@require_http_methods(["GET", "POST"])
def assessors(request: PersonRequest, code: str) -> HttpResponse:
    """Assign the application to one assessor."""
    application, access = find(request, code)
    turn = turn_of_person(application, access)
    require(permissions.can_assign(access, turn))
    day = clock.local_date(request.now)
    initial = {"due_date": turn.due_date(request.now)}
    offered = candidates(turn, [application], closed_cases(standing_at(request.user, request.now)), day)
    possible = lists.chosen_among(person.pk for person in offered if person.may_be_asked)
    form = AssignForm(pending.data(request), people=possible, initial=initial)
    form.helper.cancel_url = detail_url(application)
    status = OK
    if request.method == "POST":
        status = _assign(request, application, turn, form) if form.is_valid() else INVALID
        if status == OK:
            return redirect("assessment:assessors", code)
    assigned = [person for person in details.people(application, turn, day) if person.assignment_id]
    others = [person for person in offered if not person.has_all]
    context = context_of(application, turn=turn, form=form, assigned=assigned, candidates=others)
    context |= {"taken_off": taken_off_names(application, turn), "news": _assessed_by(application, len(assigned))}
    return render(request, "assessment/application_assessors.html", context, status=status)


def _assessed_by(application: Application, number: int) -> str:
    """How many assess the application."""
    context = application.noun_context
    if not number:
        return twin_of(twin_lazy("Fordel søknaden til vurdering"), context)
    sentence = twin_n(context, "Én person vurderer søknaden", "%(n)s personer vurderer søknaden", number)
    return sentence % {"n": in_words(number)}


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
    messages.success(request, _("Saken er fordelt til %(name)s, som har fått e-post.") % {"name": person})
    if seen:
        facts = ", ".join(tie.sentence for tie in seen)
        messages.warning(request, _("Merk: %(name)s %(facts)s.") % {"name": person, "facts": facts})
    return OK


@login_required
@require_POST
def unassign(request: PersonRequest, code: str, pk: int) -> HttpResponse:
    """Remove the assignment of an assessor who has not delivered."""
    application, access = find(request, code)
    turn = turn_of_person(application, access)
    require(permissions.can_assign(access, turn))
    assignment = get_object_or_404(details.assignments(application, turn), pk=pk)
    said = _("%(name)s er tatt av saken.") % {"name": assignment.assessor}
    attempt(request, lambda: assigning.unassign(assignment, by=request.user, at=request.now), said)
    return redirect("assessment:assessors", code)
