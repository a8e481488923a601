"""Which bodies are in a meeting now. The register knows of no meetings: the room that holds them tells."""

from collections.abc import Callable, Collection

_ask: list[Callable[[Collection[int]], Collection[int]]] = []


def register_in_session(ask: Callable[[Collection[int]], Collection[int]]) -> None:
    """Let the room that holds meetings name those of the bodies (ids) that have an open meeting."""
    _ask[:] = [ask]


def bodies_in_session(body_ids: Collection[int]) -> frozenset[int]:
    """Those of the bodies (ids) that have an open meeting; all of them when nobody can tell.

    The caller has locked the bodies' rows, as whoever opens a meeting also does: none is opened while a rule changes.
    """
    return frozenset(pk for ask in _ask for pk in ask(body_ids)) if _ask else frozenset(body_ids)
