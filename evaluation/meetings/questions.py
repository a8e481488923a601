"""What the room asks the rooms to its right; see ``portal.rooms``."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portal.rooms import question


@dataclass(frozen=True, slots=True)
class FollowUp:
    """What a body has asked for in its resolutions: words on how much is open and late, and where the list is.

    ``asks_url`` is where the person goes through what the minutes of the meeting ask for; empty when nothing is left.
    """

    said: str
    url: str
    asks_url: str = ""
    body: str = ""
    is_late: bool = False


@dataclass(frozen=True, slots=True)
class FollowedUp:
    """A follow-up item as the page of its case tells it: what is to be done, by whom and when, and its state."""

    text: str
    owner: str
    due: str
    item: Any


@dataclass(frozen=True, slots=True)
class CommentShown:
    """A comment on a case: whose it is, the text, and by whom and when it was written."""

    sender: str
    text: str
    said: str


@dataclass(frozen=True, slots=True)
class CommentsShown:
    """The comments that were asked for on a case; without an address none were.

    ``can_be_sent`` is whether a case of this kind is ever sent for comments. ``state`` and ``said`` are how far it has
    come, for the status tag; ``silent`` those asked who have not written.
    """

    url: str = ""
    can_be_sent: bool = True
    state: str = ""
    said: str = ""
    question: str = ""
    comments: Sequence[CommentShown] = ()
    silent: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class AskedFor:
    """What asked for a case: the resolution and its point in words, and where the person reads of it."""

    said: str
    url: str


@question
def follow_up_of(meeting: Any, user: Any, now: datetime) -> FollowUp:
    """What the meeting's body has asked for and is not done, without what is closed to the person."""


@question
def follow_up_lists(user: Any, now: datetime) -> Sequence[FollowUp]:
    """The same of each body whose list the person may read and that has asked for anything, by the body's name."""


@question
def attached_in(case: Any) -> Sequence[Any]:
    """The documents of other rooms that belong to the case, as ``ui.FileRow``; its reader may read them."""


@question
def asked_for_in(case: Any, user: Any, now: datetime) -> Sequence[AskedFor]:
    """The points of earlier resolutions that come back in the case, of those that the person may read."""


@question
def told_of_taken_off(cases: Sequence[Any], why: str, by: Any, at: datetime) -> int:
    """A part of the act that takes the cases off an agenda, before they are gone.

    The room that told somebody that one of them was put up tells that it is not, and why; gives of how many.
    """


@question
def told_of_moved(meeting: Any, was: datetime, at: datetime) -> int:
    """A part of the act that moves a planned meeting to another time, from when it ``was`` to be.

    The room that told somebody in which meeting a case is put up tells when it is now; gives of how many cases.
    """


@question
def told_of_cancelled(meeting: Any, why: str, at: datetime) -> int:
    """The same of the act that cancels the meeting: that its cases wait, and why."""


@question
def comments_wait(meeting: Any, why: str, at: datetime) -> int:
    """A part of the act that cancels the meeting: those asked for comments on its cases are told; how many rounds."""


@question
def comments_go_with(case: Any, again: Any, at: datetime) -> int:
    """A part of the act that puts the case up ``again``: the comments on it are on that one; how many rounds."""


@question
def told_of_taken_up(case: Any, again: Any, at: datetime) -> int:
    """The same of the act that puts the case up ``again`` in another meeting: whoever was told of it hears of this."""


@question
def follow_up_in(case: Any, user: Any, now: datetime) -> Sequence[FollowedUp]:
    """The follow-up items of the case that the person may read."""


@question
def comments_in(case: Any, user: Any, now: datetime) -> CommentsShown:
    """The comments on the case, for those who may read its paper."""
