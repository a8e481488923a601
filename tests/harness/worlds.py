"""Worlds: the rows that exist before a test begins, built once for the tests that follow each other in a module.

    @worlds.world
    def draft(house, northern, at):
        return world.draft(house, northern, at=at)

A world is a fixture that needs other worlds and parts of them (``@worlds.part``: read from worlds, writes nothing).
Its rows lie in a transaction that stays open while the next tests of the module need the same worlds; each test runs
in a savepoint of its own above them and is rolled back, so no test sees another's rows (the bytes of stored files are
not rolled back: a test that has a file deleted makes that file itself). What the worlds gave back is
pickled once and loaded for every test, so no test sees another's attributes either.

A test that commits (``transaction=True``, the browser) has its worlds in the database for it alone, from an image
(tests/harness/images.py).
"""

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import pytest
from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from tests.harness import images
from tests.harness.emptying import empty
from tests.harness.frozen import Frozen

Build = Callable[..., Any]
# What @world and @part were put on, by the function of the fixture that they made of it.
_WORLDS: dict[Callable, Build] = {}
_PARTS: dict[Callable, Build] = {}


def world(build: Build) -> Any:
    """Make a fixture of a function that writes rows; its arguments are the worlds and parts that must exist before."""

    def fixture(db, **needs):
        return opened.values[build] if build in opened.values else build(**needs)

    database = inspect.Parameter("db", inspect.Parameter.POSITIONAL_OR_KEYWORD)
    fixture.__signature__ = inspect.Signature([database, *inspect.signature(build).parameters.values()])
    fixture.__doc__, fixture.__module__ = build.__doc__, build.__module__
    _WORLDS[fixture] = build
    return pytest.fixture(name=build.__name__)(fixture)


def part(build: Build) -> Any:
    """Make a fixture of a function that only reads from worlds, so that worlds too may need it."""
    _PARTS[build] = build
    return pytest.fixture(name=build.__name__)(build)


@dataclass(frozen=True)
class Source:
    """A world or a part as a certain test sees it: the function and, by argument, what it is made from."""

    build: Build
    is_world: bool
    needs: tuple[tuple[str, "Source"], ...]

    @property
    def depth(self) -> int:
        return 1 + max((source.depth for _name, source in self.needs), default=0)

    def all(self) -> Iterator["Source"]:
        for _name, source in self.needs:
            yield from source.all()
        yield self

    def make(self, values: dict[Build, Any]) -> Any:
        """Build it from the worlds that exist."""
        return self.build(**{
            name: values[source.build] if source.is_world else source.make(values) for name, source in self.needs
        })  # fmt: skip


@cache
def _needs_of(build: Build) -> tuple[str, ...]:
    return tuple(inspect.signature(build).parameters)


def chain_of(item: pytest.Item) -> list[Source]:
    """The worlds that the test needs, each after those it is made from; the same order for the same worlds."""
    definitions = item._fixtureinfo.name2fixturedefs  # pytest has no public name for it

    def source_of(name: str) -> Source | None:
        function = definitions[name][-1].func if name in definitions else None
        build = _WORLDS.get(function) or _PARTS.get(function)
        if build is None:
            return None
        needs = [(need, source_of(need)) for need in _needs_of(build)]
        others = [need for need, source in needs if source is None]
        if others and function in _WORLDS:
            message = f"The world {name} needs {', '.join(others)}: neither a world nor a part of one."
            raise pytest.UsageError(message)
        return None if others else Source(build, function in _WORLDS, tuple(needs))

    named = [source for source in map(source_of, item.fixturenames) if source]
    worlds = {source for top in named for source in top.all() if source.is_world}
    return sorted(worlds, key=lambda source: (source.depth, source.build.__qualname__))


def is_transactional(item: pytest.Item) -> bool:
    """Whether the test commits, as pytest-django decides it."""
    marker = item.get_closest_marker("django_db")
    asked = marker and (marker.kwargs.get("transaction") or marker.kwargs.get("reset_sequences"))
    return bool(asked) or not {"transactional_db", "live_server"}.isdisjoint(item.fixturenames)


class Worlds:
    """The worlds that are open now, a nested transaction each, and their instances for the test that runs."""

    def __init__(self) -> None:
        self._open: list[tuple[Source, transaction.Atomic, Frozen]] = []
        self.values: dict[Build, Any] = {}
        self.blocker: Any = None
        self._connection: BaseDatabaseWrapper | None = None

    def enter(self, chain: list[Source]) -> None:
        """Have exactly these worlds open, keeping those that are open already, with new instances of them all."""
        self._leave_other_connection()
        while [source for source, _atomic, _frozen in self._open] != chain[: len(self._open)]:
            _roll_back(self._open.pop()[1])
        for source in chain[len(self._open) :]:
            self._build(source)
        _keep(self._connection, needed=bool(self._open))
        self.values = self._instances()

    def commit(self, chain: list[Source]) -> None:
        """Have exactly these worlds in the database, committed, for a test that empties it afterwards."""
        self.enter([])
        if chain:
            values = images.world(tuple(chain), lambda: _build_all(chain))
            self.values = {source.build: value for source, value in zip(chain, values, strict=True)}

    def _leave_other_connection(self) -> None:
        """Close worlds that lie on another connection than the thread has now.

        Playwright's event loop runs on this thread from the first browser test to the session's end, and Django has
        one connection for a thread with a loop and another for the same thread without.
        """
        now, before = connections[DEFAULT_DB_ALIAS], self._connection
        self._connection = now
        if before is None or before is now or not self._open:
            return
        connections[DEFAULT_DB_ALIAS] = before
        while self._open:
            _roll_back(self._open.pop()[1])
        _keep(before, needed=False)
        before.close()
        connections[DEFAULT_DB_ALIAS] = now

    def _instances(self) -> dict[Build, Any]:
        return self._open[-1][2].instances() if self._open else {}

    def _build(self, source: Source) -> None:
        values = self._instances()
        atomic = transaction.atomic()
        # As Django's TestCase marks its own, so that a durable block may begin inside.
        atomic._from_testcase = True
        atomic.__enter__()
        try:
            values[source.build] = source.make(values)
            self._open.append((source, atomic, Frozen(values)))
        except BaseException:
            _roll_back(atomic)
            raise


def _build_all(chain: list[Source]) -> list[Any]:
    """What each world gave back; a world that fails leaves no rows."""
    values: dict[Build, Any] = {}
    try:
        for source in chain:
            values[source.build] = source.make(values)
    except BaseException:
        empty(connections[DEFAULT_DB_ALIAS])
        raise
    return list(values.values())


def _roll_back(atomic: transaction.Atomic) -> None:
    transaction.set_rollback(True)
    atomic.__exit__(None, None, None)


def _keep(connection: BaseDatabaseWrapper, *, needed: bool) -> None:
    """While worlds are open, a request's end does not drop the connection that their rows live on.

    A request drops a connection that is inside a transaction. Django's test client prevents that with a signal that
    every thread of the process shares, so a request in another thread can undo it.
    """
    if needed:
        connection.close_if_unusable_or_obsolete = lambda: None
    else:
        vars(connection).pop("close_if_unusable_or_obsolete", None)


opened = Worlds()


# --- what pytest calls ------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def _worlds_end_before_their_database(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """After a worker's last test the worlds are closed, and then the database is removed."""
    yield
    with django_db_blocker.unblock():
        opened.enter([])


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(fixturedef: pytest.FixtureDef, request: pytest.FixtureRequest) -> Iterator[None]:
    """Before pytest-django opens the test's own transaction, open the worlds that the test needs."""
    if fixturedef.argname == "_django_db_helper":
        request.getfixturevalue("_worlds_end_before_their_database")
        opened.blocker = request.getfixturevalue("django_db_blocker")
        with opened.blocker.unblock():
            try:
                arrange = opened.commit if is_transactional(request.node) else opened.enter
                arrange(chain_of(request.node))
            except Exception:  # noqa: BLE001 - the test builds the world for itself, and shows what is wrong with it
                opened.enter([])
    return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Iterator[None]:
    """After the last test of a module no world stays open; after the last of all, the fixture above has closed them."""
    outcome = yield
    if opened.blocker and nextitem is not None and nextitem.path != item.path:
        with opened.blocker.unblock():
            opened.enter([])
    return outcome
