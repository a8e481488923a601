"""The interface's language: chosen in the footer, stored in a cookie and, for those who sign in, in the profile."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

Response = TypeVar("Response", bound=HttpResponse)
Params = ParamSpec("Params")
Built = TypeVar("Built")

YEAR = 365 * 24 * 3600


def is_offered(code: str) -> bool:
    """Whether the interface exists in the language."""
    return code in dict(settings.LANGUAGES)


def remember_language(response: Response, code: str) -> Response:
    """Set the cookie with the language on the response."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME, code, max_age=YEAR, secure=settings.SESSION_COOKIE_SECURE, samesite="Lax"
    )
    return response


def in_bokmaal(build: Callable[Params, Built]) -> Callable[Params, Built]:
    """Build a text in bokmål, whatever the language of the page: for all that is frozen, signed or archived."""

    @wraps(build)
    def built(*args: Params.args, **kwargs: Params.kwargs) -> Built:
        with translation.override(settings.LANGUAGE_CODE):
            return build(*args, **kwargs)

    return built


def middleware(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Show each page in the language chosen in the footer, else in bokmål.

    The browser's language is not used: many Norwegians have an English browser, and the rounds' own texts are
    Norwegian.
    """

    def in_the_language(request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        code = chosen if is_offered(chosen) else settings.LANGUAGE_CODE
        with translation.override(code):
            request.LANGUAGE_CODE = code
            response = get_response(request)
        response.headers.setdefault("Content-Language", code)
        return response

    return in_the_language
