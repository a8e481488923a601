"""One control for each type of question: its fields, what they show, and the value that is stored."""

from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.communities.models import Body
from portal.forms import DateField, LinesField, MoneyField, NumberField
from rounds.answering import answers
from rounds.answering.answers import EXPLANATION_MOST, OTHER_MOST, most_characters
from rounds.answering.checks import Dates, explain_label, question_dates
from rounds.answering.forms.text import LineField, ProseField
from rounds.definition import Question, RoundDefinition

OWNERS_MOST = 20
OTHER = "other"
# Larger than any number that people type, and small enough for every database.
INTEGER_MOST = 10**15


class Control:
    """How one question is asked. ``name`` is also the HTML id that the list of missing answers links to."""

    def __init__(self, spec: RoundDefinition, question: Any, *, bodies: Mapping[str, Body], dates: Dates) -> None:
        self.spec = spec
        self.question = question
        self.name: str = question.code
        self.bodies = bodies
        self.dates = dates

    @property
    def label(self) -> str:
        return self.spec.fill(self.question.label)

    @property
    def help(self) -> SafeString:
        """When the question is relevant, the round's help, and its prompts as a list (R74, R106)."""
        question = self.question
        texts = [self.spec.fill(text) for text in (question.relevance, question.help) if text]
        lines = format_html_join("", "<p>{}</p>", ((text,) for text in texts))
        if not question.prompts:
            return lines
        prompts = format_html_join("", "<li>{}</li>", ((self.spec.fill(text),) for text in question.prompts))
        return format_html('{}<ul class="prompts">{}</ul>', lines, prompts)

    def fields(self) -> dict[str, forms.Field]:
        """The fields by name."""
        raise NotImplementedError

    def initial(self, value: Any) -> dict[str, Any]:
        """What the fields show of a stored value."""
        return {self.name: value}

    def value(self, data: Mapping[str, Any]) -> Any:
        """The value to store, from clean fields. Raises ValidationError for what no single field can check."""
        return data.get(self.name)


class ShortText(Control):
    def fields(self) -> dict[str, forms.Field]:
        return {self.name: LineField(label=self.label, limit=most_characters(self.spec, self.question))}

    def value(self, data: Mapping[str, Any]) -> Any:
        text = data.get(self.name, "")
        if not text and self.spec.is_title(self.question):
            raise ValidationError(_("Prosjektet må ha et navn, så dere finner det igjen. Det gamle navnet står."))
        return text


class LongText(Control):
    def fields(self) -> dict[str, forms.Field]:
        most = self.question.max_characters
        return {self.name: ProseField(label=self.label, limit=most, rows=4 if most <= OTHER_MOST else 8)}


class Number(Control):
    def fields(self) -> dict[str, forms.Field]:
        question = self.question
        most = INTEGER_MOST if question.maximum is None else question.maximum
        least = -INTEGER_MOST if question.minimum is None else question.minimum
        field = NumberField(label=self.label, required=False, min_value=least, max_value=most)
        field.widget.suffix = question.unit or ""
        return {self.name: field}


class Money(Control):
    def fields(self) -> dict[str, forms.Field]:
        least = self.question.minimum or 0
        return {
            self.name: MoneyField(
                label=self.label, required=False, min_value=least, max_value=self.question.maximum or INTEGER_MOST
            )
        }


class DateControl(Control):
    def fields(self) -> dict[str, forms.Field]:
        return {self.name: DateField(label=self.label, required=False)}

    def initial(self, value: Any) -> dict[str, Any]:
        return {self.name: _day(value)}

    def value(self, data: Mapping[str, Any]) -> Any:
        day: date | None = data.get(self.name)
        if day is None:
            return ""
        wrong = list(question_dates(self.question, day, self.dates, self.label))
        if wrong:
            raise ValidationError(wrong)
        return day.isoformat()


class YesNo(Control):
    def fields(self) -> dict[str, forms.Field]:
        choices = [("yes", _("Ja")), ("no", _("Nei"))]
        fields: dict[str, forms.Field] = {
            self.name: forms.ChoiceField(
                label=self.label,
                choices=choices,
                required=False,
                widget=forms.RadioSelect,
                error_messages=_WRONG_CHOICE,
            )
        }
        if self.question.explain:
            asked = explain_label(self.question)
            fields[f"{self.name}--text"] = ProseField(label=asked, limit=EXPLANATION_MOST, rows=3)
        return fields

    def initial(self, value: Any) -> dict[str, Any]:
        shown = {True: "yes", False: "no"}.get((value or {}).get("value", ""), "")
        return {self.name: shown, f"{self.name}--text": (value or {}).get("text", "")}

    def value(self, data: Mapping[str, Any]) -> Any:
        said = {"yes": True, "no": False}.get(data.get(self.name, ""))
        return {"value": said, "text": data.get(f"{self.name}--text", "")}


class Choice(Control):
    """One or several options, with a text of their own where the round has a label for it."""

    kind: ClassVar[type[forms.ChoiceField]] = forms.ChoiceField
    widget: ClassVar[type[forms.Widget]] = forms.RadioSelect

    def fields(self) -> dict[str, forms.Field]:
        fields: dict[str, forms.Field] = {
            self.name: self.kind(
                label=self.label,
                choices=self._choices(),
                required=False,
                widget=self.widget,
                error_messages=_WRONG_CHOICE,
            )
        }
        if self.question.other_label:
            fields[f"{self.name}--other"] = LineField(label=self.question.other_label, limit=OTHER_MOST)
        return fields

    def _choices(self) -> list[Any]:
        options = self.spec.options(self.question)
        taxonomy = self.spec.taxonomy(self.question.taxonomy) if self.question.taxonomy else None
        if taxonomy and taxonomy.groups:
            choices: list[Any] = [
                (group.label, [_option(term) for term in taxonomy.terms if term.group == group.code])
                for group in taxonomy.groups
            ]
            choices += [_option(term) for term in taxonomy.terms if term.group is None]
        else:
            choices = [_option(option) for option in options]
        has_other = any(option.code == OTHER for option in options)
        if self.question.other_label and not has_other and self.question.type == "one_choice":
            choices.append((OTHER, _("Annet")))
        return choices

    def initial(self, value: Any) -> dict[str, Any]:
        codes, other = answers.chosen(value)
        return {self.name: codes[0] if codes else "", f"{self.name}--other": other}

    def value(self, data: Mapping[str, Any]) -> Any:
        return {"value": data.get(self.name, ""), "other": data.get(f"{self.name}--other", "")}


class ManyChoices(Choice):
    kind = forms.MultipleChoiceField
    widget = forms.CheckboxSelectMultiple

    def initial(self, value: Any) -> dict[str, Any]:
        codes, other = answers.chosen(value)
        return {self.name: codes, f"{self.name}--other": other}

    def value(self, data: Mapping[str, Any]) -> Any:
        chosen = set(data.get(self.name, []))
        codes = [option.code for option in self.spec.options(self.question) if option.code in chosen]
        if self.question.most is not None and len(codes) > self.question.most:
            raise ValidationError(
                _("Velg høyst %(most)s under «%(label)s».") % {"most": self.question.most, "label": self.label}
            )
        return {"values": codes, "other": data.get(f"{self.name}--other", "")}


class Owners(Control):
    """Organisations or other names, one a line, and an FSU of the helsefellesskap where the round allows it (R20)."""

    def fields(self) -> dict[str, forms.Field]:
        fields: dict[str, forms.Field] = {
            self.name: LinesField(label=self.label, required=False, rows=3, max_length=5000, max_lines=OWNERS_MOST)
        }
        if self.spec.applicants.owner_may_be_body and self.bodies:
            choices = [("", _("Ingen")), *((code, body.name) for code, body in self.bodies.items())]
            fields[f"{self.name}--body"] = forms.ChoiceField(
                label=_("Faglig samarbeidsutvalg som eier prosjektet"),
                choices=choices,
                required=False,
                error_messages=_WRONG_CHOICE,
            )
        return fields

    def initial(self, value: Any) -> dict[str, Any]:
        rows = answers.rows_of(value)
        body = next((row["body"] for row in rows if row.get("body")), "")
        return {self.name: [row["name"] for row in rows if not row.get("body")], f"{self.name}--body": body}

    def value(self, data: Mapping[str, Any]) -> Any:
        body = self.bodies.get(data.get(f"{self.name}--body", ""))
        first = [{"name": body.name, "body": body.code}] if body else []
        return [*first, *({"name": name, "body": ""} for name in data.get(self.name) or [])]


class Declaration(Control):
    def fields(self) -> dict[str, forms.Field]:
        return {self.name: forms.BooleanField(label=self.spec.fill(self.question.text), required=False)}

    def value(self, data: Mapping[str, Any]) -> Any:
        return bool(data.get(self.name))


_WRONG_CHOICE = {"invalid_choice": gettext_lazy("Velg et av svarene som står på siden.")}


def _option(option: Any) -> tuple[str, Any]:
    """An option, with its explanation under it."""
    letter = getattr(option, "letter", None)
    label = f"{letter} {option.label}" if letter else option.label
    if not option.text:
        return option.code, label
    return option.code, format_html('{}<span class="cell-note">{}</span>', label, option.text)


def _day(value: Any) -> Any:
    """A stored date as a date, so that the page shows it as people write it."""
    return date.fromisoformat(value) if value else ""


CONTROLS: dict[str, type[Control]] = {
    "short_text": ShortText,
    "long_text": LongText,
    "number": Number,
    "money": Money,
    "yes_no": YesNo,
    "date": DateControl,
    "one_choice": Choice,
    "many_choices": ManyChoices,
    "owners": Owners,
    "declaration": Declaration,
}


def control_for(
    spec: RoundDefinition, question: Question, *, bodies: Mapping[str, Body], dates: Dates
) -> Control | None:
    """The control of the question; None for a standard part, which has a page of its own.

    A table question has a control for its label and help only. Its fields are in ``forms.tables``.
    """
    kind = Control if question.type == "table" else CONTROLS.get(question.type)
    return kind(spec, question, bodies=bodies, dates=dates) if kind else None
