"""Rows of the standard parts as formsets: the rows of a page, each with its key and the versions that it showed."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from portal.cells import new_key
from portal.writing import Unseen
from rounds.answering.forms.rows import RowForm as AnsweringRowForm
from rounds.answering.forms.rows import take_over
from rounds.answering.services.rows import RowChange, SavedRow

__all__ = ["BaseRowFormSet", "RowForm", "Unseen", "posted_prefix", "posted_rows", "row_formset"]

COUNT_DIGITS = 4
# More rows than any table may have; a posted counter is not believed beyond it.
MOST_FORMS = 1_000
_PREFIX = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*-\d{1,4}")


class RowForm(AnsweringRowForm):
    """One row. A new row is stored as soon as anything is written in it but what the page has chosen beforehand."""

    makes_keys = True
    model: ClassVar[type[models.Model]]
    preselected: ClassVar[frozenset[str]] = frozenset()

    def has_changed(self) -> bool:
        """Whether the form is a row: it is stored already, or something is written in it."""
        return not self.is_bound or self.is_stored or not self.is_blank({})

    @property
    def is_untouched(self) -> bool:
        """Whether it is the empty row that the page itself offers, which there is no reason to remove."""
        return self.row is None and not self.is_bound and "__prefix__" not in str(self.prefix)

    def is_blank(self, row_cells: Mapping[str, Any]) -> bool:
        return not any(self.posted(name) for name in self.content if name not in self.preselected)


def _with_more(data: Any, prefix: str, extra: int, most: int) -> Any:
    """The posted data with empty rows added after the others, counted in the counter of the page."""
    counter = f"{prefix}-TOTAL_FORMS"
    count = str(data.get(counter, "")) if data else ""
    if not extra or not count.isdecimal() or len(count) > COUNT_DIGITS:
        return data
    total = min(int(count) + extra, most)
    keys = {f"{prefix}-{index}-key": new_key() for index in range(int(count), total)}
    extended = data.copy()
    for name, value in {counter: str(total), **keys}.items():
        extended[name] = value
    return extended


class BaseRowFormSet(forms.BaseFormSet):
    """The rows of one part. Unbound it shows the stored rows and empty ones; bound it shows what was posted."""

    add_label: Any = None
    row_label: Any = None

    def __init__(
        self,
        data: Any = None,
        *,
        rows: Sequence[models.Model],
        prefix: str,
        extra: int = 0,
        opened: str | None = None,
        **kwargs: Any,
    ) -> None:
        self.rows = rows
        # The rows of a table are shown in words; only the row that is opened, by its key, is drawn as fields.
        self.is_compact = opened is not None and bool(rows)
        self.opened = opened
        self.more = 0 if self.is_compact and data is None else extra
        super().__init__(_with_more(data, prefix, extra, self.absolute_max), prefix=prefix, **kwargs)

    @cached_property
    def forms(self) -> list[Any]:
        """The rows that are drawn as fields: those that were posted, else the open ones."""
        drawn = [index for index in range(self.total_form_count()) if self._is_drawn(index)]
        return [self._construct_form(index, **self.get_form_kwargs(index)) for index in drawn]

    def _is_drawn(self, index: int) -> bool:
        if self.is_bound:
            return f"{self.prefix}-{index}-key" in self.data
        return not self.is_compact or index >= len(self.rows) or self.rows[index].key == self.opened  # type: ignore[attr-defined]

    @property
    def saves_whole(self) -> bool:
        """Whether the page has a button for the whole table: several rows may be fields, so «Ferdig» is not enough."""
        return self.is_bound or not self.is_compact

    @property
    def lines(self) -> list[tuple[Any, Any]]:
        """Every stored row with its form; None for a row that is shown in words."""
        drawn = {str(form["key"].value()): form for form in self.forms}
        return [(row, drawn.get(row.key)) for row in self.rows]  # type: ignore[attr-defined]

    @property
    def new_forms(self) -> list[Any]:
        """The rows that are not stored yet."""
        stored = {row.key for row in self.rows}  # type: ignore[attr-defined]
        return [form for form in self.forms if str(form["key"].value()) not in stored]

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
        """What is to be saved, of the rows that could be read."""
        read = [form.change(form.row_key) for form in self.forms if form.has_changed()]
        # Two rows of one key are one row, the first: the page gives each row a key of its own.
        first: dict[str, RowChange] = {}
        for change in filter(None, read):
            first.setdefault(change.key, change)
        return list(first.values())

    def take_over(self, saved: Mapping[str, SavedRow]) -> None:
        """Give the forms the versions that were saved, and show the cells that somebody else had changed first."""
        take_over({form.cleaned_data.get("key", ""): form for form in self.forms}, saved)

    @property
    def asks_for_row(self) -> bool:
        return self.is_bound and self.data.get("add_row") == self.prefix


def row_formset(form: type[RowForm], *, most: int, add_label: Any, row_label: Any) -> type[BaseRowFormSet]:
    """The formset of a row form."""
    made: Any = forms.formset_factory(
        form, formset=BaseRowFormSet, extra=0, max_num=most, absolute_max=most, can_delete=True
    )
    made.add_label, made.row_label = add_label, row_label
    formset_class: type[BaseRowFormSet] = made
    return formset_class


def posted_rows(data: Mapping[str, Any], part: str) -> dict[str, str]:
    """The keys of the rows that a page posted, each with the prefix of its form, in the order of the page."""
    count = str(data.get(f"{part}-TOTAL_FORMS", ""))
    total = min(int(count), MOST_FORMS) if count.isdecimal() and len(count) <= COUNT_DIGITS else 0
    prefixes = (f"{part}-{index}" for index in range(total))
    return {key: prefix for prefix in prefixes if (key := str(data.get(f"{prefix}-key", "")))}


def posted_prefix(data: Mapping[str, Any], part: str) -> str | None:
    """The prefix of the one row that autosave sends; None for anything that is not a row of the part."""
    prefix = str(data.get("prefix", ""))
    return prefix if _PREFIX.fullmatch(prefix) and prefix.startswith(f"{part}-") else None
