"""Reports of the house's helsefellesskap: the ways to where this room's tests start."""

from datetime import date

from evaluation.followup.services.reporting import submit
from evaluation.reporting import queries, services
from evaluation.reporting.chapters import CHAPTERS
from evaluation.reporting.models import PeriodReport, ReportKind
from portal.communities.queries import standing_at
from tests.followup import world as projects
from tests.world import NOW

FIRST, LAST = date(2025, 1, 1), date(2025, 12, 31)


def evaluated(house):
    """A project of one million kroner that has sent its evaluation."""
    report = projects.written(house)
    submit(report, by=house.applicant, at=NOW)
    return report.acceptance.decision.application


def with_post(house):
    """The region has an address that reports are sent to."""
    house.region.email = "postmottak@region.example.org"
    house.region.save(update_fields=["email"])


def begun(house, tenant=None, by=None, **more):
    """A report of the helsefellesskap for 2025, due in November; nothing is written in it."""
    days = {"first_day": FIRST, "last_day": LAST, "due_date": date(2025, 3, 15), **more}
    kind = days.pop("kind", ReportKind.NOVEMBER)
    return services.begin(tenant or house.community, kind, **days, by=by or house.secretary, at=NOW)


def written(report, by):
    """The same report with a text in each chapter."""
    for chapter in CHAPTERS:
        services.write(report, chapter.code, texts={"text": f"Om {chapter.code}."}, by=by, at=NOW)
    return fresh(report)


def approved(report, by):
    """The same report, approved and sent."""
    services.approve(report, shown=shown(report, by), by=by, at=NOW)
    return fresh(report)


def shown(report, by):
    """The sum of what the person's page shows."""
    return services.sum_of(queries.content_of(report, standing_at(by, NOW), NOW))


def fresh(report):
    return PeriodReport.objects.get(pk=report.pk)
