"""Somebody else's habilitet outside a meeting: an officer raises the question, and another decides it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from applications.models import Application
from evaluation.assessment import permissions
from evaluation.assessment.forms import QuestionForm, RecusalForm
from evaluation.assessment.models import Habilitet
from evaluation.assessment.queries import lists, ties
from evaluation.assessment.queries.access import Access
from evaluation.assessment.queries.deciders import deciders, question_about
from evaluation.assessment.services import declaring
from evaluation.assessment.views.reading import CONFLICT, INVALID, OK, context_of, find, turn_of_person
from portal import clock, pending
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
    form = QuestionForm(pending.data(request))
    status = OK
    if request.method == "POST":
        status = _raise(request, application, person, form) if form.is_valid() else INVALID
        if status == OK:
            return redirect("assessment:detail", code)
    seen = ties.ties_of(person, application, day)
    context = context_of(application, form=form, person=person, ties=seen, asked=question_about(code, pk))
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
        if access is None:
            raise Http404
        require(permissions.can_see_question(access))
    if question is None or question.application is None or (not is_asked and request.method == "GET"):
        return redirect("assessment:raise_habilitet", code, pk)
    if is_asked:
        require(permissions.can_decide_habilitet(request.user.pk, question, able))
    form = RecusalForm(pending.data(request), initial={"ground": question.ground})
    status = OK
    if request.method == "POST":
        status = _decide(request, question, question.application, form) if form.is_valid() else INVALID
        if status == OK:
            return redirect("assessment:detail", code) if handles else redirect("portal:home")
    seen = ties.ties_of(question.person, question.application, clock.local_date(request.now))
    context = context_of(question.application, form=form, person=question.person, asked=question, ties=seen)
    return render(request, "assessment/application_recusal.html", context | {"handles": handles}, status=status)


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
