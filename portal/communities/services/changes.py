"""Setting fields on a row of the register, which others may have changed since the page was opened."""

from typing import Any

from django.db import models

from portal.acts import held
from portal.cells import Base
from portal.writing import require_unchanged


def hold(row: models.Model) -> None:
    """Hold the row until the act is done, with the values that it has now."""
    kind: Any = type(row)
    row.refresh_from_db(from_queryset=held(kind.objects.filter(pk=row.pk)))


def set_changed(
    row: models.Model, fields: dict[str, Any], base: Base | None, *, told: tuple[models.Model, str], by: Any
) -> list[str]:
    """Set the fields that the person has changed, without saving the row. Returns their names, for the journal.

    ``base`` are the versions that the page carried, and ``told`` says where the log tells who changed the row. Raises
    WrittenMeanwhileError when somebody else has changed one of them since. The row is held.
    """
    stored = {name: getattr(row, name) for name in fields}
    changed = require_unchanged(stored, fields, base, told=told, by=by)
    for name in changed:
        setattr(row, name, fields[name])
    return list(changed)
