"""Partners and their contact persons."""

from functools import partial

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from applications import permissions, queries
from applications.forms.partners import AddPartnersForm, ContactForm
from applications.forms.rows import posted_prefix
from applications.models import Contact
from applications.services import partners
from applications.services.drafts import ApplicationOwner
from applications.views import partner_page
from applications.views.reading import find, frame, part_is_asked, partner_of, read, row_saved, tell_voided
from portal import pending
from portal.acts import attempt
from portal.clock import local_date
from portal.communities.queries.succession import successors_on
from portal.permissions import require
from portal.requests import PersonRequest
from portal.writing import OK, REFUSED
from rounds.answering.views import autosave, said_refused


@login_required
@require_GET
def partner_list(request: PersonRequest, code: str) -> HttpResponse:
    """The partners with their contacts, and a way to add more."""
    application = read(request, code)
    part_is_asked(application, "parties")
    return render(request, "applications/application_partners.html", partner_page.context(request, application))


@login_required
@require_http_methods(["GET", "POST"])
def add(request: PersonRequest, code: str) -> HttpResponse:
    """Add organisations, several at once."""
    application = read(request, code)
    allowed = permissions.can_edit_part(request.user, application, "parties", now=request.now)
    require(allowed)
    choices = queries.organisations_to_add(application, local_date(request.now))
    form = AddPartnersForm(pending.data(request), choices=choices, community=application.community)
    form.helper.cancel_url = reverse("applications:partners", args=[code])
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        words = {"role": data["role"], "other_name": data["other_name"], "by": request.user, "at": request.now}
        act = partial(partners.add, application, form.chosen, **words)
        said = _("Partnerne er lagt til. De ser utkastet når de logger inn. Si fra til dem.")
        if attempt(request, act, said, form=form):
            tell_voided(request, application)
            return redirect("applications:partners", application.code)
    context = {**frame(application, allowed), "form": form}
    return render(request, "applications/partner_add.html", context, status=form.http_status)


@login_required
@require_http_methods(["GET", "POST"])
def partner(request: PersonRequest, code: str, pk: int) -> HttpResponse:
    """A partner's unit and contact persons."""
    application = read(request, code)
    chosen = partner_of(application, pk)
    allowed = partner_page.can_edit(request, application)
    page = partner_page.PartnerPage(chosen, pending.data(request), adds="add_row" in request.POST)
    status = OK
    if request.method == "POST":
        status = page.save(request) if allowed else REFUSED
        pending.after_save(request, status, [page.unit, *page.contacts.forms])
        tell_voided(request, application)
        if status == OK and not page.contacts.asks_for_row:
            messages.success(request, _("Kontaktpersonene for %(name)s er lagret.") % {"name": chosen})
            return redirect("applications:partners", application.code)
    context = page.context(request, application, allowed)
    return render(request, "applications/partner_edit.html", context, status=status)


@autosave
def contact_row(request: PersonRequest, code: str, pk: int) -> HttpResponse:
    """One contact person, saved while somebody types."""
    application = find(request, code)
    allowed = partner_page.can_edit(request, application)
    chosen = partner_of(application, pk)
    prefix = posted_prefix(request.POST, "contacts")
    if prefix is None:
        raise Http404
    if not allowed:
        return said_refused(allowed)
    form = ContactForm(request.POST, prefix=prefix)
    return row_saved(request, ApplicationOwner(chosen.application), chosen, Contact, form)


@login_required
@require_http_methods(["GET", "POST"])
def make_lead(request: PersonRequest, code: str, pk: int) -> HttpResponse:
    """Make another partner the responsible one. The page first shows what that means."""
    application = read(request, code)
    require(permissions.can_change_lead(request.user, application, now=request.now))
    chosen = partner_of(application, pk)
    if request.method == "GET":
        return render(request, "applications/partner_lead.html", {"application": application, "partner": chosen})
    said = _("Ansvarlig søker er endret.")
    attempt(request, lambda: partners.make_lead(chosen, by=request.user, at=request.now), said)
    tell_voided(request, application)
    return redirect("applications:partners", application.code)


@login_required
@require_POST
def follow_successor(request: PersonRequest, code: str, pk: int) -> HttpResponse:
    """Put the organisation that goes on with what an ended partner had in its place."""
    application = read(request, code)
    chosen = partner_of(application, pk)
    if chosen.is_lead:
        require(permissions.can_change_lead(request.user, application, now=request.now))
    require(permissions.can_edit_part(request.user, application, "parties", now=request.now))
    after = successors_on(local_date(request.now), [chosen.organisation])
    successors = after.get(chosen.organisation_id or 0, [])
    successor = next((item for item in successors if str(item.pk) == request.POST.get("organisation")), None)
    if successor is None:
        raise Http404
    said = _("%(after)s står nå i stedet for %(name)s.") % {"after": successor, "name": chosen}
    attempt(request, lambda: partners.follow_successor(chosen, successor, by=request.user, at=request.now), said)
    tell_voided(request, application)
    return redirect("applications:partners", application.code)


@login_required
@require_http_methods(["GET", "POST"])
def remove(request: PersonRequest, code: str, pk: int) -> HttpResponse:
    """Remove a partner. The page first shows what is removed with it."""
    application = read(request, code)
    chosen = partner_of(application, pk)
    require(permissions.can_remove_partner(request.user, chosen, now=request.now))
    if request.method == "GET":
        lines = sum(line.payer_id == chosen.pk for line in queries.budget_lines_of(application))
        # Those who have signed are named above: they sign again.
        signed = queries.signed_by(application)
        context = {"application": application, "partner": chosen, "lines": lines, "signed": signed}
        return render(request, "applications/partner_remove.html", context)
    said = _("%(name)s er ikke lenger med.") % {"name": chosen}
    attempt(request, lambda: partners.remove(chosen, by=request.user, at=request.now), said)
    tell_voided(request, application)
    return redirect("applications:partners", application.code)
