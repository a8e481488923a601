"""The rows of «Rangering og innstilling»: points as a heat map, each assessor as a dot, and the line of the frame.

The numbers of the drawings stand beside them, so the drawings are hidden from screen readers.
"""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from functools import cache

from django import template
from django.forms import BoundField
from django.middleware.csrf import get_token
from django.template.context import Context
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from pyphen import Pyphen

from evaluation.assessment import scoring
from evaluation.assessment.forms import MoveForm
from evaluation.assessment.models import Recommendation
from evaluation.assessment.portfolio import Line
from evaluation.assessment.queries import board, ranking
from evaluation.assessment.scoring import Measure
from evaluation.assessment.templatetags.assessment import points
from evaluation.assessment.turn import Turn, turn_url
from portal.formats import MISSING, grouped, kroner, number
from portal.table_rows import column, escape, heading, note, tag
from portal.templatetags.ui_forms import design_field
from rounds.outcomes import Amount, Outcome

register = template.Library()

STEPS = 5
HYPHENS = Pyphen(lang="nb_NO", left=3, right=3)
# So many assessors are told one by one.
MOST_TOLD = 4
TONES = {Amount.ALL: "success", Amount.PART: "info", Amount.NONE: ""}


@register.simple_tag
def criterion_titles(turn: Turn) -> list[tuple[str, Decimal | None]]:
    """The scored criteria of the stage, in the order of the heat map: their titles and weights.

    The columns are narrower than words such as «tilskuddsordningen», so the titles say where a word may be broken.
    """
    return [(_breakable(_title(turn, measure)), measure.weight) for measure in turn.measures]


@register.simple_tag(takes_context=True)
def ranking_rows(context: Context, rows: Iterable[ranking.Row]) -> SafeString:
    """Those that are not on the list, by points; the running sums and the line only where there is no list."""
    table = _Ranking(context["turn"], has_list=bool(context["lines"]))
    return SafeString("".join(table.drawn(row) for row in rows))


@register.simple_tag(takes_context=True)
def board_rows(context: Context) -> SafeString:
    """The rows of the list, and below one of them what the frame is enough for."""
    table = _Board(context)
    return SafeString("".join(table.drawn(*item) for item in enumerate(context["lines"], context["above"] + 1)))


def _title(turn: Turn, measure: Measure) -> str:
    criterion = turn.round.spec.criterion(measure.code)
    return criterion.title if criterion else measure.code


def _breakable(title: str) -> str:
    return " ".join(HYPHENS.inserted(word, "\N{SOFT HYPHEN}") for word in title.split())


class _Points:
    """The cells of the points: a mean of each criterion, the score, and where each assessor is from 0 to 100."""

    def __init__(self, turn: Turn, *, is_writing: bool = False) -> None:
        """While amounts are written, their fields take the room of the means by criterion."""
        self.measures, self.is_writing = turn.measures, is_writing
        self.titles = [escape(_title(turn, measure)) for measure in self.measures]
        self.score = column(_("Poeng"), "number")
        self.assessors = column(_("Vurderernes poeng"), "nowrap")
        self.below = note(tag(_("under terskel"), "danger"))
        self.discuss = note(escape(_("må drøftes")))
        differ = escape(_("vurdererne er uenige"))
        self.differ = f'<span class="ds-sr-only">, {differ}</span>'
        self.median = escape(_("median"))
        # Few means and spreads are possible, so the rows of a page share most of their cells.
        self.cell_of = cache(self._cell)

    @property
    def columns(self) -> int:
        """How many columns they are."""
        if not self.measures:
            return 0
        return 2 if self.is_writing else len(self.measures) + 2

    def drawn(self, row: board.Row | ranking.Row) -> str:
        """The cells of the row; none in a stage that gives no points."""
        if not self.measures:
            return ""
        below = "" if row.meets_thresholds else self.below
        discuss = self.discuss if row.must_discuss else ""
        score = self.score(f"<strong>{points(row.total)}</strong>\n{below}{discuss}")
        heat = "" if self.is_writing else self._heat(row.criteria)
        return f"{heat}{score}{self.assessors(self._assessors([Decimal(total) for total in row.totals], row.total))}"

    def _heat(self, criteria: Mapping[str, tuple[str, str]]) -> str:
        codes = enumerate(measure.code for measure in self.measures)
        return "".join([self.cell_of(index, *criteria.get(code, (None, None))) for index, code in codes])

    def _cell(self, index: int, held_mean: str | None, held_spread: str | None) -> str:
        """The cell of a criterion, by its number in the table; None when nobody has given it points."""
        title, measure = self.titles[index], self.measures[index]
        if held_mean is None or held_spread is None:
            return f'<td data-label="{title}" class="heat">{MISSING}</td>\n'
        mean, spread = Decimal(held_mean), Decimal(held_spread)
        must_discuss = scoring.is_wide(spread, measure.span)
        differ, words = (" data-differ", self.differ) if must_discuss else ("", "")
        step = _step(mean, measure)
        return f'<td data-label="{title}" class="heat" data-step="{step}"{differ}>{points(mean)}{words}</td>\n'

    def _assessors(self, totals: Sequence[Decimal], mean: Decimal | None) -> str:
        if not totals:
            return MISSING
        if len(totals) <= MOST_TOLD:
            told = " · ".join(number(total, 0) for total in totals)
        else:
            median = number(scoring.middle(totals).median, 0)
            told = f"{number(totals[0], 0)}–{number(totals[-1], 0)} · {self.median} {median}"
        return _dots(totals, mean) + note(told)


def _step(mean: Decimal, measure: Measure) -> int:
    """Which fifth of the scale the mean is in, from 1."""
    return min(int((mean - measure.minimum) * STEPS / measure.span) + 1, STEPS)


def _dots(totals: Iterable[Decimal], mean: Decimal | None) -> str:
    """A line from 0 to 100 with a dot for each total and a stroke at the mean."""
    drawn = "".join(f'<circle cx="{float(total) + 4:g}" cy="7" r="3.5" fill-opacity=".45"/>' for total in totals)
    if mean is not None:
        drawn += f'<rect x="{float(mean) + 3:g}" y="0" width="2" height="14"/>'
    return (
        '<svg aria-hidden="true" viewBox="0 0 108 14" width="108" height="14" fill="currentColor">'
        f'<rect x="4" y="6.5" width="100" height="1" fill-opacity=".4"/>{drawn}</svg>'
    )


class _Ranking:
    def __init__(self, turn: Turn, *, has_list: bool) -> None:
        self.has_communities, self.has_list = turn.community is None, has_list
        self.points = _Points(turn)
        self.place = column(_("Plass"), "number")
        self.requested = column(_("Søkt, kr"), "number")
        self.running = column(_("Sum nedover, kr"), "number")
        self.unlisted = column(_("Innstilling"), span=2)(tag(_("Ikke på listen"), "neutral"))
        self.tied = note(escape(_("delt")))
        self.over = note(escape(_("over rammen")))
        self.frame_line = _FrameLine(turn, 4 + self.points.columns)

    def drawn(self, row: ranking.Row) -> str:
        """The row; below the last one that the frame is enough for comes the line."""
        below = f"{row.lead} · {row.community}" if self.has_communities else row.lead
        title = heading(row.title, row.url, below)
        marks = self.points.drawn(row)
        line = self.frame_line.drawn(row.running, is_requested=True) if row.is_last_within else ""
        return f"<tr>{self._place(row)}{title}{marks}{self._money(row)}</tr>\n{line}"

    def _place(self, row: ranking.Row) -> str:
        if self.has_list or row.total is None:
            return self.place(MISSING)
        return self.place(f"{row.place}\n{self.tied}" if row.is_tied else str(row.place))

    def _money(self, row: ranking.Row) -> str:
        requested = self.requested(_amount(row.requested))
        if self.has_list:
            return requested + self.unlisted
        return requested + self.running(f"{grouped(row.running)}\n{'' if row.is_within else self.over}")


class _FrameLine:
    def __init__(self, turn: Turn, columns: int) -> None:
        self.available, self.columns = turn.available or 0, columns

    def drawn(self, running: int, *, is_requested: bool = False) -> str:
        """The row that says how much of the frame is used above it, or asked for where nothing is recommended yet."""
        left = kroner(self.available - running)
        words = {"used": kroner(running), "frame": kroner(self.available), "left": left}
        said = (
            _("Her går rammen: over streken er det søkt om %(used)s av %(frame)s.")
            if is_requested
            else _("Her går rammen: %(used)s av %(frame)s er fordelt, %(left)s igjen.")
        )
        return f'<tr class="frame-line"><td colspan="{self.columns}">{escape(said % words)}</td></tr>\n'


class _Board:
    def __init__(self, context: Context) -> None:
        turn = context["turn"]
        self.turn, self.closed = turn, context["closed"]
        self.last_line, self.count = context["frame_line"], context["sums"].count
        self.context, self.writing = context, context.get("writing")
        can_move = not (context["list"].is_frozen or self.writing or self.closed)
        self.mover = _Mover(context, self.count) if can_move else None
        self.points = _Points(turn, is_writing=bool(self.writing))
        self.place = column(_("Plass"), "place nowrap")
        self.requested = column(_("Søkt, kr"), "number")
        self.amount = column(_("Innstilt, kr"), "number")
        self.outcome = column(_("Innstilling"))
        shut = escape(_("Stengt for deg"))
        self.shut = f'<td class="muted" colspan="{self.points.columns + 3}">{shut}</td>'
        self.over = note(escape(_("over rammen")))
        self.states = {"": tag(_("Ikke innstilt"), "neutral")}
        self.unreasoned = note(escape(_("mangler begrunnelse")))
        self.frame_line = _FrameLine(turn, self.points.columns + 5)

    def drawn(self, rank: int, item: tuple[board.Row, Line[int]]) -> str:
        """The row; one that is closed to the person says that it is there, and nothing more."""
        row, line = item
        opening = f'<tr id="s-{escape(row.code)}">'
        if row.application_id in self.closed:
            name = f'<th scope="row">{escape(row.title)}{note(escape(row.lead))}</th>'
            return f"{opening}{self.place(MISSING)}{name}{self.shut}</tr>\n"
        mover = self.mover.drawn(rank, row) if self.mover else ""
        marks = self.points.drawn(row)
        money = self.requested(_amount(row.requested)) + self._proposed(row, line)
        below = self.frame_line.drawn(line.running) if line == self.last_line else ""
        where = MISSING if self.closed else f"<strong>{rank}</strong>&nbsp;{mover}"
        cells = f"{self.place(where)}{self._title(row)}{marks}{money}"
        return f"{opening}{cells}</tr>\n{below}"

    def _proposed(self, row: board.Row, line: Line[int]) -> str:
        """The amount and the outcome, or the fields where they are written."""
        if self.writing and row.pk in self.writing.forms:
            form = self.writing.forms[row.pk]
            amount = self._field(form["amount"]) if "amount" in form.fields else MISSING
            return f"<td>{amount}</td>\n<td>{self._field(form['outcome'])}{form['version']}</td>\n"
        return self.amount(self._amount(row, line)) + self.outcome(self._outcome(row))

    def _field(self, field: BoundField) -> SafeString:
        return design_field(self.context, field, optional=False, bare=True)

    def _title(self, row: board.Row) -> str:
        below = row.lead if self.turn.community else f"{row.lead} · {row.community}"
        # Of a locked list nothing is written: its rows lead to what there is to read.
        is_locked = self.context["list"].is_frozen
        url = reverse("assessment:detail", args=[row.code]) if is_locked else turn_url(self.turn, "recommend", row.code)
        link = f'<a class="ds-link" href="{url}">{escape(row.title)}</a>'
        return f'<th scope="row">\n{link}\n{note(escape(below))}\n</th>\n'

    def _amount(self, row: board.Row, line: Line[int]) -> str:
        over = "" if self.closed or line.is_within or not row.amount else self.over
        return f"{_amount(row.amount)}\n{over}"

    def _outcome(self, row: board.Row) -> str:
        if row.outcome not in self.states:
            tone = TONES[Outcome(row.outcome).means.amount]
            self.states[row.outcome] = tag(self.turn.spec.outcome_label(row.outcome), tone)
        state = self.states[row.outcome]
        return state if row.reason or not row.outcome else f"{state}\n{self.unreasoned}"


class _Mover:
    """The ways to give an application another rank: one up, one down, or any, with a reason."""

    def __init__(self, context: Context, count: int) -> None:
        self.context, self.turn, self.count = context, context["turn"], count
        # The row whose move was refused, and its form.
        self.moved: tuple[Recommendation, MoveForm] | None = context.get("moved")
        self.token = f'<input type="hidden" name="csrfmiddlewaretoken" value="{get_token(context["request"])}">'
        self.up, self.down, self.move = escape(_("Opp")), escape(_("Ned")), escape(_("Flytt"))
        self.rank, self.why = escape(_("Til plass")), escape(_("Hvorfor plassen avviker fra poengene"))

    def drawn(self, rank: int, row: board.Row) -> str:
        """One fold with one form. The arrows come last, so that their rank counts and not the one that is typed."""
        title = f'<span class="ds-sr-only"> {escape(row.title)}</span>'
        up = self._step("↑", self.up, rank - 1) if rank > 1 else ""
        down = self._step("↓", self.down, rank + 1) if rank < self.count else ""
        typed = self._typed(*self.moved) if self.moved and self.moved[0].application_id == row.application_id else ""
        return (
            f'<details{" open" if typed else ""}><summary class="ds-link">{self.move}{title}</summary>'
            f'<form class="ds-field" method="post" action="{turn_url(self.turn, "move", row.code)}">{self.token}'
            f'{typed or self._fields(rank, row.code)}<div class="actions">'
            f'<button class="ds-button" data-variant="secondary" data-size="sm" type="submit">{self.move}</button>'
            f"{up}{down}</div></form></details>\n"
        )

    def _fields(self, rank: int, code: str) -> str:
        rank_id, why_id = f"place-{escape(code)}", f"why-{escape(code)}"
        return (
            f'<label class="ds-label" data-size="sm" for="{rank_id}">{self.rank}</label>'
            f'<input class="ds-input" id="{rank_id}" name="place" inputmode="numeric" value="{rank}" size="3">'
            f'<label class="ds-label" data-size="sm" for="{why_id}">{self.why}</label>'
            f'<input class="ds-input" id="{why_id}" name="reason" maxlength="500">'
        )

    def _typed(self, _row: Recommendation, form: MoveForm) -> str:
        """The fields of the move that was refused, with what was typed and what is wrong with it."""
        return "".join(design_field(self.context, form[name], optional=False) for name in ("place", "reason"))

    def _step(self, arrow: str, word: str, rank: int) -> str:
        looks = 'class="ds-button" data-variant="tertiary" data-size="sm" type="submit"'
        return f'<button {looks} name="place" value="{rank}" aria-label="{word}">{arrow}</button>'


def _amount(amount: int | None) -> str:
    return MISSING if amount is None else grouped(amount)
