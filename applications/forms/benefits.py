"""The benefit table: its columns, choices and bands as the round has them (R113–R124)."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications import covering
from applications.forms.rows import RowForm, posted_rows, row_formset
from applications.models import Benefit, Partner
from applications.services.rows import MOST
from portal.cells import is_key
from portal.forms import DecimalField, set_sentences
from rounds.answering.answers import CELL_MOST
from rounds.answering.forms.text import LineField, ProseField
from rounds.definition import RoundDefinition

ORDER_MOST = MOST[Benefit] * 40
# The round's column → the row's fields in its cell.
CELLS: dict[str, tuple[str, ...]] = {
    "benefit": ("benefit", "benefit_kinds"),
    "beneficiaries": ("beneficiaries_text", "beneficiaries"),
    "responsible": ("responsible",),
    "measure": ("measure", "measure_kinds"),
    "baseline": ("baseline",),
    "target": ("target", "unit"),
    "reporting": ("measurement",),
    "preconditions": ("preconditions",),
    "freed_resources": ("freed_resources",),
    "horizon": ("horizon", "horizon_text"),
}
LISTS = ("benefit_kinds", "beneficiaries", "measure_kinds", "drivers")
TEXTS = ("benefit", "beneficiaries_text", "responsible", "measure", "measurement", "preconditions", "freed_resources")

_CELL = re.compile(r"(?P<prefix>benefits-\d+)-(?P<cell>.+)")
_NO_CELLS = {"key", "version", "order", "DELETE", "choice"}


class BenefitForm(RowForm):
    """One row of the benefit table, both bands.

    ``keys`` are the keys of the rows of the page, in their order. A posted row carries the keys that the page was
    numbered by (``-order``); rows that have come to the page later are numbered after them. ``stored`` gives the keys
    of the rows that are stored, or will be by the same save; it is called only when somebody has written row numbers.
    """

    model = Benefit

    def __init__(
        self,
        *args: Any,
        spec: RoundDefinition,
        partners: list[Partner],
        keys: Sequence[str] = (),
        stored: Callable[[], Collection[str]] = tuple,
        **kwargs: Any,
    ) -> None:
        self.spec = spec
        self.partners = partners
        self.keys = keys
        self.stored_keys = stored
        super().__init__(*args, **kwargs)

    def build(self) -> None:
        rules = self.spec.benefits
        if rules.per_applicant:
            choices = [("", _("Alle søkerne"))] + [(str(p.pk), p.name) for p in self.partners if p.must_sign]
            self.fields["applicant"] = forms.ChoiceField(label=_("Gjelder søker"), choices=choices, required=False)
        for column in rules.columns:
            for name in CELLS[column.code]:
                field = self._field(name, column.label)
                if field is not None:
                    self.fields[name] = field
        self._point_to_unit()
        if any(column.band == 2 for column in rules.columns):  # noqa: PLR2004 - the second band
            label = _("Gjelder også rad nr.")
            self.fields["covers"] = LineField(label=label, max_length=60)
        for party in rules.effect_parties:
            label = _("Effekt for %(party)s") % {"party": party.label.lower()}
            self.fields[f"effect_{party.code}"] = ProseField(label=label, limit=CELL_MOST, rows=3, has_counter=False)
        drivers = self.spec.taxonomy(rules.drivers) if rules.drivers else None
        if drivers:
            self.fields["drivers"] = _many(drivers.title, drivers.terms)

    def _point_to_unit(self) -> None:
        """Let the error of «20 %» say that the unit has a field of its own."""
        if "unit" not in self.fields:
            return
        for name in {"baseline", "target"} & set(self.fields):
            field = self.fields[name]
            set_sentences(name, field)
            unit = _("Enheten, for eksempel prosent eller minutter, skriver dere under «Enhet».")
            field.error_messages["invalid"] += f" {unit}"

    def _field(self, name: str, label: str) -> forms.Field | None:
        rules = self.spec.benefits
        options = {
            "benefit_kinds": (_("Type nytte"), rules.types),
            "beneficiaries": (_("Grupper"), rules.beneficiaries),
            "measure_kinds": (_("Type måling"), rules.measures),
        }
        if name in options:
            title, choices = options[name]
            return _many(title, choices) if choices else None
        if name == "horizon":
            horizons = [("", _("Velg tidshorisont"))] + [(item.code, item.label) for item in rules.horizons]
            return forms.ChoiceField(label=label, choices=horizons, required=False) if rules.horizons else None
        if name == "horizon_text":
            return ProseField(
                label=_("Om tidshorisonten") if rules.horizons else label,
                limit=CELL_MOST,
                rows=3,
                has_counter=False,
            )
        if name in {"baseline", "target"}:
            return DecimalField(label=label, required=False, max_digits=14, decimal_places=2, localize=True)
        if name == "unit":
            return LineField(label=_("Enhet"), max_length=60)
        return ProseField(label=label, limit=CELL_MOST, rows=3, has_counter=False)

    def shown(self, row: Benefit) -> dict[str, Any]:
        names = (*TEXTS, *LISTS, "horizon", "horizon_text", "unit", "baseline", "target", "covers")
        effects = {f"effect_{code}": text for code, text in row.effects.items()}
        values = {name: getattr(row, name) for name in names}
        values |= {name: as_typed(values[name]) for name in ("baseline", "target")}
        values["covers"] = covering.numbers_text([key for key in row.covers if key != row.key], self.order, _("og"))
        return {**values, "applicant": str(row.applicant_id or ""), **effects}

    @cached_property
    def order(self) -> list[str]:
        """The keys of the rows as the page numbers them."""
        return list(dict.fromkeys([*self.posted("order")[:ORDER_MOST].split(), *self.keys]))

    @property
    def written_order(self) -> str:
        """The keys of ``order`` as the page carries them in a hidden field."""
        return " ".join(self.order)

    def clean_covers(self) -> list[str]:
        """The keys of the rows whose numbers were written («2, 3 og 7»)."""
        text = self.cleaned_data["covers"]
        if not text:
            return []
        try:
            return covering.keys_in(text, self.order, self.stored_keys(), self.row_key)
        except covering.OwnRowError as error:
            sentence = _("Rad %(number)s er denne raden. Oppgi bare andre rader.")
            raise ValidationError(sentence % {"number": error.number}) from error
        except covering.NotStoredError as error:
            sentence = _("Rad %(number)s er tom eller fjernet. Skriv noe i raden først, eller oppgi en annen rad.")
            raise ValidationError(sentence % {"number": error.number}) from error
        except covering.NoSuchRowError as error:
            raise ValidationError(_("Tabellen har ingen rad %(number)s.") % {"number": error.number}) from error
        except covering.NoNumbersError as error:
            raise ValidationError(_("Skriv radnumre, for eksempel «2, 3 og 7».")) from error

    def cell_of(self, field: str) -> str:
        if field.startswith("effect_"):
            return f"effects.{field.removeprefix('effect_')}"
        return "applicant_id" if field == "applicant" else field

    def cells(self) -> dict[str, Any]:
        cells = super().cells()
        if "applicant_id" in cells:
            cells["applicant_id"] = int(cells["applicant_id"]) if cells["applicant_id"] else None
        return cells

    # --- drawing: two bands, each with its cells ---------------------------------------------------

    def band(self, number: int) -> list[dict[str, Any]]:
        """The cells of a band: the column and its fields that stand in it, but for boxes to tick."""
        written = set(self.fields) - set(LISTS)
        columns = [column for column in self.spec.benefits.columns if column.band == number]
        return [
            {"column": column, "fields": [self[name] for name in CELLS[column.code] if name in written]}
            for column in columns
        ]

    @property
    def bands(self) -> list[list[dict[str, Any]]]:
        return [self.band(1), self.band(2)]

    @property
    def seldom(self) -> set[str]:
        """The fields that few rows need."""
        return {"covers", "horizon_text"} if "horizon" in self.fields else {"covers"}

    @property
    def extras(self) -> list[forms.BoundField]:
        """The fields after the bands: boxes to tick, what the second band covers, and the effects."""
        names = [name for name in self.fields if name in {"covers", *LISTS} or name.startswith("effect_")]
        return [self[name] for name in names]


def written_rows(data: Mapping[str, Any]) -> set[str]:
    """The keys of the posted rows with something in them: a save of the page stores those that are new."""
    key_of = {prefix: key for key, prefix in posted_rows(data, "benefits").items() if is_key(key)}
    written = set()
    for name, value in data.items():
        row = _CELL.fullmatch(name)
        if row and row["prefix"] in key_of and row["cell"] not in _NO_CELLS and str(value).strip():
            written.add(key_of[row["prefix"]])
    return written


def as_typed(value: Any) -> Decimal | None:
    """A stored number without the zeros that nobody typed: 18 and 90,5, not 18,00 and 90,50."""
    if value is None:
        return None
    exact = Decimal(value)
    return exact.quantize(Decimal(1)) if exact == exact.to_integral_value() else exact.normalize()


def _many(label: str, options: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label,
        choices=[(option.code, option.label) for option in options],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


BenefitFormSet = row_formset(
    BenefitForm,
    most=MOST[Benefit],
    add_label=gettext_lazy("Legg til nytte"),
    row_label=gettext_lazy("Nytte"),
)
