"""One letter: the page with its text beside what is decided, its PDF, and the acts on it."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from applications.workflow import AWARDED
from evaluation.decisions import permissions, queries
from evaluation.decisions.forms import TakeBackForm
from evaluation.decisions.models import Letter, LetterStatus
from evaluation.decisions.queries.ordered import with_sending
from evaluation.decisions.questions import can_accept
from evaluation.decisions.services import letters
from evaluation.decisions.views.lookup import standing_of, this_letter
from portal import pending
from portal.acts import attempt
from portal.clock import end_of_day
from portal.documents import services as documents
from portal.files.services import response
from portal.mail.queries import messages_about
from portal.permissions import require
from portal.requests import PersonRequest
from portal.ui import NextStep


@login_required
@require_GET
def letter(request: PersonRequest, number: str) -> HttpResponse:
    """The letter as its receiver will read it; for those who handle it beside its facts, with the acts.

    The portal keeps that whoever handles a draft has been shown it as it is now.
    """
    letter = this_letter(request, number)
    require(permissions.can_read(request.user, letter, now=request.now))
    can_handle = permissions.can_handle(request.user, letter.decision, now=request.now)
    if can_handle and letter.status == LetterStatus.DRAFT:
        letters.look(letter, by=request.user, at=request.now)
    context = {
        "letter": letter,
        "content": letter.snapshot,
        "round": letter.decision.application.round,
        "can_handle": can_handle,
        "walk": queries.review_of(letter, standing_of(request)) if can_handle else None,
        "mails": messages_about(letter, "decision_letter") if can_handle and letter.sent_at else (),
        "step": _step(request, letter) if can_handle else _to_answer(request, letter),
        "can_rewrite": permissions.can_rewrite(request.user, letter, now=request.now),
        "can_take_back": permissions.can_take_back(request.user, letter, now=request.now),
    }
    return render(request, "decisions/letter_detail.html", context)


def _to_answer(request: PersonRequest, letter: Letter) -> NextStep | None:
    """To answer an award, or to wait for who may; None without an award, or when another decision holds."""
    decision, application = letter.decision, letter.decision.application
    if not decision.is_award or decision.replaced_at or application.known_status not in AWARDED:
        return None
    url = reverse("followup:project", args=[application.code])
    due_at = end_of_day(letter.accept_by)
    if not can_accept(request.user, application, now=request.now):
        return NextStep(_("Venter på svar fra ansvarlig søker"), act=_("Se prosjektet"), url=url, due_at=due_at)
    return NextStep(_("Svar på tilskuddet"), act=_("Les vilkårene og svar"), url=url, due_at=due_at)


def _step(request: PersonRequest, letter: Letter) -> NextStep | None:
    """What whoever handles the letter does with it next; None when nothing is left to do."""
    if letter.status == LetterStatus.DRAFT:
        may = permissions.can_approve(request.user, letter, now=request.now)
        if not may:
            return NextStep(_("Brevet er et utkast"), text=may.reason)
        text = _("Stemmer brevet med det som er vedtatt? Når det er godkjent, kan det sendes.")
        # What the button approves is the letter as it is on this page.
        url = f"{reverse('decisions:approve', args=[letter.number])}?shown={letter.sha256}"
        return NextStep(_("Les brevet og godkjenn det"), text=text, act=_("Godkjenn brevet"), url=url, is_post=True)
    if letter.status == LetterStatus.APPROVED:
        return _sending_step(request, letter)
    return _to_answer(request, letter)


def _sending_step(request: PersonRequest, letter: Any) -> NextStep:
    with_sending([letter])
    title = _("Brevet ble ikke sendt") if letter.not_sent else _("Brevet er godkjent")
    may = permissions.can_send(request.user, letter, now=request.now)
    if not may:
        return NextStep(title, text=may.reason)
    text = _("Det går som e-post til alle partnerne med dagens dato. Søkerne får vite utfallet når det er sendt.")
    if letter.not_sent:
        text = f"{capfirst(letter.not_sent)}. {text}"
    url = f"{reverse('decisions:send', args=[letter.number])}?shown={letter.sha256}"
    return NextStep(title, text=text, act=_("Send brevet"), url=url, is_post=True)


@login_required
@require_GET
def letter_pdf(request: PersonRequest, number: str) -> FileResponse | HttpResponse:
    """The PDF of an approved letter; of a draft, a preview made now."""
    letter = this_letter(request, number)
    require(permissions.can_read(request.user, letter, now=request.now))
    return response(letter.pdf) if letter.pdf else _previewed(request, letter, "attachment")


@login_required
@require_GET
def preview(request: PersonRequest, number: str) -> HttpResponse:
    """The PDF as it is now, shown in the browser. The portal keeps that the person has opened it."""
    return _previewed(request, this_letter(request, number), "inline")


def _previewed(request: PersonRequest, letter: Letter, disposition: str) -> HttpResponse:
    require(permissions.can_handle(request.user, letter.decision, now=request.now))
    letters.look(letter, by=request.user, at=request.now)
    answer = HttpResponse(documents.render(letter.document), content_type="application/pdf")
    answer["Content-Disposition"] = f'{disposition}; filename="Utkast {letter.number}.pdf"'
    answer["X-Content-Type-Options"] = "nosniff"
    # The portal's own page may show it in a frame, and nobody else's.
    answer["X-Frame-Options"] = "SAMEORIGIN"
    answer["Content-Security-Policy"] = (
        "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'"
    )
    return answer


@login_required
@require_POST
def approve(request: PersonRequest, number: str) -> HttpResponse:
    """Approve the draft, and show the next."""
    letter = this_letter(request, number)
    require(permissions.can_approve(request.user, letter, now=request.now))
    walk = queries.review_of(letter, standing_of(request))
    shown = request.GET.get("shown", "")
    said = _("Brevet er godkjent. Nå kan det sendes.")
    if not attempt(request, lambda: letters.approve(letter, shown=shown, by=request.user, at=request.now), said):
        return redirect(letter)
    return redirect("decisions:letter", walk.following) if walk and walk.following else redirect(letter)


@login_required
@require_http_methods(["GET", "POST"])
def take_back(request: PersonRequest, number: str) -> HttpResponse:
    """Take the approval back, with a reason, until the letter is sent."""
    letter = this_letter(request, number)
    require(permissions.can_take_back(request.user, letter, now=request.now))
    form = TakeBackForm(pending.data(request))
    form.helper.cancel_url = letter.get_absolute_url()
    if request.method == "POST" and form.is_valid():

        def act() -> object:
            return letters.take_back(letter, **form.cleaned_data, by=request.user, at=request.now)

        if attempt(request, act, _("Godkjenningen er tatt tilbake. Brevet er et utkast igjen."), form=form):
            return redirect(letter)
    return render(request, "decisions/letter_take_back.html", {"letter": letter, "form": form}, status=form.http_status)


@login_required
@require_POST
def send(request: PersonRequest, number: str) -> HttpResponse:
    """Send the approved letter, as the page showed it."""
    letter = this_letter(request, number)
    require(permissions.can_send(request.user, letter, now=request.now))
    shown = request.GET.get("shown", "")
    said = _("Brevet er lagt i utboksen og sendes nå.")
    attempt(request, lambda: letters.send(letter, shown=shown, by=request.user, at=request.now), said)
    return redirect(letter)
