"""How the portal reads an amount or a date, for the page to show under the field while somebody types."""

from django.http import HttpRequest, HttpResponse
from django.template.defaultfilters import date as written_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal import formats, readers

LONGEST = 60


def _date(text: str) -> str:
    return written_date(readers.read_date(text), "l j. F Y")


def _money(text: str) -> str:
    amount = readers.read_money(text)
    # No field of the portal takes a negative amount, and the field says so itself when it is sent.
    if amount < 0:
        raise readers.NotRead("min_value")
    return formats.kroner(amount)


READERS = {"date": _date, "money": _money}


@require_safe
def read(request: HttpRequest) -> HttpResponse:
    """«Lest som tirsdag 1. september 2027.» for ``kind`` and ``text``; 204 when it cannot be read."""
    text = request.GET.get("text", "")
    reader = READERS.get(request.GET.get("kind", ""))
    if reader is None or len(text) > LONGEST:
        return HttpResponse(status=204)
    try:
        value = reader(text)
    except readers.NotRead:
        return HttpResponse(status=204)
    return HttpResponse(_("Lest som %(value)s.") % {"value": value}, content_type="text/plain; charset=utf-8")
