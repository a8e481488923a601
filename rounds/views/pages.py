"""The public pages of rounds: the list, the call, its questions as page and PDF, its dates as a calendar."""

from functools import partial
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
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal import pdf, pending
from portal.acts import attempt
from portal.formats import in_words, kroner
from portal.permissions import require
from portal.requests import PersonRequest, Request
from portal.snapshots import digest
from portal.writing import WrittenMeanwhileError
from rounds import queries, services
from rounds.deadlines import deadline
from rounds.forms import FrameForm
from rounds.models import Frame, Round
from rounds.permissions import can_cancel, can_prepare, can_set_frame
from rounds.queries import calendar_file
from rounds.questions import can_apply_in
from rounds.views.call_page import call_page, drawn_parts
from rounds.views.form_page import form_page
from rounds.views.way_in import Reader, way_in
from rounds.workflow import Phase

QUESTIONS_TEMPLATE = "letters/round_questions.html"


def _visible(request: Request, code: str) -> Round:
    return get_object_or_404(Round.objects.visible_to(request.user, request.now).with_owner(), code=code)


@require_safe
def round_list(request: Request) -> HttpResponse:
    """Open and coming rounds, and the past ones folded."""
    current, past = queries.rounds_by_state(request.user, request.now)
    heading = _open_now(sum(item.is_open for item in current))
    return render(request, "rounds/round_list.html", {"current": current, "past": past, "heading": heading})


def _open_now(count: int) -> str:
    """The heading of the list: how many rounds are open."""
    if count > 1:
        return _("%(count)s utlysninger er åpne nå") % {"count": in_words(count)}
    return _("Én utlysning er åpen nå") if count else _("Ingen utlysninger er åpne nå")


@require_safe
def detail(request: Request, code: str) -> HttpResponse:
    """Everything an applicant needs before starting."""
    round_ = _visible(request, code)
    call, page = queries.listed_one(round_, request.user, request.now), call_page(round_)
    until, phase = call.deadline, call.phase
    may_prepare = can_prepare(request.user, round_, request.now)
    context = {
        "round": round_,
        "spec": round_.spec,
        "page": page,
        "drawn": drawn_parts(round_, page),
        "decided_by": list(zip(page.stages, queries.rules_of_stages(round_), strict=True)),
        "phase": phase,
        "call": call,
        "deadline": until,
        "is_open": phase == Phase.OPEN and not round_.withdrawn_at,
        "way_in": way_in(round_, phase, until, request.now, _reader(request, round_, is_owner=bool(may_prepare))),
        "moments": queries.moments(round_, request.now),
        "stages": queries.process_steps(round_, until, request.now),
        "warnings": queries.warnings_of(round_) if may_prepare else (),
        "may_prepare": may_prepare,
        "may_cancel": may_prepare and can_cancel(request.user, round_, request.now),
    }
    return render(request, "rounds/round_detail.html", context)


def _reader(request: Request, round_: Round, *, is_owner: bool) -> Reader:
    if is_owner:
        return "owner"
    if not request.user.is_authenticated:
        return "visitor"
    return "applicant" if can_apply_in(round_, request.user, request.now) else "outsider"


@login_required
def change_frame(request: PersonRequest, code: str) -> HttpResponse:
    """Set the frame of the round."""
    round_ = _visible(request, code)
    require(can_set_frame(request.user, round_, request.now))
    initial = {"amount": round_.frame.amount, "provisional": round_.frame.provisional}
    form = FrameForm(pending.data(request), initial=initial)
    form.helper.cancel_url = round_.get_absolute_url()
    if request.method == "POST" and form.is_valid():
        try:
            services.set_frame(round_, **form.asked(round_.frame), base=form.base, by=request.user, at=request.now)
        except WrittenMeanwhileError as error:
            form.refuse(error)
        except services.SmallFrameError as error:
            form.add_error("amount", str(error))
            form.ask_about_granted()
        else:
            messages.success(request, _("Rammen er lagret."))
            return redirect(round_)
    context = {"round": round_, "form": form, "heading": _frame_now(round_.frame)}
    return render(request, "rounds/round_frame.html", context, status=form.http_status)


def _frame_now(frame: Frame) -> str:
    if frame.amount is None:
        return _("Rammen er ikke fastsatt")
    words = {"amount": kroner(frame.amount)}
    return _("Rammen er %(amount)s, foreløpig") % words if frame.provisional else _("Rammen er %(amount)s") % words


@login_required
@require_http_methods(["GET", "POST"])
def withdraw(request: PersonRequest, code: str) -> HttpResponse:
    """Take away a round that nobody has begun to apply in, after a question."""
    round_ = _visible(request, code)
    require(can_prepare(request.user, round_, request.now))
    if request.method == "GET":
        return render(request, "rounds/round_withdraw.html", {"round": round_})
    act = partial(services.withdraw_round, round_, by=request.user, at=request.now)
    attempt(request, act, _("Runden er tatt bort. Bare dere i sekretariatet ser den nå."))
    return redirect(round_)


@login_required
@require_POST
def bring_back(request: PersonRequest, code: str) -> HttpResponse:
    """Lay a round that was taken away out again."""
    round_ = _visible(request, code)
    require(can_prepare(request.user, round_, request.now))
    act = partial(services.bring_back_round, round_, by=request.user, at=request.now)
    attempt(request, act, _("Runden er lagt ut igjen."))
    return redirect(round_)


@require_safe
def questions(request: Request, code: str) -> HttpResponse:
    """All questions on one page."""
    round_ = _visible(request, code)
    return render(request, "rounds/round_questions.html", _form_context(round_))


def _form_context(round_: Round) -> dict[str, Any]:
    spec, sections = round_.spec, form_page(round_.spec)
    return {
        "round": round_,
        "spec": spec,
        "deadline": deadline(spec, round_.closes_at),
        "introduction": spec.fill(spec.form.introduction),
        "sections": sections,
        "count": sum(len(section.questions) for section in sections),
    }


@require_safe
def questions_pdf(request: Request, code: str) -> HttpResponse:
    """All questions as PDF; built once for each version, language and template."""
    round_ = _visible(request, code)
    template = get_template(QUESTIONS_TEMPLATE).template.source  # type: ignore[attr-defined]
    key = digest([round_.definition_sha256, get_language(), template])
    response = _unchanged(request, key)
    if response is None:
        content = cache.get(f"round-questions:{key}") or _render_questions(round_, key)
        response = HttpResponse(content, content_type="application/pdf")
        response["Content-Disposition"] = f'inline; filename="{round_.code}-sporsmal.pdf"'
    return _revalidated(response, key)


def _render_questions(round_: Round, key: str) -> bytes:
    identity = round_.spec.call.identity
    context = {**_form_context(round_), "sender": identity.letterhead if identity else {"name": round_.owner.name}}
    content = pdf.render(QUESTIONS_TEMPLATE, context, title=round_.spec.form.title, lang=round_.language)
    cache.set(f"round-questions:{key}", content, timeout=7 * 24 * 3600)
    return content


@require_safe
def calendar(request: Request, code: str) -> HttpResponse:
    """The deadlines as a calendar file."""
    round_ = _visible(request, code)
    address = request.build_absolute_uri(reverse("rounds:detail", args=(code,)))
    key = digest([round_.definition_sha256, get_language(), address])
    response = _unchanged(request, key)
    if response is None:
        content = calendar_file(round_, address=address, now=request.now)
        response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="{round_.code}.ics"'
    return _revalidated(response, key)


def _unchanged(request: Request, key: str) -> HttpResponse | None:
    """A response with status 304 when the browser has this version already, else None."""
    answer = get_conditional_response(request, etag=f'"{key}"')
    return answer if isinstance(answer, HttpResponse) else None


def _revalidated(response: HttpResponse, key: str) -> HttpResponse:
    response["ETag"] = f'"{key}"'
    patch_cache_control(response, private=True, no_cache=True)
    return response
