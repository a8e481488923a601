"""What the room reminds of: drafts that are not sent, and signatures that are missing."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from django.db import models
from django.db.models import Prefetch

from applications.models import Application, Partner, PartnerRole, Signature
from applications.workflow import Status
from portal.communities.queries import signatories
from portal.reminders.windows import due_reminder
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
    """The addresses of the partners' contacts; free ``with_contacts``."""
    return [contact.email for partner in application.partners.all() for contact in partner.contacts.all()]


def with_contacts(prefix: str = "") -> "Prefetch[str, models.QuerySet[Partner], str]":
    """What ``contacts`` reads, for an application under ``prefix``; two queries for all."""
    partners = Partner.objects.select_related("organisation").prefetch_related("contacts")
    return Prefetch(f"{prefix}partners", queryset=partners)


def drafts(today: date) -> Iterator[Waiting]:
    """Drafts that are not sent, to the one who began, while that person still writes it, and the contacts."""
    unsent = Application.objects.filter(status=Status.DRAFT).select_related("round", "community", "created_by")
    unsent = unsent.with_beginner(today).prefetch_related(with_contacts())
    for application in unsent.iterator(chunk_size=200):
        deadline = last_day(application.closes_at)
        if due_reminder(deadline, DRAFT_OFFSETS, today) is None:
            continue
        writes: bool = application.beginner_writes  # type: ignore[attr-defined]
        beginner = application.created_by.email if writes else ""
        addresses = [beginner, *contacts(application)]
        yield waiting(application, application, deadline, DRAFT_OFFSETS, addresses)


def signatures(today: date) -> Iterator[Waiting]:
    """Partners whose valid signature is missing, to those who may sign for them."""
    signed = Signature.objects.filter(voided_at=None).values("partner")
    partners = (
        Partner.objects.filter(application__status=Status.DRAFT, organisation__isnull=False)
        .exclude(role=PartnerRole.SUPPORTER)
        .exclude(pk__in=signed)
        .select_related("application__round", "application__community", "organisation")
    )
    for partner in partners.iterator(chunk_size=200):
        deadline = last_day(partner.application.closes_at)
        if due_reminder(deadline, SIGNATURE_OFFSETS, today) and partner.organisation_id:
            people = signatories(partner.organisation_id, today)
            addresses = [place.user.email for place in people]
            yield waiting(partner, partner.application, deadline, SIGNATURE_OFFSETS, addresses, partner=partner)
