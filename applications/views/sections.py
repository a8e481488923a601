"""A section of the form: the button saves the page, the script saves answer by answer."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from applications import completeness
from applications.models import Application
from applications.services.drafts import ApplicationOwner
from applications.views import section_page
from applications.views.reading import find, read, tell_voided
from portal import pending
from portal.requests import PersonRequest
from portal.writing import OK, REFUSED
from rounds.answering.forms.sections import SectionForm
from rounds.answering.queries import stored_answers
from rounds.answering.views import autosave, save_one_answer, save_section
from rounds.definition import Section


@login_required
@require_http_methods(["GET", "POST"])
def section(request: PersonRequest, code: str, section: str) -> HttpResponse:
    """One page of the form."""
    application = read(request, code)
    asked = application.round.spec.section(section)
    if asked is None:
        raise Http404
    owner = ApplicationOwner(application)
    allowed = owner.may_write(request.user, section, now=request.now)
    if allowed and section_page.is_table(asked) and request.method == "GET":
        return redirect(section_page.table_url(request, application))
    # Checked before anything is saved, so only for a page that is read; the check has read the answers then.
    report = completeness.check(application, at=request.now) if request.method == "GET" else None
    stored = report.parts.answers if report else stored_answers(owner, asked.questions)
    form = SectionForm(owner, asked.questions, stored, pending.data(request), now=request.now)
    status = OK
    if request.method == "POST":
        status = save_section(request, owner, form) if allowed else REFUSED
        pending.after_save(request, status, form.error_parts, form.carried())
        tell_voided(request, application)
        if status == OK and "add_row" not in request.POST:
            return _saved(request, application, asked, form)
    report = report or completeness.check(application, at=request.now)
    context = section_page.context(application, asked, form, allowed, report, status=status)
    return render(request, "applications/application_section.html", context, status=status)


def _saved(request: PersonRequest, application: Application, section: Section, form: SectionForm) -> HttpResponse:
    messages.success(request, _("Svarene er lagret."))
    for notice in form.notices():
        messages.warning(request, notice)
    return redirect(section_page.after_save(request, application, section))


@autosave
def answer(request: PersonRequest, code: str, question: str) -> HttpResponse:
    """One answer, saved while somebody types."""
    return save_one_answer(request, ApplicationOwner(find(request, code)), question)
