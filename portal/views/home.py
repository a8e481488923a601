"""The front page: what waits for the person and what is new, or for a visitor what the portal is."""

from datetime import datetime, timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.clock import local_date
from portal.communities.queries import standing_at
from portal.formats import date_in_words, in_words
from portal.requests import Request
from portal.rooms import WaitingTask, home_parts, tasks_of
from portal.ui import NextStep
from portal.urgency import by_urgency

# The box of the first task warns when so little time is left.
CLOSE = timedelta(days=3)
# So many are shown at once, the first among them; the others are a press away.
SHOWN = 8


@require_safe
def home(request: Request) -> HttpResponse:
    """What waits by deadline with its act, then what the rooms tell; for a visitor what the portal is."""
    parts = home_parts(request.user, request.now)
    beside = [(part.template, told) for part, told in parts if part.beside]
    if not request.user.is_authenticated:
        return render(request, "portal/welcome.html", {"beside": beside})
    standing = standing_at(request.user, request.now)
    tasks = by_urgency([task for _list, tasks in tasks_of(request.user, request.now) for task in tasks], request.now)
    context = {
        "today": capfirst(date_in_words(local_date(request.now))),
        "heading": _heading(len(tasks)),
        "first": _first(tasks[0], request.now) if tasks else None,
        "others": tasks[1:SHOWN],
        "more": tasks[SHOWN:],
        "parts": [(part.template, told) for part, told in parts if not part.beside],
        "beside": beside,
        "ahead": min((told["ahead"] for _part, told in parts if told.get("ahead")), default=None),
        "has_place": bool(standing.organisation_ids or standing.body_ids),
    }
    return render(request, "portal/home.html", context)


def _first(task: WaitingTask, now: datetime) -> NextStep:
    return NextStep(
        task.title,
        text=task.hint,
        act=task.act or _("Gå til oppgaven"),
        url=task.url,
        due_at=task.due_at,
        is_close=bool(task.due_at and task.due_at < now + CLOSE),
    )


def _heading(count: int) -> str:
    if count > 1:
        return _("%(count)s ting venter på deg") % {"count": in_words(count)}
    return _("Én ting venter på deg") if count else _("Ingenting venter på deg nå")
