"""Forms as Designsystemet draws them: own base classes, fields for money, dates and several values, and the helper.

``{% crispy form %}`` gives the whole ``<form>``: error summary with links, fields, buttons. See
docs/design-components.md.
"""

import unicodedata
from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from crispy_forms.helper import FormHelper as CrispyHelper
from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import ErrorDict
from django.utils.translation import gettext_lazy as _

from portal import clock, formats, readers
from portal.invisible import one_line, plain_text

MONEY_MOST = 10**15 - 1
EMAIL_MOST = 254
CHOOSING = (forms.Select, forms.RadioSelect, forms.CheckboxSelectMultiple)


class FormHelper(CrispyHelper):
    """The layout of a form that posts, is checked by the server alone, and has its own buttons.

    ``submit`` is the button's text («Send søknaden til signering»); ``form_tag=False`` is for forms inside a form.
    """

    def __init__(
        self,
        form: forms.BaseForm | None = None,
        *,
        submit: str = "",
        cancel_url: str = "",
        form_tag: bool = True,
        danger: bool = False,
        quiet: bool = False,
    ) -> None:
        super().__init__(form)
        self.form_tag = form_tag
        self.submit = submit
        self.cancel_url = cancel_url
        self.danger = danger
        self.quiet = quiet
        self.include_media = False
        self.form_class = "form"
        self.attrs = {"novalidate": "", "data-once": ""}


class DesignMixin:
    """Norwegian sentences for the usual errors, a helper, and «Valgfritt» on fields that may be left empty.

    ``submit_label`` is the button's text. ``needed_later`` names fields that a draft may leave empty but that must be
    filled in before sending: they are not marked «Valgfritt». ``is_quiet``: the page is for something else, so the
    button is not filled.
    """

    submit_label: Any = _("Lagre")
    is_quiet = False
    needed_later: frozenset[str] = frozenset()
    fields: dict[str, forms.Field]
    errors: ErrorDict
    is_bound: bool

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper(submit=str(self.submit_label), quiet=self.is_quiet)
        for name, field in self.fields.items():
            if isinstance(field.widget, forms.NumberInput):
                type_freely(field)
            if name in self.needed_later:
                field.shows_optional = False  # type: ignore[attr-defined]

    def full_clean(self) -> None:
        """Give the fields their sentences before what was posted is read; a form that is only shown needs none."""
        if self.is_bound:
            for name, field in self.fields.items():
                set_sentences(name, field)
        super().full_clean()  # type: ignore[misc]

    @property
    def http_status(self) -> int:
        """The status of a page that shows the form: 422 when it was not accepted, else 200."""
        return 422 if self.errors else 200


class Form(DesignMixin, forms.Form):
    """A plain form of the portal."""


def form_field(field: Any, **options: Any) -> forms.Field | None:
    """The form's field for a model's: text is read as in every other form. For ``Meta.formfield_callback``."""
    made: forms.Field | None = field.formfield(**options)
    if type(made) is forms.CharField:
        kind = TextField if isinstance(made.widget, forms.Textarea) else ShortTextField
        return field.formfield(**{"form_class": kind, **options})
    if type(made) is forms.EmailField:
        return field.formfield(**{"form_class": EmailField, **options})
    return made


class ModelForm(DesignMixin, forms.ModelForm):
    """A form for a model's plain configuration; acts go through services."""

    class Meta:
        formfield_callback = form_field


class FormsTogether:
    """Several forms and formsets of one page that share one error summary."""

    def __init__(self, *parts: forms.BaseForm | forms.BaseFormSet) -> None:
        self.error_parts = parts


class FormSet(forms.BaseFormSet):
    """Rows of the same form, for ``formset_factory(RowForm, formset=FormSet, …)``, with the page's word for a row."""

    row_label: Any = _("Rad")
    add_label: Any = _("Legg til rad")

    def add_fields(self, form: forms.BaseForm, index: int | None) -> None:
        """Label the box that removes a row «Fjern denne»."""
        super().add_fields(form, index)
        if "DELETE" in form.fields:
            form.fields["DELETE"].label = _("Fjern denne")


def type_freely(field: forms.Field) -> None:
    """Type a number as text with a number keyboard: ``type="number"`` would drop what the browser cannot read."""
    field.widget.input_type = "text"
    field.widget.attrs["inputmode"] = (
        "decimal" if isinstance(field, forms.FloatField | forms.DecimalField) else "numeric"
    )
    field.widget.attrs.setdefault("size", "10")
    for name in ("min", "max", "step"):
        field.widget.attrs.pop(name, None)
    field.localize = field.widget.is_localized = True  # 3,5 and 3.5 are both read


def set_sentences(name: str, field: forms.Field) -> None:
    """Replace Django's general error texts by sentences that name the field, unless the form has its own."""
    label = str(field.label or name.replace("_", " ").capitalize())
    defaults: dict[str, Any] = {}
    for kind in reversed(type(field).__mro__):
        defaults.update(getattr(kind, "default_error_messages", {}))
    for code, sentence in _sentences(field).items():
        # The form has set this sentence itself.
        if field.error_messages.get(code) != defaults.get(code):
            continue
        # Django's validators put in the limits afterwards with %, so a percent sign in the label is doubled.
        is_put_in = code.startswith(("max_", "min_")) or (code == "invalid" and isinstance(field, forms.EmailField))
        name_in_it = label.replace("%", "%%") if is_put_in else label
        field.error_messages[code] = str(sentence).replace("%(label)s", name_in_it)
    for part in getattr(field, "fields", ()):  # a moment is a date and a time
        part.label = label
        set_sentences(name, part)


_DATE_SENTENCES = {
    "invalid": _("Skriv «%(label)s» som dag.måned.år, for eksempel 15.09.2026."),
    "no_year": _("Skriv årstallet også i «%(label)s», for eksempel 15.09.2026."),
    "no_day": _("Datoen i «%(label)s» finnes ikke i kalenderen."),
    "range": _("Årstallet i «%(label)s» må være mellom 1990 og 2199."),
    "weekday": _("Ukedagen og datoen i «%(label)s» hører ikke sammen. Rett en av dem."),
}


def _sentences(field: forms.Field) -> dict[str, Any]:
    """The sentences for the field's kind; ``limit_value`` and ``show_value`` are Django's own parameters."""
    sentences: dict[str, Any] = {
        "required": _required(field),
        "max_length": _max_length(field),
        "min_length": _("«%(label)s» må ha minst %(limit_value)d tegn. Dere har skrevet %(show_value)d."),
        "max_value": _("«%(label)s» kan være høyst %(limit_value)s."),
        "min_value": _("«%(label)s» må være minst %(limit_value)s."),
    }
    if isinstance(field, MoneyField):
        sentences["invalid"] = _("Skriv «%(label)s» i hele kroner, for eksempel 1\u00a0250\u00a0000.")
        sentences["decimals"] = _("Skriv «%(label)s» i hele kroner, uten øre.")
    elif isinstance(field, forms.DecimalField | forms.FloatField):
        sentences["invalid"] = _("Skriv «%(label)s» som et tall, for eksempel 3,5.")
    elif isinstance(field, forms.IntegerField):
        sentences["invalid"] = _("Skriv «%(label)s» som et helt tall, for eksempel 12.")
    elif isinstance(field, forms.DateField):
        sentences |= _DATE_SENTENCES
    elif isinstance(field, forms.EmailField):
        sentences["invalid"] = _("Skriv «%(label)s» som en e-postadresse, for eksempel navn@example.org.")
    if isinstance(field, NumberField | forms.DecimalField):
        sentences["spaces"] = _("Mellomrommene i «%(label)s» står feil. Skriv for eksempel 1\u00a0250\u00a0000.")
    if isinstance(field, NumberField):
        sentences["ambiguous"] = _("Kommaet i «%(label)s» kan bety både tusen og desimal. Skriv tallet uten komma.")
        sentences |= _limits(field)
    return sentences


def _max_length(field: forms.Field) -> str:
    most = getattr(field, "max_length", None) or 0
    sentence = str(_("«%(label)s» kan ha høyst {most} tegn. Dere har skrevet %(show_value)d."))
    return sentence.format(most=formats.grouped(most))


def _limits(field: "NumberField") -> dict[str, str]:
    limits: dict[str, tuple[Any, Any]] = {
        "max_value": (field.max_value, _("«%(label)s» kan være høyst {amount}.")),
        "min_value": (field.min_value, _("«%(label)s» må være minst {amount}.")),
    }
    return {
        code: str(sentence).format(amount=field.written(limit))
        for code, (limit, sentence) in limits.items()
        if limit is not None
    }


def _required(field: forms.Field) -> Any:
    if isinstance(field, forms.FileField):
        return _("Legg ved en fil under «%(label)s».")
    if isinstance(field, forms.BooleanField):
        return _("Kryss av for «%(label)s».")
    if isinstance(field.widget, CHOOSING):
        return _("Velg et svar på «%(label)s».")
    return _("Fyll ut «%(label)s».")


# --- whole numbers and money ----------------------------------------------------------------------


def read(field: forms.Field, reader: Callable[[str], Any], typed: Any) -> Any:
    """What the reader reads of the typed text, or ValidationError with the field's sentence for why it could not."""
    try:
        return reader(str(typed))
    except readers.NotRead as refused:
        sentence = field.error_messages.get(refused.code, field.error_messages["invalid"])
        raise ValidationError(sentence, code=refused.code) from None


class NumberInput(forms.TextInput):
    """A whole number, typed with or without spaces, shown grouped. ``suffix`` is the unit beside it, or empty."""

    suffix = ""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"inputmode": "numeric", "autocomplete": "off", "size": "14", **(attrs or {})})

    def format_value(self, value: Any) -> str | None:
        """The number grouped by thousands; a value that could not be read is shown as it was typed."""
        return formats.grouped(value) if isinstance(value, int) else super().format_value(value)


class NumberField(forms.IntegerField):
    """A whole number without a unit, read by ``readers.read_whole``."""

    widget = NumberInput
    default_error_messages = {"invalid": _("Skriv et helt tall, for eksempel 12.")}
    reader = staticmethod(readers.read_whole)

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("min_value", 0)
        kwargs.setdefault("max_value", MONEY_MOST)
        super().__init__(**kwargs)

    @staticmethod
    def written(number: int) -> str:
        """The number as the sentence about a limit writes it."""
        return formats.grouped(number)

    def to_python(self, value: Any) -> int | None:
        """The number, or ``ValidationError`` for what could not be read; more than 15 digits are beyond the limit."""
        if value in self.empty_values or isinstance(value, int):
            return None if value in self.empty_values else value
        try:
            return read(self, self.reader, value)
        except ValidationError as refused:
            if refused.code != "digits":
                raise
            limit, most = ("min_value", self.min_value) if "-" in str(value) else ("max_value", self.max_value)
            sentence = self.error_messages.get(limit, self.error_messages["invalid"])
            raise ValidationError(sentence, code=limit, params={"limit_value": most}) from None

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {}

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.to_python(data) != self.to_python(initial))
        except ValidationError:
            return True


class MoneyInput(NumberInput):
    """Whole kroner, with «kr» beside them."""

    suffix = "kr"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"data-reads": "money", **(attrs or {})})


class MoneyField(NumberField):
    """An amount in whole kroner, read by ``readers.read_money``."""

    widget = MoneyInput
    default_error_messages = {"invalid": _("Skriv beløpet i hele kroner, for eksempel 1\u00a0250\u00a0000.")}
    reader = staticmethod(readers.read_money)

    @staticmethod
    def written(number: int) -> str:
        """The amount with «kr»."""
        return formats.kroner(number)


class DecimalField(forms.DecimalField):
    """A number with at most ``decimal_places`` decimals, read by ``readers.read_number``."""

    default_error_messages = {"invalid": _("Skriv et tall, for eksempel 3,5.")}

    def widget_attrs(self, widget: Any) -> dict[str, Any]:
        """A telephone shows its keys for numbers."""
        return {**super().widget_attrs(widget), "inputmode": "decimal"}

    def to_python(self, value: Any) -> Any:
        """The number, or ``ValidationError`` for what could not be read."""
        if value in self.empty_values or isinstance(value, Decimal):
            return None if value in self.empty_values else value
        return read(self, lambda typed: readers.read_number(typed, places=self.decimal_places or 0), value)


# --- dates and times --------------------------------------------------------------------------------


class DateInput(forms.DateInput):
    """A date typed as Norwegians write it; script adds a button that opens the browser's calendar.

    It is plain text and not ``type="date"``: the browser would drop what it cannot read.
    """

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        base = {
            "size": "10",
            "inputmode": "numeric",
            "autocomplete": "off",
            "data-date": _("Velg dato i kalender"),
            "data-reads": "date",
            "placeholder": _("dd.mm.åååå"),
        }
        super().__init__({**base, **(attrs or {})}, format="%d.%m.%Y")


class DateField(forms.DateField):
    """A date, read by ``readers.read_date``."""

    widget = DateInput
    default_error_messages = {"invalid": _("Skriv datoen som dag.måned.år, for eksempel 15.09.2026.")}

    def to_python(self, value: Any) -> date | None:
        """The date, or ``ValidationError`` for what could not be read or lies beyond any plan."""
        if value in self.empty_values or isinstance(value, date):
            return None if value in self.empty_values else value
        return read(self, readers.read_date, value)


class TimeField(forms.TimeField):
    """A time of day, read by ``readers.read_time``."""

    default_error_messages = {
        "invalid": _("Skriv klokkeslettet som timer.minutter, for eksempel 14.00."),
        "no_time": _("Klokkeslettet finnes ikke. Skriv timer fra 0 til 23 og minutter fra 0 til 59."),
    }

    def to_python(self, value: Any) -> time | None:
        """The time, or ``ValidationError`` for what could not be read."""
        if value in self.empty_values or isinstance(value, time):
            return None if value in self.empty_values else value
        return read(self, readers.read_time, value)


class DateTimeInput(forms.MultiWidget):
    """A date and a time beside each other, each with its own label."""

    labels = (_("Dato"), _("Klokkeslett"))

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        time_attrs = {"size": "5", "inputmode": "numeric", "autocomplete": "off", "placeholder": _("tt.mm")}
        super().__init__([DateInput(), forms.TimeInput(time_attrs, format="%H.%M")], attrs)

    def decompress(self, value: Any) -> list[Any]:
        """The date and the time in Oslo at the moment."""
        return [clock.local(value).date(), clock.local(value).time()] if value else [None, None]


class DateTimeField(forms.MultiValueField):
    """A moment on Oslo's clocks; the value has a time zone."""

    widget = DateTimeInput
    default_error_messages = {
        "invalid_date": _("Skriv datoen som dag.måned.år, for eksempel 15.09.2026."),
        "invalid_time": _("Skriv klokkeslettet som timer.minutter, for eksempel 14.00."),
        "skipped": _("Klokkeslettet finnes ikke den dagen, for da stilles klokka til sommertid. Velg et annet."),
    }

    def __init__(self, **kwargs: Any) -> None:
        parts = (DateField(required=False), TimeField(required=False))
        super().__init__(parts, require_all_fields=False, **kwargs)

    def compress(self, data_list: Any) -> datetime | None:
        """The date and the time as one moment; either both are given, or none."""
        if not data_list:
            return None
        day, hour = data_list
        if day in self.empty_values:
            raise ValidationError(self.error_messages["invalid_date"], code="invalid_date")
        if hour in self.empty_values:
            raise ValidationError(self.error_messages["invalid_time"], code="invalid_time")
        if clock.is_skipped(day, hour):
            raise ValidationError(self.error_messages["skipped"], code="skipped")
        return clock.at_local(day, hour)


# --- text and several values ---------------------------------------------------------------------------


class Textarea(forms.Textarea):
    """A text area as wide as its column."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.attrs.pop("cols", None)


class ShortTextField(forms.CharField):
    """One line of text, without what another program put into it."""

    def to_python(self, value: Any) -> str:
        """The text as its author saw it."""
        return one_line(str(super().to_python(value)))


class EmailField(forms.EmailField):
    """An e-mail address, no longer than the register can keep, in the letters that the register keeps."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_length": EMAIL_MOST, **kwargs})

    def to_python(self, value: Any) -> str:
        """Without wide letters, which may be several characters."""
        return unicodedata.normalize("NFKC", super().to_python(value) or "")

    def run_validators(self, value: str) -> None:
        """A small letter may be longer than the large one."""
        super().run_validators(value.lower())


class TextField(forms.CharField):
    """Long text. With ``max_length`` the page counts the characters; the server decides."""

    def __init__(self, *, rows: int = 6, **kwargs: Any) -> None:
        kwargs.setdefault("widget", Textarea(attrs={"rows": rows}))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> str:
        """The text as its author saw it, with each line break as one character, as the counter on the page counts."""
        return plain_text(str(super().to_python(value))).strip()

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """No ``maxlength``: the browser would cut a pasted text without telling."""
        return {"data-max-length": self.max_length} if self.max_length else {}


class LinesField(forms.CharField):
    """Several short values, one a line, as a list without empty lines."""

    def __init__(self, *, rows: int = 4, max_lines: int = 50, **kwargs: Any) -> None:
        self.max_lines = max_lines
        kwargs.setdefault("widget", Textarea(attrs={"rows": rows}))
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list | tuple) else value

    def clean(self, value: Any) -> list[str]:
        lines = [one_line(line) for line in plain_text(str(super().clean(value) or "")).splitlines()]
        lines = [line for line in lines if line]
        if len(lines) > self.max_lines:
            raise ValidationError(_("Skriv høyst %(max)s linjer.") % {"max": self.max_lines}, code="max_lines")
        return lines

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), data)
