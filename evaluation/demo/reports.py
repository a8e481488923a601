"""The demo's reports to the region: one that was sent last year, and one of this year that is being written."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from functools import partial
from typing import Any

from evaluation.demo.timeline import Act, Days, minutes_apart, person, read_entries
from evaluation.reporting.models import PeriodReport, ReportKind
from evaluation.reporting.queries import content_of
from evaluation.reporting.services import approve, begin, sum_of, write
from portal.clock import local_date
from portal.communities.models import HealthCommunity
from portal.communities.queries import standing_at


def acts(now: datetime) -> Iterator[Act]:
    """The acts of every report in the file; each period is a calendar year, counted from the year of loading."""
    days = Days(now)
    for story in read_entries("reports"):
        moments = minutes_apart(days.ago(story["day"]))
        year = local_date(now).year - story["years_ago"]
        yield Act(next(moments), partial(_begin, story, year, days))
        for chapter, text in story["texts"].items():
            yield Act(next(moments), partial(_write, story, year, chapter, text))
        if story.get("sent"):
            yield Act(next(moments), partial(_approve, story, year))


def _begin(story: Mapping[str, Any], year: int, days: Days, at: datetime) -> None:
    community = HealthCommunity.objects.get(code=story["community"])
    period = {"first_day": date(year, 1, 1), "last_day": date(year, 12, 31)}
    due = local_date(days.ago(story["due"]))
    begin(community, ReportKind(story["kind"]), **period, due_date=due, by=person(story["by"]), at=at)


def _report(story: Mapping[str, Any], year: int) -> PeriodReport:
    report: PeriodReport = PeriodReport.objects.get(
        community__code=story["community"], kind=story["kind"], last_day__year=year
    )
    return report


def _write(story: Mapping[str, Any], year: int, chapter: str, text: str, at: datetime) -> None:
    write(_report(story, year), chapter, texts={"text": text}, by=person(story["by"]), at=at)


def _approve(story: Mapping[str, Any], year: int, at: datetime) -> None:
    report, by = _report(story, year), person(story["by"])
    approve(report, shown=sum_of(content_of(report, standing_at(by, at), at)), by=by, at=at)
