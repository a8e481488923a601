"""The room's forms: letters are chosen by number; everything else is a button."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.forms import Form, ShortTextField


class TakeBackForm(Form):
    """Why the approval of a letter is taken back."""

    submit_label = _("Ta tilbake godkjenningen")

    reason = ShortTextField(
        label=_("Hvorfor tas godkjenningen tilbake?"),
        max_length=300,
        help_text=_("Det kommer i loggen, med navnet ditt. Brevet blir et utkast igjen."),
    )


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
