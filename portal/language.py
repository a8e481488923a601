"""The interface's language: chosen in the footer, kept in a cookie and, for those who sign in, in the profile."""

from typing import TypeVar

from django.conf import settings
from django.http import HttpResponse

Response = TypeVar("Response", bound=HttpResponse)

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
