"""After a test that commits: only the tables that hold rows are emptied, in one transaction.

Django's own way empties every table by its own statement, and then makes the rights and the types of content of every
model over again; that took longer than most of the tests.
"""

from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connections, transaction
from django.test import TransactionTestCase

# What Django wrote when it made the tables, and no test changes.
KEPT = {ContentType._meta.db_table, Permission._meta.db_table}


def tables_with_rows(connection) -> list[str]:
    """The tables that a test wrote to."""
    quote = connection.ops.quote_name
    tables = sorted(set(connection.introspection.django_table_names(only_existing=True)) - KEPT)
    probes = (f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM {quote(table)})" for table in tables)
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(probes))
        return [table for (table,) in cursor.fetchall()]


def empty(connection) -> None:
    """Delete every row that a test wrote; in which order is all the same, as rows are held together at the end only."""
    tables = tables_with_rows(connection)
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(table)}")


def pytest_configure() -> None:
    TransactionTestCase._fixture_teardown = _fixture_teardown


def _fixture_teardown(self: TransactionTestCase) -> None:
    for name in self._databases_names(include_mirrors=False):
        empty(connections[name])
