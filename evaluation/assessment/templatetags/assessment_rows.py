"""The rows of the room's long tables: the secretariat's list, the desk, assessments side by side."""

from collections.abc import Iterable, Sequence
from datetime import date

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from evaluation.assessment.habilitet import State
from evaluation.assessment.queries import desk, detail, lists
from evaluation.assessment.scoring import Mark
from evaluation.assessment.templatetags.assessment import points
from evaluation.assessment.turn import Turn
from portal.formats import MISSING, date_no, kroner, number
from portal.table_rows import column, escape, heading, note, organisation, tag
from portal.templatetags.ui import status_tag

register = template.Library()

# The reasons of so many assessors have room beside the points; those of more stand below them.
BESIDE = 2


@register.simple_tag
def list_rows(rows: Iterable[lists.Row], turn: Turn, filter_of_list: str, can_choose: bool) -> SafeString:  # noqa: FBT001 - a template's flag
    """The rows of the secretariat's list; with the helsefellesskap of each in the region's turn.

    Without the points where the stage gives none, and without boxes where no row can be chosen. The link of each keeps
    the filter and the order of the list.
    """
    table = _List(turn, filter_of_list, can_choose=can_choose)
    return SafeString("".join(table.drawn(row) for row in rows))


class _List:
    def __init__(self, turn: Turn, filter_of_list: str, *, can_choose: bool) -> None:
        self.filter_of_list = filter_of_list
        self.has_communities = turn.community is None
        self.has_points = bool(turn.measures)
        self.can_choose = can_choose
        self.lead = column(_("Søker"))
        self.choose = escape(_("Velg"))
        self.community = column(_("Helsefellesskap"))
        self.status = column(_("Status"))
        self.requested = column(_("Søkt"), "number")
        self.sent = column(_("Sendt"), "nowrap")
        self.assessed = column(_("Vurdert"), "number")
        self.points = column(_("Poeng"), "number")
        span = 2 if self.has_points else 1
        self.closed = column(_("Vurdert"), "muted", span=span)(escape(_("Stengt for deg")))
        self.discuss = tag(_("må drøftes"), "warning")
        self.statuses: dict[str, SafeString] = {}

    def drawn(self, row: lists.Row) -> str:
        if row.status not in self.statuses:
            self.statuses[row.status] = status_tag(row.status, row.status_label)
        title = heading(row.title, "" if row.closed else row.url(self.filter_of_list))
        community = self.community(escape(row.community)) if self.has_communities else ""
        status = self.status(self.statuses[row.status])
        sent = self.requested(kroner(row.requested)) + self.sent(date_no(row.submitted_at))
        lead = self.lead(organisation(row.lead))
        return f"<tr>{self._choice(row)}{title}{lead}{community}{status}{sent}{self._assessed(row)}</tr>\n"

    def _choice(self, row: lists.Row) -> str:
        """The box that chooses the row; none for one that cannot be given to assessors now."""
        if not self.can_choose:
            return ""
        if row.closed or not row.is_in_work:
            return '<td class="choice"></td>\n'
        label = f"{self.choose} {escape(row.title)}"
        box = f'<input class="ds-input" type="checkbox" name="chosen" value="{escape(row.code)}" aria-label="{label}">'
        return f'<td class="choice">{box}</td>\n'

    def _assessed(self, row: lists.Row) -> str:
        if row.closed:
            return self.closed
        if not self.has_points:
            return self.assessed(row.progress)
        discuss = self.discuss if row.must_discuss else ""
        return self.assessed(row.progress) + self.points(f"{points(row.total)}\n{discuss}")


@register.simple_tag
def desk_rows(rows: Iterable[desk.Row], today: date) -> SafeString:
    """The rows of the assessor's desk; those that are late on ``today`` have a mark."""
    table = _Desk(today)
    return SafeString("".join(table.drawn(row) for row in rows))


class _Desk:
    def __init__(self, today: date) -> None:
        self.today = today
        self.due = column(_("Frist"), "nowrap")
        self.status = column(_("Status"))
        self.points = column(_("Dine poeng"), "number")
        self.late = tag(_("Over fristen"), "danger")
        self.delivered = escape(_("Levert"))
        self.recused = escape(_("Du er inhabil"))
        self.frozen = escape(_("Prioriteringen er låst"))
        self.pending = escape(_("Habiliteten din avgjøres"))
        self.undeclared = tag(_("Svar på habilitet"), "info")
        self.begun = tag(_("Påbegynt"), "info")
        self.ready = tag(_("Klar til vurdering"), "info")

    def drawn(self, row: desk.Row) -> str:
        late = self.late if row.is_open and row.due_date < self.today else ""
        due = self.due(f"{date_no(row.due_date)}\n{late}")
        title = heading(row.title, row.url, row.round_title)
        return f"<tr>{title}{due}{self.status(self._state(row))}{self.points(points(row.total))}</tr>\n"

    def _state(self, row: desk.Row) -> str:
        if row.state == State.RECUSED:
            return self.recused
        if row.delivered_at:
            return f"{self.delivered} {date_no(row.delivered_at)}"
        if row.is_frozen:
            return self.frozen
        if row.state == State.PENDING:
            return self.pending
        if row.state == State.UNDECLARED:
            return self.undeclared
        return self.begun if row.is_begun else self.ready


@register.simple_tag
def comparison_rows(comparison: detail.Comparison) -> SafeString:
    """The rows of the assessments side by side: one for each criterion. Of one assessor there is no mean to tell."""
    table = _Comparison(comparison.assessors, is_by_points=comparison.is_by_points)
    return SafeString("".join(table.drawn(line) for line in comparison.lines))


class _Comparison:
    def __init__(self, assessors: Sequence[str], *, is_by_points: bool) -> None:
        self.names = [escape(name) for name in assessors]
        self.is_by_points = is_by_points
        self.mean = column(_("Snitt"), "number")
        self.spread = column(_("Forskjell"), "number")
        self.weight = escape(_("vekt"))
        self.abstained = escape(_("Avstår"))
        self.discuss = note(tag(_("må drøftes"), "warning"))

    def drawn(self, line: detail.Line) -> str:
        weight = line.measure.weight if line.measure else None
        below = note(f"{self.weight} {number(weight)}") if weight else ""
        marks = "".join(self._mark(line, name, cell.mark) for name, cell in zip(self.names, line.cells, strict=True))
        title = f'<th scope="row">{escape(line.title)}\n{below}</th>'
        reasons = self._reasons(line)
        if not self.is_by_points:
            return f"<tr>{title}<td>{reasons}</td></tr>\n"
        row = f"{title}{marks}{self._result(line)}"
        if len(self.names) <= BESIDE:
            return f"<tr>{row}<td>{reasons}</td></tr>\n"
        return f'<tr>{row}</tr>\n<tr><td colspan="{len(self.names) + 3}">{reasons}</td></tr>\n'

    def _mark(self, line: detail.Line, name: str, mark: Mark) -> str:
        step, shown = "", self.abstained if mark.abstained else MISSING
        if line.measure and mark.points is not None and not mark.abstained:
            step, shown = f' data-step="{line.step(mark.points)}"', number(mark.points)
        return f'<td data-label="{name}" class="heat"{step}>{shown}</td>\n'

    def _reasons(self, line: detail.Line) -> str:
        given = zip(self.names, line.cells, strict=True)
        # Of one assessor the column of points bears the name.
        by = '<span class="muted">{}:</span> ' if len(self.names) > 1 or not self.is_by_points else ""
        listed = "".join(f"<li>{by.format(name)}{escape(cell.reason)}</li>\n" for name, cell in given if cell.reason)
        return f'<ul class="plain-list">{listed}</ul>' if listed else MISSING

    def _result(self, line: detail.Line) -> str:
        if len(self.names) == 1:
            return ""
        if line.result is None:
            return self.mean("") + self.spread("")
        discuss = self.discuss if line.result.must_discuss else ""
        middle = line.result.middle
        return self.mean(points(middle.mean)) + self.spread(f"{points(middle.spread)}\n{discuss}")
