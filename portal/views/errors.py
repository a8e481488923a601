"""Error pages that need more than a template."""

from typing import NoReturn

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from portal import pending


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Refuse a form that was open for too long or came from another site; text from our own pages is kept."""
    return pending.after_csrf_failure(request) or render(request, "403_csrf.html", status=403)


def nothing_here(request: HttpRequest) -> NoReturn:
    """404 for an address of a library that the portal does not use."""
    raise Http404
