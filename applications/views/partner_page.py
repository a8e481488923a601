"""What the pages of the partners show, and how the page of one partner is saved."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applications import permissions, queries
from applications.completeness import NAMED, shared_contacts
from applications.forms.partners import ContactFormSet, UnitForm
from applications.models import Application, Contact, Partner
from applications.services import partners, rows
from applications.views.reading import frame
from portal.clock import local_date
from portal.communities.models import Organisation
from portal.communities.queries.succession import successors_on
from portal.errors import DomainError
from portal.formats import in_words
from portal.forms import FormsTogether
from portal.permissions import Verdict
from portal.requests import PersonRequest
from portal.writing import CONFLICT, INVALID


def can_edit(request: PersonRequest, application: Application) -> Verdict:
    """Whether partners or contacts may be written. A correction may open only one of them."""
    parties = permissions.can_edit_part(request.user, application, "parties", now=request.now)
    return parties or permissions.can_edit_part(request.user, application, "contacts", now=request.now)


@dataclass(frozen=True, slots=True)
class Card:
    """A partner of the list, and what has become of its organisation."""

    partner: Partner
    has_ended: bool = False
    # Who goes on with what it had; empty when the person may not put one in its place.
    successors: tuple[Organisation, ...] = ()
    # Whether the form still asks for a contact of its kind.
    needs_contact: bool = False


def context(request: PersonRequest, application: Application) -> dict[str, Any]:
    """The list of partners."""
    partners = list(queries.partners_of(application))
    allowed = can_edit(request, application)
    may_add = bool(permissions.can_edit_part(request.user, application, "parties", now=request.now))
    may_change_lead = bool(permissions.can_change_lead(request.user, application, now=request.now))
    cards = _cards(partners, local_date(request.now), may_add=may_add, may_change_lead=may_change_lead)
    lacking = _asked_for_contact(application, partners)
    return {
        **frame(application, allowed),
        "section": application.round.spec.section_with("parties"),
        "rules": application.round.spec.applicants,
        "cards": [replace(card, needs_contact=card.partner.pk in lacking) for card in cards],
        "can_add": may_add,
        "news": news(partners),
        "shared": shared_contacts(partners) if application.round.spec.applicants.shared_contact != "allowed" else [],
    }


def news(partners: list[Partner]) -> str:
    """How many partners there are, and how many of them lack somebody to call."""
    count = ngettext("Én partner", "%(n)s partnere", len(partners)) % {"n": in_words(len(partners))}
    lacking = sum(not partner.contacts.all() for partner in partners)
    if not lacking:
        return count
    more = ngettext("én uten kontaktperson", "%(n)s uten kontaktperson", lacking) % {"n": in_words(lacking).lower()}
    return f"{count}, {more}"


def without_contact(partners: list[Partner]) -> str:
    """Those that lack somebody to call, by name while they are few; empty when none does, or when they are many."""
    names = [partner.name for partner in partners if not partner.contacts.all()]
    if not 0 < len(names) <= NAMED:
        return ""
    return _("Uten kontaktperson: %(names)s") % {"names": ", ".join(names)}


def _asked_for_contact(application: Application, partners: list[Partner]) -> set[int]:
    """The partners (ids) without a contact, of the kinds for which the form still asks for one."""
    asked = [item for part in application.round.spec.sections for item in part.questions if item.type == "contacts"]
    lacking: set[int] = set()
    for question in asked:
        of_kinds = [partner for partner in partners if partner.kind in question.kinds]
        count = sum(len(partner.contacts.all()) for partner in of_kinds)
        if question.is_required and count < max(question.least, 1):
            lacking |= {partner.pk for partner in of_kinds if not partner.contacts.all()}
    return lacking


def _cards(partners: list[Partner], day: date, *, may_add: bool, may_change_lead: bool) -> list[Card]:
    after = successors_on(day, (partner.organisation for partner in partners))
    return [
        Card(
            partner,
            partner.organisation_id in after,
            tuple(after.get(partner.organisation_id or 0, ()))
            if may_add and (may_change_lead or not partner.is_lead)
            else (),
        )
        for partner in partners
    ]


class PartnerPage:
    """The form of one partner: its unit, and its contacts as rows."""

    def __init__(self, partner: Partner, data: Any, *, adds: bool) -> None:
        self.partner = partner
        self.unit = UnitForm(data, partner=partner)
        stored = list(partner.contacts.all())
        extra = int(adds) if data else int(not stored)
        self.contacts = ContactFormSet(data, rows=stored, extra=extra, prefix="contacts")

    def save(self, request: PersonRequest) -> int:
        """Store what can be stored, and give the status of the answer."""
        is_valid = all([self.unit.is_valid(), self.contacts.is_valid()])
        try:
            unit = self.unit.cleaned_data.get("unit", self.partner.unit)
            if unit != self.partner.unit:
                partners.set_unit(self.partner, unit, at=request.now)
            saved = rows.save_rows(self.partner, Contact, self.contacts.changes(), by=request.user, at=request.now)
        except DomainError as error:
            self.unit.add_error(None, str(error))
            return CONFLICT
        self.contacts.take_over(saved)
        if any(row.is_stale for row in saved.values()):
            return CONFLICT
        return 200 if is_valid else INVALID

    def context(self, request: PersonRequest, application: Application, allowed: Verdict) -> dict[str, Any]:
        """The page's values."""
        may_lead = self.partner.must_sign and not self.partner.is_lead
        return {
            **frame(application, allowed),
            "can_lead": may_lead and permissions.can_change_lead(request.user, application, now=request.now),
            "can_remove": permissions.can_remove_partner(request.user, self.partner, now=request.now),
            "partner": self.partner,
            "form": self.unit,
            "formset": self.contacts,
            "both": FormsTogether(self.unit, self.contacts),
        }
