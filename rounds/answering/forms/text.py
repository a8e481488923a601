"""Text fields that take what people paste, and remove characters that nobody typed."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from portal.forms import ShortTextField, TextField
from rounds.answering.answers import DRAFT_MOST
from rounds.answering.checks import too_long


class LineField(ShortTextField):
    """One line of text. The server tells when it is too long; the browser does not cut it.

    A text over ``limit`` is kept in a draft (see ``KeepsLongText``); a text over ``max_length`` is refused.
    """

    def __init__(self, *, limit: int | None = None, **kwargs: Any) -> None:
        self.limit = limit
        kwargs.setdefault("required", False)
        kwargs.setdefault("max_length", DRAFT_MOST)
        super().__init__(**kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {}


class ProseField(TextField):
    """Several lines of text with a counter. A draft keeps a text over ``limit`` (see ``KeepsLongText``)."""

    def __init__(self, *, limit: int, has_counter: bool = True, **kwargs: Any) -> None:
        self.limit = limit
        self.has_counter = has_counter
        kwargs.setdefault("required", False)
        kwargs.setdefault("max_length", DRAFT_MOST)
        super().__init__(**kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"data-max-length": self.limit} if self.has_counter else {}


class KeepsLongText(forms.BaseForm):
    """A form of a draft: a text over the ``limit`` of its field is stored, and every page tells that it is too long.

    The errors are shown beside the fields and in the summary, also on a page that is only opened. ``is_valid`` is False
    then, and ``is_savable`` is True.
    """

    kept_sentence: Any = gettext_lazy("Den er lagret, men må kortes ned før dere kan sende søknaden.")

    def full_clean(self) -> None:
        super().full_clean()
        self._other_errors = bool(self.errors)
        for name, field in self.fields.items():
            limit = getattr(field, "limit", None)
            if limit is not None and name not in self.errors:
                text = str(self._text_of(name, field) or "")
                if problem := too_long(str(field.label), text, limit):
                    self.errors[name] = self.error_class([self._kept(problem)])

    def _text_of(self, name: str, field: forms.Field) -> Any:
        return self.cleaned_data.get(name) if self.is_bound else self.get_initial_for_field(field, name)

    def _kept(self, problem: str) -> str:
        return f"{problem} {self.kept_sentence}"

    @property
    def is_savable(self) -> bool:
        """Whether what was posted can be stored: nothing is wrong with it except that texts are too long."""
        return self.is_bound and (not self.errors or not self._other_errors)
