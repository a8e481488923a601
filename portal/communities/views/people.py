"""The secretariat's pages about people, and about their affiliations to organisations."""

from functools import partial

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from portal import clock, pending
from portal.acts import attempt
from portal.communities import queries
from portal.communities.forms import AffiliationForm, EndForm, NewAffiliationForm, SearchForm
from portal.communities.models import Affiliation, Organisation
from portal.communities.permissions import can_administer, can_administer_organisation
from portal.communities.services import people
from portal.mail.queries import messages_about
from portal.paging import page_of
from portal.permissions import require
from portal.requests import PersonRequest


@login_required
def person_list(request: PersonRequest) -> HttpResponse:
    """The people whom the secretariat has given an affiliation or a seat."""
    require(can_administer(request.user, request.now))
    standing, day = queries.standing_at(request.user, request.now), clock.local_date(request.now)
    form = SearchForm(request.GET)
    users = queries.with_affiliations_and_seats(
        queries.search(queries.people(standing), form.words(), "name", "email"), standing, day
    )
    page = page_of(request, users)
    # The second number is of all, so it is not said of those that a search has found.
    invited = 0 if form.words() else queries.invited(standing)
    context = {"page": page, "form": form, "heading": _how_many(page.paginator.count, invited)}
    return render(request, "communities/person_list.html", context)


def _how_many(shown: int, invited: int) -> str:
    """The heading of the list: how many it shows, and how many of all that have not chosen a password."""
    people = ngettext("%(n)s person", "%(n)s personer", shown) % {"n": shown}
    if not invited:
        return people
    return _("%(people)s, %(n)s har ikke valgt passord") % {"people": people, "n": invited}


@login_required
def person(request: PersonRequest, pk: int) -> HttpResponse:
    """One person's affiliations and seats, as far as the secretariat administers them."""
    day = clock.local_date(request.now)
    standing = queries.standing_on(request.user, day)
    person = get_object_or_404(queries.people(standing), pk=pk)
    context = {
        "person": person,
        "affiliations": queries.by_term(queries.affiliations_by(standing, of=person), day),
        "seats": queries.by_term(queries.seats_by(standing, of=person), day),
        "mails": () if person.has_usable_password() else messages_about(person, "invitation"),
    }
    return render(request, "communities/person_detail.html", context)


@login_required
@require_POST
def invite_again(request: PersonRequest, pk: int) -> HttpResponse:
    """Send the person a new link to choose a password."""
    standing = queries.standing_at(request.user, request.now)
    person = get_object_or_404(queries.people(standing), pk=pk)
    attempt(
        request,
        lambda: people.send_invitation(person, tenant=queries.tenants(standing)[0], by=request.user, at=request.now),
        _("Ny lenke er sendt til %(email)s.") % {"email": person.email},
    )
    return redirect(person)


def _is_added(affiliation: Affiliation) -> str:
    return _("%(name)s er lagt til.") % {"name": affiliation.user.name}


# --- affiliations ------------------------------------------------------------------------------------------


@login_required
def affiliation_add(request: PersonRequest, pk: int) -> HttpResponse:
    """Give a person an affiliation to the organisation."""
    standing = queries.standing_at(request.user, request.now)
    organisation = get_object_or_404(Organisation.objects.visible_to(standing).with_community(), pk=pk)
    require(can_administer_organisation(request.user, organisation, request.now))
    initial = {"from_date": clock.local_date(request.now)}
    form = NewAffiliationForm(pending.data(request), initial=initial, standing=standing)
    form.helper.cancel_url = organisation.get_absolute_url()
    if request.method == "POST" and form.is_valid():
        add = partial(people.add_affiliation, organisation, form.invited(), form.values())
        if attempt(request, partial(add, by=request.user, at=request.now), _is_added, form=form):
            return redirect(organisation)
    return render(
        request,
        "communities/affiliation_form.html",
        {"form": form, "organisation": organisation},
        status=form.http_status,
    )


@login_required
def affiliation_edit(request: PersonRequest, pk: int) -> HttpResponse:
    """Change title, authority to sign or term."""
    affiliation = _affiliation(request, pk)
    form = AffiliationForm(pending.data(request), instance=affiliation)
    form.helper.cancel_url = affiliation.organisation.get_absolute_url()
    if request.method == "POST" and form.is_valid():
        typed = form.typed(by_button=True)
        act = partial(people.change_affiliation, affiliation, typed, base=form.base, by=request.user, at=request.now)
        if attempt(request, act, _("Tilknytningen er lagret."), form=form):
            return redirect(affiliation.organisation)
    context = {"form": form, "organisation": affiliation.organisation, "affiliation": affiliation}
    return render(request, "communities/affiliation_form.html", context, status=form.http_status)


@login_required
def affiliation_end(request: PersonRequest, pk: int) -> HttpResponse:
    """Set the last day of an affiliation."""
    affiliation = _affiliation(request, pk)
    form = EndForm(pending.data(request), initial={"last_day": clock.local_date(request.now)})
    form.helper.cancel_url = affiliation.organisation.get_absolute_url()
    form.helper.danger = True
    if request.method == "POST" and form.is_valid():
        act = partial(people.end_affiliation, affiliation, **form.cleaned_data, by=request.user, at=request.now)
        if attempt(request, act, _("Tilknytningen er avsluttet."), form=form, field="last_day"):
            return redirect(affiliation.organisation)
    context = {"form": form, "place": affiliation, "of_place": affiliation.organisation}
    return render(request, "communities/place_end.html", context, status=form.http_status)


def _affiliation(request: PersonRequest, pk: int) -> Affiliation:
    standing = queries.standing_at(request.user, request.now)
    affiliation: Affiliation = get_object_or_404(queries.affiliations_by(standing), pk=pk)
    return affiliation
