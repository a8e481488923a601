"""The pages of decisions and letters."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from evaluation.assessment.queries.closed import is_out_under_frame
from evaluation.decisions import permissions, queries
from evaluation.decisions.forms import LetterChoice, TakeBackForm
from evaluation.decisions.models import Decision, Letter, LetterBatch, LetterStatus
from evaluation.decisions.services import deciding, letters
from portal import pending
from portal.acts import attempt
from portal.clock import local_date
from portal.communities.queries import standing_at
from portal.communities.standing import Standing
from portal.documents import services as documents
from portal.errors import DomainError
from portal.files.services import response
from portal.mail.queries import messages_about
from portal.permissions import require
from portal.requests import PersonRequest
from rounds.models import Round
from rounds.questions import frame_state


def _standing(request: PersonRequest) -> Standing:
    return standing_at(request.user, request.now)


def _round(request: PersonRequest, code: str) -> Round:
    """The round, for those whose secretariat takes part in it."""
    return get_object_or_404(queries.rounds_handled_by(_standing(request)), code=code)


def _letter(request: PersonRequest, number: str) -> Letter:
    standing = _standing(request)
    letter: Letter = get_object_or_404(queries.letter(standing, number))
    letter.decision.application.read_for(standing)
    return letter


def _decision(request: PersonRequest, pk: int) -> Decision:
    return get_object_or_404(queries.decisions_handled_by(_standing(request)), pk=pk)


@login_required
@require_GET
def rounds(request: PersonRequest) -> HttpResponse:
    """The rounds whose decisions and letters the person's secretariat handles."""
    handled = queries.rounds_handled_by(_standing(request))
    return render(request, "decisions/round_list.html", {"rounds": handled})


@login_required
@require_GET
def overview(request: PersonRequest, code: str) -> HttpResponse:
    """All decisions and letters of a round that the secretariat handles."""
    round_ = _round(request, code)
    standing = _standing(request)
    decisions = list(queries.decisions_of(round_, standing))
    drafts = [letter for letter in queries.letters_in(decisions) if letter.status == LetterStatus.DRAFT]
    context = {
        "round": round_,
        "decisions": queries.with_deliveries(decisions),
        "drafts": drafts,
        "for_colleague": queries.for_colleague(drafts, round_, request.user.pk, local_date(request.now)),
        "frame": frame_state(round_),
        "hides_sums": is_out_under_frame(round_, standing),
        "meetings": queries.meetings_to_decide(round_, standing),
        "untold": queries.told_without_meeting(round_, standing),
        "batches": queries.latest_batches(round_, request.user),
        "chooses_all": request.GET.get("choose") == "all",
    }
    return render(request, "decisions/round_overview.html", context)


@login_required
@require_POST
def decide_meeting(request: PersonRequest, code: str, meeting_id: int) -> HttpResponse:
    """Make the decisions of a meeting with adopted minutes."""
    round_ = _round(request, code)
    meeting = get_object_or_404(queries.meetings_to_decide(round_, _standing(request)), pk=meeting_id)
    require(permissions.can_decide_for(request.user, meeting.body, now=request.now))
    attempt(
        request,
        lambda: deciding.decide_from_minutes(meeting, by=request.user, at=request.now),
        lambda made: (
            ngettext("%(n)d vedtak er registrert.", "%(n)d vedtak er registrert.", len(made)) % {"n": len(made)}
        ),
    )
    return redirect("decisions:overview", code)


@login_required
@require_POST
def decide_application(request: PersonRequest, code: str) -> HttpResponse:
    """Make the decision for an application that no meeting decides."""
    application = get_object_or_404(queries.applications_handled_by(_standing(request)), code=code)
    require(permissions.can_decide_without_meeting(request.user, application, now=request.now))
    require(permissions.is_not_out_of_case(request.user, application, now=request.now))

    attempt(
        request,
        lambda: deciding.decide_without_meeting(application, by=request.user, at=request.now),
        _("Vedtaket er registrert."),
    )
    return redirect("decisions:overview", application.round.code)


@login_required
@require_POST
def prepare(request: PersonRequest, pk: int) -> HttpResponse:
    """Write the letter of a decision, and show it."""
    decision = _decision(request, pk)
    require(permissions.can_handle(request.user, decision, now=request.now))
    try:
        letter = letters.prepare(decision, by=request.user, at=request.now)
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("decisions:overview", decision.application.round.code)
    return redirect(letter)


@login_required
@require_POST
def prepare_all(request: PersonRequest, code: str) -> HttpResponse:
    """Write a draft for each decision that has no letter; one that is refused stops no other."""
    round_ = _round(request, code)
    waiting = list(queries.decisions_without_letter(round_, _standing(request)))
    done = _each(request, waiting, letters.prepare, lambda decision: decision.application.title)
    text = ngettext("%(n)d brev er skrevet.", "%(n)d brev er skrevet.", done) % {"n": done}
    messages.add_message(request, messages.SUCCESS if done else messages.INFO, text)
    return redirect("decisions:overview", code)


@login_required
@require_GET
def letter(request: PersonRequest, number: str) -> HttpResponse:
    """The letter as its receiver will read it; with the acts for those who handle it."""
    letter = _letter(request, number)
    require(permissions.can_read(request.user, letter, now=request.now))
    can_handle = permissions.can_handle(request.user, letter.decision, now=request.now)
    context = {
        "letter": letter,
        "content": letter.snapshot,
        "can_handle": can_handle,
        "mails": messages_about(letter, "decision_letter") if can_handle and letter.sent_at else (),
        "can_rewrite": permissions.can_rewrite(request.user, letter, now=request.now),
        "can_approve": permissions.can_approve(request.user, letter, now=request.now),
        "can_take_back": permissions.can_take_back(request.user, letter, now=request.now),
        "can_send": permissions.can_send(request.user, letter, now=request.now),
    }
    return render(request, "decisions/letter_detail.html", context)


@login_required
@require_GET
def letter_pdf(request: PersonRequest, number: str) -> FileResponse | HttpResponse:
    """The PDF of an approved letter; of a draft, a preview made now."""
    letter = _letter(request, number)
    require(permissions.can_read(request.user, letter, now=request.now))
    return response(letter.pdf) if letter.pdf else _previewed(request, letter, "attachment")


# --- looking through the drafts -----------------------------------------------------------------------


@login_required
@require_GET
def review_letters(request: PersonRequest, code: str) -> HttpResponse:
    """Show the first draft that the person has not looked at, else the first draft."""
    first = queries.first_draft(_round(request, code), _standing(request))
    if first is None:
        messages.info(request, _("Ingen brev venter på å bli godkjent."))
        return redirect("decisions:overview", code)
    return redirect("decisions:review", first.number)


@login_required
@require_GET
def review(request: PersonRequest, number: str) -> HttpResponse:
    """One draft with its preview, between the one before and the one after."""
    letter = _letter(request, number)
    require(permissions.can_handle(request.user, letter.decision, now=request.now))
    walk = queries.review_of(letter, _standing(request))
    if walk is None:
        messages.info(request, _("Vedtaket er erstattet av et nyere. Her er brevet slik det var."))
        return redirect(letter)
    context = {
        "letter": letter,
        "content": letter.snapshot,
        "round": letter.decision.application.round,
        "review": walk,
        "can_rewrite": permissions.can_rewrite(request.user, letter, now=request.now),
        "can_approve": permissions.can_approve(request.user, letter, now=request.now),
    }
    return render(request, "decisions/letter_review.html", context)


@login_required
@require_GET
def preview(request: PersonRequest, number: str) -> HttpResponse:
    """The PDF as it is now, shown in the page. The portal keeps that the person has opened it."""
    return _previewed(request, _letter(request, number), "inline")


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
    letter = _letter(request, number)
    require(permissions.can_approve(request.user, letter, now=request.now))
    walk = queries.review_of(letter, _standing(request))
    said = _("Brevet er godkjent. Nå kan det sendes.")
    if not attempt(request, lambda: letters.approve(letter, by=request.user, at=request.now), said):
        return redirect("decisions:review", number)
    return redirect("decisions:review", walk.following) if walk and walk.following else redirect(letter)


@login_required
@require_http_methods(["GET", "POST"])
def take_back(request: PersonRequest, number: str) -> HttpResponse:
    """Take the approval back, with a reason, until the letter is sent."""
    letter = _letter(request, number)
    require(permissions.can_take_back(request.user, letter, now=request.now))
    form = TakeBackForm(pending.data(request))
    if request.method == "POST" and form.is_valid():

        def act() -> object:
            return letters.take_back(letter, **form.cleaned_data, by=request.user, at=request.now)

        if attempt(request, act, _("Godkjenningen er tatt tilbake. Brevet er et utkast igjen."), form=form):
            return redirect(letter)
    return render(request, "decisions/letter_take_back.html", {"letter": letter, "form": form}, status=form.http_status)


@login_required
@require_POST
def send(request: PersonRequest, number: str) -> HttpResponse:
    """Send the approved letter."""
    letter = _letter(request, number)
    require(permissions.can_send(request.user, letter, now=request.now))

    said = _("Brevet er lagt i utboksen og sendes nå.")
    attempt(request, lambda: letters.send(letter, by=request.user, at=request.now), said)
    return redirect(letter)


@login_required
@require_POST
def act_on_letters(request: PersonRequest, code: str, act_name: str) -> HttpResponse:
    """Approve, send or pack the chosen letters of a round; one that is refused stops no other."""
    round_ = _round(request, code)
    letters_handled = list(queries.letters_of(round_, _standing(request)))
    form = LetterChoice([letter.number for letter in letters_handled], request.POST)
    if not form.is_valid():
        messages.error(request, str(form.errors["letters"][0]))
        return redirect("decisions:overview", code)
    chosen = [letter for letter in letters_handled if letter.number in form.cleaned_data["letters"]]
    if act_name == "pack":
        return _pack(request, round_, [letter for letter in chosen if letter.status != LetterStatus.DRAFT])
    if act_name == "approve":
        _approve_seen(request, round_, [letter for letter in chosen if letter.status == LetterStatus.DRAFT])
    else:
        _send_approved(request, [letter for letter in chosen if letter.status == LetterStatus.APPROVED])
    return redirect("decisions:overview", code)


def _approve_seen(request: PersonRequest, round_: Round, chosen: list[Any]) -> None:
    """Approve those that the person has looked at, and name the others with the way to their previews."""
    left = queries.for_colleague(chosen, round_, request.user.pk, local_date(request.now))
    open_to_person = [letter for letter in chosen if letter.pk not in left]
    done = _each(request, [letter for letter in open_to_person if letter.is_seen], letters.approve)
    text = ngettext("%(n)d brev er godkjent.", "%(n)d brev er godkjent.", done) % {"n": done}
    messages.add_message(request, messages.SUCCESS if done else messages.INFO, text)
    if unseen := [letter for letter in open_to_person if not letter.is_seen]:
        said = ngettext("Se gjennom dette brevet først:", "Se gjennom disse brevene først:", len(unseen))
        messages.warning(request, _with_links(said, unseen))
    if written := [letter for letter in chosen if letter.pk in left]:
        said = ngettext(
            "Dette brevet har du skrevet. En kollega må lese og godkjenne det:",
            "Disse brevene har du skrevet. En kollega må lese og godkjenne dem:",
            len(written),
        )
        messages.warning(request, _with_links(said, written))


def _with_links(said: str, named: list[Any]) -> str:
    links = ((reverse("decisions:review", args=[letter.number]), letter.number) for letter in named)
    return format_html("{} {}", said, format_html_join(", ", '<a class="ds-link" href="{}">{}</a>', links))


def _pack(request: PersonRequest, round_: Round, chosen: list[Letter]) -> HttpResponse:
    try:
        batch = letters.start_batch(round_, chosen, by=request.user, at=request.now)
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("decisions:overview", round_.code)
    return redirect(batch)


def _send_approved(request: PersonRequest, approved: list[Letter]) -> None:
    """Send those that are approved; when none is, say what has to be done first."""
    if not approved:
        messages.info(request, _("Ingen av de valgte brevene er godkjent og venter på å bli sendt."))
        return
    done = _each(request, approved, letters.send)
    sent = ngettext("%(n)d brev er sendt.", "%(n)d brev er sendt.", done) % {"n": done}
    messages.add_message(request, messages.SUCCESS if done else messages.INFO, sent)


def _number(letter: Letter) -> str:
    return letter.number


def _each(
    request: PersonRequest, chosen: list[Any], act: Callable[..., object], name: Callable[[Any], str] = _number
) -> int:
    """Do the act on each; those that the rules refuse are named and stop no other. How many it was done on."""
    done = 0
    for item in chosen:
        try:
            act(item, by=request.user, at=request.now)
            done += 1
        except DomainError as error:
            messages.error(request, f"{name(item)}: {error}")
    return done


def _batch(request: PersonRequest, pk: int) -> LetterBatch:
    """The person's own batch, as long as the person's secretariat takes part in its round."""
    return get_object_or_404(queries.batches_of(request.user, _standing(request)), pk=pk)


@login_required
@require_GET
def batch(request: PersonRequest, pk: int) -> HttpResponse:
    """How far the packing has come, and the ZIP when it is ready."""
    batch = _batch(request, pk)
    can_read = permissions.can_read_batch(request.user, batch, now=request.now)
    context = {"batch": batch, "progress": queries.progress_of(batch), "can_read": can_read}
    template = "decisions/_batch_progress.html" if request.htmx else "decisions/batch_detail.html"
    return render(request, template, context)


@login_required
@require_GET
def batch_zip(request: PersonRequest, pk: int) -> FileResponse:
    """The packed letters; not when somebody has found since that the person is inhabil in a case of one of them."""
    batch = _batch(request, pk)
    require(permissions.can_read_batch(request.user, batch, now=request.now))
    if batch.zip_file is None:
        raise Http404
    return response(batch.zip_file)
