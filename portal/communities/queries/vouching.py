"""Who counts as another person: not one whom the first gave a seat in a secretariat, until a colleague confirms it.

Where the portal asks for two persons, one person must not be able to make the other. What counts is who has given whom
a seat (``Seat.given_alone_by``), also through others, and also when the seat has ended since.
"""

from dataclasses import dataclass
from datetime import date

from portal.communities.models import BodyKind, Seat, serves
from portal.communities.standing import Standing


def _links() -> list[tuple[int, int]]:
    """Each person (id) with a seat in a secretariat that nobody has confirmed, and who gave it; one query."""
    return list(Seat.objects.exclude(given_alone_by=None).values_list("user", "given_alone_by"))


def one_with(person_id: int) -> frozenset[int]:
    """The person, and those who do not count as another person beside this one, by id; one query."""
    links, group = _links(), {person_id}
    while more := {pk for link in links if not group.isdisjoint(link) for pk in link} - group:
        group |= more
    return frozenset(group)


@dataclass(frozen=True, slots=True)
class Unconfirmed:
    """The people (ids) whose seat in a secretariat nobody has confirmed, and the groups that count as one person."""

    people: frozenset[int]
    groups: tuple[frozenset[int], ...]

    def one_with(self, person_id: int | None) -> frozenset[int]:
        """Those who count as one with the person, the person among them; nobody when the person is in no group."""
        return next((group for group in self.groups if person_id in group), frozenset())


def unconfirmed() -> Unconfirmed:
    """Everybody whose seat waits, and the groups, however many ask; one query."""
    links = _links()
    groups: list[frozenset[int]] = []
    for link in links:
        joined = [group for group in groups if not group.isdisjoint(link)]
        groups = [group for group in groups if group not in joined] + [frozenset(link).union(*joined)]
    return Unconfirmed(frozenset(person for person, _giver in links), tuple(groups))


def seats_to_confirm(standing: Standing, day: date) -> list[Seat]:
    """The seats in the person's secretariats that wait for a confirmation that the person can give.

    One query for an officer, and one more when any waits.
    """
    if not standing.is_officer or standing.user_id is None:
        return []
    waiting = (
        Seat.objects.unfinished(day)
        .filter(serves(standing), body__kind=BodyKind.SECRETARIAT)
        .exclude(given_alone_by=None)
    )
    seats = list(waiting.select_related("user", "body", "given_alone_by").order_by("given_at", "pk"))
    same = one_with(standing.user_id) if seats else frozenset()
    return [seat for seat in seats if seat.user_id not in same]


def brought_in_by(person_id: int) -> frozenset[int]:
    """The person, and those who brought this one in, and them again, by id; one query."""
    links, line = _links(), {person_id}
    while more := {giver for person, giver in links if person in line} - line:
        line |= more
    return frozenset(line)
