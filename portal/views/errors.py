"""Error pages that need more than a template."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from portal import pending


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was open for too long or came from elsewhere; what was typed on a page of ours is kept."""
    return pending.after_csrf_failure(request) or render(request, "403_csrf.html", status=403)
