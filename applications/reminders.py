"""What the room reminds of: drafts that are not sent, and signatures that are missing."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from django.db import models

from applications.models import Application
from applications.queries import (
    partners_without_signature,
    signatories_of,
    unsent_drafts,
    unsigned_in,
)
from applications.roster import signers
from portal.communities.queries import Places, places_by_address
from portal.communities.queries.succession import post_addresses
from portal.reminders.windows import deadlines_due, due_reminder
from portal.rooms import Waiting
from rounds.definition.filling import last_day

DRAFT_OFFSETS = (-14, -3, -1, 1)
SIGNATURE_OFFSETS = (-7, -2, -1)


def waiting(
    subject: models.Model,
    application: Application,
    deadline: date,
    offsets: tuple[int, ...],
    addresses: Iterable[str],
    **context: Any,
) -> Waiting:
    """What waits in an application, to these addresses; also used by the rooms to the right."""
    recipients = tuple(sorted({address.lower() for address in addresses if address}))
    context["application"] = application
    return Waiting(subject, application, application.language, deadline, offsets, recipients, context)


def contacts(application: Application) -> list[str]:
    """The addresses of the partners' contacts; no query when the application was read ``with_contacts``."""
    return [contact.email for partner in application.partners.all() for contact in partner.contacts.all()]


def people_reached(application: Application, addresses: Iterable[str], places: Mapping[str, Places]) -> list[str]:
    """Those of the addresses at which somebody in the project is still reached (``places_by_address``).

    An address that belongs to a person who can no longer sign in, or has left all partners and the owner body, is left
    out.
    """
    organisations = {partner.organisation_id for partner in application.partners.all()}
    return [
        address
        for address in addresses
        if (held := places.get(address.lower())) is None
        or held.organisations & organisations
        or application.owner_body_id in held.bodies
    ]


def reached(application: Application, addresses: Iterable[str], places: Mapping[str, Places], today: date) -> list[str]:
    """The same; when all have left it is the post address of the lead, or of those who go on with it."""
    addresses = list(addresses)
    kept = people_reached(application, addresses, places)
    lead = next((partner.organisation for partner in application.partners.all() if partner.is_lead), None)
    return kept or (post_addresses(lead, today) if addresses and lead else [])


def drafts(today: date) -> Iterator[Waiting]:
    """Drafts that are not sent, to the contacts, and to the person who began the draft while that person writes it.

    Six queries however many: the rounds with a deadline that is due come first, so that the drafts of no other round
    are read; whose the addresses are now, so that nobody who has left is reminded; and who has not signed.
    """
    due = [
        application
        for application in unsent_drafts(today, deadlines_due(DRAFT_OFFSETS, today)[0])
        if due_reminder(last_day(application.closes_at), DRAFT_OFFSETS, today)
    ]
    places = places_by_address((address for application in due for address in contacts(application)), today)
    unsigned = list(unsigned_in([application.pk for application in due])) if due else []
    for application in due:
        waited_for = [one for one in unsigned if one.application_id == application.pk]
        names = [one.name for one in signers(waited_for, application.round.spec)]
        writes: bool = application.beginner_writes  # type: ignore[attr-defined]
        beginner = [application.created_by.email] if writes else []
        addresses = reached(application, [*beginner, *contacts(application)], places, today)
        deadline = last_day(application.closes_at)
        yield waiting(application, application, deadline, DRAFT_OFFSETS, addresses, unsigned=names)


def signatures(today: date) -> Iterator[Waiting]:
    """Partners whose valid signature is missing, to those who may sign for them.

    Three queries however many: the rounds with a deadline that is due, the partners, and who signs.
    """
    unsigned = [
        partner
        for partner in partners_without_signature(deadlines_due(SIGNATURE_OFFSETS, today)[0])
        if due_reminder(last_day(partner.application.closes_at), SIGNATURE_OFFSETS, today)
    ]
    addresses: dict[int | None, list[str]] = defaultdict(list)
    for affiliation in signatories_of(unsigned, today):
        addresses[affiliation.organisation_id].append(affiliation.user.email)
    for partner in unsigned:
        deadline = last_day(partner.application.closes_at)
        recipients = addresses[partner.organisation_id]
        yield waiting(partner, partner.application, deadline, SIGNATURE_OFFSETS, recipients, partner=partner)
