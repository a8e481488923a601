"""The ties that the portal sees between people and applications, read for many at once."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Lower

from applications.models import Application, Contact, Partner, Signature
from evaluation.assessment.habilitet import Person, Roles, Tie, ties
from evaluation.assessment.models import Habilitet
from portal.communities.models import Affiliation, Seat, User
from portal.communities.standing import Standing


def roles_of(applications: Iterable[Application]) -> dict[int, Roles]:
    """The people of each application, by the application's id; four queries, however many there are."""
    applications = list(applications)
    keys = [application.pk for application in applications]
    signers, emails, partners = defaultdict(set), defaultdict(set), defaultdict(list)
    signed = Signature.objects.filter(partner__application__in=keys, voided_at=None)
    for pk, user_id in signed.values_list("partner__application_id", "signed_by_id"):
        signers[pk].add(user_id)
    for pk, email in Contact.objects.filter(partner__application__in=keys).values_list(
        "partner__application_id", "email"
    ):
        emails[pk].add(email.lower())
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

    Who works for an organisation has a tie to those that it goes on from, too.
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
    for user_id, body in Seat.objects.current(day).filter(user__in=users).values_list("user_id", "body_id"):
        bodies[user_id].add(body)
    return {
        user.pk: Person(
            user.pk, user.email, frozenset(employers[user.pk]), frozenset(bound[user.pk]), frozenset(bodies[user.pk])
        )
        for user in users
    }


def takes_part(user: User, standing: Standing) -> Q:
    """A condition on applications: the person writes it, or has a strong tie to it that the portal sees (``ties``)."""
    partners = Partner.objects.filter(application=OuterRef("pk"), organisation__in=standing.organisation_ids)
    signed = Signature.objects.filter(partner__application=OuterRef("pk"), signed_by=user.pk, voided_at=None)
    contacts = Contact.objects.annotate(address=Lower("email")).filter(
        partner__application=OuterRef("pk"), address=user.email.lower()
    )
    is_there = Q(created_by=user.pk) | Q(owner_body__in=standing.body_ids)
    return is_there | Q(Exists(partners)) | Q(Exists(signed)) | Q(Exists(contacts))


def must_declare(user: User, application: Application, standing: Standing) -> bool:
    """Whether the person takes part in the application, and has not been asked about habilitet in it; one query."""
    asked = Habilitet.objects.filter(application=OuterRef("pk"), person=user.pk)
    return Application.objects.filter(takes_part(user, standing), ~Exists(asked), pk=application.pk).exists()


def ties_of(user: Any, application: Application, day: date) -> tuple[Tie, ...]:
    """The ties between one person and one application."""
    return ties(roles_of([application])[application.pk], persons([user], day)[user.pk])
