"""What a list lacks before it can be locked, as sentences."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from evaluation.assessment.models import PriorityList, Task
from evaluation.assessment.queries import board as boards
from evaluation.assessment.queries.board import Row
from evaluation.assessment.turn import Turn


def lacking(turn: Turn, found: PriorityList, board: Sequence[Row]) -> list[str]:
    """What must be in place before the list can be frozen, as sentences."""
    lacks = [
        _("Registrer at trinnets oppgave «%(task)s» er gjort.") % {"task": task.label} for task in undone(turn, found)
    ]
    missing = boards.not_listed(turn, found)
    if missing:
        sentence = ngettext(
            "%(count)s søknad til vurdering står ikke på listen. Hent den inn.",
            "%(count)s søknader til vurdering står ikke på listen. Hent dem inn.",
            missing,
        )
        lacks.append(sentence % {"count": missing})
    if not board:
        lacks.append(_("Listen er tom."))
    empty = [row for row in board if not row.is_ready]
    if empty:
        lacks.append(_named(_("Innstilling eller begrunnelse mangler for"), empty))
    moved = boards.unexplained(board)
    if moved:
        lacks.append(_named(_("Skriv hvorfor plassen avviker fra poengene for"), moved))
    return lacks


def undone(turn: Turn, found: PriorityList) -> list[Task]:
    """The stage's tasks that are not recorded; the lock itself records the last of them. One query."""
    done = {Task.PRIORITISE, *found.acts.values_list("task", flat=True)}
    return [task for task in turn.tasks if task not in done]


def _named(start: str, rows: Sequence[Row]) -> str:
    names = ", ".join(f"«{row.title}»" for row in rows[:5])
    more = len(rows) - 5
    rest = ngettext(" og %(n)s til", " og %(n)s til", more) % {"n": more} if more > 0 else ""
    return f"{start} {names}{rest}."
