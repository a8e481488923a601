"""What a browser may keep: nothing of what a signed-in person has seen, so that «Back» on a shared machine shows none.

Pages, files, lists and answers alike. Static files are the same for all and are answered before this.
"""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url

Handler = Callable[[HttpRequest], HttpResponse]
NOTHING = "private, no-store"


def middleware(get_response: Handler) -> Handler:
    """Forbid storing what is answered to a browser that has a session, and empty its store after signing out."""

    def without_store(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if settings.SESSION_COOKIE_NAME in request.COOKIES or settings.SESSION_COOKIE_NAME in response.cookies:
            response["Cache-Control"] = NOTHING
        if request.method == "POST" and request.path == resolve_url("account_logout"):
            # Pages that were kept whole for «Back», too.
            response["Clear-Site-Data"] = '"cache"'
        return response

    return without_store
