"""Sharing applications evenly among assessors. Django-free."""

from collections.abc import Hashable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import TypeVar

App = TypeVar("App", bound=Hashable)
Person = TypeVar("Person", bound=Hashable)


def distribute(
    applications: Sequence[App],
    assessors: Sequence[Person],
    *,
    each: int,
    barred: AbstractSet[tuple[App, Person]] = frozenset(),
    given: Mapping[App, AbstractSet[Person]] | None = None,
    load: Mapping[Person, int] | None = None,
) -> dict[App, tuple[Person, ...]]:
    """New assessors for each application, so that it has ``each`` of them and nobody carries much more than others.

    ``given`` are those who have the application already, ``load`` how many each assessor carries. The applications with
    the fewest possible assessors choose first; each takes the least loaded, in the given order among equals. An
    application that cannot have enough gets those there are.
    """
    given, carried = given or {}, {person: (load or {}).get(person, 0) for person in assessors}
    free = {
        app: [p for p in assessors if (app, p) not in barred and p not in given.get(app, frozenset())]
        for app in applications
    }
    chosen: dict[App, tuple[Person, ...]] = {}
    for app in sorted(applications, key=lambda app: len(free[app])):
        wanted = max(0, each - len(given.get(app, frozenset())))
        chosen[app] = tuple(sorted(free[app], key=lambda person: carried[person])[:wanted])
        for person in chosen[app]:
            carried[person] += 1
    return {app: chosen[app] for app in applications}
