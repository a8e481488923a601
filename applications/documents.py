"""What the room freezes, and what its PDF draws."""

from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from applications.submissions import view_of
from portal.rooms import DocumentKind


def _title(sent: dict[str, Any]) -> str:
    return gettext("Søknad: %(title)s") % {"title": sent["title"]}


def _drawn(sent: dict[str, Any]) -> dict[str, Any]:
    return {"sent": view_of(sent)}


# The application as it was sent; the subject is its code, and each sending is a version.
SUBMISSION = DocumentKind(
    "submission",
    title=_title,
    template="letters/submission.html",
    context=_drawn,
    file_name="soknad-{document.subject}-v{document.version}.pdf",
    data_name="soknad.json",
    data_label=_("Søknaden som data"),
)
