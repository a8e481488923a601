"""What the room freezes, and what its PDF draws."""

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from evaluation.meetings.queries.minutes import shown
from portal.formats import date_no
from portal.rooms import DocumentKind


def _title(minutes: dict[str, Any]) -> str:
    """«Protokoll SSU 22.11.2026»."""
    held_on = date.fromisoformat(minutes["date"])
    return f"Protokoll {minutes['abbreviation'] or minutes['body']} {date_no(held_on)}"


def drawn(minutes: dict[str, Any]) -> dict[str, Any]:
    """What the template of the minutes draws, from the frozen content alone."""
    return {"minutes": shown(minutes), "sender": {"name": minutes["body"], "address": minutes["of"]}}


# The adopted minutes; the subject is the body and its meeting.
MINUTES = DocumentKind(
    "minutes",
    title=_title,
    template="letters/minutes.html",
    context=drawn,
    file_name="{document.title}.pdf",
    data_name="protokoll.json",
    data_label=_("Protokollen som data"),
)
