"""The room's forms."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.forms import Form, MoneyField


class FrameForm(Form):
    """The money of the round's frame."""

    submit_label = _("Lagre rammen")

    amount = MoneyField(
        label=_("Ramme"), required=False, help_text=_("La feltet stå tomt når rammen ikke er fastsatt ennå.")
    )
    provisional = forms.BooleanField(label=_("Rammen er foreløpig"), required=False)
    # Shown when the frame would be smaller than what is granted.
    below_granted = forms.BooleanField(label=_("Rammen skal være mindre enn det som er innvilget"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._below_granted = self.fields.pop("below_granted")
        if "below_granted" in self.data:
            self.ask_about_granted()

    def ask_about_granted(self) -> None:
        """Show the box by which the person says that the smaller frame is right."""
        self.fields["below_granted"] = self._below_granted
