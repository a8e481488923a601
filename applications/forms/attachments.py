"""Attachments: what kind, what title, which file (R78, R89)."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.models import Attachment
from portal.forms import Form, set_sentences
from rounds.answering.forms.files import file_field
from rounds.answering.forms.text import LineField
from rounds.definition import RoundDefinition


class AttachForm(Form):
    """A new attachment."""

    submit_label = gettext_lazy("Last opp")

    kind = forms.ChoiceField(label=gettext_lazy("Type vedlegg"))
    title = LineField(
        label=gettext_lazy("Tittel"), max_length=160, help_text=gettext_lazy("Står feltet tomt, bruker vi filens navn.")
    )

    def __init__(self, *args: Any, spec: RoundDefinition, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [(kind.code, kind.label) for kind in spec.attachments.kinds]
        self.fields["kind"].choices = [("", _("Velg type")), *kinds]  # type: ignore[attr-defined]
        self.fields["kind"].error_messages["invalid_choice"] = _("Velg en av typene som står på siden.")
        self.fields["file"] = file_field(spec, _("Fil"))
        set_sentences("file", self.fields["file"])


class ReplaceForm(Form):
    """Another file instead of the one in an attachment; number and title stay."""

    submit_label = gettext_lazy("Bytt ut filen")

    def __init__(self, *args: Any, spec: RoundDefinition, attachment: Attachment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"] = file_field(spec, _("Ny fil i stedet for «%(name)s»") % {"name": attachment.file.name})
        set_sentences("file", self.fields["file"])
