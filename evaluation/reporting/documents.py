"""What the room freezes, and what its PDF draws."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from evaluation.reporting.report_content import ReportContent
from portal.rooms import DocumentKind


def _title(frozen: dict[str, Any]) -> str:
    """«Årlig melding 2027, Helsefellesskapet Troms og Ofoten»."""
    return f"{frozen['title']}, {frozen['sender']}"


def drawn(frozen: dict[str, Any]) -> dict[str, Any]:
    """What the template draws: the report as it was approved."""
    return {"report": ReportContent.model_validate(frozen), "sender": {"name": frozen["sender"]}}


# The approved report; the subject is the id of the report.
PERIOD_REPORT = DocumentKind(
    "period_report",
    title=_title,
    template="letters/period_report.html",
    context=drawn,
    file_name="{document.title}.pdf",
    data_name="rapport.json",
    data_label=_("Rapporten som data"),
)
