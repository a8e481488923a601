"""The ties that the portal sees between people and applications, read for many at once."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from django.db.models import Exists, Min, OuterRef, Q, QuerySet
from django.db.models.functions import Lower

from applications.models import Application, Contact, Partner, Signature
from applications.workflow import GONE
from evaluation.assessment.habilitet import Person, Roles, Tie, ties
from evaluation.assessment.models import Habilitet
from evaluation.assessment.queries.habilitet import out_of_case
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
    """The employers and bodies of each person on the day, by the person's id; two queries.

    Who works for an organisation, or sits on a body, has a tie to those that it goes on from, too.
    """
    users = list(users)
    employers: dict[int, set[int]] = defaultdict(set)
    bound: dict[int, set[int]] = defaultdict(set)
    bodies: dict[int, set[int]] = defaultdict(set)
    affiliations = Affiliation.objects.current(day).filter(user__in=users)
    before = "organisation__continues__predecessor"
    for user_id, may_sign, *organisations in affiliations.values_list("user_id", "may_sign", "organisation", before):
        employers[user_id].update(filter(None, organisations))
        if may_sign:
            bound[user_id].update(filter(None, organisations))
    seats = Seat.objects.current(day).filter(user__in=users)
    for user_id, *sits in seats.values_list("user_id", "body_id", "body__continues__predecessor"):
        bodies[user_id].update(filter(None, sits))
    return {
        user.pk: Person(
            user.pk, user.email, frozenset(employers[user.pk]), frozenset(bound[user.pk]), frozenset(bodies[user.pk])
        )
        for user in users
    }


def takes_part(standing: Standing) -> Q:
    """A condition on applications: the person writes it, or has any tie to it that the portal sees (``ties``)."""
    return _writes_or_signed(standing) | _belongs_to(standing.organisation_ids) | _is_contact(standing)


def has_strong_tie(standing: Standing) -> Q:
    """A condition on applications: the person has a strong tie to it (``ties``), which others must decide on."""
    is_named = _is_contact(standing) & _belongs_to(standing.organisation_ids)
    return _writes_or_signed(standing) | _belongs_to(standing.signs_for_ids) | is_named


def is_asked(standing: Standing) -> Q:
    """A condition on applications: the person is to answer about habilitet in it before reading it or acting in it.

    An officer is whatever the tie; others when the tie is strong, and when the applicants have named them as contact.
    """
    if standing.is_officer:
        return takes_part(standing)
    return _writes_or_signed(standing) | _belongs_to(standing.signs_for_ids) | _is_contact(standing)


def _writes_or_signed(standing: Standing) -> Q:
    signed = Signature.objects.filter(partner__application=OuterRef("pk"), signed_by=standing.user_id, voided_at=None)
    return Q(created_by=standing.user_id) | Q(owner_body__in=standing.body_ids) | Q(Exists(signed))


def _belongs_to(organisations: Collection[int]) -> Q:
    """A condition on applications: one of the organisations (ids) is a partner."""
    return Q(Exists(Partner.objects.filter(application=OuterRef("pk"), organisation__in=organisations)))


def _is_contact(standing: Standing) -> Q:
    address = User.objects.filter(pk=standing.user_id or 0).values(address=Lower("email"))
    contacts = Contact.objects.annotate(address=address_now("email"))
    return Q(Exists(contacts.filter(partner__application=OuterRef("pk"), address__in=address)))


def applications_with_tie(standing: Standing) -> list[QuerySet[Any]]:
    """Queries of applications (ids) that the person has a tie to, a few of each kind: it tells that there are any.

    Each starts at the tie, so that it costs the same however many applications there are. So the contacts are read by
    the person's addresses, now and before, which is ``address_now`` from the other side.
    """
    address = User.objects.filter(pk=standing.user_id or 0).values(address=Lower("email"))
    before = FormerAddress.objects.filter(user=standing.user_id or 0).values("email")
    contacts = Contact.objects.annotate(address=Lower("email"))
    contacts = contacts.filter(Q(address__in=address) | Q(address__in=before))
    begun = Q(created_by=standing.user_id) | Q(owner_body__in=standing.body_ids)
    kinds: tuple[tuple[QuerySet[Any], str, str], ...] = (
        (Partner.objects.filter(organisation__in=standing.organisation_ids), "role", "application"),
        (Signature.objects.filter(signed_by=standing.user_id, voided_at=None), "method", "partner__application"),
        (contacts, "partner__role", "partner__application"),
        (Application.objects.filter(begun), "status", "pk"),
    )
    return [rows.order_by().values(kind).annotate(first=Min(path)).values_list("first") for rows, kind, path in kinds]


def unanswered(standing: Standing, application: str = "pk") -> Q:
    """A condition: the person is to answer about habilitet in the application (``is_asked``), and has not.

    ``application`` is the name of the field that holds the id of the application. This is the one rule of who must
    answer before an act, and before reading.
    """
    return _not_asked(is_asked(standing), standing, application)


def takes_part_unasked(standing: Standing) -> Q:
    """A condition on applications: the person takes part in any way, and has not been asked about habilitet.

    For officers the same as ``unanswered``. It keeps applicants, too, from what only those in the case read.
    """
    return _not_asked(takes_part(standing), standing, "pk")


def _not_asked(tied: Q, standing: Standing, application: str) -> Q:
    asked = Habilitet.objects.filter(application=OuterRef("pk"), person=standing.user_id)
    rows = Application.objects.filter(tied, ~Exists(asked))
    return Q(Exists(rows.filter(pk=OuterRef(application))))


def unanswered_titles(standing: Standing, of: Q) -> list[str]:
    """The titles of the applications that fit ``of`` and in which the person must answer first; one query."""
    rows = Application.objects.filter(of).filter(unanswered(standing))
    return list(rows.order_by("title").values_list("title", flat=True).distinct())


def unanswered_people(application: Application, people: Iterable[int], day: date) -> QuerySet[User]:
    """Those of the people (ids) who are to answer about habilitet, and have not; one query.

    The same rule as ``is_asked``, for many people and one application: an officer is asked whatever the tie.
    """
    partners = Partner.objects.filter(application=application, organisation__isnull=False).values("organisation")
    works = Affiliation.objects.current(day).filter(user=OuterRef("pk"))
    works = works.filter(Q(organisation__in=partners) | Q(organisation__continues__predecessor__in=partners))
    offices = Seat.objects.current(day).filter(user=OuterRef("pk"), body__kind=BodyKind.SECRETARIAT)
    belongs = Q(Exists(works.filter(may_sign=True))) | Q(Exists(works), Exists(offices))
    signed = Signature.objects.filter(partner__application=application, signed_by=OuterRef("pk"), voided_at=None)
    addresses = Contact.objects.filter(partner__application=application).values(address=address_now("email"))
    owners = Seat.objects.current(day).filter(user=OuterRef("pk"), body=application.owner_body_id)
    asked = Habilitet.objects.filter(application=application, person=OuterRef("pk"))
    is_tied = Q(pk=application.created_by_id) | belongs | Q(Exists(signed)) | Q(Exists(owners))
    users = User.objects.filter(pk__in=list(people)).annotate(address=Lower("email"))
    return users.filter(is_tied | Q(address__in=addresses)).exclude(Exists(asked)).order_by("name", "pk")


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
