"""The verdict of a permission predicate. A view asks first what is visible (404), then what is allowed (403)."""

from dataclasses import dataclass
from typing import ClassVar

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest


@dataclass(frozen=True, slots=True)
class Allowed:
    """The person may do the act."""

    reason: ClassVar[str] = ""

    def __bool__(self) -> bool:
        return True


@dataclass(frozen=True, slots=True)
class Refused:
    """The person may not do the act; ``reason`` is a sentence for the person."""

    reason: str
    is_past: bool = False  # The person has access, but the time for the act is over: it is done, or something followed.

    def __bool__(self) -> bool:
        return False


Verdict = Allowed | Refused
YES = Allowed()


class PastError(PermissionDenied):
    """The act can no longer be done: a state of the case, and not a lack of access."""


def allow_if(condition: object, reason: str, *, is_past: bool = False) -> Verdict:
    """``Allowed`` when the condition holds, else ``Refused`` with the reason."""
    return YES if condition else Refused(reason, is_past)


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
    if isinstance(answer, Refused):
        raise (PastError if answer.is_past else PermissionDenied)(answer.reason)
