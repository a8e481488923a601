"""A section of the form, saved whole by its button and answer by answer while somebody types."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from applications import answers, permissions, queries
from applications.forms.sections import SectionForm, digest_of
from applications.models import Answer, Application
from applications.services import drafts
from applications.views import section_page
from applications.views.reading import (
    CONFLICT,
    INVALID,
    REFUSED,
    autosave,
    dates_of,
    find,
    read,
    said,
    said_invalid,
    said_refused,
    said_saved,
    tell_voided,
)
from portal import pending
from portal.requests import PersonRequest
from rounds.definition import Question, Section


@login_required
@require_http_methods(["GET", "POST"])
def section(request: PersonRequest, code: str, section: str) -> HttpResponse:
    """One page of the form."""
    application = read(request, code)
    asked = application.round.spec.section(section)
    if asked is None:
        raise Http404
    allowed = permissions.can_edit_section(request.user, application, section, now=request.now)
    stored = queries.answers_of(application, [question.code for question in asked.questions])
    form = _form(request, application, asked.questions, stored, pending.data(request))
    status = 200
    if request.method == "POST":
        status = _save(request, application, form) if allowed else REFUSED
        tell_voided(request, application)
        if status == 200 and "add_row" not in request.POST:  # noqa: PLR2004 - the status of HTTP
            messages.success(request, _("Svarene er lagret."))
            for notice in form.notices():
                messages.warning(request, notice)
            return redirect(_next(request, application, asked))
    context = section_page.context(application, asked, form, allowed, status=status)
    return render(request, "applications/application_section.html", context, status=status)


def _form(
    request: PersonRequest, application: Application, questions: Any, stored: dict[str, Answer], data: Any
) -> SectionForm:
    has_owners = any(question.type == "owners" for question in questions)
    bodies = {body.code: body for body in queries.bodies_of(application)} if has_owners else {}
    dates = dates_of(request, application)
    return SectionForm(application.round.spec, questions, stored, data, bodies=bodies, dates=dates)


def _save(request: PersonRequest, application: Application, form: SectionForm) -> int:
    """Store what can be stored, and give the status of the answer."""
    is_valid = form.is_valid()
    try:
        saved = drafts.save_answers(application, form.changes(), by=request.user, at=request.now)
    except drafts.ClosedDraftError as error:
        form.add_error(None, str(error))
        return CONFLICT
    form.take_over(saved.versions)
    for question, theirs in saved.stale.items():
        form.add_conflict(question, theirs)
    if saved.stale:
        return CONFLICT
    return 200 if is_valid else INVALID


def _next(request: PersonRequest, application: Application, section: Section) -> str:
    """Back to the check of all answers if the person came from there, the section after this one, or the task list."""
    if request.GET.get("return") == "check":
        return reverse("applications:check", args=[application.code])
    sections = application.round.spec.sections
    after = sections.index(section) + 1
    if "next" in request.POST and after < len(sections):
        return reverse("applications:section", args=[application.code, sections[after].code])
    return application.get_absolute_url()


@autosave
def answer(request: PersonRequest, code: str, question: str) -> HttpResponse:
    """One answer, saved while somebody types: no page, no check of the whole."""
    application = find(request, code)
    asked, section = _asked(application, question)
    allowed = permissions.can_edit_section(request.user, application, section.code, now=request.now)
    if not allowed:
        return said_refused(allowed)
    form = _form(request, application, [asked], {}, request.POST)
    if not form.is_savable:
        return said_invalid(form)
    try:
        saved = drafts.save_answers(application, form.changes(), by=request.user, at=request.now)
    except drafts.ClosedDraftError as error:
        return said("refused", str(error), REFUSED)
    if saved.stale:
        return _conflict(request, application, asked, saved.stale[question])
    form.take_over(saved.versions)
    group = form.groups()[0]
    more = {"notices": notices} if (notices := form.notices()) else {}
    return said_saved(request, application, form, version=group.version, was=group.was, **more)


def _asked(application: Application, code: str) -> tuple[Question, Section]:
    spec = application.round.spec
    question, section = spec.question(code), spec.section_of(code)
    if question is None or section is None or question.type in answers.STANDARD_PARTS:
        raise Http404
    return question, section


def _conflict(request: PersonRequest, application: Application, question: Question, theirs: Answer) -> HttpResponse:
    """Both texts, and a choice; ``fields`` is what the page shows if the person takes theirs."""
    form = _form(request, application, [question], {question.code: theirs}, request.POST)
    form.is_valid()
    form.add_conflict(question.code, theirs)
    group = form.groups()[0]
    box = render_to_string("applications/_conflict.html", {"group": group}, request)
    was = digest_of(theirs.value)
    fields = form.shown(question.code)
    words = _("Svaret er endret i mellomtiden. Velg hva som skal gjelde.")
    return said("conflict", words, CONFLICT, box=box, version=theirs.version, was=was, fields=fields)
