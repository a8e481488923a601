"""The room's forms: letters are chosen by number; everything else is a button."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.forms import Form


class LetterChoice(Form):
    """Which letters an act on several is about."""

    letters = forms.MultipleChoiceField(
        label=_("Brev"),
        choices=(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Velg minst ett brev.")},
    )

    def __init__(self, numbers: list[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["letters"]
        field.choices = [(number, number) for number in numbers]  # type: ignore[attr-defined]
