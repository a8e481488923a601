"""The ties that the portal sees between people and applications, read for many at once."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, Min, OuterRef, Prefetch, Q, QuerySet
from django.db.models.functions import Lower

from applications.models import Application, Contact, Partner, Signature
from applications.workflow import GONE
from evaluation.assessment.habilitet import Person, Roles, Tie, ties
from evaluation.assessment.queries.habilitet import out_of_case
from portal.communities.chains import on_day
from portal.communities.models import Affiliation, BodyKind, FormerAddress, Seat, User, address_now
from portal.communities.standing import Standing
from rounds.models import Round


def roles_of(applications: Iterable[Application]) -> dict[int, Roles]:
    """The people of each application, by the application's id; four queries, however many there are."""
    applications = list(applications)
    keys = [application.pk for application in applications]
    signers, emails, partners = defaultdict(set), defaultdict(set), defaultdict(list)
    signed = Signature.objects.filter(partner__application__in=keys, voided_at=None)
    for pk, user_id in signed.values_list("partner__application_id", "signed_by_id"):
        signers[pk].add(user_id)
    contacts = Contact.objects.filter(partner__application__in=keys).annotate(address=address_now("email"))
    for pk, email in contacts.values_list("partner__application_id", "address"):
        emails[pk].add(email)
    known = Partner.objects.filter(application__in=keys, organisation__isnull=False)
    for pk, organisation, name in known.values_list("application_id", "organisation_id", "organisation__name"):
        partners[pk].append((organisation, name))
    owners = Application.objects.filter(pk__in=keys, owner_body__isnull=False).values_list(
        "pk", "owner_body_id", "owner_body__name", "owner_body__appointed_by_id"
    )
    owned = {pk: more for pk, *more in owners}
    return {
        application.pk: Roles(
            application.created_by_id,
            frozenset(signers[application.pk]),
            frozenset(emails[application.pk]),
            tuple(partners[application.pk]),
            *owned.get(application.pk, (None, "", None)),
        )
        for application in applications
    }


def persons(users: Iterable[User], day: date) -> dict[int, Person]:
    """The employers and bodies of each person on the day, and for whom they sit there; by id, two queries.

    Who works for an organisation, or sits on a body, has a tie to those that it goes on from, too.
    """
    users = list(users)
    employers: dict[int, set[int]] = defaultdict(set)
    bound: dict[int, set[int]] = defaultdict(set)
    bodies: dict[int, set[int]] = defaultdict(set)
    represented: dict[int, set[int]] = defaultdict(set)
    affiliations = Affiliation.objects.current(day).filter(user__in=users)
    before = ("organisation__continues__predecessor", "organisation__continues__from_date")
    works = affiliations.values_list("user_id", "may_sign", "organisation_id", *before)
    for user_id, may_sign, *organisation in works:
        belongs = on_day(day, *organisation)
        employers[user_id] |= belongs
        if may_sign:
            bound[user_id] |= belongs
    seats = Seat.objects.current(day).filter(user__in=users)
    of_body, of_organisation = (
        (f"{name}_id", f"{name}__continues__predecessor", f"{name}__continues__from_date")
        for name in ("body", "organisation")
    )
    for user_id, kind, *sits in seats.values_list("user_id", "body__kind", *of_body, *of_organisation):
        bodies[user_id] |= on_day(day, *sits[:3])
        if sits[3] and kind != BodyKind.SECRETARIAT:
            represented[user_id] |= on_day(day, *sits[3:])
    return {
        user.pk: Person(
            user.pk,
            user.email,
            organisation_ids=frozenset(employers[user.pk]),
            signs_for_ids=frozenset(bound[user.pk]),
            body_ids=frozenset(bodies[user.pk]),
            represented_ids=frozenset(represented[user.pk]),
        )
        for user in users
    }


class TiedPeople:
    """Conditions on rows of people, by their tie to one application on a day: the rule of ``ties``, for many people.

    ``application`` is an id, or a reference to one from within the query of a query. ``person`` and ``email`` are the
    names of the fields that hold the person's id and address.
    """

    def __init__(self, application: Any, day: date, person: str = "pk", email: str = "email") -> None:
        self.day, self.person, self.address = day, OuterRef(person), Lower(OuterRef(email))
        self._person_above = OuterRef(OuterRef(person))
        within = OuterRef(application) if isinstance(application, OuterRef) else application
        self._partners = Partner.objects.filter(application=within, organisation__isnull=False)
        self._application = Application.objects.filter(pk=application)
        self._signed = Signature.objects.filter(partner__application=application, voided_at=None)
        contacts = Contact.objects.annotate(address=address_now("email"))
        self._contacts = contacts.filter(partner__application=application)

    def write_or_signed(self) -> Q:
        """They began it, have signed it, or sit in the body that owns it, or in one that goes on from that."""
        seats = Seat.objects.acting_for(OuterRef("owner_body"), self.day).filter(user=self._person_above)
        owned, begun = self._application.filter(Exists(seats)), self._application.filter(created_by=self.person)
        return Q(Exists(begun)) | Q(Exists(self._signed.filter(signed_by=self.person))) | Q(Exists(owned))

    def belong(self, **only: bool) -> Q:
        """They belong to a partner, or to an organisation that goes on from one; ``only`` is a filter on how."""
        works = Affiliation.objects.acting_for(self._partners.values("organisation"), self.day)
        return Q(Exists(works.filter(user=self.person, **only)))

    def represent(self) -> Q:
        """They sit in a body, no secretariat, for a partner, or for an organisation that goes on from one."""
        seats = Seat.objects.sent_by(self._partners.values("organisation"), self.day)
        return Q(Exists(seats.filter(user=self.person)))

    def are_contacts(self) -> Q:
        """The applicants have named them as contacts, by an address of now or before."""
        return Q(Exists(self._contacts.filter(address=self.address)))

    def have_strong_tie(self) -> Q:
        """They have a tie that others must decide on."""
        return self.write_or_signed() | self.belong(may_sign=True) | (self.are_contacts() & self.belong())


def takes_part(standing: Standing) -> Q:
    """A condition on applications: the person writes it, or has any tie to it that the portal sees (``ties``)."""
    organisations = standing.organisation_ids | standing.represented_ids
    return writes_or_signed(standing) | belongs_to(organisations) | is_contact(standing)


def has_strong_tie(standing: Standing) -> Q:
    """A condition on applications: the person has a strong tie to it (``ties``), which others must decide on."""
    is_named = is_contact(standing) & belongs_to(standing.organisation_ids)
    return writes_or_signed(standing) | belongs_to(standing.signs_for_ids) | is_named


def writes_or_signed(standing: Standing) -> Q:
    """A condition on applications: the person began it, has signed it, or sits in the body that owns it."""
    signed = Signature.objects.filter(partner__application=OuterRef("pk"), signed_by=standing.user_id, voided_at=None)
    return Q(created_by=standing.user_id) | Q(owner_body__in=standing.body_ids) | Q(Exists(signed))


def belongs_to(organisations: Collection[int]) -> Q:
    """A condition on applications: one of the organisations (ids) is a partner."""
    return Q(Exists(Partner.objects.filter(application=OuterRef("pk"), organisation__in=organisations)))


def is_contact(standing: Standing) -> Q:
    """A condition on applications: the applicants have named the person as contact, by an address of now or before."""
    address = User.objects.filter(pk=standing.user_id or 0).values(address=Lower("email"))
    contacts = Contact.objects.annotate(address=address_now("email"))
    return Q(Exists(contacts.filter(partner__application=OuterRef("pk"), address__in=address)))


@dataclass(frozen=True, slots=True)
class TieRows:
    """The rows of one kind of tie, the name of a field with few values, and that of the application's id."""

    rows: QuerySet[Any]
    kind: str
    application: str


def ties_from(standing: Standing, organisations: Collection[int]) -> list[TieRows]:
    """The rows that tie the person to applications: to those of the ``organisations`` (ids), and as ``takes_part``.

    Each kind is read from the tie, so that it costs the same however many applications there are. So the contacts are
    read by the person's addresses, now and before, which is ``address_now`` from the other side.
    """
    address = User.objects.filter(pk=standing.user_id or 0).values(address=Lower("email"))
    before = FormerAddress.objects.filter(user=standing.user_id or 0).values("email")
    # Apart, since «one or the other» would read every contact.
    contacts = Contact.objects.annotate(address=Lower("email"))
    named = [contacts.filter(address__in=addresses) for addresses in (address, before)]
    begun = Q(created_by=standing.user_id) | Q(owner_body__in=standing.body_ids)
    return [
        TieRows(Partner.objects.filter(organisation__in=organisations), "role", "application"),
        TieRows(Signature.objects.filter(signed_by=standing.user_id, voided_at=None), "method", "partner__application"),
        *(TieRows(rows, "partner__role", "partner__application") for rows in named),
        TieRows(Application.objects.filter(begun), "status", "pk"),
    ]


def applications_with_tie(standing: Standing) -> list[QuerySet[Any]]:
    """Queries of applications (ids) that the person has a tie to, enough to tell that there are any.

    An organisation may be a partner in thousands: of those it is one for each role. What a person has signed, begun or
    is named in is few, and to group it takes longer than to read it.
    """
    partners, *others = ties_from(standing, standing.organisation_ids | standing.represented_ids)
    first = partners.rows.order_by().values("role").annotate(first=Min("application")).values_list("first")
    return [first, *(tie.rows.order_by().values_list(tie.application) for tie in others)]


def under_frame(of_round: Round) -> QuerySet[Application]:
    """The applications that compete for the round's frame, drafts too: those that are not refused or withdrawn."""
    return Application.objects.filter(round__frame=of_round.frame_id).exclude(status__in=GONE)


def gains_by_frame(of_round: Round, standing: Standing) -> bool:
    """Whether the person has a strong tie to an application under the round's frame, or is out of one; one query.

    A draft counts: who writes it gains by what it may get when it is sent.
    """
    return under_frame(of_round).filter(has_strong_tie(standing) | out_of_case(standing.user_id)).exists()


def ties_of(user: Any, application: Application, day: date) -> tuple[Tie, ...]:
    """The ties between one person and one application."""
    return ties(roles_of([application])[application.pk], persons([user], day)[user.pk])


@dataclass(frozen=True, slots=True)
class NamedParty:
    """A party of an application with the people who answer for it: contacts as they were named, and who has signed."""

    name: str
    role: str
    contacts: tuple[str, ...]
    signers: tuple[str, ...]


def named_in(application: Application) -> list[NamedParty]:
    """Whom a person must know of to answer about habilitet: the parties in their order; three queries."""
    signed = Prefetch("signatures", Signature.objects.filter(voided_at=None), "standing")
    parties = application.partners.select_related("organisation").prefetch_related("contacts", signed)
    return [
        NamedParty(
            party.name,
            party.get_role_display(),
            tuple(contact.name for contact in party.contacts.all()),
            tuple(signature.signatory_name for signature in party.standing),
        )
        for party in parties
    ]
