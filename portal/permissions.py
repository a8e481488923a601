"""The answer of a permission predicate, and the second of the two steps: visible, then allowed."""

from dataclasses import dataclass
from typing import ClassVar

from django.core.exceptions import PermissionDenied


@dataclass(frozen=True, slots=True)
class Allowed:
    """The act is open to the person; there is no reason against it."""

    reason: ClassVar[str] = ""

    def __bool__(self) -> bool:
        return True


@dataclass(frozen=True, slots=True)
class Refused:
    """The act is closed to the person, and why, as a sentence for them."""

    reason: str

    def __bool__(self) -> bool:
        return False


Verdict = Allowed | Refused
YES = Allowed()


def allow_if(condition: object, reason: str) -> Verdict:
    """``Allowed`` when the condition holds, else ``Refused`` with the reason."""
    return YES if condition else Refused(reason)


def first_refusal(*answers: Verdict) -> Verdict:
    """The first refusal among the answers, or ``Allowed``."""
    return next((answer for answer in answers if not answer), YES)


def require(answer: Verdict) -> None:
    """Raise ``PermissionDenied`` with the reason unless the act is allowed."""
    if isinstance(answer, Refused):
        raise PermissionDenied(answer.reason)
