"""How long a file may be judged, and how much may be unpacked of it, with all the files that lie in it.

A file can be made so that reading it to its end takes a whole process for minutes, or all memory of the machine. A
limit for each file in it does not help, since they may be many. Whoever judges asks between two parts of the file.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from time import monotonic as seconds
from typing import Final

from portal.files.faults import Fault, FileFaultError

# Ten times what the largest honest file took on a slow machine.
MOST_SECONDS: Final = 20
MOST_BYTES: Final = 200 * 1024 * 1024
_ends_at: ContextVar[float | None] = ContextVar("_ends_at", default=None)
_unpacked: ContextVar[int | None] = ContextVar("_unpacked", default=None)


@contextmanager
def limited() -> Iterator[None]:
    """In this block a file is judged for MOST_SECONDS at most, and MOST_BYTES at most are unpacked."""
    time, size = _ends_at.set(seconds() + MOST_SECONDS), _unpacked.set(0)
    try:
        yield
    finally:
        _ends_at.reset(time)
        _unpacked.reset(size)


def require_time() -> None:
    """Raise FileFaultError when the time is over; nothing outside ``limited``."""
    ends_at = _ends_at.get()
    if ends_at is not None and seconds() > ends_at:
        raise FileFaultError(Fault.SLOW)


def bytes_left() -> int:
    """How many bytes may still be unpacked."""
    return MOST_BYTES - (_unpacked.get() or 0)


def count_bytes(size: int) -> None:
    """Count what was unpacked. Raises FileFaultError when it is too much; nothing outside ``limited``."""
    before = _unpacked.get()
    if before is None:
        return
    _unpacked.set(before + size)
    if bytes_left() < 0:
        raise FileFaultError(Fault.TOO_LARGE)
