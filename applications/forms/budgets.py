"""The budget: the amount applied for, its lines, and who bears cost and saving (R77–R79, R96–R99, R103, R111)."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.completeness import shift_label
from applications.forms.rows import RowForm, Unseen, row_formset
from applications.models import Application, BudgetLine, ContributionForm, Funding, Partner
from applications.queries import COST_SHIFT
from applications.services.rows import MOST
from portal.forms import Form, MoneyField
from rounds.answering.answers import EXPLANATION_MOST
from rounds.answering.forms.sections import digest_of
from rounds.answering.forms.text import KeepsLongText, LineField, ProseField
from rounds.answering.models import Answer
from rounds.answering.services.answers import Change
from rounds.definition import RoundDefinition

AMOUNT_MOST = 10**11
SHIFT_FIELDS = ("cost_shift", "cost_shift_text")


class AmountForm(KeepsLongText, Form):
    """The amount applied for, and whether one party bears the cost while another saves (R79)."""

    def __init__(
        self, *args: Any, spec: RoundDefinition, amount: int | None, shift: Answer | None, **kwargs: Any
    ) -> None:
        self.spec = spec
        self.shift = shift
        self.theirs: Answer | None = None
        super().__init__(*args, **kwargs)
        if spec.budget.requested_amount != "off":
            self._ask_amount(amount)
        if spec.budget.cost_shift:
            self._ask_shift(shift.value if shift else {})
        for item in self.fields.values():
            item.shows_optional = False  # type: ignore[attr-defined]

    def _ask_amount(self, amount: int | None) -> None:
        self.fields["requested_amount"] = MoneyField(
            label=_("Hvor mye søker dere om i alt?"),
            required=False,
            min_value=1,
            max_value=AMOUNT_MOST,
            error_messages={
                "min_value": _("Søknadsbeløpet må være minst 1 kr. La feltet stå tomt til dere vet beløpet.")
            },
        )
        self.fields["requested_base"] = Unseen()
        self.initial.update({"requested_amount": amount, "requested_base": "" if amount is None else str(amount)})

    def _ask_shift(self, value: dict[str, Any]) -> None:
        label = self.spec.budget.cost_shift_text or _(
            "Får en av partene økte kostnader, mens en annen får innsparinger?"
        )
        self.fields["cost_shift"] = forms.ChoiceField(
            label=label, choices=[("yes", _("Ja")), ("no", _("Nei"))], required=False, widget=forms.RadioSelect
        )
        self.fields["cost_shift_text"] = ProseField(label=shift_label(), limit=EXPLANATION_MOST, rows=3)
        self.fields["cost_shift_version"] = Unseen()
        self.fields["cost_shift_was"] = Unseen()
        self.initial.update(
            {
                "cost_shift": {True: "yes", False: "no"}.get(value.get("value", ""), ""),
                "cost_shift_text": value.get("text", ""),
                "cost_shift_version": str(self.shift.version if self.shift else 0),
                "cost_shift_was": digest_of(value),
            }
        )

    @property
    def amount_fields(self) -> list[forms.BoundField]:
        """The amount applied for, if the round asks for it, with what it stood on."""
        return [self[name] for name in ("requested_base", "requested_amount") if name in self.fields]

    @property
    def shift_fields(self) -> list[forms.BoundField]:
        """Who gets the cost and who the saving, if the round asks for it, with what the answer stood on."""
        return [self[name] for name in self.fields if name.startswith("cost_shift")]

    @property
    def asks_shift(self) -> bool:
        """Whether the question of who gets the cost is not answered, or its answer was not accepted."""
        is_wrong = any(self.errors.get(field.name) for field in self.shift_fields) if self.is_bound else False
        return is_wrong or not shift_sentence(self.shift.value if self.shift else {})

    @property
    def shift_sentence(self) -> str:
        """The stored answer as a sentence; empty when there is none."""
        return shift_sentence(self.shift.value if self.shift else {})

    @property
    def written_shift(self) -> str:
        """The answer that was posted, as a sentence."""
        return shift_sentence({"value": {"yes": True, "no": False}.get(self.cleaned_data.get("cost_shift", ""))})

    def take_over(self, versions: Mapping[str, int], shift: Mapping[str, Change]) -> None:
        """Carry what was saved as what the page showed, for the page when it is drawn again."""
        posted: Any = self.data
        data = posted.copy()
        if self.has_new_amount:
            data["requested_base"] = "" if self.amount is None else str(self.amount)
        for code in shift.keys() & versions.keys():
            data["cost_shift_version"], data["cost_shift_was"] = versions[code], digest_of(shift[code].value)
        self.data = data

    def carried(self) -> dict[str, Any]:
        """The hidden fields, as the page carries them when it is drawn again."""
        names = ("requested_base", "cost_shift_version", "cost_shift_was")
        return {name: self.data[name] for name in names if name in self.data}

    @property
    def amount(self) -> int | None:
        """The amount applied for, in whole kroner."""
        return self.cleaned_data.get("requested_amount")

    @property
    def amount_base(self) -> int | None:
        """The amount that the page showed."""
        posted = str(self.cleaned_data.get("requested_base", ""))
        return int(posted) if posted.isdecimal() else None

    @property
    def has_new_amount(self) -> bool:
        """Whether the person has changed the amount."""
        return "requested_amount" in self.cleaned_data and self.amount != self.amount_base

    def shift_change(self) -> dict[str, Change]:
        """The answer on who gets the cost and who the saving, if the person has changed it.

        The script that saves the amount alone posts nothing of it.
        """
        data = self.cleaned_data
        if "cost_shift" not in data or "cost_shift_text" not in data or self.data.keys().isdisjoint(SHIFT_FIELDS):
            return {}
        value = {"value": {"yes": True, "no": False}.get(data["cost_shift"]), "text": data["cost_shift_text"]}
        if digest_of(value) == data.get("cost_shift_was", ""):
            return {}
        posted = str(data.get("cost_shift_version", ""))
        return {COST_SHIFT: Change(value, int(posted) if posted.isdecimal() else 0)}

    def add_stale_shift(self, theirs: Answer) -> None:
        """Show what somebody else has answered meanwhile; the next save overwrites that answer."""
        self.theirs = theirs
        sentence = _("%(name)s har endret dette svaret mens dere skrev. Der står det nå: «%(text)s»")
        said = {True: _("Ja"), False: _("Nei")}.get(theirs.value.get("value", ""), "")
        text = " – ".join(filter(None, (said, theirs.value.get("text", ""))))
        self.add_error("cost_shift_text", sentence % {"name": theirs.updated_by, "text": text})
        self.data = {**self.data, "cost_shift_version": str(theirs.version)}

    def hidden_values(self, application: Application) -> dict[str, str]:
        """The hidden fields after a save, for the script."""
        amount = "" if application.requested_amount is None else str(application.requested_amount)
        change = self.shift_change().get(COST_SHIFT)
        if change is None:
            return {"requested_base": amount}
        version = str(change.base_version + 1)
        return {"requested_base": amount, "cost_shift_version": version, "cost_shift_was": digest_of(change.value)}


def shift_sentence(value: Mapping[str, Any]) -> str:
    """Who gets the cost and who the saving, as a sentence; empty when it is not answered."""
    sentences = {
        True: _("Én part får økte kostnader, mens en annen sparer."),
        False: _("Ingen part får økte kostnader mens en annen sparer."),
    }
    return sentences.get(value.get("value", ""), "")


def alike(row: BudgetLine) -> tuple[Any, ...]:
    """What two lines have in common that are one cost in two years.

    Without a year a line has no cell in the table, so it stands alone.
    """
    alone = "" if row.year else row.key
    return row.cost_type, row.description, row.source, row.payer_id, row.form, alone


class LineForm(RowForm):
    """One cost in one year and who covers it.

    ``is_amount_alone``: the table tells the line in words, and only the amount is a field. Such a form changes a line
    that is there, and makes none: it has nothing of who pays, year, type and text. ``number`` is the line's in the
    table.
    """

    model = BudgetLine
    preselected = frozenset({"year"})

    year = forms.TypedChoiceField(label=gettext_lazy("År"), coerce=int, required=False, empty_value=None)
    cost_type = forms.ChoiceField(label=gettext_lazy("Kostnadstype"), required=False)
    description = LineField(label=gettext_lazy("Hva pengene går til"), max_length=200)
    funding = forms.ChoiceField(label=gettext_lazy("Hvem betaler"), required=False)
    form = forms.ChoiceField(label=gettext_lazy("Form"), required=False)
    amount = MoneyField(label=gettext_lazy("Beløp"), max_value=AMOUNT_MOST, required=False)

    def __init__(
        self,
        *args: Any,
        spec: RoundDefinition,
        partners: list[Partner],
        is_amount_alone: bool = False,
        number: int | None = None,
        **kwargs: Any,
    ) -> None:
        self.spec = spec
        self.partners = partners
        self.is_amount_alone = is_amount_alone
        self.number = number
        self.makes_rows = not is_amount_alone
        super().__init__(*args, **kwargs)

    def build(self) -> None:
        rules = self.spec.budget
        if self.is_amount_alone:
            self.fields = {name: self.fields[name] for name in ("key", "version", "amount")}
            self.fields["amount"].widget.suffix = ""
            self.fields["amount"].widget.attrs["size"] = 10
            if self.row:
                words = {"number": self.number, "year": self.row.year or ""}
                self.fields["amount"].label = _("Kostnad %(number)s, beløp i %(year)s") % words
            return
        self._choices("year", [(year, str(year)) for year in rules.years])
        unchosen = ("", _("Velg …"))
        self._choices("cost_type", [unchosen, *((option.code, option.label) for option in rules.cost_types)])
        self._choices("funding", [unchosen, *funding_choices(self.spec, self.partners)])
        if rules.in_kind:
            self._choices("form", [unchosen, *ContributionForm.choices])
        else:
            del self.fields["form"]

    def _choices(self, name: str, choices: list[tuple[Any, Any]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]
        self.fields[name].error_messages["invalid_choice"] = _("Velg et av alternativene som står på siden.")

    @property
    def told(self) -> list[forms.BoundField]:
        """The fields that tell the cost, in their order."""
        return [field for field in self.visible_fields() if field.name != "DELETE"]

    def shown(self, row: BudgetLine) -> dict[str, Any]:
        if self.is_amount_alone:
            return {"amount": row.amount}
        names = ("year", "cost_type", "description", "form", "amount")
        funding = f"own-{row.payer_id}" if row.source == Funding.OWN else str(row.source)
        return {**{name: getattr(row, name) for name in names}, "funding": funding}

    def gone_sentence(self) -> str:
        if not self.is_amount_alone:
            return super().gone_sentence()
        return _(
            "%(name)s har fjernet kostnaden, så beløpet er ikke lagret. Skal den likevel være med, legger dere den til "
            "på nytt."
        )

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if data.get("funding") == Funding.GRANT and data.get("form") == ContributionForm.IN_KIND:
            self.add_error(
                "form", ValidationError(_("Tilskuddet er penger. Velg en partner som betaler, eller «Penger»."))
            )
        return data

    def cell_of(self, field: str) -> str:
        return "paid" if field in ("funding", "form") else field

    def cells(self) -> dict[str, Any]:
        data = self.cleaned_data
        cells: dict[str, Any] = {name: data[name] for name in ("cost_type", "description", "amount") if name in data}
        if "year" in data:
            cells["year"] = data["year"] or None
        if "funding" in data and ("form" in data or "form" not in self.fields):
            cells["paid"] = self._paid(data["funding"], data.get("form", ContributionForm.CASH))
        return cells

    def _paid(self, funding: str, form: str) -> list[Any]:
        """Source, partner and form as one cell. The grant is always cash; for other payers the form must be chosen."""
        source, _dash, payer = funding.partition("-")
        if not source:
            return []
        return [source, int(payer) if payer else None, str(ContributionForm.CASH) if source == Funding.GRANT else form]


def funding_choices(spec: RoundDefinition, partners: list[Partner]) -> list[tuple[str, Any]]:
    """The grant, each partner's own contribution, and others where the round takes them."""
    labels = {payer.kind: payer.label for payer in spec.budget.payers if payer.kind != "own"}
    choices: list[tuple[str, Any]] = [(str(Funding.GRANT), labels.get("grant", str(Funding.GRANT.label)))]
    choices.append((_("Egeninnsats"), [(f"own-{partner.pk}", partner.name) for partner in partners]))
    if spec.budget.other_funding:
        choices.append((str(Funding.OTHER), labels.get("other", str(Funding.OTHER.label))))
    return choices


def cost_name(spec: RoundDefinition, row: BudgetLine) -> str:
    """What a line is called: its type and what the money is for."""
    labels = {option.code: option.label for option in spec.budget.cost_types}
    return ": ".join(filter(None, (labels.get(row.cost_type, row.cost_type), row.description)))


_Lines: Any = row_formset(
    LineForm, most=MOST[BudgetLine], add_label=gettext_lazy("Legg til kostnad"), row_label=gettext_lazy("Kostnad")
)


class LineFormSet(_Lines):
    """The lines of a budget: the cost that is opened as fields in all its years, the others as their amounts alone."""

    def _is_drawn(self, index: int) -> bool:
        return not self.is_bound or super()._is_drawn(index)

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        kwargs = super().get_form_kwargs(index)
        if index is None:
            return kwargs
        row = self._row_of(index)
        if not self._is_amount_alone(index, row):
            return kwargs
        number = self.rows.index(row) + 1 if row else None
        return {**kwargs, "row": row, "is_amount_alone": True, "number": number}

    @property
    def new_forms(self) -> list[Any]:
        """The lines that are not stored yet; not the amounts of lines that somebody else has removed."""
        return [form for form in super().new_forms if form.makes_rows]

    def _row_of(self, index: int) -> BudgetLine | None:
        """The stored line that a form is about."""
        if self.is_bound:
            key = self.data.get(f"{self.prefix}-{index}-key", "")
            return next((row for row in self.rows if row.key == key), None)
        return self.rows[index] if index < len(self.rows) else None

    def _is_amount_alone(self, index: int, row: BudgetLine | None) -> bool:
        """Whether the page posted the amount alone; unbound, whether it tells the stored line in words."""
        if self.is_bound:
            # An added line, of which nothing is posted yet, is drawn whole.
            posted = (f"{self.prefix}-{index}-{name}" in self.data for name in ("amount", "funding"))
            return tuple(posted) == (True, False)
        return row is not None and alike(row) not in self._opened_costs

    @cached_property
    def _opened_costs(self) -> set[tuple[Any, ...]]:
        return {alike(row) for row in self.rows if row.key == self.opened}
