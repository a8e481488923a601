"""The room's form: why an approval is taken back; everything else is a button or a box."""

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
