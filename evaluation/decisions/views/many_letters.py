"""Several letters of a round at once: read and approved on one page, sent after one question, packed in one ZIP."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from evaluation.decisions import permissions, queries
from evaluation.decisions.letter_content import marked
from evaluation.decisions.models import Letter, LetterBatch, LetterStatus
from evaluation.decisions.queries.ordered import being_sent
from evaluation.decisions.services import letters
from evaluation.decisions.views.lookup import standing_of, this_round
from evaluation.decisions.views.one_by_one import do_each, links_to
from portal.clock import local_date
from portal.errors import DomainError
from portal.files.services import response
from portal.permissions import require
from portal.requests import PersonRequest
from rounds.models import Round

# So many drafts are shown on one page: more are not read in one go.
AT_ONCE = 25
# So many letters without a PDF are sent while the person waits; the rest by jobs.
MADE_AT_ONCE = 3
NONE_TO_SEND = gettext_noop("Ingen av de valgte brevene er godkjent og venter på å bli sendt.")


def _only(request: PersonRequest) -> list[str] | None:
    """The numbers of the letters that were chosen in the list; None means all."""
    asked = request.GET.get("letters", "")
    # The database takes no text with a null byte in it.
    numbers = [number for number in asked.split(",") if number.isascii() and number.replace("-", "").isalnum()]
    return numbers if asked else None


def _chosen(request: PersonRequest, page: str, code: str) -> HttpResponse:
    """The choice was posted from the list: to the page about those letters."""
    numbers = request.POST.getlist("letters")
    if not numbers:
        messages.error(request, _("Velg minst ett brev."))
        return redirect("decisions:overview", code)
    return redirect(f"{reverse(page, args=[code])}?{urlencode({'letters': ','.join(numbers)})}")


@login_required
@require_http_methods(["GET", "POST"])
def review_letters(request: PersonRequest, code: str) -> HttpResponse:
    """The drafts that the person may approve, one after the other, each beside its facts.

    The portal keeps that the person has been shown each of them as it is now.
    """
    round_ = this_round(request, code)
    if request.method == "POST":
        return _chosen(request, "decisions:review_letters", code)
    drafts = list(queries.drafts_of(round_, standing_of(request), _only(request)))
    left = queries.for_colleague(drafts, round_, request.user.pk, local_date(request.now))
    to_read = [letter for letter in drafts if letter.pk not in left]
    if not to_read:
        messages.info(request, _("Ingen brev venter på å bli godkjent av deg."))
        return redirect("decisions:overview", code)
    shown = to_read[:AT_ONCE]
    letters.look(*shown, by=request.user, at=request.now)
    context = {
        "round": round_,
        "letters": list(zip(shown, marked(letter.snapshot for letter in shown), strict=True)),
        "later": len(to_read) - len(shown),
        "chooses_all": request.GET.get("choose") == "all",
        "left": [letter for letter in drafts if letter.pk in left],
    }
    return render(request, "decisions/letters_review.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def confirm_letters(request: PersonRequest, code: str) -> HttpResponse:
    """What goes out when the approved letters are sent, before they are."""
    round_ = this_round(request, code)
    if request.method == "POST":
        return _chosen(request, "decisions:confirm_letters", code)
    only = _only(request)
    approved = queries.approved_of(round_, standing_of(request), only)
    if not approved:
        nothing = _("Ingen godkjente brev venter på å bli sendt.") if only is None else _(NONE_TO_SEND)
        messages.info(request, nothing)
        return redirect("decisions:overview", code)
    return render(request, "decisions/letters_send.html", {"round": round_, "letters": approved})


def _chosen_letters(request: PersonRequest, round_: Round) -> list[Letter]:
    """The chosen letters of the round that the person may act on. The others are told of, and when none is chosen."""
    numbers = set(request.POST.getlist("letters"))
    if not numbers:
        messages.error(request, _("Velg minst ett brev."))
        return []
    chosen = [letter for letter in queries.letters_of(round_, standing_of(request)) if letter.number in numbers]
    if gone := len(numbers) - len(chosen):
        said = ngettext(
            "Ett av brevene kan du ikke behandle: Vedtaket er endret, eller saken er stengt for deg.",
            "%(n)s av brevene kan du ikke behandle: Vedtaket er endret, eller saken er stengt for deg.",
            gone,
        )
        messages.error(request, said % {"n": gone})
    return chosen


def _shown(request: PersonRequest) -> dict[str, str]:
    """The sum of each letter on the page that the person pressed the button of, by its number."""
    return dict(pair.split(" ", 1) for pair in request.POST.getlist("shown") if " " in pair)


@login_required
@require_POST
def approve_letters(request: PersonRequest, code: str) -> HttpResponse:
    """Approve the chosen drafts; one that is refused stops no other. With none chosen one stays by what was read."""
    round_ = this_round(request, code)
    shown = [pair.split(" ")[0] for pair in request.POST.getlist("shown")]
    if shown and not request.POST.getlist("letters"):
        messages.error(request, _("Kryss av for brevene som stemmer, før du godkjenner dem."))
        return redirect(f"{reverse('decisions:review_letters', args=[code])}?{urlencode({'letters': ','.join(shown)})}")
    chosen = _chosen_letters(request, round_)
    drafts = [letter for letter in chosen if letter.status == LetterStatus.DRAFT]
    if before := [letter for letter in chosen if letter not in drafts]:
        said = ngettext("Dette var godkjent fra før:", "Disse var godkjent fra før:", len(before))
        messages.info(request, format_html("{} {}", said, links_to(before)))
    if drafts:
        _approve_shown(request, round_, drafts)
    return redirect("decisions:overview", code)


def _approve_shown(request: PersonRequest, round_: Round, drafts: list[Letter]) -> None:
    """Approve the drafts, but those that the person has written and a colleague must approve.

    The page carries a sum of each letter as it was shown: one that was written again since then is refused.
    """
    shown = _shown(request)
    left = queries.for_colleague(drafts, round_, request.user.pk, local_date(request.now))

    def act(letter: Letter) -> None:
        letters.approve(letter, shown=shown.get(letter.number, ""), by=request.user, at=request.now)

    done = do_each(request, [letter for letter in drafts if letter.pk not in left], act)
    text = ngettext("%(n)d brev er godkjent.", "%(n)d brev er godkjent.", done) % {"n": done}
    messages.add_message(request, messages.SUCCESS if done else messages.INFO, text)
    for_others = [letter for letter in drafts if letter.pk in left]
    if tied := [letter for letter in for_others if letter.written_by_id != request.user.pk]:
        messages.warning(request, format_html("{} {}", _(permissions.NO_SECOND_PERSON), links_to(tied)))
    if written := [letter for letter in for_others if letter not in tied]:
        said = ngettext(
            "Dette brevet har du skrevet. En kollega må lese og godkjenne det:",
            "Disse brevene har du skrevet. En kollega må lese og godkjenne dem:",
            len(written),
        )
        messages.warning(request, format_html("{} {}", said, links_to(written)))


@login_required
@require_POST
def send_letters(request: PersonRequest, code: str) -> HttpResponse:
    """Send those of the chosen letters that are approved, and that no job is sending: a few now, the rest by jobs."""
    chosen = _chosen_letters(request, this_round(request, code))
    sending = being_sent(chosen)
    approved = [letter for letter in chosen if letter.status == LetterStatus.APPROVED and letter.pk not in sending]
    if approved:
        _send_approved(request, approved)
    elif chosen:
        messages.info(request, _(NONE_TO_SEND))
    return redirect("decisions:overview", code)


def _send_approved(request: PersonRequest, approved: list[Letter]) -> None:
    """Send the letters as the page showed them; one that is another now is refused."""
    unmade = [letter for letter in approved if letter.pdf_id is None]
    later = unmade[MADE_AT_ONCE:]
    at_once = [letter for letter in approved if letter not in later]
    shown = _shown(request)

    def send(letter: Letter) -> None:
        letters.send(letter, shown=shown.get(letter.number, ""), by=request.user, at=request.now)

    def order(letter: Letter) -> None:
        letters.order_sending(letter, shown=shown.get(letter.number, ""), by=request.user, at=request.now)

    done = do_each(request, at_once, send)
    sent = ngettext("%(n)d brev er sendt.", "%(n)d brev er sendt.", done) % {"n": done}
    messages.add_message(request, messages.SUCCESS if done else messages.INFO, sent)
    if ordered := do_each(request, later, order):
        said = ngettext(
            "%(n)s brev sendes så snart PDF-en er laget.", "%(n)s brev sendes så snart PDF-ene er laget.", ordered
        )
        messages.info(request, said % {"n": ordered})


# --- one ZIP ------------------------------------------------------------------------------------------


@login_required
@require_POST
def pack_letters(request: PersonRequest, code: str) -> HttpResponse:
    """Pack those of the chosen letters that are approved or sent."""
    round_ = this_round(request, code)
    if chosen := _chosen_letters(request, round_):
        packed = [letter for letter in chosen if letter.status != LetterStatus.DRAFT]
        try:
            return redirect(letters.start_batch(round_, packed, by=request.user, at=request.now))
        except DomainError as error:
            messages.error(request, str(error))
    return redirect("decisions:overview", code)


def _batch(request: PersonRequest, pk: int) -> LetterBatch:
    """The person's own batch, as long as the person's secretariat takes part in its round."""
    return get_object_or_404(queries.batches_of(request.user, standing_of(request)), pk=pk)


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
