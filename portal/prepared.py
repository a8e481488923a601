"""Queries that are asked on every page: Django writes their SQL once for each connection, and later only fills it in.

For a small query the ORM takes ten times as long to write the SQL as the database takes to answer it
(docs/performance.md).

    def _of_round(code: str) -> QuerySet[Round]:
        return Round.objects.filter(code=code).select_related("frame")

    found = prepared.rows(_of_round, code="helse-nord-2025")

What ``build`` gives must depend on its arguments alone, and each argument must reach the database as it is: no look-up
that changes it (``icontains``), no branch on it. Numbers, texts, dates, None and collections of numbers can be given.
"""

import copy
from collections.abc import Callable, Collection, Hashable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import QuerySet

Row = TypeVar("Row")

# Kept for one connection; pages far down a list must not fill the memory.
_MOST = 500

# What stands in for the arguments while the SQL is written: found again among its parameters, and like nothing real.
# The numbers are no one's constants, and small enough for the smallest column.
_NUMBER, _TEXT, _DAY = 31_000, "prepared-parameter-", date(1, 1, 1)


def rows(build: Callable[..., QuerySet[Any, Row]], *fixed: Hashable, **given: Any) -> list[Row]:
    """The rows of ``build(*fixed, **given)``; one query, the same that the queryset itself would ask.

    What is given by place, such as an order, decides the SQL: each has a query of its own.
    """
    connection = connections[DEFAULT_DB_ALIAS]
    kept = connection.__dict__.setdefault("_prepared_queries", {})
    key = (build, fixed, *map(_shape, given.values()))
    if key not in kept:
        if len(kept) >= _MOST:
            kept.clear()
        kept[key] = _write(partial(build, *fixed), given, connection)
    written: _Written | None = kept[key]
    return written.rows(given, connection) if written else []


def _shape(value: Any) -> object:
    """What of an argument decides the SQL: its kind, and for a collection how many there are."""
    if isinstance(value, frozenset | set | list | tuple):
        return len(value)
    return type(value)


@dataclass(frozen=True, slots=True)
class _Written:
    """A query as it was written."""

    queryset: QuerySet[Any, Any]
    compiler: Any
    sql: str
    params: tuple[Any, ...]
    # The stand-in as it stands among the parameters, and whose it is.
    places: dict[Any, tuple[str, int | None]]

    def rows(self, given: dict[str, Any], connection: Any) -> list[Any]:
        """Ask with these arguments."""
        ordered = {name: list(value) if _is_many(value) else value for name, value in given.items()}
        params = tuple(self._filled(param, ordered, connection) for param in self.params)
        compiler = copy.copy(self.compiler)
        compiler.as_sql = lambda *_args, **_kwargs: (self.sql, params)
        asking = self.queryset.all()
        asking.query.get_compiler = lambda *_args, **_kwargs: compiler  # type: ignore[method-assign]
        return list(asking)

    def _filled(self, param: Any, given: dict[str, Any], connection: Any) -> Any:
        place = self.places.get(param) if isinstance(param, int | str | date) else None
        if place is None:
            return param
        name, index = place
        return _adapted(given[name] if index is None else given[name][index], connection)


def _write(build: "partial[QuerySet[Any, Any]]", given: dict[str, Any], connection: Any) -> _Written | None:
    """Have the SQL written with stand-ins; None when nothing can be found (a filter on an empty collection)."""
    stand_ins: dict[str, Any] = {}
    places: dict[Any, tuple[str, int | None]] = {}
    for name, value in given.items():
        many = [_stand_in(one, len(places) + at, name) for at, one in enumerate(value)] if _is_many(value) else None
        stand_ins[name] = many if many is not None else _stand_in(value, len(places), name)
        pairs = enumerate(many) if many is not None else [(None, stand_ins[name])]
        places |= {_adapted(one, connection): (name, index) for index, one in pairs if one is not None}
    queryset = build(**stand_ins)
    compiler = queryset.query.get_compiler(connection=connection)
    try:
        sql, params = compiler.as_sql()
    except EmptyResultSet:
        if all(given.values()):
            raise ValueError(f"{build.func.__name__} finds nothing whatever its arguments are") from None
        return None
    unplaced = [place for stand_in, place in places.items() if stand_in not in params]
    if unplaced or any(_TEXT in param and param not in places for param in params if isinstance(param, str)):
        raise ValueError(f"{build.func.__name__} does not hand its arguments on as they are: {unplaced}")
    return _Written(queryset, compiler, sql, params, places)


def _is_many(value: Any) -> bool:
    return isinstance(value, Collection) and not isinstance(value, str)


def _stand_in(value: Any, number: int, name: str) -> Any:
    if value is None:
        return None
    if isinstance(value, str):
        return f"{_TEXT}{number}"
    if type(value) is date:
        return _DAY + timedelta(days=number)
    if type(value) is int:
        return _NUMBER + number
    raise TypeError(f"{name} is a {type(value).__name__}; a prepared query takes numbers, texts and dates")


def _adapted(value: Any, connection: Any) -> Any:
    """The value as the database's driver takes it."""
    return connection.ops.adapt_datefield_value(value) if isinstance(value, date) else value
