"""What every page of a draft does first: find the application, or say that there is none."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from applications import permissions, queries
from applications.answer_checks import Dates
from applications.completeness import due_at
from applications.forms.rows import RowForm
from applications.forms.text import KeepsLongText
from applications.models import Application, Partner
from applications.services.rows import StaleRowError, save_row, version_of
from portal import clock
from portal.errors import DomainError
from portal.permissions import Answer, Refused, require
from portal.requests import PersonRequest, Request
from rounds.definition import Section

REFUSED, CONFLICT, INVALID = 403, 409, 422
Saver = Callable[..., HttpResponse]


def read(request: PersonRequest, code: str) -> Application:
    """The application of that code, if the person sees it (404), and may read what is being written (403)."""
    application = find(request, code)
    require(permissions.can_read_draft(request.user, application, now=request.now))
    return application


def find(request: PersonRequest, code: str) -> Application:
    """The application of that code, if the person sees it."""
    found = queries.find(request.user, code, request.now)
    if found is None:
        raise Http404
    return found


def partner_of(application: Application, pk: int) -> Partner:
    """A partner of the application."""
    partner = get_object_or_404(queries.partners_of(application), pk=pk)
    partner.application = application
    return partner


def frame(application: Application, allowed: Answer) -> dict[str, Any]:
    """What the pages of a draft have in common: who may write, and whose signatures a change would void."""
    return {
        "application": application,
        "can_edit": bool(allowed),
        "refusal": allowed.reason,
        "signed": queries.signed_by(application) if allowed else [],
    }


def tell_voided(request: PersonRequest, application: Application) -> None:
    """Say that what was just saved voided signatures, if it did, with the way to see whose."""
    if application.voided_signatures:
        told = voided(application)
        link = format_html('{} <a class="ds-link" href="{}">{}</a>', told["said"], told["url"], told["link"])
        messages.warning(request, link)


def voided(application: Application) -> dict[str, str]:
    """How many signatures the save voided, in words, and the way to see whose."""
    count = application.voided_signatures
    text = ngettext(
        "Teksten er endret. %(n)s signatur gjelder ikke lenger: Den som signerte, får e-post og må signere på nytt.",
        "Teksten er endret. %(n)s signaturer gjelder ikke lenger: De som signerte, får e-post og må signere på nytt.",
        count,
    )
    url = reverse("applications:signatures", args=[application.code])
    return {"said": text % {"n": count}, "url": url, "link": _("Se signaturene")}


def dates_of(request: PersonRequest, application: Application) -> Dates:
    """What the dates in the answers are held against."""
    return Dates.at(request.now, due_at(application))


def part_is_asked(application: Application, part: str) -> None:
    """404 for a part that the round's form does not have."""
    if not any(section.has(part) for section in application.round.spec.sections):
        raise Http404


def came_from(request: Request, application: Application, part: str) -> Section | None:
    """The section that the page of a part was opened from; the only one there is, or None when it is unknown."""
    sections = [section for section in application.round.spec.sections if section.has(part)]
    if len(sections) == 1:
        return sections[0]
    code = request.GET.get("from", "")
    return next((section for section in sections if section.code == code), None)


# --- autosave: small answers to a script ----------------------------------------------------------------


def autosave(view: Saver) -> Saver:
    """A POST by script: nobody signed in is an answer, not a way to the sign-in page."""

    @require_POST
    @wraps(view)
    def answer(request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return said("signed_out", _("Dere er logget ut. Teksten er tatt vare på her i nettleseren."), 401)
        return view(request, *args, **kwargs)

    return answer


def said(state: str, text: str, status: int, **more: Any) -> JsonResponse:
    """The state in a word for the script, and a sentence for the person."""
    return JsonResponse({"state": state, "said": text, **more}, status=status)


def said_saved(request: PersonRequest, application: Application, form: KeepsLongText, **more: Any) -> JsonResponse:
    """«Lagret kl. 14.02», what must be put right all the same, and the signatures that fell."""
    text = _("Lagret kl. %(time)s") % {"time": f"{clock.local(request.now):%H.%M}"}
    if application.voided_signatures:
        more["voided"] = voided(application)
    if form.errors:
        return said("too_long", text, 200, errors=_sentences(form), **more)
    return said("saved", text, 200, **more)


def said_invalid(form: KeepsLongText) -> JsonResponse:
    """Why what was sent cannot be stored."""
    return said("invalid", _("Ikke lagret ennå"), INVALID, errors=_sentences(form))


def _sentences(form: KeepsLongText) -> list[str]:
    return [str(text) for texts in form.errors.values() for text in texts]


def said_refused(answer: Answer) -> JsonResponse:
    """Why nothing is saved."""
    reason = answer.reason if isinstance(answer, Refused) else ""
    return said("refused", reason, REFUSED)


def row_saved(request: PersonRequest, owner: Application | Partner, model: Any, form: RowForm) -> HttpResponse:
    """Save the one row that the script sent, and answer with its new version."""
    if not form.has_changed():
        return said("empty", "", 200)
    application = owner.application if isinstance(owner, Partner) else owner
    if not form.is_savable:
        return said_invalid(form)
    change = form.change(int(str(form.prefix).rpartition("-")[2]))
    if change is None:
        return said_saved(request, application, form, version=form.cleaned_data["version"])
    try:
        row = save_row(owner, model, change, at=request.now)
    except StaleRowError as stale:
        form.add_stale(stale)
        theirs = [f"{label}: {text}" for label, text in form.theirs]
        return said("conflict", str(stale), CONFLICT, theirs=theirs, version=form.theirs_version)
    except DomainError as error:
        return said("refused", str(error), REFUSED)
    return said_saved(request, application, form, version=version_of(row) if row else "")
