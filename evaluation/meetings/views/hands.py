"""The page on which who leads the case enters a show of hands."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from evaluation.meetings.hands_forms import HandsForm
from evaluation.meetings.queries.electorate import roll_of
from evaluation.meetings.queries.papers import noun_context_of
from evaluation.meetings.queries.proposed import Proposal, latest_ballot
from evaluation.meetings.services import balloting
from evaluation.meetings.services.hands import count_hands
from evaluation.meetings.views.cases import led_case
from portal import pending
from portal.acts import attempt
from portal.requests import PersonRequest
from portal.twins import tell_form


@login_required
@require_http_methods(["GET", "POST"])
def count(request: PersonRequest, pk: int) -> HttpResponse:
    """Enter a show of hands: on the proposal of the paper, or on another."""
    case = led_case(request, pk)
    put, latest = balloting.proposal_to_vote(case), latest_ballot(case)
    initial = {"proposal": put.text, "outcome": put.outcome, "amount": put.amount, "after": latest and latest.pk}
    form = HandsForm(pending.data(request), case=case, roll=roll_of(case.meeting, case), initial=initial)
    form.helper.cancel_url = reverse("meetings:room", args=[case.meeting_id])
    tell_form(form, noun_context_of(case))
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        proposal = Proposal(typed["proposal"], typed.get("outcome", ""), typed.get("amount"))

        def act() -> object:
            counted = {"named": form.named, "casting": form.casting, "after": typed["after"]}
            options = {**counted, "by": request.user, "at": request.now}
            return count_hands(case, proposal, form.hands, **options)

        if attempt(request, act, _("Håndsopprekningen er ført inn."), form=form):
            return redirect("meetings:room", case.meeting_id)
    context = {"case": case, "meeting": case.meeting, "form": form, "title": _("Håndsopprekning")}
    return render(request, "meetings/case_form.html", context, status=form.http_status)
