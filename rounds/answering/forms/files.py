"""A file as an answer: which kind, what title, which file (R78, R89)."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.files.uploads import KINDS
from portal.forms import Form
from rounds.answering.forms.text import LineField
from rounds.definition import RoundDefinition

ACCEPT = ",".join(ending for kind in KINDS for ending in kind.endings)


def file_field(spec: RoundDefinition, label: str) -> forms.FileField:
    """A file of one of the kinds that the portal takes; the round says how big."""
    return upload_field(label, spec.attachments.max_megabytes)


def upload_field(label: str, megabytes: int) -> forms.FileField:
    """A file of one of the kinds that the portal takes, of so many megabytes at most."""
    names = ", ".join(kind.label for kind in KINDS)
    return forms.FileField(
        label=label,
        allow_empty_file=True,
        max_length=None,
        help_text=_("%(kinds)s, høyst %(mb)s MB.") % {"kinds": names, "mb": megabytes},
        widget=forms.ClearableFileInput(attrs={"accept": ACCEPT}),
    )


class FileForm(Form):
    """One more file: an attachment of the application, or a file that answers a question.

    ``codes`` are the kinds of attachments that it can be, all of the round by default. Without any the form does not
    ask for the kind.
    """

    submit_label = gettext_lazy("Last opp")

    kind = forms.ChoiceField(label=gettext_lazy("Type vedlegg"))
    title = LineField(
        label=gettext_lazy("Tittel"), max_length=160, help_text=gettext_lazy("Står feltet tomt, bruker vi filens navn.")
    )

    def __init__(self, *args: Any, spec: RoundDefinition, codes: Sequence[str] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [(kind.code, kind.label) for kind in spec.attachments.kinds if codes is None or kind.code in codes]
        self.fields["kind"].choices = [("", _("Velg type")), *kinds]  # type: ignore[attr-defined]
        self.fields["kind"].error_messages["invalid_choice"] = _("Velg en av typene som står på siden.")
        if not kinds:
            del self.fields["kind"]
        self.fields["file"] = file_field(spec, _("Fil"))
