"""The whole case on one page: the next step, the points with their reasons, the parties, the control, what happened."""

from functools import cached_property
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from applications.models import Application
from applications.workflow import OPEN_STAGE_STATES, Status
from evaluation.assessment import permissions
from evaluation.assessment.queries import case as cases
from evaluation.assessment.queries import detail as details
from evaluation.assessment.queries.access import Access
from evaluation.assessment.queries.closed import ClosedCases, closed_cases
from evaluation.assessment.queries.neighbours import Neighbour, Neighbours, neighbours, next_to_check
from evaluation.assessment.turn import Turn, address, turn_url
from evaluation.assessment.views.came_from import FromList, from_list, stage_of
from evaluation.assessment.views.next_step import Case, next_step
from evaluation.assessment.views.reading import context_of, find, must_declare, turn_of_person
from portal import clock
from portal.communities.queries import standing_at
from portal.permissions import require
from portal.requests import PersonRequest


@login_required
@require_GET
def detail(request: PersonRequest, code: str) -> HttpResponse:
    """The application with everything that the person may see of it, and the acts that the person may do.

    ``?stage=`` names the stage; without it, the page shows the stage of the list that the person came from
    (``?from=``), else the one that concerns the person (``turn_of_person``).
    """
    application, access = find(request, code, "owner_body")
    declare = must_declare(application, access)
    if declare:
        return declare
    require(permissions.can_open(access))
    return render(request, "assessment/application_detail.html", _page(request, application, access))


def _page(request: PersonRequest, application: Application, access: Access) -> dict[str, Any]:
    came_from = from_list(request) if access.is_office else None
    turn = turn_of_person(application, access, stage_of(request, access, came_from))
    way = _Way(request, application, turn, access, came_from)
    assessed = _assessed(request, application, turn, access)
    people = assessed["people"]
    case = Case(application, turn, access, people, assessed["recommendation"], way.to_check(people), came_from)
    submission = details.newest(application)
    return context_of(
        application,
        turn=turn,
        access=access,
        others=[entry for entry in access.entries if entry.stage_id != turn.stage.pk],
        admissions=details.admissions(application),
        sent=cases.sent(application, submission) if submission else None,
        events=cases.latest_events(application) if access.is_office else [],
        next_step=next_step(case, request.user.pk, request.now),
        can_assign=permissions.can_assign(access, turn),
        can_check_again=access.has_checked and application.status != Status.WITHDRAWN and not people,
        **assessed,
        **way.context(),
    )


def _assessed(request: PersonRequest, application: Application, turn: Turn, access: Access) -> dict[str, Any]:
    """What the person may see of the points, of those who give them, and of what the secretariat recommends."""
    sees = permissions.can_see_scores(access, turn)
    day = clock.local_date(request.now)
    recommendation = details.recommendation(application, turn) if access.is_office and sees else None
    entry = access.entry_in(turn.stage)
    return {
        "sees": sees,
        "awaits_points": entry is None or entry.state in OPEN_STAGE_STATES,
        "comparison": details.comparison(application, turn) if sees else None,
        "people": details.people(application, turn, day) if access.is_office else [],
        "recommendation": recommendation,
        "recommended": turn.spec.outcome_label(recommendation.outcome) if recommendation else "",
    }


class _Way:
    """The way back to the list, to the applications before and after in it, and to the next one to check."""

    def __init__(
        self, request: PersonRequest, application: Application, turn: Turn, access: Access, came_from: FromList | None
    ) -> None:
        self.request, self.application, self.turn, self.access = request, application, turn, access
        self.came_from = came_from
        self.neighbours: Neighbours | None = None
        if came_from:
            self.neighbours = neighbours(
                turn,
                application,
                came_from.number,
                chosen=came_from.chosen,
                sort=came_from.sort,
                closed=self._closed,
            )

    @cached_property
    def _closed(self) -> ClosedCases:
        return closed_cases(standing_at(self.request.user, self.request.now))

    def to_check(self, people: list[details.Person]) -> Neighbour | None:
        """The next one to check: of the list when it shows those, else of the turn; asked when this one is checked."""
        if not self.access.has_checked or any(person.assignment_id for person in people):
            return None
        if self.came_from and self.came_from.is_unchecked(self.turn) and self.neighbours and self.neighbours.following:
            return self.neighbours.following
        return next_to_check(self.turn, self._closed, self.application)

    def context(self) -> dict[str, Any]:
        """The addresses for the template."""
        if self.came_from is None:
            return {"list_url": turn_url(self.turn, "turn"), "list_title": _("Listen")}
        return {
            "list_url": self.came_from.list_url(self.turn),
            "list_title": self.came_from.title,
            "neighbours": self.neighbours,
            "previous_url": _url(self.came_from, self.neighbours.previous) if self.neighbours else "",
            "following_url": _url(self.came_from, self.neighbours.following) if self.neighbours else "",
            "kept": self.came_from.kept(""),
        }


def _url(came_from: FromList, neighbour: Neighbour | None) -> str:
    return came_from.kept(address("detail", neighbour.code), neighbour.number) if neighbour else ""
