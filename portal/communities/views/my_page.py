"""«Min side»: the person's roles and what each gives, and the person's profile and address."""

from functools import partial

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from portal import clock, language, pending
from portal.acts import attempt
from portal.communities import roles
from portal.communities.forms import ConfirmForm, NewAddressForm, ProfileForm
from portal.communities.services import addresses, people
from portal.requests import PersonRequest


@login_required
def my_page(request: PersonRequest) -> HttpResponse:
    """The person's roles and what each gives."""
    context = {"roles": roles.roles_of(request.user, clock.local_date(request.now))}
    return render(request, "communities/my_page.html", context)


@login_required
def profile(request: PersonRequest) -> HttpResponse:
    """Change name, telephone and language."""
    form = ProfileForm(pending.data(request), instance=request.user)
    form.helper.cancel_url = reverse("portal:my_page")
    if request.method == "POST" and form.is_valid():
        user = people.change_profile(request.user, form.cleaned_data, at=request.now)
        messages.success(request, _("Profilen er lagret."))
        return language.remember_language(redirect("portal:my_page"), user.language)
    return render(request, "communities/profile.html", {"form": form}, status=form.http_status)


@login_required
@reauthentication_required
def new_address(request: PersonRequest) -> HttpResponse:
    """Ask for a link to a new e-mail address. The person has typed the password within the last minutes."""
    form = NewAddressForm(request.POST or None)
    form.helper.cancel_url = reverse("portal:my_page")
    if request.method == "POST" and form.is_valid():
        address = form.cleaned_data["email"]
        act = partial(addresses.ask_for_address, request.user, address, at=request.now)
        said = _("Følg lenken som er sendt til %(address)s.") % {"address": address}
        if attempt(request, act, said, form=form, field="email"):
            return redirect("portal:my_page")
    return render(request, "communities/new_address.html", {"form": form}, status=form.http_status)


@login_required
def confirm_address(request: PersonRequest, token: str) -> HttpResponse:
    """The page of the link in the mail: one button, which changes the address."""
    address = addresses.address_in(token, request.user)
    if address is None:
        raise Http404(_("Lenken er brukt eller for gammel. Be om en ny."))
    form = ConfirmForm(request.POST or None)
    form.helper.cancel_url = reverse("portal:my_page")
    if request.method == "POST":
        act = partial(addresses.take_address, request.user, token, at=request.now)
        attempt(request, act, _("E-postadressen din er nå %(address)s.") % {"address": address})
        return redirect("portal:my_page")
    return render(request, "communities/confirm_address.html", {"form": form, "address": address})
