"""What the chair does with the case in hand: habilitet, ballot, resolution."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from evaluation.assessment.forms import TakenBackForm
from evaluation.assessment.habilitet import Ground
from evaluation.assessment.models import Habilitet
from evaluation.meetings import forms
from evaluation.meetings.models import Case
from evaluation.meetings.permissions import (
    can_answer,
    can_decide_habilitet,
    can_lead_case,
    can_raise,
    can_take_back_question,
    is_not_over,
)
from evaluation.meetings.proposals import points
from evaluation.meetings.queries.agenda import visible_ballots
from evaluation.meetings.queries.electorate import silent_voters
from evaluation.meetings.queries.habilitet import has_been_asked, line_of, people_to_raise, raised_or_decided_in
from evaluation.meetings.queries.papers import noun_context_of
from evaluation.meetings.queries.proposed import Proposal, latest_ballot, open_equals, proposal_of
from evaluation.meetings.services import balloting, from_list, habilitet, resolving
from evaluation.meetings.services.framing import passed_by
from evaluation.meetings.services.locking import WordsNeededError
from evaluation.meetings.views.cases import led_case, visible_case
from portal import pending
from portal.acts import attempt
from portal.communities.queries import standing_at
from portal.errors import DomainError
from portal.permissions import require, require_to_open
from portal.requests import PersonRequest
from portal.twins import tell_form, twin_lazy, twin_of


def _form_page(request: PersonRequest, case: Case, form: Any, title: str, **more: Any) -> HttpResponse:
    form.helper.cancel_url = reverse("meetings:room", args=[case.meeting_id])
    context = {"case": case, "meeting": case.meeting, "form": form, "title": title, **more}
    return render(request, "meetings/case_form.html", context, status=form.http_status)


# --- habilitet ------------------------------------------------------------------------------------


@login_required
@require_http_methods(["GET", "POST"])
def raise_habilitet(request: PersonRequest, pk: int) -> HttpResponse:
    """Raise a question of habilitet: a member about himself or herself, those who lead the case about anybody."""
    case = visible_case(request, pk)
    require_to_open(request, is_not_over(case.meeting))
    leads = bool(can_lead_case(request.user, case, now=request.now))
    form = forms.HabilitetForm(
        pending.data(request),
        lines=people_to_raise(case.meeting, request.user, leads=leads),
        initial={"attendance": request.GET.get("attendance") or line_of(case.meeting, request.user)},
    )
    if request.method == "POST" and form.is_valid():
        data = {**form.cleaned_data, "ground": Ground(form.cleaned_data["ground"])}
        line = data.pop("attendance")
        line.meeting = case.meeting
        require(can_raise(request.user, case, line, now=request.now))

        def act() -> object:
            return habilitet.raise_question(case, line, **data, by=request.user, at=request.now)

        if attempt(request, act, _("Det er meldt fra. Utvalget avgjør når saken kommer opp."), form=form):
            return redirect("meetings:room", case.meeting_id)
    may_answer = case.application_id and not case.is_settled and not has_been_asked(request.user, case)
    return _form_page(request, case, form, _("Ta opp habilitet"), may_answer=may_answer, raises=True)


@login_required
@require_POST
def answer_habil(request: PersonRequest, pk: int) -> HttpResponse:
    """Answer that one is habil in the case; with a strong tie the body decides it."""
    case = visible_case(request, pk)
    require(can_answer(request.user, case, now=request.now))
    said = {
        False: _("Svaret ditt er lagret. Du er med i saken."),
        True: _("Svaret ditt er lagret. Portalen ser en tilknytning til saken, så utvalget avgjør om du er habil."),
    }
    attempt(
        request,
        lambda: habilitet.answer_habil(case, by=request.user, at=request.now),
        lambda row: said[row.is_pending],
    )
    return redirect("meetings:room", case.meeting_id)


def _question(case: Case, pk: int) -> Habilitet:
    """What was raised or decided about somebody's habilitet in the case, else 404."""
    return get_object_or_404(raised_or_decided_in(case), pk=pk)


@login_required
@require_http_methods(["GET", "POST"])
def decide_habilitet(request: PersonRequest, pk: int, question_pk: int) -> HttpResponse:
    """Enter what the body decided about somebody else."""
    case = visible_case(request, pk)
    question = _question(case, question_pk)
    require(can_decide_habilitet(request.user, case, question, now=request.now))
    require_to_open(request, is_not_over(case.meeting))
    initial = {"is_recused": question.is_recused, "reason": question.reason}
    form = forms.HabilitetDecisionForm(pending.data(request), initial=initial)
    if request.method == "POST" and form.is_valid():

        def act() -> object:
            typed = initial | form.typed(by_button=True)
            return habilitet.decide_question(case, question, **typed, base=form.base, by=request.user, at=request.now)

        if attempt(request, act, _("Avgjørelsen om habilitet er registrert."), form=form):
            return redirect("meetings:room", case.meeting_id)
    title = _("Er %(name)s habil?") % {"name": question.person}
    can_take_back = can_take_back_question(request.user, case, question, now=request.now)
    return _form_page(request, case, form, title, question=question, can_take_back=can_take_back)


@login_required
@require_http_methods(["GET", "POST"])
def withdraw_habilitet(request: PersonRequest, pk: int, question_pk: int) -> HttpResponse:
    """Take back a question that one has raised about somebody else, with a reason, until the body has decided it."""
    case = visible_case(request, pk)
    question = _question(case, question_pk)
    require(can_decide_habilitet(request.user, case, question, now=request.now))
    if not question.is_pending:
        messages.info(request, _("Spørsmålet er allerede avgjort, eller tatt tilbake."))
        return redirect("meetings:room", case.meeting_id)
    require(can_take_back_question(request.user, case, question, now=request.now))
    form = TakenBackForm(
        pending.data(request),
        submit=_("Ta spørsmålet tilbake"),
        cancel_url=reverse("meetings:room", args=[case.meeting_id]),
        kept=_("Begrunnelsen blir stående ved spørsmålet, med navnet ditt."),
    )
    if request.method == "POST" and form.is_valid():

        def act() -> object:
            return habilitet.withdraw_question(case, question, **form.cleaned_data, by=request.user, at=request.now)

        said = _("Spørsmålet er tatt tilbake, og %(name)s har fått e-post.") % {"name": question.person}
        if attempt(request, act, said, form=form):
            return redirect("meetings:room", case.meeting_id)
    title = _("Ta spørsmålet tilbake")
    return _form_page(request, case, form, title, question=question, takes_back=True)


# --- ballot ---------------------------------------------------------------------------------------


def _initial(proposal: Proposal, wording: str) -> dict[str, Any]:
    return {wording: proposal.text, "outcome": proposal.outcome, "amount": proposal.amount}


@login_required
@require_http_methods(["GET", "POST"])
def open_ballot(request: PersonRequest, pk: int) -> HttpResponse:
    """Put a proposal to the vote: that of the paper, or another wording, outcome or amount."""
    case = led_case(request, pk)
    form = forms.ProposalForm(
        pending.data(request), case=case, initial=_initial(balloting.proposal_to_vote(case), "proposal")
    )
    tell_form(form, noun_context_of(case))
    if request.method == "POST" and form.is_valid():

        def act() -> object:
            return balloting.open_ballot(case, **form.cleaned_data, by=request.user, at=request.now)

        if attempt(request, act, form=form):
            return redirect("meetings:room", case.meeting_id)
    return _form_page(request, case, form, _("Ny votering"))


@login_required
@require_POST
def ballot_as_proposed(request: PersonRequest, pk: int) -> HttpResponse:
    """Put the proposal to the vote with one press: the paper's, or again that of a ballot that does not count."""
    case, shown = led_case(request, pk), request.POST.get("shown", "")
    attempt(request, lambda: balloting.open_as_proposed(case, shown=shown, by=request.user, at=request.now))
    return redirect("meetings:room", case.meeting_id)


@login_required
@require_http_methods(["GET", "POST"])
def close_ballot(request: PersonRequest, pk: int) -> HttpResponse:
    """Close the ballot; everybody sees the result. Asked first, with their names, while somebody has not voted."""
    ballot = get_object_or_404(visible_ballots(request.user, now=request.now), pk=pk)
    require(can_lead_case(request.user, ballot.case, now=request.now))
    if request.method == "GET":
        return render(request, "meetings/ballot_close.html", {"ballot": ballot, "silent": silent_voters(ballot)})
    attempt(
        request, lambda: balloting.close_ballot(ballot, by=request.user, at=request.now), _("Voteringen er ferdig.")
    )
    return redirect("meetings:room", ballot.case.meeting_id)


# --- how the case ends ------------------------------------------------------------------------------


def _over(request: PersonRequest, case: Case, amount: int | None) -> int:
    """By how many kroner the award passes the frame, for one who may know it."""
    return passed_by(case, amount, user=request.user, at=request.now)


@login_required
@require_http_methods(["GET", "POST"])
def resolve(request: PersonRequest, pk: int) -> HttpResponse:
    """Enter the resolution: what a ballot carried, or what all agree on without one."""
    case = led_case(request, pk)
    latest, proposal = latest_ballot(case), proposal_of(case)
    decided = (latest.outcome, latest.amount) if latest else (proposal.outcome, proposal.amount)
    initial = {"conditions": proposal.conditions} | proposal.taken_over(*decided)
    # What was typed may be more than what was proposed.
    asks_frame = bool(case.application_id) and (request.method == "POST" or bool(_over(request, case, decided[1])))
    initial |= {} if latest else _initial(proposal, "text")
    equal = open_equals(case, standing_at(request.user, request.now))
    asks = {"asks_frame": asks_frame, "asks_difference": bool(equal)}
    form = forms.ResolutionForm(pending.data(request), case=case, latest=latest, **asks, initial=initial)
    tell_form(form, noun_context_of(case))
    if request.method == "POST" and form.is_valid():
        data = {**form.cleaned_data, "by": request.user, "at": request.now}

        def act() -> object:
            return resolving.adopt_ballot(latest, **data) if latest else resolving.adopt_agreed(case, **data)

        if attempt(request, act, _("Vedtaket er registrert."), form=form):
            return redirect("meetings:room", case.meeting_id)
    if request.method == "POST":
        typed = latest.amount if latest else form.cleaned_data.get("amount")
        forms.ask_frame_again(form, _over(request, case, typed))
    voted = {"ballot": latest, "voted_points": points(latest.proposal)} if latest else {"is_agreed": True}
    return _form_page(request, case, form, _("Registrer vedtaket"), **voted)


@login_required
@require_POST
def resolve_as_proposed(request: PersonRequest, pk: int) -> HttpResponse:
    """Enter the proposal as the resolution with one press; the form is shown when the body must say why."""
    case = led_case(request, pk)
    try:
        resolving.adopt_as_proposed(case, shown=request.POST.get("shown", ""), by=request.user, at=request.now)
    except WordsNeededError as lacking:
        messages.warning(request, str(lacking))
        return redirect("meetings:resolve", case.pk)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Vedtaket er registrert."))
    return redirect("meetings:room", case.meeting_id)


@login_required
@require_POST
def rewrite_allocation(request: PersonRequest, pk: int) -> HttpResponse:
    """Write the allocation's proposal from what has been resolved."""
    case = led_case(request, pk)
    attempt(
        request,
        lambda: from_list.rewrite_allocation(case, by=request.user, at=request.now),
        _("Forslaget er oppdatert med vedtakene i møtet."),
    )
    return redirect("meetings:room", case.meeting_id)


@login_required
@require_http_methods(["GET", "POST"])
def postpone(request: PersonRequest, pk: int) -> HttpResponse:
    """Postpone the case (R132)."""
    case = led_case(request, pk)
    form = forms.ReasonForm(pending.data(request))
    if request.method == "POST" and form.is_valid():

        def act() -> object:
            return resolving.postpone(case, **form.cleaned_data, by=request.user, at=request.now)

        if attempt(request, act, _("Saken er utsatt."), form=form):
            return redirect("meetings:room", case.meeting_id)
    return _form_page(request, case, form, _("Utsett saken"))


@login_required
@require_http_methods(["GET", "POST"])
def note(request: PersonRequest, pk: int) -> HttpResponse:
    """End a case that asks for no decision."""
    case = led_case(request, pk)
    text = _("Saken ble tatt til orientering.") if case.kind == "information" else ""
    if case.is_withdrawn and case.is_allocation:
        text = _("Utlysningen er trukket. Saken avsluttes uten vedtak.")
    elif case.is_withdrawn and case.application:
        sentence = twin_lazy("Søknaden er trukket. Saken avsluttes uten vedtak.")
        text = twin_of(sentence, case.application.noun_context)
    form = forms.NoteForm(pending.data(request), initial={"text": text})
    if request.method == "POST" and form.is_valid():

        def act() -> object:
            return resolving.note(case, **form.cleaned_data, by=request.user, at=request.now)

        if attempt(request, act, _("Saken er avsluttet."), form=form):
            return redirect("meetings:room", case.meeting_id)
    return _form_page(request, case, form, _("Avslutt saken"))


@login_required
@require_http_methods(["GET", "POST"])
def reopen(request: PersonRequest, pk: int) -> HttpResponse:
    """Open the case again in the same meeting, with a reason."""
    case = led_case(request, pk)
    form = forms.ReopenForm(pending.data(request))
    if request.method == "POST" and form.is_valid():

        def act() -> object:
            return resolving.reopen(case, **form.cleaned_data, by=request.user, at=request.now)

        if attempt(request, act, _("Saken er åpnet igjen."), form=form):
            return redirect("meetings:room", case.meeting_id)
    return _form_page(request, case, form, _("Åpne saken igjen"))
