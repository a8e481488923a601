"""The even distribution of applications among assessors. Django-free."""

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
    excluded: AbstractSet[tuple[App, Person]] = frozenset(),
    given: Mapping[App, AbstractSet[Person]] | None = None,
    load: Mapping[Person, int] | None = None,
) -> dict[App, tuple[Person, ...]]:
    """The new assessors of each application, so that it gets ``each`` assessors and they get about equally many.

    ``excluded`` are the pairs that are not allowed, ``given`` the assessors that an application has already, and
    ``load`` the number of applications that each assessor has already. Applications with the fewest possible assessors
    are served first. Each takes the assessors with the fewest applications; of equals, those first in ``assessors``.
    When too few are possible, the application gets all of these.
    """
    given, carried = given or {}, {person: (load or {}).get(person, 0) for person in assessors}
    free = {
        app: [p for p in assessors if (app, p) not in excluded and p not in given.get(app, frozenset())]
        for app in applications
    }
    chosen: dict[App, tuple[Person, ...]] = {}
    for app in sorted(applications, key=lambda app: len(free[app])):
        wanted = max(0, each - len(given.get(app, frozenset())))
        chosen[app] = tuple(sorted(free[app], key=lambda person: carried[person])[:wanted])
        for person in chosen[app]:
            carried[person] += 1
    return {app: chosen[app] for app in applications}
