"""Middleware: one reading of the clock per request."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from portal import clock as portal_clock


def clock(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Set ``request.now`` (UTC) for everything that the request decides."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request.now = portal_clock.now()  # type: ignore[attr-defined]
        return get_response(request)

    return middleware
