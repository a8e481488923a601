"""Whom a mail about an application reaches: one rule for receipts, letters, reminders and all else that is told.

Who has done something in it (began, sent or signed it) is reached while that person has a place at a partner or on the
owner body. Who is named in it (a contact, the person responsible) need not be a person of the portal, and is reached
until the places that the person had there have ended.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch, QuerySet

from applications.models import Application, Contact, Partner, Signature, SignatureMethod
from portal.communities.models import User, address_now
from portal.communities.queries.belonging import NOWHERE, Places, places_by_address
from portal.communities.queries.succession import own_addresses, post_addresses

# --- the rule ---------------------------------------------------------------------------------------------


class People:
    """Those of an application's people whom a mail reaches on a day: the day of ``places``.

    ``partners`` are those of the application, with their organisations, as the caller has read them.
    """

    def __init__(self, application: Application, partners: Iterable[Partner], places: Mapping[str, Places]) -> None:
        self._organisations = {partner.organisation_id for partner in partners if partner.organisation_id}
        self._body = application.owner_body_id
        self._places = places

    def there(self, addresses: Iterable[str]) -> list[str]:
        """Those of the addresses of people who have done something in it that belong to one who is there."""
        return [each for each in addresses if self._held(each).is_in(self._organisations, self._body)]

    def named(self, addresses: Iterable[str]) -> list[str]:
        """Those of the addresses of people who are named in it that do not belong to one who has left."""
        return [each for each in addresses if each and not self._held(each).has_left(self._organisations, self._body)]

    def _held(self, address: str) -> Places:
        return self._places.get(address.lower(), NOWHERE)


def reached(
    application: Application,
    named: Iterable[str],
    places: Mapping[str, Places],
    day: date,
    *,
    done: Iterable[str] = (),
    partners: Iterable[Partner] | None = None,
) -> list[str]:
    """Those who have ``done`` something and are there, and those who are named and have not left.

    When all have left it is the post address of the lead, or of those who go on with it. No query for partners that
    are read ``with_contacts``, or given.
    """
    partners = list(application.partners.all() if partners is None else partners)
    done, named, people = list(done), list(named), People(application, partners, places)
    lead = next((partner.organisation for partner in partners if partner.is_lead), None)
    kept = [*people.there(done), *people.named(named)]
    return kept or (post_addresses(lead, day) if lead and (done or named) else [])


# --- those who stand behind an application ------------------------------------------------------------------


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
    """The partners' contacts, who began it, who sent it and who has signed in the portal; six queries.

    Those who have left the partners get nothing more; ``sender``, who sends it now, does. A partner of which that
    reaches nobody gets it at its organisation's own address; when the organisation has ended, at its successors'.
    """
    partners = list(_partners(application))
    contacts = {partner.pk: [contact.address for contact in partner.contacts.all()] for partner in partners}  # type: ignore[attr-defined]
    signers = {partner.pk: [item.signed_by.email for item in partner.valid_signatures] for partner in partners}  # type: ignore[attr-defined]
    senders = list(_senders(application))
    every = [*senders, *(each for known in (contacts, signers) for theirs in known.values() for each in theirs)]
    places = places_by_address(every, day)
    people = People(application, partners, places)
    addresses = [sender.email if sender else "", *people.there(senders)]
    by_post: list[ByPost] = []
    unreached: list[Partner] = []
    for partner in partners:
        theirs, signed = contacts[partner.pk], signers[partner.pk]
        addresses += [*people.named(theirs), *people.there(signed)]
        # Who has moved to another partner hears of the project, and speaks no more for this one.
        here = People(application, [partner], places)
        if partner.must_sign and not (here.named(theirs) or here.there(signed)):
            post = own_addresses(partner.organisation, day) if partner.organisation else []
            by_post += [ByPost(partner.name, address) for address in post]
            unreached += [] if post else [partner]
            addresses += post
    unique = dict.fromkeys(address.lower() for address in addresses if address)
    return Receivers(tuple(unique), tuple(by_post), tuple(unreached))


def senders_of(application: Application, day: date) -> list[str]:
    """Those who send it: who began it and the contacts of the lead, while they are there.

    When all have left it is the lead's own address, as for the reminders of the draft.
    """
    partners = list(_partners(application))
    contacts = [contact.address for each in partners if each.is_lead for contact in each.contacts.all()]  # type: ignore[attr-defined]
    beginner = [application.created_by.email]
    places = places_by_address([*beginner, *contacts], day)
    senders = reached(application, contacts, places, day, done=beginner, partners=partners)
    return list(dict.fromkeys(address.lower() for address in senders))


def _partners(application: Application) -> QuerySet[Partner]:
    """The partners with their organisations, contacts and ``valid_signatures``: those given in the portal."""
    given = Signature.objects.filter(voided_at=None, method=SignatureMethod.PORTAL).select_related("signed_by")
    signatures = Prefetch("signatures", given, to_attr="valid_signatures")
    contacts = Prefetch("contacts", Contact.objects.annotate(address=address_now("email")))
    return application.partners.select_related("organisation").prefetch_related(contacts, signatures)


def _senders(application: Application) -> Iterable[str]:
    """The addresses of who sent each version, newest first, and of who began it; one query."""
    newest_first = Application.objects.filter(pk=application.pk).order_by("-submissions__version")
    rows = list(newest_first.values_list("submissions__submitted_by__email", "created_by__email"))
    return dict.fromkeys([*(sent for sent, _begun in rows if sent), *(begun for _sent, begun in rows)])
