"""The scores and the amounts as charts; each chart can also be read as a table."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from evaluation.assessment.portfolio import Line
from evaluation.assessment.queries import board, ranking
from evaluation.assessment.turn import Turn
from portal import formats
from portal.charts import Chart, ChartRow


def scores(rows: Sequence[ranking.Row], turn: Turn) -> Chart | None:
    """The totals of the rows, with the least total of the stage; None when there are none to show."""
    shown = [row for row in rows if row.total is not None]
    if not shown:
        return None
    least = turn.spec.minimum_total
    return Chart(
        _("Poeng av 100"),
        [
            ChartRow(f"{row.place}. {row.title}", [row.total or 0], _("må drøftes") if row.must_discuss else "")
            for row in shown
        ],
        series=(_("Poeng"),),
        show=formats.number,
        limit=least,
        limit_label=_("Minst %(least)s") % {"least": formats.number(least)} if least is not None else "",
        top=100,
    )


def requested(rows: Sequence[ranking.Row], turn: Turn) -> Chart | None:
    """The running sum of the amounts asked for, against the frame; None without a frame."""
    if not rows or turn.available is None:
        return None
    return Chart(
        _("Samlet søknadsbeløp nedover listen"),
        [ChartRow(_label(row.place, row.title), [row.running], _("over rammen") * (not row.is_within)) for row in rows],
        series=(_("Samlet beløp"),),
        limit=turn.available,
        limit_label=_limit(turn),
    )


def recommended(lines: Sequence[tuple[board.Row, Line[int]]], turn: Turn) -> Chart | None:
    """The running sum of the recommended amounts, against the frame; None when nothing is recommended."""
    awarded = [(row, line) for row, line in lines if row.amount]
    if not awarded:
        return None
    return Chart(
        _("Samlet innstilt beløp nedover listen"),
        [
            ChartRow(_label(row.rank, row.title), [line.running], _("over rammen") * (not line.is_within))
            for row, line in awarded
        ],
        series=(_("Samlet beløp"),),
        limit=turn.available,
        limit_label=_limit(turn) if turn.available is not None else "",
    )


def _limit(turn: Turn) -> str:
    words = {"frame": formats.kroner(turn.available), "passed": formats.kroner(turn.passed)}
    if turn.passed:
        return _("Streken står på 0 kr: andre runder har gått %(passed)s over rammen") % words
    if turn.spent:
        return _("Streken er det som er igjen av rammen, %(frame)s") % words
    return _("Streken er rammen, %(frame)s") % words


def _label(rank: int | None, title: str) -> str:
    return f"{rank}. {title}"
