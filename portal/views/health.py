"""Whether the web process answers: asked by the process tree and by whoever watches it."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe


@require_safe
def hello(request: HttpRequest) -> HttpResponse:
    """200 and «OK», from no database and no template: also the empty view that the bench measures against."""
    return HttpResponse("OK", content_type="text/plain; charset=utf-8", headers={"Cache-Control": "no-store"})
