"""The applications of a turn as one CSV file, streamed: three queries beside those of the person's rights."""

import csv
from collections.abc import Iterator
from decimal import Decimal
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db.models import Count, Exists, FilteredRelation, OuterRef, Q, Subquery, Sum
from django.db.models.functions import JSONObject
from django.utils.translation import gettext as _

from applications.workflow import Status
from evaluation.assessment.models import Habilitet, Recommendation, Score
from evaluation.assessment.queries import turns
from evaluation.assessment.queries.closed import ClosedCases, closed_cases
from evaluation.assessment.queries.lists import is_closed, shown_status
from evaluation.assessment.scoring import rounded
from evaluation.assessment.turn import Turn
from portal import clock
from portal.communities.standing import Standing

BOM = "\ufeff"
# A spreadsheet takes a cell that begins with one of these for a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
AT_A_TIME = 500
# The column of the rank.
RANK = 14
RECOMMENDED = ("rank", "outcome", "amount", "reason", "conditions")


class Line:
    """A file for ``csv.writer`` that gives each line back."""

    def write(self, line: str) -> str:
        """Return the line."""
        return line


def safe(value: Any) -> str:
    """The text of a cell: never a formula, and numbers with a decimal comma, as Norwegian spreadsheets read them."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return f"{rounded(value):f}".replace(".", ",")
    text = str(value)
    # A spreadsheet ignores spaces and null bytes before a formula.
    return f"'{text}" if text.lstrip(" \u00a0\x00").startswith(FORMULA) or text.startswith(FORMULA) else text


def lines(turn: Turn, standing: Standing) -> Iterator[str]:
    """The file, line by line: each application with its recommendation and its mean for each criterion."""
    writer = csv.writer(Line(), delimiter=";", lineterminator="\r\n")
    criteria = [measure.code for measure in turn.measures]
    titles = {item.code: item.title for item in turn.judged}
    yield BOM + writer.writerow([*_headings(), *(safe(titles[code]) for code in criteria)])
    means = _means(turn)
    here: tuple[int, dict[str, Any]] | None = next(means, None)
    closed_to_reader = closed_cases(standing)
    hides_ranks = _any_closed(turn, closed_to_reader)
    for pk, closed, *values in _applications(turn, closed_to_reader):
        while here and here[0] < pk:
            here = next(means, None)
        scores = here[1] if here and here[0] == pk else {}
        # In a case that is closed to the person, the amount and the columns after the receipt are empty.
        shown = [*values[:5], None, *values[6:8], *([None] * 11)] if closed else _shown(values, turn)
        if hides_ranks:
            # The gap would tell the rank of the one that is closed.
            shown[RANK] = None
        points = [None if closed else scores.get(code) for code in criteria]
        yield writer.writerow([safe(value) for value in (*_dated(shown), *points)])


def _any_closed(turn: Turn, closed: ClosedCases) -> bool:
    return closed.barred is not None and turns.entries(turn).filter(closed.barred).exists()


def _headings() -> list[str]:
    return [
        _("Kode"),
        _("Navn"),
        _("Helsefellesskap"),
        _("Ansvarlig søker"),
        _("Status"),
        _("Søkt beløp"),
        _("Sendt"),
        _("Kvittering"),
        _("Vurderinger"),
        _("Poeng (snitt)"),
        _("Poeng (median)"),
        _("Spredning"),
        _("Må drøftes"),
        _("Over tersklene"),
        _("Plass"),
        _("Innstilling"),
        _("Innstilt beløp"),
        _("Begrunnelse"),
        _("Vilkår"),
    ]


def _applications(turn: Turn, closed: ClosedCases) -> Iterator[tuple[Any, ...]]:
    # An application is on at most one list of a stage.
    row = Recommendation.objects.filter(application=OuterRef("application"), priority_list__stage=turn.stage)
    recommended = row.values(columns=JSONObject(**{name: name for name in RECOMMENDED}))
    entries = (
        turns.entries(turn)
        .annotate(
            result=FilteredRelation("application__results", condition=Q(application__results__stage=turn.stage)),
            closed=is_closed(closed),
            shown_status=shown_status(closed),
        )
        .order_by("application_id")
    )
    return entries.values_list(
        "application_id",
        "closed",
        "application__code",
        "application__title",
        "application__community__name",
        turns.lead_name(),
        "shown_status",
        "requested_amount",
        "submitted_at",
        "application__receipt",
        "result__delivered",
        "result__total",
        "result__median",
        "result__spread",
        "result__must_discuss",
        "result__meets_thresholds",
        Subquery(recommended[:1]),
    ).iterator(chunk_size=AT_A_TIME)


def _means(turn: Turn) -> Iterator[tuple[int, dict[str, Any]]]:
    """The mean of each criterion over the assessments that count, by application, in the order of ``_applications``."""
    recused = Habilitet.objects.inhabil().filter(
        application=OuterRef("assessment__application"), person=OuterRef("assessment__assessor")
    )
    means = (
        Score.objects.filter(assessment__stage=turn.stage, assessment__delivered_at__isnull=False)
        .exclude(Exists(recused))
        .values_list("assessment__application", "criterion__code")
        # The database's own mean is not exact on every database, and its half is rounded to even.
        .annotate(points_given=Sum("points"), count=Count("points"))
        .order_by("assessment__application")
        .iterator(chunk_size=AT_A_TIME)
    )
    for pk, group in groupby(means, key=itemgetter(0)):
        yield pk, {code: points / count for _pk, code, points, count in group if count}


def _shown(values: list[Any], turn: Turn) -> list[Any]:
    *front, must_discuss, meets, recommended = values
    rank, outcome, amount, reason, conditions = ((recommended or {}).get(name) for name in RECOMMENDED)
    yes_no = {True: _("Ja"), False: _("Nei"), None: None}
    label = turn.spec.outcome_label(outcome) if outcome else None
    return [*front, yes_no[must_discuss], yes_no[meets], rank, label, amount, reason, conditions]


def _dated(values: list[Any]) -> list[Any]:
    code, title, community, lead, status, requested, submitted_at, *more = values
    when = f"{clock.local(submitted_at):%d.%m.%Y %H:%M}" if submitted_at else None
    return [code, title, community, lead, Status(status).label, requested, when, *more]
