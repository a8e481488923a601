"""What the room freezes, and what its PDF draws."""

from typing import Any

from django.utils.translation import gettext as _

from portal.rooms import DocumentKind


def _title(evaluation: dict[str, Any]) -> str:
    return _("Evaluering av %(title)s") % {"title": evaluation["application"]["title"]}


# The evaluation as it was sent; the subject is the application's code.
EVALUATION = DocumentKind(
    "evaluation",
    title=_title,
    template="letters/evaluation.html",
    context=lambda evaluation: {"evaluation": evaluation},
    file_name="Evaluering {document.subject}.pdf",
)
