"""What this room asks the rooms to its right; see ``portal.rooms``."""

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING, Any

from portal.rooms import question

if TYPE_CHECKING:
    from portal.communities.standing import Standing
    from rounds.frame import FrameState
    from rounds.models import Round


@question
def locked_communities(of_round: "Round") -> Collection[int]:
    """The helsefellesskap (ids) whose priority lists in the round are locked.

    Asked inside a transaction before a deadline is extended. The answer locks the rows of the lists until the
    transaction ends, so that no list is frozen meanwhile.
    """


@question
def frame_state(of_round: "Round") -> "FrameState":
    """What is granted of the round's frame (R6), in the round and in the others that share it."""


@question
def can_apply_in(of_round: "Round", user: Any, now: datetime) -> bool:
    """Whether the person can start an application in the round now.

    Asked before the page of the round shows the button that starts one.
    """


@question
def answered_rounds(rounds: Collection[int]) -> Collection[int]:
    """Which of the rounds (ids) are over for those who applied: all of them have been told how it went.

    Asked of rounds whose deadline has passed, before the list of calls says what has become of them.
    """


@question
def gains_by_frame(of_round: "Round", standing: "Standing") -> bool:
    """Whether the person gains by the size of the round's frame, or is out of a case that competes for it.

    Asked before somebody sets the frame.
    """
