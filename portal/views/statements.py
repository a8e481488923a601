"""The statements that the law demands, and whom to contact."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.communities.queries import every_community
from portal.communities.questions import open_calls_by_community
from portal.requests import Request


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """The accessibility statement."""
    return render(request, "portal/accessibility.html")


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """What is stored about people, why and for how long."""
    return render(request, "portal/privacy.html")


@require_safe
def contact(request: Request) -> HttpResponse:
    """The secretariats, region by region, each with the calls that it receives applications to."""
    calls = open_calls_by_community(request.now)
    offices = [(community, calls.get(community.pk, ())) for community in every_community()]
    return render(request, "portal/contact.html", {"offices": offices})
