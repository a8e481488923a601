"""Who goes on with what an organisation or a body that has ended had, and where its mail goes."""

from collections.abc import Callable, Iterable
from datetime import date

from django.db.models import F, QuerySet

from portal.communities.models import Body, BodySuccession, Organisation, Succession


def possible_successors(organisation: Organisation) -> QuerySet[Organisation]:
    """The organisations of the same kind in the region, last those that have ended: ends come in any order."""
    region = organisation.community.region_id if organisation.community else None
    others = Organisation.objects.filter(kind=organisation.kind, community__region=region)
    return others.exclude(pk=organisation.pk).order_by(F("last_day").desc(nulls_first=True), "name")


def successors_of(organisation: Organisation) -> list[Succession]:
    """Who goes on with what the organisation had, with the organisations; one query."""
    return list(organisation.continued_by.select_related("successor__community"))


def successors_on(day: date, organisations: Iterable[Organisation | None]) -> dict[int, list[Organisation]]:
    """Who goes on with what each of the organisations that has ended by the day had, by the id of the ended one.

    One query; none while every organisation exists.
    """
    after: dict[int, list[Organisation]] = {item.pk: [] for item in organisations if item and item.has_ended(day)}
    if after:
        rows = Succession.objects.filter(predecessor__in=after, from_date__lte=day)
        for row in rows.select_related("successor"):
            after[row.predecessor_id].append(row.successor)
    return after


def predecessors_of(organisation: Organisation) -> list[Succession]:
    """What the organisation goes on from, with the organisations; one query."""
    return list(organisation.continues.select_related("predecessor"))


def post_addresses(organisation: Organisation, day: date) -> list[str]:
    """Where mail to the organisation goes on the day: to those who go on with what it had, once it has ended.

    No query for an organisation that has not ended.
    """
    return _addresses(organisation, day, lambda item: item.post_address)


def own_addresses(organisation: Organisation, day: date) -> list[str]:
    """As ``post_addresses``, without the helsefellesskap's for who has none."""
    return _addresses(organisation, day, lambda item: item.email)


def _addresses(organisation: Organisation, day: date, address: Callable[[Organisation], str]) -> list[str]:
    after = []
    if organisation.has_ended(day):
        after = [row.successor for row in successors_of(organisation) if not row.successor.has_ended(day)]
    return [each for each in map(address, after or [organisation]) if each]


def possible_bodies_after(body: Body) -> QuerySet[Body]:
    """The bodies of the same kind and owner, last those that have ended: ends come in any order."""
    others = Body.objects.filter(kind=body.kind, community=body.community_id, region=body.region_id)
    return others.exclude(pk=body.pk).order_by(F("last_day").desc(nulls_first=True), "name")


def bodies_after(body: Body) -> list[BodySuccession]:
    """Which body goes on with what this one had, if it has ended; one query."""
    return list(body.continued_by.select_related("successor"))


def bodies_before(body: Body) -> list[BodySuccession]:
    """The bodies that this one goes on from; one query."""
    return list(body.continues.select_related("predecessor"))
