"""The room's forms: they read and return plain values; the acts decide."""

from collections.abc import Iterable, Mapping
from copy import copy
from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from stdnum.no import kontonr

from applications.forms.benefits import as_typed
from evaluation.decisions.models import Decision
from evaluation.followup import queries
from evaluation.followup.services import reporting
from evaluation.followup.services.correcting import TOLD
from evaluation.followup.services.reporting import EvaluationOwner, Gap
from portal.formats import in_words
from portal.forms import DateField, DecimalField, EmailField, Form, FormHelper, MoneyField, ShortTextField, TextField
from portal.snapshots import digest
from portal.writing import ComparedForm, Unseen
from rounds.answering.forms.rows import RowForm
from rounds.answering.forms.sections import SectionForm
from rounds.answering.forms.text import ProseField
from rounds.answering.queries import stored_answers
from rounds.answering.services.rows import Part, RowChange

RESULT_MOST = 4000


class AnswerForm(Form):
    """An answer to the award that the page showed: ``award`` is the decision's id, for a later decision is another."""

    award = Unseen()

    def __init__(self, *args: Any, award: Decision, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._award = str(award.pk)
        self.was_shown = not self.is_bound or self.data.get("award", "") == self._award
        if self.is_bound:
            # The page is shown again with the award in force.
            data: Any = copy(self.data)
            data["award"] = self._award
            self.data = data
        self.initial["award"] = self._award

    def clean(self) -> dict[str, Any]:
        """Without the award, which is no part of the answer."""
        data: dict[str, Any] = super().clean() or {}
        data.pop("award", None)
        if not self.was_shown:
            raise ValidationError(_("Se over beløpet og vilkårene slik de er nå, før dere svarer."))
        return data


class AcceptanceForm(AnswerForm):
    """The terms, the account and the planned start."""

    submit_label = gettext_lazy("Aksepter tilskuddet")

    planned_start_date = DateField(
        label=gettext_lazy("Planlagt driftsstart"),
        help_text=gettext_lazy("Den dagen arbeidet etter planen er i gang. Dere melder den faktiske datoen senere."),
    )
    responsible_name = ShortTextField(label=gettext_lazy("Prosjektansvarlig"), max_length=120)
    responsible_email = EmailField(label=gettext_lazy("E-post til prosjektansvarlig"))
    account_number = ShortTextField(
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
    # Shown when the planned start is so late that it may be a slip.
    confirms_start = forms.BooleanField(label=gettext_lazy("Planlagt driftsstart er riktig"), required=False)

    def __init__(self, *args: Any, needs_adjustment: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not needs_adjustment:
            del self.fields["adjustment"]
        self._confirms_start = self.fields.pop("confirms_start")
        if "confirms_start" in self.data:
            self.ask_about_start()

    def ask_about_start(self) -> None:
        """Show the box by which the person says that a late start is right."""
        self.fields["confirms_start"] = self._confirms_start

    def clean_account_number(self) -> str:
        """Eleven digits with the right control digit."""
        number = str(kontonr.compact(self.cleaned_data["account_number"]))
        if len(number) != 11 or not kontonr.is_valid(number):  # noqa: PLR2004 - Norwegian accounts have eleven digits
            raise ValidationError(_("Kontonummeret må ha elleve sifre og gyldig kontrollsiffer."))
        return number


class DeclineForm(AnswerForm):
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
    """The actual start of operation, told for the first time or put right."""

    started = DateField(label=gettext_lazy("Faktisk driftsstart"))

    def __init__(self, *args: Any, told: date | None, months: int, **kwargs: Any) -> None:
        self.submit_label = _("Rett driftsstart") if told else _("Meld driftsstart")
        super().__init__(*args, initial={"started": told}, **kwargs)
        text = ngettext(
            "Evalueringen skal sendes innen en måned etter denne datoen.",
            "Evalueringen skal sendes innen %(n)s måneder etter denne datoen.",
            months,
        )
        self.fields["started"].help_text = text % {"n": in_words(months).lower()}


class ProjectCorrectionForm(ComparedForm, Form):
    """What the secretariat puts right about a project, and why."""

    content = [*TOLD, "due_date"]

    planned_start_date = DateField(label=gettext_lazy("Planlagt driftsstart"))
    operation_started_date = DateField(label=gettext_lazy("Faktisk driftsstart"))
    due_date = DateField(
        label=gettext_lazy("Frist for evalueringen"),
        help_text=gettext_lazy("Lar du fristen stå, regnes den på nytt når du retter driftsstarten."),
    )
    responsible_name = ShortTextField(label=gettext_lazy("Prosjektansvarlig"), max_length=120)
    responsible_email = EmailField(label=gettext_lazy("E-post til prosjektansvarlig"))
    reason = TextField(
        label=gettext_lazy("Hvorfor?"),
        help_text=gettext_lazy("Prosjektansvarlig får begrunnelsen på e-post, og den står i loggen."),
        rows=3,
        max_length=1000,
    )
    confirms_start = forms.BooleanField(label=gettext_lazy("Planlagt driftsstart er riktig"), required=False)

    def __init__(self, *args: Any, has_started: bool, cancel_url: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper(submit=_("Rett opplysningene"), cancel_url=cancel_url)
        del self.fields["planned_start_date" if has_started else "operation_started_date"]
        if has_started:
            del self.fields["confirms_start"]


class SpentForm(RowForm):
    """The money used of the grant."""

    spent_amount = MoneyField(label=gettext_lazy("Hvor mye av tilskuddet har dere brukt?"), required=False)

    def key_of(self, row: Any) -> str:
        return str(row.pk)

    def shown(self, row: Any) -> dict[str, Any]:
        return {"spent_amount": row.spent_amount}


class MeasuredForm(RowForm):
    """What was achieved for one benefit row."""

    actual = DecimalField(
        label=gettext_lazy("Målt verdi"), required=False, max_digits=14, decimal_places=2, localize=True
    )
    actual_text = ProseField(label=gettext_lazy("Hva ble oppnådd?"), limit=RESULT_MOST, rows=3)
    deviation = ProseField(label=gettext_lazy("Avvik fra planen, og årsaken"), limit=RESULT_MOST, rows=3)

    def __init__(self, planned: Mapping[str, Any], *args: Any, **kwargs: Any) -> None:
        self.planned = planned
        super().__init__(*args, prefix=f"row-{planned['position']}", **kwargs)
        # The one cell of a row that may stay empty: of the other two, one is asked for.
        self.fields["deviation"].shows_optional = True  # type: ignore[attr-defined]

    def build(self) -> None:
        self.kept_sentence = _("Den er lagret, men må kortes ned før dere kan sende evalueringen.")
        if self.planned["target"] is None:
            del self.fields["actual"]
        else:
            self.fields["actual"].help_text = self.planned["unit"]

    def key_of(self, row: Any) -> str:
        return str(row.position)

    def shown(self, row: Any) -> dict[str, Any]:
        values = {name: getattr(row, name) for name in self.content}
        return {name: as_typed(value) if name == "actual" else value for name, value in values.items()}


class EvaluationForms:
    """The whole evaluation as one page: a row for each planned benefit, the questions, and the money used."""

    def __init__(self, owner: EvaluationOwner, data: Mapping[str, Any] | None, *, now: datetime) -> None:
        self.owner = owner
        report = owner.report
        stored = stored_answers(owner, owner.form.questions) if data is None else {}
        self.section = SectionForm(owner, owner.form.questions, stored, data, now=now)
        results = queries.results_by_position(report)
        planned = reporting.planned_benefits(report.acceptance.decision.application)
        self.rows = [MeasuredForm(row, data, row=results.get(row["position"])) for row in planned]
        self.spent = SpentForm(data, row=report, prefix="spent")
        self.error_parts = (*self.rows, *self.section.error_parts, self.spent)
        # The files that the page shows; they are added and removed on a page of their own.
        self.files = digest(sorted(item.pk for item in self.section.answer_files))
        self.showed_files = data is None or data.get("files", "") == self.files
        self.is_bound, self.was_behind = data is not None, False

    def is_valid(self) -> bool:
        """Whether all parts were accepted; each is asked, so that all errors are shown."""
        accepted = [form.is_valid() for form in (*self.rows, self.section, self.spent)]
        return all(accepted)

    def written(self) -> tuple[int, int]:
        """How many of the parts of the page have something in them, and how many there are."""
        rows = [
            any(form[name].value() for name in ("actual", "actual_text") if name in form.fields) for form in self.rows
        ]
        spent = self.spent["spent_amount"].value() not in (None, "")
        parts = [*rows, *(group.is_begun for group in self.section.groups()), spent]
        return sum(parts), len(parts)

    def tell(self, gaps: Iterable[Gap]) -> None:
        """Show at its field what the saved draft lacks before it can be sent."""
        rows = {form.planned["position"]: form for form in self.rows}
        for gap in gaps:
            if gap.question:
                self.section.add_problem(gap.question, gap.sentence)
            elif gap.position is not None:
                rows[gap.position].add_error("actual_text", gap.sentence)
            else:
                self.spent.add_error("spent_amount", gap.sentence)

    def changes(self) -> list[tuple[Part, RowForm, RowChange]]:
        """The rows that the person changed, each with the part it is of."""
        owner = self.owner
        kept: list[tuple[Part, RowForm, str]] = [
            (owner.results, form, str(form.planned["position"])) for form in self.rows
        ]
        kept.append((owner.money, self.spent, str(owner.report.pk)))
        read = [(part, form, form.change(key)) for part, form, key in kept]
        return [(part, form, change) for part, form, change in read if change is not None]

    def is_behind(self) -> bool:
        """Whether somebody else has written something that the posted page did not show, once the page is saved."""
        report = queries.stored_report(self.owner.report.pk)
        results = queries.results_by_position(report)
        rows = [(form, results.get(form.planned["position"])) for form in self.rows]
        in_rows = any(form.is_behind(row) for form, row in [*rows, (self.spent, report)])
        self.was_behind = not self.showed_files or in_rows or bool(self.section.unseen())
        return self.was_behind

    def shown_next(self, *, now: datetime) -> "EvaluationForms":
        """The forms when the page is shown again: all that was typed is saved, and what others have written shows."""
        return EvaluationForms(self.owner, None, now=now) if self.was_behind else self
