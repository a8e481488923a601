"""Saving rows of the standard parts: benefits, budget lines and contacts, each with a key and a version of its own.

A row's version is a digest of what it says. Who saves an old version is told what stands, row by row; the other rows
are saved.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeVar

from django.db import models
from django.utils.translation import gettext as _

from applications.models import Application, Benefit, BudgetLine, Contact, Partner
from applications.services import signing
from applications.services.drafts import touch
from portal.acts import act
from portal.errors import ConflictError
from portal.snapshots import digest

FIELDS: dict[type[models.Model], tuple[str, ...]] = {
    Benefit: (
        "applicant_id",
        "benefit",
        "benefit_kinds",
        "beneficiaries_text",
        "beneficiaries",
        "responsible",
        "measure",
        "measure_kinds",
        "unit",
        "baseline",
        "target",
        "covers",
        "measurement",
        "preconditions",
        "freed_resources",
        "horizon",
        "horizon_text",
        "drivers",
        "effects",
    ),
    BudgetLine: ("year", "cost_type", "description", "source", "payer_id", "form", "amount"),
    Contact: ("name", "title", "email", "phone"),
}
Row = TypeVar("Row", Benefit, BudgetLine, Contact)
NEW = ""


class StaleRowError(ConflictError):
    """Somebody else has changed or removed the row; ``theirs`` is what stands, None when it is gone."""

    def __init__(self, theirs: Any) -> None:
        self.theirs = theirs
        text = _("Noen andre har endret raden mens dere skrev.") if theirs else _("Noen andre har fjernet raden.")
        super().__init__(text)


@dataclass(frozen=True, slots=True)
class RowChange:
    """A row as the form cleaned it. ``base`` is the version that the person saw, «» for a new row."""

    key: str
    base: str
    values: Mapping[str, Any]
    position: int = 0
    is_removed: bool = False


@dataclass(slots=True)
class SavedRows(Generic[Row]):
    """What became of several rows: those stored, and those that somebody else had changed, by key."""

    rows: dict[str, Row] = field(default_factory=dict)
    stale: dict[str, StaleRowError] = field(default_factory=dict)


def version_of(row: models.Model) -> str:
    """A short digest of what the row says; the same for the same words."""
    return version_of_values({name: getattr(row, name) for name in FIELDS[type(row)]})


def version_of_values(values: Mapping[str, Any]) -> str:
    """The version that a row with these values would have."""
    plain = {
        name: format(value.normalize(), "f") if hasattr(value, "normalize") else value for name, value in values.items()
    }
    return digest(plain)[:16]


def save_row(owner: Application | Partner, model: type[Row], change: RowChange, *, at: datetime) -> Row | None:
    """Store, change or remove one row of an application, or of a partner for contacts; None when it is removed.

    Voids the signatures of what changed. Raises StaleRowError and ClosedDraftError.
    """
    saved = save_rows(owner, model, [change], at=at)
    for error in saved.stale.values():
        raise error
    return saved.rows.get(change.key)


@act
def save_rows(
    owner: Application | Partner, model: type[Row], changes: Sequence[RowChange], *, at: datetime
) -> SavedRows[Row]:
    """Store several rows; those that somebody else has changed are left alone and told of. Raises ClosedDraftError."""
    application = owner.application if isinstance(owner, Partner) else owner
    saved: SavedRows[Row] = SavedRows()
    if not changes:
        return saved
    touch(application, at=at)
    standing = _standing(owner, model, [change.key for change in changes])
    for change in changes:
        try:
            row = _write(owner, model, standing.get(change.key), change)
        except StaleRowError as stale:
            saved.stale[change.key] = stale
        else:
            if row is not None:
                saved.rows[change.key] = row
    signing.void_stale(application, at=at)
    return saved


def _standing(owner: Application | Partner, model: type[Row], keys: Sequence[str]) -> dict[str, Row]:
    rows = model.objects.filter(**{_owner_field(owner): owner}, key__in=keys)
    return {row.key: row for row in rows}


def _owner_field(owner: Application | Partner) -> str:
    return "partner" if isinstance(owner, Partner) else "application"


def _write(owner: Application | Partner, model: type[Row], theirs: Row | None, change: RowChange) -> Row | None:
    """The application's row is held, so what was read still stands."""
    if theirs is None:
        if change.is_removed:
            return None
        if change.base != NEW:
            raise StaleRowError(None)
        fields = {_owner_field(owner): owner, "key": change.key, **_with_position(model, change)}
        return model.objects.create(**fields)
    stands = version_of(theirs)
    if change.is_removed:
        if stands != change.base:
            raise StaleRowError(theirs)
        theirs.delete()
        return None
    if stands == version_of_values(change.values):
        return theirs
    if stands != change.base:
        raise StaleRowError(theirs)
    for name, value in _with_position(model, change).items():
        setattr(theirs, name, value)
    theirs.save()
    return theirs


def _with_position(model: type[models.Model], change: RowChange) -> dict[str, Any]:
    return dict(change.values) if model is Contact else {**change.values, "position": change.position}


class StaleAmountError(ConflictError):
    """Somebody else has changed the amount applied for; ``theirs`` is what stands."""

    def __init__(self, theirs: int | None) -> None:
        self.theirs = theirs
        super().__init__(_("Noen andre har endret søknadsbeløpet mens dere skrev."))


@act
def save_amount(application: Application, amount: int | None, *, base: int | None, at: datetime) -> None:
    """Set the amount applied for, in whole kroner (R96). Raises StaleAmountError and ClosedDraftError."""
    touch(application, at=at)
    row = Application.objects.filter(pk=application.pk)
    stands = row.values_list("requested_amount", flat=True).get()
    if stands not in {base, amount}:
        raise StaleAmountError(stands)
    row.update(requested_amount=amount)
    application.requested_amount = amount
    signing.void_stale(application, at=at)
