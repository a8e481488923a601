"""Where the persons who have an e-mail address belong on a day, and where they did before."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet, Value

from portal.communities.chains import on_day
from portal.communities.models import Affiliation, Seat, User, in_term
from portal.communities.queries import with_address
from portal.portions import portions


@dataclass(frozen=True, slots=True)
class Places:
    """The organisations and bodies (ids) in which a person has a place on a day, and those that the person has left.

    The organisations and bodies that those go on from are among them. Nobody has left where a place is to come.
    """

    organisations: frozenset[int] = frozenset()
    bodies: frozenset[int] = frozenset()
    left_organisations: frozenset[int] = frozenset()
    left_bodies: frozenset[int] = frozenset()
    can_sign_in: bool = True

    def is_in(self, organisations: Collection[int], body: int | None) -> bool:
        """Whether the person can sign in, and has a place in one of the organisations or on the body."""
        return self.can_sign_in and (not self.organisations.isdisjoint(organisations) or body in self.bodies)

    def has_left(self, organisations: Collection[int], body: int | None) -> bool:
        """Whether the person can no longer sign in, or had a place in them, and has none any more.

        Who never had a place there has not left.
        """
        had = not self.left_organisations.isdisjoint(organisations) or body in self.left_bodies
        return not self.can_sign_in or (had and not self.is_in(organisations, body))


# Of one who never had a place, or is no person of the portal.
NOWHERE = Places()


def places_by_address(addresses: Iterable[str], day: date) -> dict[str, Places]:
    """The places of the persons with these addresses on the day; an address that is nobody's is left out.

    Two queries, one when none of the addresses belongs to a person; again for each ten thousand addresses.
    """
    wanted = {address.lower() for address in addresses}
    return {address: places for some in portions(sorted(wanted)) for address, places in _of_some(some, day)}


def _of_some(wanted: Collection[str], day: date) -> Iterator[tuple[str, Places]]:
    users = User.objects.filter(with_address(wanted)).values_list("pk", "is_active", "email", "former_addresses__email")
    known = frozenset(wanted)
    persons = {address: (pk, is_active) for pk, is_active, *had in users for address in had if address in known}
    if not persons:
        return
    keys = {pk for pk, _is_active in persons.values()}
    terms = _terms(Affiliation, "organisation", keys).union(_terms(Seat, "body", keys), all=True)
    places: dict[int, dict[tuple[str, str], set[int]]] = defaultdict(lambda: defaultdict(set))
    for pk, kind, from_date, to_date, *held in terms:
        when = "coming" if from_date > day else "now" if in_term(from_date, to_date, day) else "left"
        places[pk][kind, when].update(on_day(day, *held))
    for address, (pk, is_active) in persons.items():
        yield address, _places(places[pk], can_sign_in=is_active)


def _places(held: dict[tuple[str, str], set[int]], *, can_sign_in: bool) -> Places:
    return Places(
        organisations=frozenset(held["organisation", "now"]),
        bodies=frozenset(held["body", "now"]),
        left_organisations=frozenset(held["organisation", "left"] - held["organisation", "coming"]),
        left_bodies=frozenset(held["body", "left"] - held["body", "coming"]),
        can_sign_in=can_sign_in,
    )


def _terms(model: type[Affiliation | Seat], kind: str, users: Collection[int]) -> QuerySet[Any, Any]:
    """The users' places of the kind, whenever: whose, the kind, the term, and what ``on_day`` asks for."""
    of_before = (f"{kind}__continues__predecessor", f"{kind}__continues__from_date")
    rows = model.objects.filter(user__in=users).order_by()
    return rows.values_list("user", Value(kind), "from_date", "to_date", kind, *of_before)
