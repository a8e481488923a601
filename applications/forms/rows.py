"""Rows of the standard parts: each form carries its row's key and the version it showed."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.db import models
from django.utils.translation import gettext as _

from applications.models.parts import new_key
from applications.services.rows import NEW, RowChange, SavedRows, StaleRowError, version_of, version_of_values
from portal.forms import Form, set_sentences
from rounds.answering.forms.text import KeepsLongText

MINE, THEIRS = "mine", "theirs"
COUNT_DIGITS = 4
_KEY = re.compile(r"[0-9a-f-]{8,36}")
_PREFIX = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*-\d{1,4}")


class Unseen(forms.CharField):
    """A hidden part of the row that is not its content."""

    widget = forms.HiddenInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=36, **kwargs)


class RowForm(KeepsLongText, Form):
    """One row. ``essential`` names the fields of which at least one makes a row out of an empty form."""

    model: ClassVar[type[models.Model]]
    essential: ClassVar[tuple[str, ...]]

    key = Unseen()
    version = Unseen()

    def __init__(self, *args: Any, row: Any = None, **kwargs: Any) -> None:
        self.row = row
        if row is not None:
            kwargs["initial"] = {**self.shown(row), "key": row.key, "version": version_of(row)}
        super().__init__(*args, **kwargs)
        self.stale: StaleRowError | None = None
        self.build()
        for name, field in self.fields.items():
            field.shows_optional = False  # type: ignore[attr-defined]
            set_sentences(name, field)
        if row is None and not self.is_bound:
            self.initial.setdefault("key", new_key())

    def build(self) -> None:
        """Make the fields that depend on the round; for the subclass."""

    def shown(self, row: Any) -> dict[str, Any]:
        """What the fields show of a stored row."""
        raise NotImplementedError

    def values(self) -> dict[str, Any]:
        """The row's content as it is stored, from clean fields."""
        raise NotImplementedError

    def has_changed(self) -> bool:
        """Whether there is a row here at all: stored before, or with something essential in it."""
        return not self.is_bound or self.is_stored or not self.is_blank

    @property
    def is_stored(self) -> bool:
        return bool(self._posted("version"))

    @property
    def is_blank(self) -> bool:
        return not any(self._posted(name) for name in self.essential)

    def _posted(self, name: str) -> str:
        return str(self.data.get(self.add_prefix(name), "")).strip() if self.is_bound else ""

    def clean_key(self) -> str:
        key = self.cleaned_data["key"]
        return key if _KEY.fullmatch(key) else new_key()

    def change(self, position: int) -> RowChange | None:
        """What is to be saved of the form; None when the person left the row as it was."""
        base = self.cleaned_data["version"]
        choice = self._posted("choice")
        if choice == MINE:
            base = self._posted("theirs")
        key = self.cleaned_data["key"]
        if self.cleaned_data.get("DELETE"):
            return RowChange(key, base, {}, is_removed=True) if base != NEW else None
        values = self.values()
        if choice == THEIRS or version_of_values(values) == self.cleaned_data["version"]:
            return None
        return RowChange(key, base, values, position)

    def add_stale(self, error: StaleRowError) -> None:
        """Show what somebody else stored beside what was typed here."""
        self.stale = error
        self.add_error(None, _("%(error)s Velg hva som skal gjelde.") % {"error": error})

    @property
    def theirs(self) -> list[tuple[str, str]]:
        """What stands, as label and text."""
        if self.stale is None or self.stale.theirs is None:
            return []
        shown = self.shown(self.stale.theirs)
        return [
            (str(self.fields[name].label), _as_text(self.fields[name], value))
            for name, value in shown.items()
            if name in self.fields and value not in ("", None, [])
        ]

    @property
    def theirs_version(self) -> str:
        return version_of(self.stale.theirs) if self.stale and self.stale.theirs else NEW


def _as_text(field: forms.Field, value: Any) -> str:
    if isinstance(field, forms.ChoiceField):
        chosen = {str(item) for item in (value if isinstance(value, list) else [value])}
        return ", ".join(str(label) for code, label in _flat(field.choices) if str(code) in chosen)
    return str(field.prepare_value(value))


def _flat(choices: Any) -> Iterator[tuple[Any, Any]]:
    for code, label in choices:
        if isinstance(label, list | tuple):
            yield from label
        else:
            yield code, label


def _with_more(data: Any, prefix: str, extra: int, most: int) -> Any:
    """What was posted with empty rows after it; the page's own counter follows, so that the next post has them all."""
    counter = f"{prefix}-TOTAL_FORMS"
    count = str(data.get(counter, "")) if data else ""
    if not extra or not count.isdecimal() or len(count) > COUNT_DIGITS:
        return data
    total = min(int(count) + extra, most)
    keys = {f"{prefix}-{index}-key": new_key() for index in range(int(count), total)}
    found = data.copy()
    for name, value in {counter: str(total), **keys}.items():
        found[name] = value
    return found


class BaseRowFormSet(forms.BaseFormSet):
    """The rows of one part. Unbound it shows the stored rows and one empty; bound it is what was posted."""

    add_label: Any = None
    row_label: Any = None

    def __init__(
        self, data: Any = None, *, rows: Sequence[models.Model], prefix: str, extra: int = 0, **kwargs: Any
    ) -> None:
        self.rows = rows
        self.more = extra
        super().__init__(_with_more(data, prefix, extra, self.absolute_max), prefix=prefix, **kwargs)

    def initial_form_count(self) -> int:
        return 0 if self.is_bound else len(self.rows)

    def total_form_count(self) -> int:
        if self.is_bound:
            return super().total_form_count()
        return min(len(self.rows) + self.more, self.absolute_max)

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        kwargs: dict[str, Any] = super().get_form_kwargs(index)
        if not self.is_bound and index is not None and index < len(self.rows):
            kwargs["row"] = self.rows[index]
        return kwargs

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["DELETE"].label = _("Fjern")
        form.fields["DELETE"].shows_optional = False

    def _construct_form(self, i: int, **kwargs: Any) -> Any:
        # Django's documented hook of every formset; django-stubs leaves it out.
        make = super()._construct_form  # type: ignore[misc]
        return make(i, **{**kwargs, "empty_permitted": True, "use_required_attribute": False})

    def changes(self) -> list[RowChange]:
        """What is to be saved of the rows that the rules take."""
        found = []
        for position, form in enumerate(self.forms):
            if not form.is_savable or not form.has_changed():
                continue
            change = form.change(position)
            if change is not None:
                found.append(change)
        return found

    def take_over(self, saved: SavedRows[Any]) -> None:
        """Let the rows that were saved stand on what is stored, and show where somebody else had been first."""
        self.data: Any = self.data.copy()
        for form in self.forms:
            key = form.cleaned_data.get("key", "") if form.is_savable else ""
            if key in saved.stale:
                form.add_stale(saved.stale[key])
            elif key in saved.rows:
                self.data[form.add_prefix("version")] = version_of(saved.rows[key])
            form.data = self.data

    @property
    def asks_for_row(self) -> bool:
        return self.is_bound and self.data.get("add_row") == self.prefix


def row_formset(form: type[RowForm], *, most: int, add_label: Any, row_label: Any) -> type[BaseRowFormSet]:
    """The formset of a row form."""
    made: Any = forms.formset_factory(
        form, formset=BaseRowFormSet, extra=0, max_num=most, absolute_max=most, can_delete=True
    )
    made.add_label, made.row_label = add_label, row_label
    found: type[BaseRowFormSet] = made
    return found


def posted_prefix(data: Mapping[str, Any], part: str) -> str | None:
    """The prefix of the one row that autosave sends; None for anything that is not a row of the part."""
    prefix = str(data.get("prefix", ""))
    return prefix if _PREFIX.fullmatch(prefix) and prefix.startswith(f"{part}-") else None
