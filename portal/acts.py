"""An act: a service that changes something, in one transaction, with its log entries written last.

``@act`` opens the transaction. What the service gives to ``journal.record`` is collected, and written when the
outermost act is done: the log's lock, which everybody waits for, is held for milliseconds, and nobody who holds it
waits for a row. An act that calls another joins the two in one transaction; the inner one is a savepoint, and when it
fails, its entries are dropped with its rows.

PostgreSQL may answer with a deadlock or a serialisation failure, SQLite with «database is locked». The outermost act is
then tried again, from the start and with its arguments as they were given. So an act does nothing that a rollback does
not undo: files are read and addresses are asked before it, and its arguments are rows and plain values, no iterators.

Rows are locked in the order of docs/decisions.md, «Lock order».

``attempt`` is what a view does with an act: it calls the act and shows the result as a message.
"""

import copy
import functools
import random
import time
from collections.abc import Callable, Mapping
from dataclasses import is_dataclass
from typing import Any, ParamSpec, TypeVar

from django.contrib import messages
from django.db import OperationalError, connection, transaction
from django.db.models import Model, QuerySet
from django.forms import BaseForm
from django.http import HttpRequest
from django.utils.functional import LazyObject
from django.utils.translation import gettext as _

from portal.errors import ConflictError, DomainError
from portal.journal import services as journal

Params = ParamSpec("Params")
Result = TypeVar("Result")
Row = TypeVar("Row", bound=Model)
Done = str | Callable[[Result], str]

TRIES = 3
PAUSE_SECONDS = (0.02, 0.2)
# PostgreSQL's codes for «deadlock detected» and «could not serialize access».
_PASSING_STATES = frozenset({"40P01", "40001"})


class BusyError(ConflictError):
    """The database refused the act each time it was tried, because others changed the same rows."""

    def __init__(self) -> None:
        super().__init__(_("Andre endret det samme akkurat nå, så endringen din er ikke lagret. Prøv igjen."))


def act(service: Callable[Params, Result]) -> Callable[Params, Result]:
    """Make the service an act; see the module's text. Raises BusyError when the last try was refused, too.

    Inside a transaction that the caller has opened, the act is not tried again: the database has ended the transaction.
    """

    @functools.wraps(service)
    def run(*args: Params.args, **kwargs: Params.kwargs) -> Result:
        if connection.in_atomic_block:
            return _run_once(service, *args, **kwargs)
        for tries_left in reversed(range(TRIES)):
            arguments = _Arguments([*args, *kwargs.values()])
            try:
                return _run_once(service, *args, **kwargs)
            except OperationalError as error:
                if not is_passing(error):
                    raise
                if not tries_left:
                    raise BusyError from error
                arguments.restore()
            time.sleep(random.uniform(*PAUSE_SECONDS))  # noqa: S311 - two acts that collided wait differently long
        raise AssertionError("unreachable")

    return run


def held(rows: QuerySet[Row]) -> QuerySet[Row]:
    """The rows as they are now, in the order of their keys, locked until the act is done.

    Others may still write rows that point to the locked rows, since keys are never changed.
    """
    return rows.select_for_update(of=("self",), no_key=True).order_by("pk")


def upsert(rows: QuerySet[Row], key: Mapping[str, Any], values: Mapping[str, Any]) -> tuple[Row, bool]:
    """The row with this key, held and changed to these values, or made; and whether it was made.

    Django's ``update_or_create`` holds the row more strictly than ``held``: nobody could write rows that point to it.
    """
    row, is_new = held(rows).get_or_create(**key, defaults=dict(values))
    if not is_new:
        for field, value in values.items():
            setattr(row, field, value)
        row.save(update_fields=list(values))
    return row, is_new


def _run_once(service: Callable[Params, Result], *args: Params.args, **kwargs: Params.kwargs) -> Result:
    with transaction.atomic(), journal.collecting():
        return service(*args, **kwargs)


def is_passing(error: OperationalError) -> bool:
    """Whether the same act may succeed when it is tried again."""
    cause = error.__cause__
    is_busy = str(getattr(cause, "sqlite_errorname", "")).startswith("SQLITE_BUSY")
    return is_busy or getattr(cause, "sqlstate", None) in _PASSING_STATES


class _Arguments:
    """The rows and dataclasses among an act's arguments, and the rows inside them, as they were before the act."""

    def __init__(self, values: list[Any]) -> None:
        self._saved: dict[int, tuple[Any, dict[str, Any]]] = {}
        for value in values:
            self._save(value)

    def _save(self, value: Any) -> None:
        if issubclass(type(value), LazyObject):
            # ``request.user`` is a lazy object around the row.
            _function, (value,) = value.__reduce__()
        if isinstance(value, list | tuple):
            for item in value:
                self._save(item)
        elif _is_kept(value) and id(value) not in self._saved:
            fields = _copied(value.__dict__)
            self._saved[id(value)] = (value, fields)
            inner = fields["_state"].fields_cache if isinstance(value, Model) else fields
            for related in inner.values():
                self._save(related)

    def restore(self) -> None:
        """Set the fields back to their values before the act."""
        for value, fields in self._saved.values():
            value.__dict__.clear()
            value.__dict__.update(fields)


def _is_kept(value: Any) -> bool:
    return (isinstance(value, Model) or is_dataclass(value)) and hasattr(value, "__dict__")


def _copied(fields: dict[str, Any]) -> dict[str, Any]:
    copied: dict[str, Any] = {
        name: copy.copy(value) if isinstance(value, dict | list) else value for name, value in fields.items()
    }
    if "_state" in copied:
        copied["_state"] = copy.copy(copied["_state"])
        copied["_state"].fields_cache = dict(copied["_state"].fields_cache)
    return copied


def attempt(
    request: HttpRequest,
    act: Callable[[], Result],
    done: Done[Result] = "",
    *,
    form: BaseForm | None = None,
    field: str | None = None,
) -> bool:
    """Call the act and show a message: ``done``, or the sentence of a DomainError. Returns whether the act was done.

    ``done`` is a sentence, or a function from the act's result to a sentence. With a ``form`` the error is shown above
    the form, or at its ``field`` or that of the error, and nothing that was typed is lost.
    """
    try:
        result = act()
    except DomainError as refusal:
        if form is None:
            messages.error(request, str(refusal))
        elif isinstance(refusal, ConflictError) and hasattr(form, "refuse"):
            form.refuse(refusal)
        else:
            named = next((name for name in refusal.field_names if name in form.fields), None)
            form.add_error(field or named, str(refusal))
        return False
    _say(request, done, result)
    return True


def _say(request: HttpRequest, done: Done[Result], result: Result) -> None:
    text = done(result) if callable(done) else done
    if text:
        messages.success(request, text)
