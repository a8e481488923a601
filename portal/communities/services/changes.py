"""Setting fields on a row of the register."""

from typing import Any

from django.db import models


def set_changed(row: models.Model, fields: dict[str, Any]) -> list[str]:
    """Set the fields that differ, without saving the row. Returns their names, for the journal."""
    changed = [name for name, value in fields.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, fields[name])
    return changed
