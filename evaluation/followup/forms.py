"""The room's forms: they read and return plain values; the acts decide."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from stdnum.no import kontonr

from evaluation.followup.services.reporting import Measured
from portal.forms import DateField, Form, FormHelper, MoneyField, TextField
from rounds.definition import Question


class AcceptanceForm(Form):
    """The terms, the account and the planned start."""

    submit_label = gettext_lazy("Aksepter tilskuddet")

    planned_start_date = DateField(
        label=gettext_lazy("Planlagt driftsstart"),
        help_text=gettext_lazy("Den dagen arbeidet etter planen er i gang. Dere melder den faktiske datoen senere."),
    )
    responsible_name = forms.CharField(label=gettext_lazy("Prosjektansvarlig"), max_length=120)
    responsible_email = forms.EmailField(label=gettext_lazy("E-post til prosjektansvarlig"))
    account_number = forms.CharField(
        label=gettext_lazy("Kontonummer"),
        max_length=20,
        help_text=gettext_lazy("Elleve sifre. Kontoen må tilhøre ansvarlig søker."),
    )
    adjustment = TextField(
        label=gettext_lazy("Hvordan tilpasser dere prosjektet og budsjettet til beløpet?"),
        help_text=gettext_lazy("Dere fikk en del av det dere søkte om. Skriv hva dere gjør annerledes."),
        max_length=4000,
    )
    accepts_terms = forms.BooleanField(label=gettext_lazy("Vi aksepterer vilkårene i tilskuddsbrevet"))

    def __init__(self, *args: Any, needs_adjustment: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not needs_adjustment:
            del self.fields["adjustment"]

    def clean_account_number(self) -> str:
        """Eleven digits with the right control digit."""
        number = str(kontonr.compact(self.cleaned_data["account_number"]))
        if len(number) != 11 or not kontonr.is_valid(number):  # noqa: PLR2004 - Norwegian accounts have eleven digits
            raise ValidationError(_("Kontonummeret må ha elleve sifre og gyldig kontrollsiffer."))
        return number


class DeclineForm(Form):
    """Why the award is turned down."""

    reason = TextField(
        label=gettext_lazy("Hvorfor takker dere nei?"),
        help_text=gettext_lazy("Sekretariatet får begrunnelsen på e-post, og den står på prosjektets side."),
        max_length=2000,
    )

    def __init__(self, *args: Any, cancel_url: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper(submit=_("Takk nei til tilskuddet"), cancel_url=cancel_url, danger=True)


class StartForm(Form):
    """The actual start of operation."""

    submit_label = gettext_lazy("Meld driftsstart")

    started = DateField(
        label=gettext_lazy("Faktisk driftsstart"),
        help_text=gettext_lazy("Evalueringen skal leveres et bestemt antall måneder etter denne datoen."),
    )


class AnswersForm(Form):
    """The questions of the round's own evaluation form, and the money used. A draft may be empty everywhere."""

    submit_label = gettext_lazy("Lagre utkast")

    spent_amount = MoneyField(label=gettext_lazy("Hvor mye av tilskuddet har dere brukt?"), required=False)

    def __init__(self, questions: Iterable[Question], *args: Any, **kwargs: Any) -> None:
        self.questions = list(questions)
        self.needed_later = frozenset(q.code for q in self.questions if q.answer == "required") | {"spent_amount"}
        super().__init__(*args, **kwargs)
        for question in self.questions:
            self.fields[question.code] = TextField(
                label=question.label,
                help_text=question.help,
                required=False,
                max_length=getattr(question, "max_characters", None) or 8000,
            )
            self.fields[question.code].shows_optional = question.answer != "required"  # type: ignore[attr-defined]
        self.fields["spent_amount"] = self.fields.pop("spent_amount")

    def answers(self) -> dict[str, str]:
        """The answers by question code."""
        return {question.code: self.cleaned_data.get(question.code, "") for question in self.questions}


class MeasuredForm(Form):
    """What was achieved for one benefit row."""

    actual = forms.DecimalField(
        label=gettext_lazy("Målt verdi"), required=False, max_digits=14, decimal_places=2, localize=True
    )
    actual_text = TextField(label=gettext_lazy("Hva ble oppnådd?"), required=False, max_length=4000, rows=3)
    deviation = TextField(label=gettext_lazy("Avvik fra planen, og årsaken"), required=False, max_length=4000, rows=3)

    def __init__(self, row: Mapping[str, Any], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.row = row
        for field in self.fields.values():
            field.shows_optional = False  # type: ignore[attr-defined]
        if row["target"] is None:
            del self.fields["actual"]

    def measured(self) -> Measured:
        """The row's result."""
        values = self.cleaned_data
        actual: Decimal | None = values.get("actual")
        return Measured(actual=actual, actual_text=values["actual_text"], deviation=values["deviation"])


class EvaluationEditor:
    """The whole evaluation as one form: the questions, and one part a benefit row."""

    def __init__(
        self,
        questions: Iterable[Question],
        rows: Sequence[Mapping[str, Any]],
        *,
        data: Mapping[str, Any] | None = None,
        initial: Mapping[str, Any],
        results: Mapping[int, Mapping[str, Any]],
    ) -> None:
        self.answers_form = AnswersForm(questions, data, initial=dict(initial))
        self.rows = [
            MeasuredForm(row, data, prefix=f"row-{row['position']}", initial=dict(results.get(row["position"], {})))
            for row in rows
        ]
        self.is_bound = data is not None

    def is_valid(self) -> bool:
        """Whether every part can be kept."""
        return all([self.answers_form.is_valid(), *(row.is_valid() for row in self.rows)])

    @property
    def measured(self) -> dict[int, Measured]:
        """The results by the row's position."""
        return {form.row["position"]: form.measured() for form in self.rows}
