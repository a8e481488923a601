"""How large a request may be. What is larger is refused by what it says of itself, before any of it is read.

Django reads the body of a POST for the token in it before anybody has signed in, and writes files to the disk
meanwhile.
"""

from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from portal.files.archive import MB

Handler = Callable[[HttpRequest], HttpResponse]
# The fields of a form beside its file.
BESIDE = MB


def middleware(get_response: Handler) -> Handler:
    """Refuse a body that is larger than a form with one file, and one that does not say how large it is."""

    def of_known_size(request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or ""
        if not length and "HTTP_TRANSFER_ENCODING" in request.META:
            return render(request, "400.html", status=HTTPStatus.LENGTH_REQUIRED)
        # Django takes what is no number for 0. A number of more digits than these is too large, whatever it is.
        if length.isdecimal() and (len(length) > 15 or int(length) > settings.UPLOAD_MAX_BYTES + BESIDE):  # noqa: PLR2004
            return render(request, "413.html", status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        return get_response(request)

    return of_known_size
