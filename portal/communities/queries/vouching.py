"""Who counts as another person: not one whom the first gave a seat in a secretariat, until a colleague confirms it.

Where the portal asks for two persons, one person must not be able to make the other. What counts is who has given whom
a seat (``Seat.given_alone_by``), also through others, and also when the seat has ended since.
"""

from portal.communities.models import Seat


def _links() -> list[tuple[int, int]]:
    """Each person (id) with a seat in a secretariat that nobody has confirmed, and who gave it; one query."""
    return list(Seat.objects.exclude(given_alone_by=None).values_list("user", "given_alone_by"))


def one_with(person_id: int) -> frozenset[int]:
    """The person, and those who do not count as another person beside this one, by id; one query."""
    links, group = _links(), {person_id}
    while more := {pk for link in links if not group.isdisjoint(link) for pk in link} - group:
        group |= more
    return frozenset(group)


def brought_in_by(person_id: int) -> frozenset[int]:
    """The person, and those who brought this one in, and them again, by id; one query."""
    links, line = _links(), {person_id}
    while more := {giver for person, giver in links if person in line} - line:
        line |= more
    return frozenset(line)
