"""The acts on a report: begun, written chapter by chapter, approved and sent, opened again to be put right."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from evaluation.reporting.documents import PERIOD_REPORT
from evaluation.reporting.models import ChapterText, PeriodReport, ReportKind
from evaluation.reporting.permissions import can_approve
from evaluation.reporting.queries import columns_of, content_of, latest_before, parts_of, unwritten
from evaluation.reporting.queries.period_figures import Tenant
from evaluation.reporting.report_content import ReportContent
from portal.acts import act, held, upsert
from portal.cells import Base, Merge
from portal.communities.models import User
from portal.communities.queries import standing_at
from portal.documents import services as documents
from portal.errors import ChangedError, ConflictError, DomainError
from portal.journal import services as journal
from portal.mail import services as mail
from portal.permissions import require
from portal.snapshots import digest
from portal.writing import merged

WRITTEN = "report.written"
WRITTEN_MEANWHILE = gettext_noop("Rapporten er endret siden du åpnet siden. Se over den før du godkjenner.")


class ReportError(DomainError):
    """The act is not possible with the report as it is."""


class ReportConflictError(ReportError, ConflictError):
    """Somebody else was first."""


@act
def begin(
    tenant: Tenant,
    kind: ReportKind,
    *,
    first_day: date,
    last_day: date,
    due_date: date | None = None,
    by: User,
    at: datetime,
) -> PeriodReport:
    """Begin a report; its texts are those of the last one of the kind, until somebody has gone through them.

    Raises ReportError when the period does not go forward, and ReportConflictError when there is one for it.
    """
    if last_day < first_day:
        raise ReportError(_("Perioden slutter før den begynner.")).about("last_day")
    report: PeriodReport
    report, is_new = PeriodReport.objects.get_or_create(
        **columns_of(tenant),
        kind=kind,
        last_day=last_day,
        defaults={"first_day": first_day, "due_date": due_date, "created_by": by, "created_at": at},
    )
    if not is_new:
        raise ReportConflictError(_("Rapporten er allerede begynt.")).about("last_day")
    earlier = latest_before(tenant, kind, last_day)
    ChapterText.objects.bulk_create(
        ChapterText(report=report, chapter=part.chapter.code, text=part.text, is_carried=bool(part.text))
        for part in (parts_of(earlier) if earlier else ())
    )
    _tell("report.begun", report, by, at)
    return report


@act
def write(
    report: PeriodReport,
    chapter: str,
    *,
    texts: Mapping[str, Any],
    base: Base | None = None,
    quietly: bool = False,
    by: User,
    at: datetime,
) -> Merge:
    """Write the text of a chapter; see portal/writing.py. By the button last year's text is taken as it stands.

    Raises ReportConflictError when the report is sent.
    """
    report = _held_unsent(report)
    row, _is_new = upsert(report.texts.all(), {"report": report, "chapter": chapter}, {})
    merge = merged({"text": row.text}, texts, base)
    is_gone_through = bool(merge.changes) or (row.is_carried and not quietly and not merge.conflicts)
    if is_gone_through:
        row.text, row.is_carried = merge.changes.get("text", row.text), False
        row.save(update_fields=["text", "is_carried"])
    fields = ["text"]
    if is_gone_through and not (quietly and journal.was_told(WRITTEN, subject=row, by=by, at=at, fields=fields)):
        _tell(WRITTEN, report, by, at, subject=row, fields=fields)
    return merge


@act
def approve(report: PeriodReport, *, shown: str, by: User, at: datetime) -> PeriodReport:
    """Approve the report: it is frozen as it is, gets its PDF, and the region is told by mail.

    ``shown`` is the sum of what the person's page showed (``sum_of``). Raises ReportError while a chapter has no text,
    ReportConflictError when it is sent, ChangedError when a text or a figure has changed since the page was opened.
    """
    report = _held_unsent(report)
    require(can_approve(by, report, now=at))
    left = unwritten(parts_of(report))
    if left:
        names = ", ".join(str(part.chapter.title) for part in left)
        raise ReportError(_("Skriv først noe i: %(chapters)s.") % {"chapters": names})
    content = content_of(report, standing_at(by, at), at)
    if shown != sum_of(content):
        raise ChangedError(_(WRITTEN_MEANWHILE))
    subject = f"{report.pk}"
    version = documents.next_version(PERIOD_REPORT, subject)
    document = documents.freeze(
        PERIOD_REPORT, subject, content.frozen, tenant=report.sender, by=by, at=at, version=version
    )
    report.document, report.approved_by, report.approved_at = document, by, at
    report.save(update_fields=["document", "approved_by", "approved_at"])
    _send(report, version, at)
    _tell("report.sent", report, by, at, sha256=document.sha256)
    return report


def sum_of(content: ReportContent) -> str:
    """The sum of what would be frozen; the page that asks for approval carries it."""
    return digest(content.frozen)


def _send(report: PeriodReport, version: int, at: datetime) -> None:
    """Tell the region of a report of a helsefellesskap, and of one that has been put right."""
    community = report.community
    if community is None or not community.region.email:
        return
    mail.queue(
        "period_report_sent",
        recipient=community.region.email,
        about=report,
        context={"report": report, "is_put_right": version > 1, "path": report.get_absolute_url()},
        at=at,
        key=f"period-report:{report.pk}:{version}",
    )


@act
def open_again(report: PeriodReport, why: str, *, by: User, at: datetime) -> PeriodReport:
    """Open a sent report to put it right, with the reason. What was sent stays as it was frozen.

    Raises ReportConflictError when it is open.
    """
    report = _held(report)
    if not report.is_sent:
        raise ReportConflictError(_("Rapporten er allerede åpnet."))
    if not why.strip():
        raise ReportError(_("Skriv hvorfor rapporten må rettes.")).about("why")
    report.approved_by, report.approved_at = None, None
    report.save(update_fields=["approved_by", "approved_at"])
    _tell("report.opened_again", report, by, at, reason=why.strip())
    return report


def _held(report: PeriodReport) -> PeriodReport:
    """The report as it is now, locked until the act is done."""
    rows = held(PeriodReport.objects.filter(pk=report.pk))
    fresh: PeriodReport = rows.select_related("community__region", "region").get()
    return fresh


def _held_unsent(report: PeriodReport) -> PeriodReport:
    fresh = _held(report)
    if fresh.is_sent:
        raise ReportConflictError(_("Rapporten er sendt og kan ikke endres."))
    return fresh


def _tell(
    entry: str, report: PeriodReport, by: User, at: datetime, *, subject: ChapterText | None = None, **facts: Any
) -> None:
    """``subject`` is the text that was written; None when the act is on the report itself."""
    journal.record(
        entry, subject=subject or report, by=by, at=at, community=report.community, title=report.title, **facts
    )
