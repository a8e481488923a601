"""Which of «Mine søknader» are shown."""

from django import forms
from django.utils.translation import gettext_lazy as _

from applications.queries import Shown
from portal.forms import Form


class ShownForm(Form):
    """The choice above the list; sent by GET."""

    show = forms.ChoiceField(label=_("Vis"), required=False, choices=[("", _("Alle")), *Shown.choices])

    @property
    def shown(self) -> str:
        """The choice; an unknown one is none."""
        self.is_valid()
        return self.cleaned_data.get("show", "")
