"""Search that finds a text however it is written: «TROMSØ» and «tromsø» are one, on SQLite and PostgreSQL alike.

``filter(title__holds=text)``. Django's ``icontains`` knows only the letters of English on SQLite, follows the locale
of the database on PostgreSQL, and fails on a long text on SQLite.
"""

import unicodedata
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.db.models import CharField, Lookup, TextField

from portal.invisible import plain_text

LONGEST = 500


def folded(text: str | None) -> str | None:
    """The text in the form in which texts are compared."""
    return None if text is None else unicodedata.normalize("NFC", text).lower()


@CharField.register_lookup
@TextField.register_lookup
class Holds(Lookup):
    """Whether the text stands in the field. Of a long text the beginning is searched for."""

    lookup_name = "holds"

    def get_prep_lookup(self) -> Any:
        """The text as it is compared."""
        return folded(plain_text(str(self.rhs)).strip()[:LONGEST])

    def as_sqlite(self, compiler: Any, connection: BaseDatabaseWrapper) -> tuple[str, list[Any]]:
        """By the function that each connection gets when it opens."""
        return self._comparison("INSTR(FOLDED({left}), {right}) > 0", compiler, connection)

    def as_postgresql(self, compiler: Any, connection: BaseDatabaseWrapper) -> tuple[str, list[Any]]:
        """By the letters of Unicode, whatever the locale of the database."""
        folded_left = 'LOWER(NORMALIZE({left}::text, NFC) COLLATE "und-x-icu")'
        return self._comparison(f"STRPOS({folded_left}, {{right}}) > 0", compiler, connection)

    def _comparison(self, template: str, compiler: Any, connection: BaseDatabaseWrapper) -> tuple[str, list[Any]]:
        left, left_values = self.process_lhs(compiler, connection)
        right, right_values = self.process_rhs(compiler, connection)
        return template.format(left=left, right=right), [*left_values, *right_values]


def give_function(connection: BaseDatabaseWrapper, **signal: Any) -> None:
    """Give a connection to SQLite the function ``FOLDED``."""
    if connection.vendor == "sqlite":
        connection.connection.create_function("FOLDED", 1, folded, deterministic=True)


def start() -> None:
    """Called when the portal's app is ready."""
    connection_created.connect(give_function, dispatch_uid="portal.searching")
