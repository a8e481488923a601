"""The response with a document that a job makes."""

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from portal.files.models import StoredFile
from portal.files.services import response


def made_or_back(request: HttpRequest, stored: StoredFile | None, back: str) -> HttpResponseBase:
    """The document as a download; while the job is not done, a redirect to its page (``back``) with a message."""
    if stored:
        return response(stored)
    messages.info(request, _("PDF-en lages nå. Prøv igjen om noen sekunder."))
    return redirect(back)
