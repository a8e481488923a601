"""Which helsefellesskap have locked their lists. Rounds do not know of lists: the room that prioritises tells."""

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rounds.models import Round

_locked: list[Callable[["Round"], Collection[int]]] = []


def register_locked(locked: Callable[["Round"], Collection[int]]) -> None:
    """Let the room that prioritises name the helsefellesskap (ids) whose lists in a round are locked.

    It holds the lists until the caller's transaction ends: none is locked while a deadline is made later.
    """
    _locked[:] = [locked]


def locked_communities(of_round: "Round") -> frozenset[int]:
    """The helsefellesskap whose lists in the round are locked; for the caller's transaction."""
    return frozenset(pk for locked in _locked for pk in locked(of_round))
