"""The form to send a message that did not arrive once more."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from portal import forms


class SendAgainForm(forms.Form):
    """The address to send to: another one where that makes sense, else the same."""

    submit_label = _("Send på nytt")
    to = forms.EmailField(label=_("Send til"))

    def __init__(self, *args: Any, may_redirect: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_redirect:
            self.fields["to"].disabled = True
            self.fields["to"].help_text = _(
                "Denne meldingen er til personen selv, og går bare til adressen i portalen."
            )
