"""How long a file may be judged. Whoever judges asks between two parts of the file, and gives up when the time is over.

A file can be made so that reading it to its end takes a whole process for minutes. The sizes are limited too; this is
the limit of what sizes do not tell.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from time import monotonic as seconds
from typing import Final

from portal.files.faults import Fault, FileFaultError

# Ten times what the largest honest file took on a slow machine.
MOST_SECONDS: Final = 20
_ends_at: ContextVar[float | None] = ContextVar("_ends_at", default=None)


@contextmanager
def limited() -> Iterator[None]:
    """In this block a file is judged for MOST_SECONDS at most."""
    token = _ends_at.set(seconds() + MOST_SECONDS)
    try:
        yield
    finally:
        _ends_at.reset(token)


def require_time() -> None:
    """Raise FileFaultError when the time is over; nothing outside ``limited``."""
    ends_at = _ends_at.get()
    if ends_at is not None and seconds() > ends_at:
        raise FileFaultError(Fault.SLOW)
