"""The room's forms."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.forms import Form, MoneyField
from portal.writing import ComparedForm


class FrameForm(ComparedForm, Form):
    """The money of the round's frame."""

    submit_label = _("Lagre rammen")

    amount = MoneyField(
        label=_("Hvor mye kan deles ut?"),
        required=False,
        help_text=_("La feltet stå tomt når rammen ikke er fastsatt ennå."),
    )
    provisional = forms.BooleanField(label=_("Rammen er foreløpig"), required=False)
    # Shown when the frame would be smaller than what is granted.
    below_granted = forms.BooleanField(label=_("Rammen skal være mindre enn det som er innvilget"), required=False)

    content = ["amount", "provisional"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # The help says when the field is left empty.
        self.fields["amount"].shows_optional = False  # type: ignore[attr-defined]
        self._below_granted = self.fields.pop("below_granted")
        if "below_granted" in self.data:
            self.ask_about_granted()

    def asked(self, frame: Any) -> dict[str, Any]:
        """What the act is to set; where the person took what is stored, that."""
        stored = {name: getattr(frame, name) for name in self.content}
        said = {"below_granted": bool(self.cleaned_data.get("below_granted"))}
        return {**stored, **self.typed(by_button=True), **said}

    def ask_about_granted(self) -> None:
        """Show the box by which the person says that the smaller frame is right."""
        self.fields["below_granted"] = self._below_granted
