"""Who gets the mail to those who stand behind an application: receipts, corrections and new deadlines."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from applications.models import Application, Contact, Partner, PartnerRole, Signature, SignatureMethod
from applications.reminders import reached
from portal.communities.models import Affiliation, Seat, User, address_now
from portal.communities.queries import places_by_address
from portal.communities.queries.succession import own_addresses


@dataclass(frozen=True, slots=True)
class ByPost:
    """A partner that is reached at its organisation's own address alone, or at that of who goes on with it."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Receivers:
    """The addresses, each once, and the partners that no person is reached for.

    ``by_post`` are reached at their organisation's own address alone, and ``unreached`` not at all.
    """

    addresses: tuple[str, ...]
    by_post: tuple[ByPost, ...] = ()
    unreached: tuple[Partner, ...] = ()


def receivers_of(application: Application, day: date, *, sender: User | None = None) -> Receivers:
    """The partners' contacts, who began it, who sent it and who has signed in the portal; four queries.

    Those who have left the partners get nothing more; ``sender``, who sends it now, does. A partner for which that
    reaches nobody gets it at its organisation's own address; when the organisation has ended, at its successors'.
    """
    partners = list(_partners(application))
    people = _still_there(application, partners, day)
    addresses = [sender.email if sender else "", *(people[pk] for pk in _senders(application) if pk in people)]
    by_post: list[ByPost] = []
    unreached: list[Partner] = []
    for partner in partners:
        signed = [people.get(signature.signed_by_id, "") for signature in partner.valid_signatures]  # type: ignore[attr-defined]
        theirs = [*(contact.address for contact in partner.contacts.all()), *signed]  # type: ignore[attr-defined]
        if partner.must_sign and not any(theirs):
            theirs = own_addresses(partner.organisation, day) if partner.organisation else []
            by_post += [ByPost(partner.name, address) for address in theirs]
            unreached += [] if theirs else [partner]
        addresses += theirs
    unique = dict.fromkeys(address.lower() for address in addresses if address)
    return Receivers(tuple(unique), tuple(by_post), tuple(unreached))


def senders_of(application: Application, day: date) -> list[str]:
    """Those who send it: who began it and the contacts of the lead, while they are there.

    When all have left it is the lead's own address, as for the reminders of the draft.
    """
    contacts = Contact.objects.filter(partner__in=application.partners.filter(role=PartnerRole.LEAD))
    now = contacts.order_by("pk").values_list(address_now("email"), flat=True)
    addresses = dict.fromkeys(address.lower() for address in (application.created_by.email, *now) if address)
    return reached(application, addresses, places_by_address(addresses, day), day)


def _partners(application: Application) -> QuerySet[Partner]:
    """The partners with their organisations, contacts and ``valid_signatures``: those given in the portal."""
    given = Signature.objects.filter(voided_at=None, method=SignatureMethod.PORTAL)
    signatures = Prefetch("signatures", given, to_attr="valid_signatures")
    contacts = Prefetch("contacts", Contact.objects.annotate(address=address_now("email")))
    return application.partners.select_related("organisation").prefetch_related(contacts, signatures)


def _senders(application: Application) -> Iterable[int]:
    """The ids of who sent each version, newest first, and of who began it; one query."""
    sent = application.submissions.order_by("-version").values_list("submitted_by", flat=True)
    return dict.fromkeys([*sent, application.created_by_id])


def _still_there(application: Application, partners: Collection[Partner], day: date) -> dict[int, str]:
    """The addresses of the persons who belong to the partners, or sit on the owner, on the day; by id. One query."""
    person = {"user": OuterRef("pk")}
    organisations = [partner.organisation_id for partner in partners if partner.organisation_id]
    works = Affiliation.objects.acting_for(organisations, day).filter(**person)
    sits = Seat.objects.acting_for(application.owner_body_id, day).filter(**person)
    there = User.objects.filter(Q(Exists(works)) | Q(Exists(sits)), is_active=True)
    return dict(there.values_list("pk", "email"))
