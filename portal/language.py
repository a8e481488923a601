"""The interface's language: chosen in the footer, kept in a cookie and, for those who sign in, in the profile."""

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


def remember(response: Response, code: str) -> Response:
    """Let the browser ask for this language from now on."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME, code, max_age=YEAR, secure=settings.SESSION_COOKIE_SECURE, samesite="Lax"
    )
    return response


def in_bokmaal(build: Callable[Params, Built]) -> Callable[Params, Built]:
    """For what is frozen, signed or archived: it says the same whatever language its maker's pages are in."""

    @wraps(build)
    def built(*args: Params.args, **kwargs: Params.kwargs) -> Built:
        with translation.override(settings.LANGUAGE_CODE):
            return build(*args, **kwargs)

    return built


def middleware(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Speak the language chosen in the footer, else bokmål.

    What the browser is set to is not asked: many Norwegians have an English browser, and the rounds' own texts are
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
