"""The pages about organisations, and the addresses of a helsefellesskap."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from portal import clock, pending
from portal.communities import queries
from portal.communities.forms import AddressesForm, NewOrganisationForm, OrganisationFilter, OrganisationForm
from portal.communities.models import HealthCommunity, Organisation
from portal.communities.permissions import can_administer, can_administer_community, can_administer_organisation
from portal.communities.services import organisations
from portal.journal import sentences
from portal.journal.queries import entries_of
from portal.paging import page_of
from portal.permissions import require
from portal.requests import PersonRequest


@login_required
def organisation_list(request: PersonRequest) -> HttpResponse:
    """The organisations of what the secretariat serves."""
    require(can_administer(request.user, request.now))
    own = queries.standing_at(request.user, request.now)
    form = OrganisationFilter(request.GET)
    found = queries.organisations(own, form.words(), form.kind_chosen())
    context = {
        "page": page_of(request, found),
        "form": form,
        "communities": HealthCommunity.objects.visible_to(own),
    }
    return render(request, "communities/organisation_list.html", context)


@login_required
def organisation(request: PersonRequest, pk: int) -> HttpResponse:
    """One organisation: its number, and who acts and signs for it."""
    day = clock.local_date(request.now)
    found = _organisation(request, pk)
    may_change = can_administer_organisation(request.user, found, request.now)
    context = {
        "organisation": found,
        "affiliations": queries.by_term(queries.affiliations_of(found), day),
        "may_change": may_change,
        "events": sentences.events(entries_of(found)) if may_change else (),
    }
    return render(request, "communities/organisation_detail.html", context)


@login_required
def organisation_add(request: PersonRequest) -> HttpResponse:
    """Register an organisation."""
    require(can_administer(request.user, request.now))
    own = queries.standing_at(request.user, request.now)
    form = NewOrganisationForm(pending.data(request), communities=HealthCommunity.objects.visible_to(own))
    if request.method == "POST" and form.is_valid():
        community = form.cleaned_data["community"]
        made = organisations.add_organisation(community, form.values(), by=request.user, at=request.now)
        messages.success(request, _("%(name)s er registrert.") % {"name": made})
        return redirect(made)
    return render(request, "communities/organisation_form.html", {"form": form}, status=form.http_status)


@login_required
def organisation_edit(request: PersonRequest, pk: int) -> HttpResponse:
    """Keep name, number and address right."""
    found = _organisation(request, pk)
    require(can_administer_organisation(request.user, found, request.now))
    form = OrganisationForm(pending.data(request), instance=found)
    form.helper.cancel_url = found.get_absolute_url()
    if request.method == "POST" and form.is_valid():
        organisations.change_organisation(found, form.values(), by=request.user, at=request.now)
        messages.success(request, _("Organisasjonen er lagret."))
        return redirect(found)
    return render(
        request, "communities/organisation_form.html", {"form": form, "organisation": found}, status=form.http_status
    )


@login_required
def addresses(request: PersonRequest, code: str) -> HttpResponse:
    """Where applications to the helsefellesskap arrive (R32)."""
    own = queries.standing_at(request.user, request.now)
    community = get_object_or_404(HealthCommunity.objects.visible_to(own), code=code)
    require(can_administer_community(request.user, community, request.now))
    form = AddressesForm(pending.data(request), instance=community)
    if request.method == "POST" and form.is_valid():
        organisations.change_addresses(community, form.values(), by=request.user, at=request.now)
        messages.success(request, _("Adressene er lagret."))
        return redirect("portal:organisation_list")
    return render(
        request, "communities/addresses_form.html", {"form": form, "community": community}, status=form.http_status
    )


def _organisation(request: PersonRequest, pk: int) -> Organisation:
    own = queries.standing_at(request.user, request.now)
    return get_object_or_404(Organisation.objects.visible_to(own).select_related("community"), pk=pk)
