"""The forms in which a draft of the minutes is sent to be read, and in which a member says what is wrong in it."""

from django.utils.translation import gettext_lazy as _

from portal.forms import DateField, Form, TextField

MOST = 4_000


class SendMinutesForm(Form):
    """Until when remarks are taken."""

    submit_label = _("Send til medlemmene")

    until = DateField(label=_("Frist for merknader"), help_text=_("Til og med denne dagen."))


class MemberRemarkForm(Form):
    """What a member thinks is wrong in the draft."""

    submit_label = _("Send merknaden")

    text = TextField(
        label=_("Hva bør rettes?"),
        rows=4,
        max_length=MOST,
        help_text=_("Skriv hvilken sak det gjelder. De som godkjenner protokollen, leser det."),
    )
