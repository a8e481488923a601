"""The pages about organisations, and the addresses of a helsefellesskap."""

from functools import partial

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from portal import clock, pending
from portal.acts import attempt
from portal.communities import queries
from portal.communities.forms import (
    AddressesForm,
    EndOrganisationForm,
    NewOrganisationForm,
    OrganisationFilter,
    OrganisationForm,
)
from portal.communities.models import HealthCommunity, Organisation
from portal.communities.permissions import can_administer, can_administer_community, can_administer_organisation
from portal.communities.queries.succession import predecessors_of, successors_of
from portal.communities.services import organisations, succession
from portal.formats import date_no
from portal.journal import sentences
from portal.journal.queries import entries_of
from portal.paging import page_of
from portal.permissions import require
from portal.requests import PersonRequest


@login_required
def organisation_list(request: PersonRequest) -> HttpResponse:
    """The organisations of what the secretariat serves."""
    require(can_administer(request.user, request.now))
    standing = queries.standing_at(request.user, request.now)
    form = OrganisationFilter(request.GET)
    page = page_of(request, queries.organisations(standing, form.words(), form.kind_chosen()))
    counted = queries.organisations_by_kind(standing)
    context = {
        "page": page,
        "form": form,
        "heading": _how_many(counted, page.paginator.count),
        "kinds": [(_("Alle"), sum(kind.count for kind in counted), ""), *((k.label, k.count, k.kind) for k in counted)],
        "chosen_kind": form.kind_chosen(),
        "communities": queries.communities(standing),
        # A column that says the same in every row is left out.
        "has_several": len({organisation.community_id for organisation in page}) > 1,
    }
    return render(request, "communities/organisation_list.html", context)


def _how_many(counted: list[queries.KindCount], shown: int) -> str:
    """The heading of the list: how many there are, and how many that nobody has confirmed."""
    total, unconfirmed = sum(kind.count for kind in counted), sum(kind.unconfirmed for kind in counted)
    if shown != total:
        return _("%(shown)s av %(n)s organisasjoner") % {"n": total, "shown": shown}
    how_many = ngettext("%(n)s organisasjon", "%(n)s organisasjoner", total) % {"n": total}
    if not unconfirmed:
        return how_many
    return _("%(organisations)s, %(n)s ikke bekreftet") % {"organisations": how_many, "n": unconfirmed}


@login_required
def organisation(request: PersonRequest, pk: int) -> HttpResponse:
    """One organisation: its number, and who belongs to it and signs for it."""
    day = clock.local_date(request.now)
    organisation = _organisation(request, pk)
    may_change = can_administer_organisation(request.user, organisation, request.now)
    context = {
        "organisation": organisation,
        "affiliations": queries.by_term(queries.affiliations_of(organisation), day),
        "may_change": may_change,
        "has_ended": organisation.has_ended(day),
        "successors": successors_of(organisation) if organisation.last_day else [],
        "predecessors": predecessors_of(organisation),
        "events": sentences.events(entries_of(organisation)) if may_change else (),
    }
    return render(request, "communities/organisation_detail.html", context)


@login_required
def organisation_add(request: PersonRequest) -> HttpResponse:
    """Register an organisation."""
    require(can_administer(request.user, request.now))
    standing = queries.standing_at(request.user, request.now)
    form = NewOrganisationForm(pending.data(request), communities=queries.communities(standing))
    form.helper.cancel_url = reverse("portal:organisation_list")
    if request.method == "POST" and form.is_valid():
        community = form.cleaned_data["community"]
        new_organisation = organisations.add_organisation(community, form.values(), by=request.user, at=request.now)
        messages.success(request, _("%(name)s er registrert.") % {"name": new_organisation})
        return redirect(new_organisation)
    return render(request, "communities/organisation_form.html", {"form": form}, status=form.http_status)


@login_required
def organisation_edit(request: PersonRequest, pk: int) -> HttpResponse:
    """Change name, number and address."""
    organisation = _organisation(request, pk)
    require(can_administer_organisation(request.user, organisation, request.now))
    form = OrganisationForm(pending.data(request), instance=organisation)
    form.helper.cancel_url = organisation.get_absolute_url()
    if request.method == "POST" and form.is_valid():
        act = partial(
            organisations.change_organisation,
            organisation,
            form.typed(by_button=True),
            base=form.base,
            by=request.user,
            at=request.now,
        )
        if attempt(request, act, _("Organisasjonen er lagret."), form=form):
            return redirect(organisation)
    return render(
        request,
        "communities/organisation_form.html",
        {"form": form, "organisation": organisation},
        status=form.http_status,
    )


@login_required
def organisation_end(request: PersonRequest, pk: int) -> HttpResponse:
    """End the organisation, and say who goes on with what it had."""
    organisation = _organisation(request, pk)
    require(can_administer_organisation(request.user, organisation, request.now))
    form = EndOrganisationForm(pending.data(request), organisation=organisation)
    form.helper.cancel_url = organisation.get_absolute_url()
    form.helper.danger = True
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data

        def act() -> None:
            succession.end_organisation(
                organisation,
                chosen["last_day"],
                form.successors(),
                moves_people=chosen["moves_people"],
                by=request.user,
                at=request.now,
            )

        said = _("%(name)s er avsluttet fra %(day)s.") % {"name": organisation, "day": date_no(chosen["last_day"])}
        if attempt(request, act, said, form=form):
            return redirect(organisation)
    context = {"form": form, "organisation": organisation}
    return render(request, "communities/organisation_end.html", context, status=form.http_status)


@login_required
@require_POST
def take_back_end(request: PersonRequest, pk: int) -> HttpResponse:
    """The organisation has not ended after all."""
    organisation = _organisation(request, pk)
    require(can_administer_organisation(request.user, organisation, request.now))
    said = _("%(name)s er ikke avsluttet lenger.") % {"name": organisation}
    attempt(request, lambda: succession.take_back_end(organisation, by=request.user, at=request.now), said)
    return redirect(organisation)


@login_required
def addresses(request: PersonRequest, code: str) -> HttpResponse:
    """Where applications to the helsefellesskap arrive (R32)."""
    standing = queries.standing_at(request.user, request.now)
    community = get_object_or_404(HealthCommunity.objects.visible_to(standing), code=code)
    require(can_administer_community(request.user, community, request.now))
    form = AddressesForm(pending.data(request), instance=community)
    form.helper.cancel_url = reverse("portal:organisation_list")
    if request.method == "POST" and form.is_valid():
        typed = form.typed(by_button=True)
        act = partial(organisations.change_addresses, community, typed, base=form.base, by=request.user, at=request.now)
        if attempt(request, act, _("Adressene er lagret."), form=form):
            return redirect("portal:organisation_list")
    return render(
        request, "communities/addresses_form.html", {"form": form, "community": community}, status=form.http_status
    )


def _organisation(request: PersonRequest, pk: int) -> Organisation:
    standing = queries.standing_at(request.user, request.now)
    return get_object_or_404(Organisation.objects.visible_to(standing).with_community(), pk=pk)
