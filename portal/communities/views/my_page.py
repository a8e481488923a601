"""«Min side»: the person's roles and what each gives, and the person's profile."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from portal import clock, language, pending
from portal.communities import roles
from portal.communities.forms import ProfileForm
from portal.communities.services import people
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
