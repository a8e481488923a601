"""Middleware: one reading of the clock per request, and the language that the person has chosen."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from portal import clock as portal_clock
from portal.language import is_offered


def clock(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Set ``request.now`` (UTC) for everything that the request decides."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request.now = portal_clock.now()  # type: ignore[attr-defined]
        return get_response(request)

    return middleware


def language(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Speak the language chosen in the footer, else bokmål.

    What the browser is set to is not asked: many Norwegians have an English browser, and the rounds' own texts are
    Norwegian.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        code = chosen if is_offered(chosen) else settings.LANGUAGE_CODE
        with translation.override(code):
            request.LANGUAGE_CODE = code
            response = get_response(request)
        response.headers.setdefault("Content-Language", code)
        return response

    return middleware
