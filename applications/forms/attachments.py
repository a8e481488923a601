"""Replacing the file of an attachment. A new attachment is added by ``FileForm`` of the form engine."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.models import Attachment
from portal.forms import Form
from rounds.answering.forms.files import file_field
from rounds.definition import RoundDefinition


class ReplaceForm(Form):
    """Another file instead of the one in an attachment; number and title stay."""

    submit_label = gettext_lazy("Bytt ut filen")

    def __init__(self, *args: Any, spec: RoundDefinition, attachment: Attachment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"] = file_field(spec, _("Ny fil i stedet for «%(name)s»") % {"name": attachment.file.name})
