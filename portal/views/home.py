"""The home page: the person's tasks, or for a visitor what the portal is."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.communities.queries import standing_at
from portal.requests import Request
from portal.rooms import tasks_of


@require_safe
def home(request: Request) -> HttpResponse:
    """«Dine oppgaver» for those who have signed in; otherwise what the portal is."""
    if not request.user.is_authenticated:
        return render(request, "portal/welcome.html")
    standing = standing_at(request.user, request.now)
    has_place = bool(standing.organisation_ids or standing.body_ids)
    return render(request, "portal/home.html", {"panels": tasks_of(request.user, request.now), "has_place": has_place})
