"""What every page of a draft does first: find the application, and ask whether the person may read it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.html import format_html

from applications import permissions, queries
from applications.forms.rows import RowForm
from applications.models import Application, Partner
from applications.services.drafts import ApplicationOwner
from applications.services.rows import part_of
from applications.services.signing import told_voided
from portal.permissions import Refused, Verdict, require
from portal.requests import PersonRequest, Request
from rounds.answering.views import save_one_row
from rounds.definition import Section


def read(request: PersonRequest, code: str) -> Application:
    """The application of that code, if the person sees it (404), and may read what is being written (403)."""
    application = find(request, code)
    require(permissions.can_read_draft(request.user, application, now=request.now))
    return application


def find(request: PersonRequest, code: str) -> Application:
    """The application of that code, if the person sees it."""
    application = queries.find(request.user, code, request.now)
    if application is None:
        raise Http404
    return application


def partner_of(application: Application, pk: int) -> Partner:
    """A partner of the application."""
    partner = get_object_or_404(queries.partners_of(application), pk=pk)
    partner.application = application
    return partner


def frame(application: Application, allowed: Verdict, signed: list[str] | None = None) -> dict[str, Any]:
    """What all pages of a draft show: whether the person may write, what the secretariat asks to have corrected, and
    whose signatures a change would void.

    ``signed`` are their names, of a page that has read them already.
    """
    if signed is None and allowed:
        signed = queries.signed_by(application)
    correction = queries.open_correction(application)
    return {
        "application": application,
        "can_edit": bool(allowed),
        "refusal": allowed.reason,
        "correction": correction,
        "is_overdue": correction is not None and isinstance(allowed, Refused) and allowed.is_past,
        "signed": signed if allowed else [],
    }


def tell_voided(request: PersonRequest, application: Application) -> None:
    """Say that the save has voided signatures, if it has, with a link to the roster."""
    if application.voided_signatures:
        told = told_voided(application)
        link = format_html('{} <a class="ds-link" href="{}">{}</a>', told["said"], told["url"], told["link"])
        messages.warning(request, link)


def part_is_asked(application: Application, part: str) -> None:
    """Answer 404 for a part that the round's form does not have."""
    if not any(section.has(part) for section in application.round.spec.sections):
        raise Http404


def came_from(request: Request, application: Application, part: str) -> Section | None:
    """The section from which the page of a part was opened; None when several hold the part and none was named."""
    sections = [section for section in application.round.spec.sections if section.has(part)]
    if len(sections) == 1:
        return sections[0]
    code = request.GET.get("from", "")
    return next((section for section in sections if section.code == code), None)


# --- autosave of a row ----------------------------------------------------------------------------------


def row_saved(
    request: PersonRequest, owner: ApplicationOwner, holder: Application | Partner, model: Any, form: RowForm
) -> HttpResponse:
    """Save the row that the script sent, and answer with the new versions of its cells."""
    form.full_clean()
    return save_one_row(request, owner, part_of(holder, model), form, form.row_key)
