"""What the other rounds of a frame have granted (R6). Rounds do not know of decisions: the room that decides tells."""

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rounds.models import Round

_granted: list[Callable[["Round"], int]] = []


def register_granted(granted: Callable[["Round"], int]) -> None:
    """Let the room that decides say what has been granted in the other rounds of a round's frame, in kroner."""
    _granted[:] = [granted]


def granted_elsewhere(of_round: "Round") -> int:
    """What the frame's other rounds have granted, in whole kroner."""
    return sum(granted(of_round) for granted in _granted)
