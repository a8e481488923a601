"""Mail that did not arrive: the list, and sending it again or leaving it."""

from functools import partial

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal import pending
from portal.acts import attempt
from portal.communities.permissions import can_administer
from portal.communities.queries import standing_at
from portal.mail import queries, services
from portal.mail.forms import SendAgainForm
from portal.permissions import require
from portal.requests import PersonRequest


@login_required
@require_safe
def undelivered(request: PersonRequest) -> HttpResponse:
    """The messages that did not arrive and that the person's secretariat looks after."""
    require(can_administer(request.user, request.now))
    messages = queries.undelivered(standing_at(request.user, request.now))
    count = len(messages)
    heading = ngettext("%(n)s e-post kom ikke fram", "%(n)s e-poster kom ikke fram", count) % {"n": count}
    context = {"undelivered": messages, "heading": heading if count else _("E-post som ikke kom fram")}
    return render(request, "portal/undelivered.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def send_again(request: PersonRequest, pk: int) -> HttpResponse:
    """One of them: why it did not arrive, and sending it again, to another address where that makes sense."""
    one = _one(request, pk)
    initial = {"to": one.message.recipient}
    form = SendAgainForm(pending.data(request), may_redirect=one.may_redirect, initial=initial)
    form.helper.cancel_url = reverse("portal:undelivered")
    if request.method == "POST" and form.is_valid():
        to = form.cleaned_data["to"]
        act = partial(services.send_again, one.message, to=to, case=one.case, by=request.user, at=request.now)
        if attempt(request, act, _("Meldingen sendes på nytt til %(to)s.") % {"to": to}, form=form):
            return redirect("portal:undelivered")
    return render(request, "portal/send_again.html", {"one": one, "form": form}, status=form.http_status)


@login_required
@require_POST
def leave(request: PersonRequest, pk: int) -> HttpResponse:
    """Decide that the message is not sent again."""
    one = _one(request, pk)
    act = partial(services.leave, one.message, case=one.case, by=request.user, at=request.now)
    attempt(request, act, _("Meldingen sendes ikke på nytt."))
    return redirect("portal:undelivered")


def _one(request: PersonRequest, pk: int) -> queries.Undelivered:
    one = queries.undelivered_message(standing_at(request.user, request.now), pk)
    if one is None:
        raise Http404
    return one
