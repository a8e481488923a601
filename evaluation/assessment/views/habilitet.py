"""Somebody else's habilitet outside a meeting: an officer raises the question or takes it back, and another decides."""

from functools import partial

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from applications.models import Application
from evaluation.assessment import permissions
from evaluation.assessment.forms import QuestionForm, RecusalForm, TakenBackForm
from evaluation.assessment.models import Habilitet
from evaluation.assessment.queries import lists, ties
from evaluation.assessment.queries.access import Access
from evaluation.assessment.queries.deciders import deciders, outcome_for, question_about
from evaluation.assessment.queries.habilitet import history_of
from evaluation.assessment.services import declaring
from evaluation.assessment.views.reading import CONFLICT, INVALID, OK, context_of, find, turn_of_person
from portal import clock, pending
from portal.acts import attempt
from portal.communities.models import User
from portal.errors import ConflictError, DomainError
from portal.permissions import require
from portal.requests import PersonRequest


@login_required
@require_http_methods(["GET", "POST"])
def raise_question(request: PersonRequest, code: str, pk: int) -> HttpResponse:
    """Ask whether somebody is inhabil in the application; another than who asks decides."""
    application, access = find(request, code)
    require(permissions.can_raise_habilitet(access, pk))
    day = clock.local_date(request.now)
    person = get_object_or_404(lists.concerned(application, turn_of_person(application, access), day), pk=pk)
    form = QuestionForm(pending.data(request), cancel_url=reverse("assessment:detail", args=[code]))
    status = OK
    if request.method == "POST":
        status = _raise(request, application, person, form) if form.is_valid() else INVALID
        if status == OK:
            return redirect("assessment:detail", code)
    seen = ties.ties_of(person, application, day)
    history = history_of(pk, application)
    context = context_of(
        application, form=form, person=person, ties=seen, asked=question_about(code, pk), history=history
    )
    return render(request, "assessment/application_question.html", context, status=status)


def _raise(request: PersonRequest, application: Application, person: User, form: QuestionForm) -> int:
    try:
        row = declaring.raise_about(application, person, **form.cleaned_data, by=request.user, at=request.now)
    except DomainError as error:
        form.add_error(None, str(error))
        return CONFLICT if isinstance(error, ConflictError) else INVALID
    able = deciders([row], clock.local_date(request.now))[row.pk]
    names = ", ".join(str(user) for user in able) or _("et utvalg i møte")
    said = _("Spørsmålet er reist, og %(name)s har fått e-post. Det avgjøres av %(deciders)s.")
    messages.success(request, said % {"name": person, "deciders": names})
    return OK


@login_required
@require_http_methods(["GET", "POST"])
def take_back_question(request: PersonRequest, code: str, pk: int) -> HttpResponse:
    """Take back a question that one has raised about somebody, with a reason, until it is decided."""
    application, access = find(request, code)
    question = question_about(code, pk)
    if question is None or not question.is_pending:
        require(permissions.can_see_question(access))
        messages.info(request, _("Spørsmålet er allerede avgjort, eller tatt tilbake."))
        return redirect("assessment:detail", code)
    require(permissions.can_take_back_question(access, question))
    cancel_url = reverse("assessment:detail", args=[code])
    kept = _("Begrunnelsen blir stående ved spørsmålet, med navnet ditt.")
    form = TakenBackForm(pending.data(request), submit=_("Ta spørsmålet tilbake"), cancel_url=cancel_url, kept=kept)
    if request.method == "POST" and form.is_valid():
        words = {**form.cleaned_data, "by": request.user, "at": request.now}
        act = partial(declaring.take_back_question, application, question.person, **words)
        said = _("Spørsmålet er tatt tilbake, og %(name)s har fått e-post.") % {"name": question.person}
        if attempt(request, act, said, form=form):
            return redirect("assessment:detail", code)
    history = history_of(pk, application)
    context = context_of(application, form=form, person=question.person, asked=question, history=history)
    return render(request, "assessment/application_take_back_question.html", context, status=form.http_status)


@login_required
@require_http_methods(["GET", "POST"])
def recusal(request: PersonRequest, code: str, pk: int) -> HttpResponse:
    """Decide a question of somebody's habilitet: also for those who decide it and do not handle the application.

    They see the question, and nothing else of the case. What another has decided meanwhile is answered by 409.
    """
    question = question_about(code, pk)
    is_asked = question is not None and question.is_pending
    able = deciders([question], clock.local_date(request.now))[question.pk] if question and is_asked else []
    access = _access(request, code)
    handles = access is not None and access.is_office
    if request.user not in able:
        is_told = not handles or (request.method == "POST" and _is_taken_back(question))
        outcome = outcome_for(request.user, code, pk, clock.local_date(request.now)) if is_told else ""
        if outcome:
            return _tell_outcome(request, outcome)
        if access is None:
            raise Http404
        require(permissions.can_see_question(access))
    if question is None or question.application is None or (not is_asked and request.method == "GET"):
        return redirect("assessment:raise_habilitet", code, pk)
    if is_asked:
        require(permissions.can_decide_habilitet(request.user.pk, question, able))
    return _decide_page(request, question, question.application, handles=handles)


def _decide_page(
    request: PersonRequest, question: Habilitet, application: Application, *, handles: bool
) -> HttpResponse:
    cancel_url = reverse("assessment:detail", args=[application.code]) if handles else reverse("portal:home")
    form = RecusalForm(pending.data(request), initial={"ground": question.ground}, cancel_url=cancel_url)
    status = OK
    if request.method == "POST":
        status = _decide(request, question, application, form) if form.is_valid() else INVALID
        if status == OK:
            return redirect(cancel_url)
    seen = ties.ties_of(question.person, application, clock.local_date(request.now))
    context = context_of(application, form=form, person=question.person, asked=question, ties=seen)
    context |= {"handles": handles, "history": history_of(question.person_id, application)}
    return render(request, "assessment/application_recusal.html", context, status=status)


def _tell_outcome(request: PersonRequest, outcome: str) -> HttpResponse:
    """The answer to one who could have decided the question, when another came first: what became of it.

    Neither the application nor the person is named: somebody nearer may have had the question all the time.
    """
    is_late = request.method == "POST"
    context = {"outcome": outcome, "written": request.POST.get("reason", "").strip()}
    return render(request, "assessment/question_outcome.html", context, status=CONFLICT if is_late else OK)


def _is_taken_back(question: Habilitet | None) -> bool:
    """Whether nothing is left to decide, and nothing has been decided."""
    return question is None or (not question.is_pending and question.is_recused is None)


def _access(request: PersonRequest, code: str) -> Access | None:
    try:
        return find(request, code)[1]
    except Http404:
        return None


def _decide(request: PersonRequest, question: Habilitet, application: Application, form: RecusalForm) -> int:
    try:
        declaring.decide(application, question.person, **form.cleaned_data, by=request.user, at=request.now)
    except DomainError as error:
        form.add_error("ground", str(error))
        return CONFLICT if isinstance(error, ConflictError) else INVALID
    messages.success(request, _("Habiliteten til %(name)s er avgjort.") % {"name": question.person})
    return OK
