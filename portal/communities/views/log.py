"""The secretariat's log."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render

from portal.communities import queries
from portal.communities.forms import LogFilter
from portal.communities.permissions import can_administer
from portal.journal import sentences
from portal.paging import page_of
from portal.permissions import require
from portal.requests import PersonRequest


@login_required
def log(request: PersonRequest) -> HttpResponse:
    """The acts in the helsefellesskap and regions that the secretariat serves, newest first."""
    require(can_administer(request.user, request.now))
    standing = queries.standing_at(request.user, request.now)
    form = LogFilter(request.GET)
    chosen = form.cleaned_data if form.is_valid() else {}
    page = page_of(request, queries.log_of(standing, **chosen))
    context = {"page": page, "form": form, "lines": [(entry, sentences.sentence(entry)) for entry in page]}
    return render(request, "communities/log.html", context)
