"""The room's forms."""

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
