"""What the room reminds of: drafts that are not sent, and signatures that are missing."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from django.db import models

from applications.models import Application
from applications.queries import (
    partners_without_signature,
    unsent_drafts,
    unsigned_in,
)
from applications.queries.receivers import reached
from applications.queries.signatories import signatories_of
from applications.roster import signers
from portal.communities.queries.belonging import places_by_address
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


def drafts(today: date) -> Iterator[Waiting]:
    """Drafts that are not sent, to the contacts, and to the person who began the draft while that person is there.

    Seven queries however many: the rounds with a deadline that is due come first, so that the drafts of no other round
    are read; whose the addresses are now, so that nobody who has left is reminded; and who has not signed.
    """
    due = [
        application
        for application in unsent_drafts(deadlines_due(DRAFT_OFFSETS, today)[0])
        if due_reminder(last_day(application.closes_at), DRAFT_OFFSETS, today)
    ]
    people = (address for each in due for address in (each.created_by.email, *contacts(each)))
    places = places_by_address(people, today)
    unsigned = list(unsigned_in([application.pk for application in due])) if due else []
    for application in due:
        waited_for = [one for one in unsigned if one.application_id == application.pk]
        names = [one.name for one in signers(waited_for, application.round.spec)]
        addresses = reached(application, contacts(application), places, today, done=[application.created_by.email])
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
    able = signatories_of(unsigned, today)
    for partner in unsigned:
        deadline = last_day(partner.application.closes_at)
        yield waiting(partner, partner.application, deadline, SIGNATURE_OFFSETS, able[partner.pk], partner=partner)
