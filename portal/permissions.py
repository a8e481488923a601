"""The verdict of a permission predicate. A view asks first what is visible (404), then what is allowed (403)."""

from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest


@dataclass(frozen=True, slots=True)
class Allowed:
    """The person may do the act."""

    reason: ClassVar[str] = ""

    def __bool__(self) -> bool:
        return True


class Way(NamedTuple):
    """Where something is done, and what the link there says."""

    url: str
    text: str


@dataclass(frozen=True, slots=True)
class Refused:
    """The person may not do the act; ``reason`` is a sentence for the person."""

    reason: str
    is_past: bool = False  # The person has access, but the time for the act is over: it is done, or something followed.
    first: Way | None = None  # The person has access, but something must come first: where that is done or told.

    def __bool__(self) -> bool:
        return False


Verdict = Allowed | Refused
YES = Allowed()


class PastError(PermissionDenied):
    """The act can no longer be done: a state of the case, and not a lack of access."""


class EarlyError(PermissionDenied):
    """The act cannot be done yet: a state of the case, and not a lack of access. ``first`` leads to what is missing."""

    def __init__(self, reason: str, first: Way) -> None:
        super().__init__(reason)
        self.first = first


def allow_if(condition: object, reason: str, *, is_past: bool = False, first: Way | None = None) -> Verdict:
    """``Allowed`` when the condition holds, else ``Refused`` with the reason; one that is past has nothing first."""
    return YES if condition else Refused(reason, is_past, None if is_past else first)


def first_refusal(*answers: Verdict) -> Verdict:
    """The first refusal among the verdicts, or ``Allowed``."""
    return next((answer for answer in answers if not answer), YES)


def require_to_open(request: HttpRequest, answer: Verdict) -> None:
    """``require`` for who opens the page of an act whose time may be over.

    A press that came too late is refused by the act itself, on the page that keeps what was written.
    """
    if request.method in {"GET", "HEAD"}:
        require(answer)


def require(answer: Verdict) -> None:
    """Raise ``PermissionDenied`` with the reason unless the act is allowed."""
    if isinstance(answer, Refused) and answer.first:
        raise EarlyError(answer.reason, answer.first)
    if isinstance(answer, Refused):
        raise (PastError if answer.is_past else PermissionDenied)(answer.reason)
