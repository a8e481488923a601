"""The secretariat's log."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.communities import queries
from portal.communities.forms import LogFilter
from portal.communities.permissions import can_administer
from portal.formats import date_no, grouped
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
    count = page.paginator.count
    context = {
        "page": page,
        "form": form,
        "days": sentences.days(list(page), standing),
        "chosen": ", ".join(_said(chosen)),
        "heading": ngettext("%(n)s hendelse i loggen", "%(n)s hendelser i loggen", count) % {"n": grouped(count)},
    }
    return render(request, "communities/log.html", context)


def _said(chosen: Mapping[str, Any]) -> Iterator[str]:
    """What is chosen in the filter, in words."""
    if name := chosen.get("actor"):
        yield f"«{name}»"
    if day := chosen.get("first_day"):
        yield _("fra %(day)s") % {"day": date_no(day)}
    if day := chosen.get("last_day"):
        yield _("til %(day)s") % {"day": date_no(day)}
