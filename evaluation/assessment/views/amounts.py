"""Writing outcomes and amounts in the table of «Rangering og innstilling», many rows at once."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from evaluation.assessment import permissions
from evaluation.assessment.forms import AmountForm
from evaluation.assessment.models import PriorityList
from evaluation.assessment.queries import ranking, turns
from evaluation.assessment.queries.amounts import written
from evaluation.assessment.services import prioritising
from evaluation.assessment.services.prioritising import ChoicesError, ChosenMeanwhileError
from evaluation.assessment.turn import Turn, turn_url
from evaluation.assessment.views import board_page
from evaluation.assessment.views.reading import find_turn
from portal import cells, pending
from portal.errors import DomainError
from portal.permissions import require
from portal.requests import PersonRequest

VERSION = "-version"


@dataclass(slots=True)
class Rows:
    """The forms of the rows of the list that the person may write, by the key of the recommendation."""

    forms: dict[int, AmountForm]
    # Those that the page shows. The others were typed on a page that they have been moved away from since.
    shown: frozenset[int]
    # Somebody else was first in one of them.
    is_late: bool = False

    @property
    def error_parts(self) -> list[AmountForm]:
        """The forms, for the summary of the errors."""
        return list(self.forms.values())

    @property
    def elsewhere(self) -> list[AmountForm]:
        """What was typed for rows that the page no longer shows, to be sent along with the next save."""
        return [form for pk, form in self.forms.items() if pk not in self.shown and not form.errors]

    @property
    def status(self) -> int:
        """What the page answers."""
        if self.is_late:
            return HTTPStatus.CONFLICT
        return max((form.http_status for form in self.forms.values()), default=HTTPStatus.OK)

    def refuse(self, refusal: ChoicesError) -> None:
        """Show at each row why it was refused; where somebody else was first, the next save is what counts."""
        for pk, why in refusal.refused.items():
            form = self.forms[pk]
            if isinstance(why, ChosenMeanwhileError):
                self.is_late = True
                form.data[form.add_prefix("version")] = cells.written(why.stored)  # type: ignore[index]
            form.add_error(why.field if why.field in form.fields else None, str(why))


@login_required
@require_http_methods(["GET", "POST"])
def amounts(request: PersonRequest, code: str, stage: str, receiver: str) -> HttpResponse:
    """The board with a choice and an amount in each row; a POST writes them, all or none."""
    turn = find_turn(request, code, stage, receiver)
    priority_list = turns.priority_list_of(turn)
    require(permissions.can_prioritise(priority_list))
    if priority_list is None:
        return redirect(turn_url(turn, "board"))
    context = board_page.read(request, turn)
    rows = _rows(turn, priority_list, context, pending.data(request))
    if request.method == "POST" and all(form.is_valid() for form in rows.forms.values()) and _save(request, turn, rows):
        page = {"page": context["page_obj"].number}
        return redirect(f"{turn_url(turn, 'board')}?{urlencode(page)}")
    return render(request, "assessment/turn_amounts.html", {**context, "rows": [], "writing": rows}, status=rows.status)


def _rows(turn: Turn, priority_list: PriorityList, board: dict[str, Any], typed: QueryDict | None) -> Rows:
    """The rows of the page that are open to the person, and those that were typed on the page as it was."""
    data = typed.copy() if typed else None
    chosen: dict[str, Any] = {"outcomes": prioritising.outcomes(turn), "data": data}
    shown = [row for row, _line in board["lines"] if row.application_id not in board["closed"]]
    named = [(row.pk, row.code, row.title, row.outcome, row.amount) for row in shown]
    if data:
        posted = [key.removesuffix(VERSION) for key in data if key.endswith(VERSION)]
        codes = [code for code in posted if code.isascii() and code.isalnum()][: ranking.PER_PAGE]
        named += written(priority_list, codes, but={row.pk for row in shown})
    forms = {
        pk: AmountForm(prefix=code, title=title, initial={"outcome": outcome, "amount": amount}, **chosen)
        for pk, code, title, outcome, amount in named
    }
    return Rows(forms, frozenset(row.pk for row in shown))


def _save(request: PersonRequest, turn: Turn, rows: Rows) -> bool:
    """Write the rows and say how many were changed, or why none can be; False when a row is wrong, as its form says."""
    choices = {pk: form.choice for pk, form in rows.forms.items() if form.is_posted}
    try:
        changed = prioritising.recommend_amounts(turn, choices, by=request.user, at=request.now)
    except ChoicesError as refusal:
        rows.refuse(refusal)
        return False
    except DomainError as refusal:
        # Somebody was first, as by locking the list: what was typed stays on the page.
        messages.error(request, str(refusal))
        rows.is_late = True
        return False
    if changed:
        done = ngettext("%(n)s innstilling er lagret.", "%(n)s innstillinger er lagret.", changed) % {"n": changed}
        messages.success(request, done)
    else:
        messages.info(request, _("Ingenting var endret."))
    return True
