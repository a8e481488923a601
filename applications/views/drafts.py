"""«Mine søknader», the page that starts an application, and the task list of an application."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from applications import permissions, queries
from applications.forms.shown import ShownForm
from applications.forms.start import StartForm
from applications.services import drafts
from applications.views import list_page, task_list
from applications.views.reading import find
from portal import pending
from portal.errors import DomainError
from portal.paging import page_by_keys
from portal.permissions import require
from portal.requests import PersonRequest
from rounds.models import Round
from rounds.queries import deadline_for, open_calls


@login_required
@require_GET
def application_list(request: PersonRequest) -> HttpResponse:
    """The applications that the person writes, by whose turn it is and fifty a page, and the rounds that are open."""
    form = ShownForm(request.GET)
    written = queries.written_applications(request.user, request.now, form.shown)
    page = page_by_keys(request, written.by_turn())
    context = {"form": form, "page": page, "calls": open_calls(request.user, request.now)}
    is_all = page.paginator.num_pages == 1 and not form.shown
    context |= list_page.context(list(page), request.user, request.now, is_all=is_all)
    return render(request, "applications/application_list.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def start(request: PersonRequest, code: str) -> HttpResponse:
    """Start an application in a round."""
    round_ = get_object_or_404(Round.objects.visible_to(request.user, request.now), code=code)
    require(permissions.can_start(request.user, round_, now=request.now))
    starting = queries.starting(request.user, round_, request.now)
    require(permissions.belongs_in_round(starting))
    form = StartForm(pending.data(request), starting=starting)
    form.helper.cancel_url = round_.get_absolute_url()
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        community = starting.community(data["community"])
        arguments = (round_, community, data["title"], data["lead_organisation"])
        try:
            application = drafts.start(*arguments, owner_body=data["owner_body"], by=request.user, at=request.now)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Utkastet er opprettet. Alle hos partnerne kan skrive i det."))
            return redirect(application)
    deadline = deadline_for(round_, request.user, request.now)
    context = {"form": form, "round": round_, "deadline": deadline, "home": starting.home}
    return render(request, "applications/application_start.html", context, status=form.http_status)


@login_required
@require_GET
def detail(request: PersonRequest, code: str) -> HttpResponse:
    """The task list: what is done, what is missing, who must do what, and how long is left."""
    application = find(request, code)
    allowed = permissions.can_read_draft(request.user, application, now=request.now)
    if application.submitted_at and not (allowed and application.is_editable):
        # After sending, the sent version is shown: always to the secretariat, to the applicants unless it is reopened.
        return redirect("applications:sent", code)
    require(allowed)
    page = task_list.page(application, request.user, request.now)
    return render(request, "applications/application_detail.html", {"page": page, "application": page.application})
