"""What a correction request asks for, as the applicants' pages show it."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from applications.models import Application


@dataclass(frozen=True, slots=True)
class Correction:
    """The request that waits for an answer: why, from when until when, and the open sections with their addresses."""

    reason: str
    requested_at: datetime
    due_at: datetime
    sections: list[tuple[str, str]]


def open_correction(application: Application) -> Correction | None:
    """What the secretariat waits for, if anything; no query while the status says that there is nothing."""
    request = application.open_correction
    if request is None:
        return None
    sections = [
        (section.title, reverse("applications:section", args=[application.code, section.code]))
        for section in application.round.spec.sections
        if section.code in request.sections
    ]
    return Correction(request.reason, request.requested_at, request.due_at, sections)
