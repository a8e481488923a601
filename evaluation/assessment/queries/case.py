"""What the page of a case shows of what was sent: the parties, the own contribution and the documents."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from applications import queries as applications
from applications.models import Application, PartnerRole, Submission
from applications.submissions import attachment_rows
from evaluation.assessment.queries.detail import links_to_files
from portal.journal import sentences
from portal.rooms import Tone
from portal.ui import Event, FileRow
from rounds.definition import RoundDefinition

LATEST_EVENTS = 5


@dataclass(frozen=True, slots=True)
class Party:
    """An organisation in the application as it was sent, with the kind that tells its side, and whether it signed."""

    name: str
    kind: str
    role: str
    contacts: tuple[Mapping[str, str], ...]
    state: str
    tone: Tone


@dataclass(frozen=True, slots=True)
class Sent:
    """What the page shows of the version that was sent last."""

    submission: Submission
    parties: tuple[Party, ...]
    # Kroner, and per cent of the whole budget; None without a budget.
    contribution: int | None
    share: int | None
    files: tuple[FileRow, ...]
    # The answer to the round's question of what the application is about; empty in a round without one.
    summary: str

    @property
    def earlier(self) -> range:
        """The numbers of the versions before it, the newest first."""
        return range(self.submission.version - 1, 0, -1)


def sent(application: Application, submission: Submission) -> Sent:
    """What the page shows of the version; one query when it has attachments."""
    data = submission.snapshot
    sums = data.get("budget", {}).get("totals", {})
    total = sums.get("total", 0)
    given = sums.get("own_cash", 0) + sums.get("own_in_kind", 0)
    links = links_to_files(submission, application.code) if data.get("attachments") else None
    return Sent(
        submission=submission,
        parties=tuple(_parties(application.round.spec, data)),
        contribution=given if total else None,
        share=round(100 * given / total) if total else None,
        files=tuple(attachment_rows(data, links)) if links else (),
        summary=summary_in(application.round.spec, data),
    )


def summary_in(spec: RoundDefinition, data: Mapping[str, Any]) -> str:
    """The answer that tells in short what was sent; empty when the form asks for none."""
    asked = spec.form.summary_question
    questions = (question for section in data["sections"] for question in section["questions"])
    return next((question.get("text", "") for question in questions if asked and question["code"] == asked), "")


def _parties(spec: RoundDefinition, data: Mapping[str, Any]) -> list[Party]:
    signed = {signature["partner"] for signature in data.get("signatures", ())}
    return [
        Party(
            name=item["name"],
            kind=item["kind"],
            role=item["role_label"],
            contacts=tuple(item["contacts"]),
            **_signing(spec, item, is_signed=item["name"] in signed),
        )
        for item in data.get("partners", ())
    ]


def _signing(spec: RoundDefinition, partner: Mapping[str, Any], *, is_signed: bool) -> dict[str, Any]:
    if is_signed:
        return {"state": _("Signert"), "tone": "success"}
    signs = partner["role"] == PartnerRole.LEAD or spec.applicants.signing != "lead"
    if partner["role"] == PartnerRole.SUPPORTER or not signs:
        return {"state": "", "tone": "neutral"}
    return {"state": _("Ikke signert"), "tone": "warning"}


def latest_events(application: Application) -> list[Event]:
    """What has happened lately, the newest first, as the secretariat reads the log; one query."""
    latest = applications.log_of(application, is_office=True).order_by("-number")[:LATEST_EVENTS]
    return sentences.events(reversed(latest), application.noun_context)
