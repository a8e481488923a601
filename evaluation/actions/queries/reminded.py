"""Who is reminded of which follow-up items on a day."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Q, QuerySet

from evaluation.actions.models import FollowUpItem, OwnerKind, State
from evaluation.actions.queries import open_to
from evaluation.actions.queries.owners import people_of
from evaluation.meetings.models import CHAIRS
from portal.communities.models import Affiliation, Seat, User
from portal.communities.queries import officers_of, standing_on


def open_items_due(first: date, last: date) -> list[FollowUpItem]:
    """The open items that are due from the first day to the last; one query."""
    due = FollowUpItem.objects.filter(state=State.OPEN, due_date__range=(first, last))
    return list(due.with_case().by_due_date())


def reminded_of(items: Iterable[FollowUpItem], day: date) -> dict[int, list[User]]:
    """Who is reminded of each of the items (id); nobody of an item whose case is closed to the person."""
    owners = {item.pk: _owners_of(item, day) for item in items}
    people = {person.pk: person for each in owners.values() for person in each}
    rows = FollowUpItem.objects.filter(pk__in=owners)
    open_for = {
        pk: set(open_to(rows, standing_on(person, day)).values_list("pk", flat=True)) for pk, person in people.items()
    }
    return {pk: [person for person in each if pk in open_for[person.pk]] for pk, each in owners.items()}


def _owners_of(item: FollowUpItem, day: date) -> list[User]:
    """Who is reminded of the item: its owner, or whoever acts for it.

    The secretariat is of another role, and of what nobody is left to do.
    """
    people = list(_acting_for(item, day).filter(is_active=True).order_by("pk"))
    return people or list(officers_of(item.case.body, day).filter(is_active=True))


def _acting_for(item: FollowUpItem, day: date) -> QuerySet[User]:
    if item.owner_kind == OwnerKind.PERSON:
        return people_of(item.case.body, day).filter(pk=item.owner_person_id or 0)
    if item.owner_kind == OwnerKind.ORGANISATION:
        works = Affiliation.objects.acting_for([item.owner_organisation_id], day)
        return User.objects.filter(pk__in=works.order_by().values("user"))
    if item.owner_kind == OwnerKind.BODY:
        goes_on = Q(body__continues__predecessor=item.owner_body_id)
        leads = Seat.objects.current(day).filter(Q(body=item.owner_body_id) | goes_on, role__in=CHAIRS)
        return User.objects.filter(pk__in=leads.order_by().values("user"))
    return officers_of(item.case.body, day)
