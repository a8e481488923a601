"""Reads of the reports themselves: which there are, how far they have come, and what they say."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from applications.models import Application
from evaluation.assessment.queries.closed import out_or_must_answer
from evaluation.reporting.chapters import CHAPTERS, Chapter
from evaluation.reporting.models import ChapterText, PeriodReport, ReportKind
from evaluation.reporting.queries.period_figures import Period, Tenant, closed_in, tables_of, year_so_far
from evaluation.reporting.report_content import ChapterContent, ReportContent, Table
from portal.clock import local_date
from portal.communities.models import HealthCommunity, Organisation
from portal.communities.standing import Standing
from portal.language import in_bokmaal

MINISTRY = "Helse- og omsorgsdepartementet"


def visible(standing: Standing) -> QuerySet[PeriodReport]:
    """The reports that the person may read, the newest period first."""
    rows: QuerySet[PeriodReport] = PeriodReport.objects.visible_to(standing).with_names()
    return rows


def senders_for(standing: Standing) -> list[Tenant]:
    """The helsefellesskap and regions that the person writes reports for; two queries."""
    regions = Organisation.objects.filter(pk__in=standing.secretariat_region_ids).order_by("name")
    communities = HealthCommunity.objects.filter(pk__in=standing.secretariat_community_ids)
    return [*communities, *regions]


def figures_for(standing: Standing) -> list[Tenant]:
    """Those whose figures the person may read at any time: those that one serves or sits in; two queries."""
    regions = standing.secretariat_region_ids | standing.seat_region_ids
    communities = standing.secretariat_community_ids | standing.seat_community_ids
    return [
        *HealthCommunity.objects.filter(pk__in=communities),
        *Organisation.objects.filter(pk__in=regions).order_by("name"),
    ]


def columns_of(tenant: Tenant) -> dict[str, Tenant]:
    """The column of a report or a document that names the helsefellesskap or the region."""
    return {"community" if isinstance(tenant, HealthCommunity) else "region": tenant}


def code_of(tenant: Tenant) -> str:
    """What names the helsefellesskap or the region in an address and in a form."""
    return f"{'community' if isinstance(tenant, HealthCommunity) else 'region'}-{tenant.pk}"


def receiver_of(report: PeriodReport) -> str:
    """Who the report goes to: the region, and from the region the ministry."""
    return report.community.region.name if report.community else MINISTRY


def latest_before(tenant: Tenant, kind: ReportKind, last_day: date) -> PeriodReport | None:
    """The report of the kind for the period before, whose texts a new one begins with; one query."""
    rows = PeriodReport.objects.filter(**columns_of(tenant), kind=kind, last_day__lt=last_day)
    earlier: PeriodReport | None = rows.order_by("-last_day").first()
    return earlier


# --- one report -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Part:
    """A chapter of a report with its text: empty, last year's, or written; ``row`` is None while nobody has begun."""

    chapter: Chapter
    row: ChapterText | None = None

    @property
    def text(self) -> str:
        """The text; empty while there is none."""
        return self.row.text if self.row else ""

    @property
    def is_carried(self) -> bool:
        """Whether the text is still that of the last report."""
        return bool(self.row and self.row.is_carried)

    @property
    def is_done(self) -> bool:
        """Whether somebody has written or gone through it."""
        return bool(self.text.strip()) and not self.is_carried


def parts_of(report: PeriodReport) -> list[Part]:
    """The chapters in order, each with its text; one query."""
    texts = {row.chapter: row for row in ChapterText.objects.filter(report=report)}
    return [Part(chapter, texts.get(chapter.code)) for chapter in CHAPTERS]


def unwritten(parts: Iterable[Part]) -> list[Part]:
    """The chapters that nobody has written or gone through."""
    return [part for part in parts if not part.is_done]


@in_bokmaal
def content_of(report: PeriodReport, standing: Standing, at: datetime) -> ReportContent:
    """The report as it is now for the person: the texts, and the figures without what is closed to the person."""
    period = Period(report.first_day, report.last_day)
    tables, left_out = tables_of(report.sender, period, standing, local_date(at))
    return ReportContent(
        title=report.title,
        sender=report.sender.name,
        receiver=receiver_of(report),
        first_day=report.first_day,
        last_day=report.last_day,
        as_of=local_date(at),
        chapters=tuple(_chapter(part, tables) for part in parts_of(report)),
        left_out=left_out,
    )


def _chapter(part: Part, tables: dict[str, list[Table]]) -> ChapterContent:
    code = part.chapter.code
    return ChapterContent(code=code, title=str(part.chapter.title), text=part.text, tables=tuple(tables.get(code, ())))


@in_bokmaal
def figures_now(tenant: Tenant, standing: Standing, at: datetime) -> ReportContent:
    """The figures of the year so far for the person, in the chapters of a report and without texts."""
    period = year_so_far(at)
    tables, left_out = tables_of(tenant, period, standing, local_date(at))
    chapters = [chapter for chapter in CHAPTERS if tables.get(chapter.code)]
    return ReportContent(
        title=tenant.name,
        sender=tenant.name,
        receiver="",
        first_day=period.first,
        last_day=period.last,
        as_of=local_date(at),
        chapters=tuple(_chapter(Part(chapter), tables) for chapter in chapters),
        left_out=left_out,
    )


@dataclass(frozen=True, slots=True)
class Behind:
    """A project that a figure counts; ``follows`` when the person may open its page."""

    code: str
    title: str
    follows: bool


def projects_behind(
    content: ReportContent, table: str, row: int, standing: Standing
) -> tuple[Table, list[Behind]] | None:
    """A table of the report with the projects that the row counts, by title; None when there is no such row.

    Two queries.
    """
    shown = content.table(table)
    if shown is None or not 0 <= row < len(shown.behind):
        return None
    counted = Application.objects.filter(code__in=shown.behind[row]).order_by("title", "pk")
    followed = set(
        Application.objects.handled_by(standing).filter(pk__in=counted.values("pk")).values_list("pk", flat=True)
    )
    rows = counted.values_list("pk", "code", "title")
    return shown, [Behind(code, title, pk in followed) for pk, code, title in rows]


def frozen_content(report: PeriodReport) -> ReportContent:
    """The report as it was approved; no query when it was read with its document."""
    return ReportContent.model_validate(report.snapshot)


def is_closed(report: PeriodReport, standing: Standing) -> bool:
    """Whether the sent report counts an application that is closed to the person; one query.

    Its sums would tell of that case, so the person reads neither page nor file.
    """
    codes = frozen_content(report).applications
    return Application.objects.filter(out_or_must_answer(standing), code__in=codes).exists()


def is_counted_out(report: PeriodReport, standing: Standing) -> bool:
    """Whether the period of the report has a project that is closed to the person; one query."""
    period = Period(report.first_day, report.last_day)
    return closed_in(report.sender, period, standing)


def due_soon(standing: Standing, by: date) -> QuerySet[PeriodReport]:
    """The reports that the person's secretariat has begun and not sent, whose deadline is no later than the day."""
    return looked_after(standing).filter(approved_at=None, due_date__lte=by).order_by("due_date", "pk")


def looked_after(standing: Standing) -> QuerySet[PeriodReport]:
    """The reports whose mail the person looks after: those of one's own secretariat."""
    rows: QuerySet[PeriodReport] = PeriodReport.objects.written_by(standing).with_names()
    return rows
