"""Long lists of values in portions: PostgreSQL takes 65,535 parameters in a query."""

from collections.abc import Iterable, Iterator
from typing import TypeVar

Value = TypeVar("Value")

# A query may name each value several times.
AT_ONCE = 10_000


def portions(values: Iterable[Value]) -> Iterator[list[Value]]:
    """The values in lists of ``AT_ONCE`` at most; none when there are no values."""
    every = list(values)
    for start in range(0, len(every), AT_ONCE):
        yield every[start : start + AT_ONCE]
