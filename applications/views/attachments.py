"""Attachments: add, replace, remove, download."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from applications import permissions, queries
from applications.completeness import AGREEMENT, asks_for
from applications.forms.attachments import ReplaceForm
from applications.models import Application, Attachment
from applications.services import attachments
from applications.views.reading import came_from, frame, part_is_asked, read, tell_voided
from portal.acts import attempt
from portal.errors import DomainError
from portal.files.services import response
from portal.formats import in_words
from portal.permissions import require
from portal.requests import PersonRequest
from portal.writing import INVALID, OK, REFUSED
from rounds.answering.forms.files import FileForm


@login_required
@require_http_methods(["GET", "POST"])
def attachment_list(request: PersonRequest, code: str) -> HttpResponse:
    """The attachments by number, what the round asks for, and a form for one more."""
    application = read(request, code)
    part_is_asked(application, "attachments")
    allowed = permissions.can_edit_part(request.user, application, "attachments", now=request.now)
    form = FileForm(request.POST or None, request.FILES or None, spec=application.round.spec)
    status = OK
    if request.method == "POST":
        status = _add(request, application, form) if allowed else REFUSED
        if status == OK:
            return redirect(request.get_full_path())
    context = {**frame(application, allowed), "form": form, **_context(application)}
    if first := context["first_missing"]:
        form.initial["kind"] = first.code
    context["section"] = came_from(request, application, "attachments")
    return render(request, "applications/application_attachments.html", context, status=status)


def _add(request: PersonRequest, application: Application, form: FileForm) -> int:
    if not form.is_valid():
        return INVALID
    data = form.cleaned_data
    words = {"kind": data.get("kind", ""), "title": data["title"], "by": request.user, "at": request.now}
    try:
        added = attachments.add(application, data["file"], **words)
    except DomainError as error:
        form.add_error("file", str(error))
        return INVALID
    is_numbered = application.round.spec.attachments.numbered
    said = _("Vedlegg %(number)s er lastet opp.") % {"number": added.number}
    messages.success(request, said if is_numbered else _("Vedlegget er lastet opp."))
    tell_voided(request, application)
    return OK


def _context(application: Application) -> dict[str, Any]:
    held = list(queries.attachments_of(application))
    kinds = application.round.spec.attachments.kinds
    labels = {kind.code: kind.label for kind in kinds}
    held_kinds = {item.kind for item in held}
    wanted = [(kind, asks_for(kind), kind.code in held_kinds) for kind in kinds if kind.required]
    # Instead of an agreement on paper all partners may sign in the portal: it is asked for, and not missing.
    missing = [kind for kind, _said, is_held in wanted if not is_held and kind.code != AGREEMENT]
    return {
        "attachments": [(item, labels.get(item.kind, item.kind), item.file.is_unscanned) for item in held],
        "wanted": wanted,
        "first_missing": next(iter(missing), None),
        "heading": _heading(len(held), missing=len(missing)),
    }


def _heading(count: int, *, missing: int) -> str:
    """The news of the page: how many of those that are asked for are missing, else how many there are."""
    if missing:
        return ngettext("Ett vedlegg mangler", "%(n)s vedlegg mangler", missing) % {"n": in_words(missing)}
    if not count:
        return _("Vedlegg")
    return ngettext("Ett vedlegg er lagt ved", "%(n)s vedlegg er lagt ved", count) % {"n": in_words(count)}


@login_required
@require_GET
def download(request: PersonRequest, code: str, number: int) -> HttpResponseBase:
    """The file, to those who write the application."""
    return response(_attachment(read(request, code), number).file)


@login_required
@require_http_methods(["GET", "POST"])
def replace(request: PersonRequest, code: str, number: int) -> HttpResponse:
    """Replace the file of an attachment; the number stays."""
    application = read(request, code)
    attachment = _attachment(application, number)
    allowed = permissions.can_edit_part(request.user, application, "attachments", now=request.now)
    require(allowed)
    form = ReplaceForm(request.POST or None, request.FILES or None, spec=application.round.spec, attachment=attachment)
    form.helper.cancel_url = reverse("applications:attachments", args=[code])
    if request.method == "POST" and form.is_valid():
        try:
            attachments.replace(attachment, form.cleaned_data["file"], by=request.user, at=request.now)
        except DomainError as error:
            form.add_error("file", str(error))
        else:
            messages.success(request, _("Filen i vedlegg %(number)s er byttet ut.") % {"number": number})
            tell_voided(request, application)
            return redirect("applications:attachments", application.code)
    context = {**frame(application, allowed), "attachment": attachment, "form": form}
    return render(request, "applications/attachment_replace.html", context, status=form.http_status)


@login_required
@require_http_methods(["GET", "POST"])
def remove(request: PersonRequest, code: str, number: int) -> HttpResponse:
    """Remove an attachment, after a question."""
    application = read(request, code)
    attachment = _attachment(application, number)
    require(permissions.can_edit_part(request.user, application, "attachments", now=request.now))
    if request.method == "GET":
        back = reverse("applications:attachments", args=[application.code])
        context = {"application": application, "attachment": attachment, "back": back}
        return render(request, "applications/attachment_remove.html", context)
    said = _("Vedlegg %(number)s er fjernet.") % {"number": number}
    if not application.round.spec.attachments.numbered:
        said = _("Vedlegget er fjernet.")
    attempt(request, lambda: attachments.remove(attachment, by=request.user, at=request.now), said)
    tell_voided(request, application)
    return redirect("applications:attachments", application.code)


def _attachment(application: Application, number: int) -> Attachment:
    attachment = get_object_or_404(queries.attachments_of(application), number=number)
    attachment.application = application
    return attachment
