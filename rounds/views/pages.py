"""The public pages of rounds: the list, the call, its questions as page and PDF, its dates as a calendar."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.cache import cache
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import get_template
from django.urls import reverse
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal import pdf, pending
from portal.permissions import require
from portal.requests import PersonRequest, Request
from portal.snapshots import digest
from rounds import queries, services
from rounds.forms import FrameForm
from rounds.models import Round
from rounds.permissions import can_prepare
from rounds.queries import calendar_file
from rounds.views.call_page import call_page
from rounds.views.form_page import form_page
from rounds.workflow import Phase

QUESTIONS_TEMPLATE = "letters/round_questions.html"


def _visible(request: Request, code: str) -> Round:
    return get_object_or_404(Round.objects.visible_to(request.user, request.now).with_owner(), code=code)


@require_safe
def round_list(request: Request) -> HttpResponse:
    """Open, coming and closed rounds."""
    groups = queries.rounds_by_phase(request.user, request.now)
    return render(request, "rounds/round_list.html", {"groups": groups})


@require_safe
def detail(request: Request, code: str) -> HttpResponse:
    """Everything an applicant needs before starting."""
    found = _visible(request, code)
    phase, page = found.phase_at(request.now), call_page(found)
    may_prepare = can_prepare(request.user, found, request.now)
    context = {
        "round": found,
        "spec": found.spec,
        "page": page,
        "decided_by": list(zip(page.stages, queries.rules_of_stages(found), strict=True)),
        "phase": phase,
        "is_open": phase == Phase.OPEN,
        "moments": queries.moments(found, request.now),
        "stages": queries.process_steps(found, request.now),
        "warnings": queries.warnings_of(found) if may_prepare else (),
        "may_prepare": may_prepare,
    }
    return render(request, "rounds/round_detail.html", context)


@login_required
def frame(request: PersonRequest, code: str) -> HttpResponse:
    """Set the frame that the recommendations are held against."""
    found = _visible(request, code)
    require(can_prepare(request.user, found, request.now))
    initial = {"amount": found.frame.amount, "provisional": found.frame.provisional}
    form = FrameForm(pending.data(request), initial=initial)
    form.helper.cancel_url = found.get_absolute_url()
    if request.method == "POST" and form.is_valid():
        services.set_frame(found, **form.cleaned_data, by=request.user, at=request.now)
        messages.success(request, _("Rammen er lagret."))
        return redirect(found)
    return render(request, "rounds/round_frame.html", {"round": found, "form": form}, status=form.http_status)


@require_safe
def questions(request: Request, code: str) -> HttpResponse:
    """All questions on one page."""
    found = _visible(request, code)
    return render(request, "rounds/round_questions.html", _form_context(found))


def _form_context(found: Round) -> dict[str, Any]:
    spec = found.spec
    return {
        "round": found,
        "spec": spec,
        "introduction": spec.fill(spec.form.introduction),
        "sections": form_page(spec),
    }


@require_safe
def questions_pdf(request: Request, code: str) -> HttpResponse:
    """All questions as PDF; made once for each version, language and template."""
    found = _visible(request, code)
    template = get_template(QUESTIONS_TEMPLATE).template.source  # type: ignore[attr-defined]
    key = digest([found.definition_sha256, get_language(), template])
    response = _unchanged(request, key)
    if response is None:
        content = cache.get(f"round-questions:{key}") or _render_questions(found, key)
        response = HttpResponse(content, content_type="application/pdf")
        response["Content-Disposition"] = f'inline; filename="{found.code}-sporsmal.pdf"'
    return _revalidated(response, key)


def _render_questions(found: Round, key: str) -> bytes:
    identity = found.spec.call.identity
    context = {**_form_context(found), "sender": identity.letterhead if identity else {"name": found.owner.name}}
    content = pdf.render(QUESTIONS_TEMPLATE, context, title=found.spec.form.title, lang=found.language)
    cache.set(f"round-questions:{key}", content, timeout=7 * 24 * 3600)
    return content


@require_safe
def calendar(request: Request, code: str) -> HttpResponse:
    """The deadlines as a calendar file."""
    found = _visible(request, code)
    address = request.build_absolute_uri(reverse("rounds:detail", args=(code,)))
    key = digest([found.definition_sha256, get_language(), address])
    response = _unchanged(request, key)
    if response is None:
        content = calendar_file(found, address=address, now=request.now)
        response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="{found.code}.ics"'
    return _revalidated(response, key)


def _unchanged(request: Request, key: str) -> HttpResponse | None:
    """304 when the reader has this version already."""
    answer = get_conditional_response(request, etag=f'"{key}"')
    return answer if isinstance(answer, HttpResponse) else None


def _revalidated(response: HttpResponse, key: str) -> HttpResponse:
    response["ETag"] = f'"{key}"'
    patch_cache_control(response, private=True, no_cache=True)
    return response
