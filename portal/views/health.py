"""Whether the web process answers: for the process tree and for monitoring."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe


@require_safe
def hello(request: HttpRequest) -> HttpResponse:
    """200 and «OK», without database and template: also the empty view that the bench measures against."""
    return HttpResponse("OK", content_type="text/plain; charset=utf-8", headers={"Cache-Control": "no-store"})
