"""Saving the application's table parts cell by cell (benefits, budget, contacts), and the amount applied for."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from applications.models import Application, Benefit, BudgetLine, Contact, Partner
from applications.services import signing
from applications.services.drafts import ApplicationOwner, touch
from portal.acts import act
from portal.cells import edited
from portal.communities.models import User
from portal.errors import ConflictError
from rounds.answering.services import rows as answering
from rounds.answering.services.rows import Part, RowChange, SavedRow
from rounds.answering.services.writers import Writer, keep, writers_of

BENEFIT_CELLS = (
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
)
# Each cell with its database columns.
CELLS: dict[type[models.Model], Mapping[str, tuple[str, ...]]] = {
    Benefit: {name: (name,) for name in BENEFIT_CELLS},
    BudgetLine: {
        **{name: (name,) for name in ("year", "cost_type", "description", "amount")},
        # Who pays and how is one cell: the grant is always cash, and own contribution must name the partner.
        "paid": ("source", "payer_id", "form"),
    },
    Contact: {name: (name,) for name in ("name", "title", "email", "phone")},
}
# The amount applied for: a table of one cell, to those who ask who wrote it last.
AMOUNT = "amount"
# The highest number of rows in each part; of contacts for each partner.
MOST: dict[type[models.Model], int] = {Benefit: 200, BudgetLine: 500, Contact: 20}


def part_of(holder: Application | Partner, model: type[models.Model]) -> Part:
    """The table part of an application, or of a partner for its contacts."""
    belongs_to = {"partner": holder} if isinstance(holder, Partner) else {"application": holder}
    code = f"{model._meta.model_name}-{holder.pk}" if isinstance(holder, Partner) else str(model._meta.model_name)
    settle = _uncover if model is Benefit else None
    return Part(model, belongs_to, CELLS[model], code, most=MOST[model], settle=settle)


def _uncover(belongs_to: Mapping[str, Any], changes: Sequence[RowChange]) -> None:
    """Remove keys of rows that are not there from ``covers``, whoever has removed the rows."""
    if not any(change.is_removed or "covers" in edited(change.base, change.cells) for change in changes):
        return
    rows = list(Benefit.objects.filter(**belongs_to).only("key", "covers"))
    keys = {row.key for row in rows}
    for row in rows:
        if not keys.issuperset(row.covers):
            row.covers = [key for key in row.covers if key in keys]
            row.save(update_fields=["covers"])


def save_rows(
    holder: Application | Partner, model: type[models.Model], changes: Sequence[RowChange], *, by: User, at: datetime
) -> dict[str, SavedRow]:
    """Store several rows of an application, or of a partner for contacts, and tell what became of each.

    Voids the signatures of what changed. Raises ClosedDraftError.
    """
    application = holder.application if isinstance(holder, Partner) else holder
    return answering.save_rows(ApplicationOwner(application), part_of(holder, model), changes, by=by, at=at)


def versions_of(row: Any) -> dict[str, str]:
    """The versions of a stored row's cells, as its page carries them."""
    return answering.versions_of(CELLS[type(row)], row)


class StaleAmountError(ConflictError):
    """Somebody else has changed the amount applied for; ``theirs`` is the stored amount, ``writer`` who wrote it."""

    def __init__(self, theirs: int | None, writer: Writer | None) -> None:
        self.theirs = theirs
        name = writer.name if writer else _("Noen andre")
        super().__init__(_("%(name)s har endret søknadsbeløpet mens dere skrev.") % {"name": name})


@act
def save_amount(application: Application, amount: int | None, *, base: int | None, by: User, at: datetime) -> None:
    """Set the amount applied for, in whole kroner (R96). Raises StaleAmountError and ClosedDraftError."""
    touch(application, at=at)
    row = Application.objects.filter(pk=application.pk)
    stored = row.values_list("requested_amount", flat=True).get()
    if stored not in {base, amount}:
        raise StaleAmountError(stored, writers_of(application.response_id, AMOUNT, [AMOUNT])[AMOUNT].get(AMOUNT))
    row.update(requested_amount=amount)
    keep(application.response_id, AMOUNT, {AMOUNT: [AMOUNT]}, by=by, at=at)
    application.stage_entries.copy_application()
    application.requested_amount = amount
    signing.note_change(application, at=at)
