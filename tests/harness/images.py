"""Images of worlds for tests that commit: the rows are built once, and written back for each test that needs them.

A test that commits cannot lie in a savepoint above its world (tests/harness/worlds.py), and some need a world that
takes seconds of acts to build. On PostgreSQL the rows are read by COPY when a world has been built, and written by COPY
from then on. On SQLite, where hardly any test commits, the world is built every time. The bytes of stored files are not
in the image: a test that has a file deleted makes that file itself.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from tests.harness.emptying import tables_with_rows
from tests.harness.frozen import Frozen


@dataclass(frozen=True)
class Image:
    """The rows of each table as COPY gives them, and what the building gave back."""

    rows: dict[str, bytes]
    result: Frozen


_IMAGES: dict[Hashable, Image] = {}


def world(key: Hashable, build: Callable[[], Any]) -> Any:
    """The rows that ``build`` makes are in the database, which must be empty; gives what ``build`` gave back.

    The key names the world: two builds with one key make the same rows.
    """
    if connection.vendor != "postgresql":
        return build()
    if key in _IMAGES:
        _write_rows(_IMAGES[key].rows)
    else:
        _IMAGES[key] = Image(result=Frozen({key: build()}), rows=_read_rows())
    # The first test, too, gets instances that nobody has touched.
    return _IMAGES[key].result.instances()[key]


def _read_rows() -> dict[str, bytes]:
    rows = {}
    with connection.cursor() as cursor:
        for table in tables_with_rows(connection):
            with cursor.copy(f"COPY {connection.ops.quote_name(table)} TO STDOUT (FORMAT BINARY)") as copy:
                rows[table] = b"".join(bytes(part) for part in copy)
    return rows


def _write_rows(rows: dict[str, bytes]) -> None:
    """Write all tables in one transaction; the keys between them and the triggers have been through it once."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for table, data in rows.items():
            with cursor.copy(f"COPY {connection.ops.quote_name(table)} FROM STDIN (FORMAT BINARY)") as copy:
                copy.write(data)
