"""The page on which the one who announced a round cancels it."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from applications.forms.sending import CancelForm
from applications.services import cancelling
from portal import pending
from portal.acts import attempt
from portal.permissions import require
from portal.requests import PersonRequest
from rounds.models import Round
from rounds.permissions import can_cancel


@login_required
@require_http_methods(["GET", "POST"])
def cancel_round(request: PersonRequest, code: str) -> HttpResponse:
    """Say what happens to drafts and sent applications, ask for the reason, and cancel the round."""
    round_ = get_object_or_404(Round.objects.visible_to(request.user, request.now).with_owner(), code=code)
    require(can_cancel(request.user, round_, request.now))
    form = CancelForm(pending.data(request))
    form.helper.cancel_url, form.helper.danger = round_.get_absolute_url(), True
    if request.method == "POST" and form.is_valid():

        def act() -> object:
            return cancelling.cancel_round(round_, **form.cleaned_data, by=request.user, at=request.now)

        if attempt(request, act, _("Utlysningen er trukket, og søkerne har fått beskjed."), form=form):
            return redirect(round_)
    context = {"round": round_, "form": form, "ended": cancelling.begun_in(round_)}
    return render(request, "applications/round_cancel.html", context, status=form.http_status)
