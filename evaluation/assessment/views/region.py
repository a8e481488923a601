"""Forwarding, the package, and the lists side by side at the body that they are forwarded to."""

from functools import partial

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from evaluation.assessment import permissions
from evaluation.assessment.models import Forwarding
from evaluation.assessment.queries import board as boards
from evaluation.assessment.queries import packages
from evaluation.assessment.services import forwarding
from evaluation.assessment.turn import turn_pages, turn_url
from evaluation.assessment.views.reading import handled_turn
from portal.acts import attempt
from portal.communities.queries import standing_at
from portal.files.serving import made_or_back
from portal.permissions import require
from portal.requests import PersonRequest
from rounds.models import Round


@login_required
@require_http_methods(["GET", "POST"])
def forward(request: PersonRequest, code: str, stage: str, place: str) -> HttpResponse:
    """What goes, to whom, and the button that sends it."""
    turn = handled_turn(request, code, stage, place)
    found = turn.priority_list
    require(permissions.can_forward(found, turn))
    require(permissions.can_judge_whole(permissions.barred_ids(request.user.pk, boards.on_list(found))))
    body = forwarding.next_body(turn)
    if found is None or body is None:
        raise Http404
    if request.method == "POST":
        act = partial(forwarding.forward, turn, by=request.user, at=request.now)
        is_sent = attempt(request, act, _("Listen er oversendt til %(body)s.") % {"body": body})
        return redirect(turn_url(turn, "package" if is_sent else "list"))
    going = boards.going(found)
    context = {"turn": turn, "round": turn.round, "urls": turn_pages(turn), "body": body, "going": going, "list": found}
    return render(request, "assessment/turn_forward.html", context)


@login_required
@require_GET
def turn_package(request: PersonRequest, code: str, stage: str, place: str) -> HttpResponse:
    """The package of a turn, for those who sent it."""
    turn = handled_turn(request, code, stage, place)
    found = Forwarding.objects.filter(priority_list=turn.priority_list).first() if turn.priority_list else None
    if found is None:
        raise Http404
    return redirect("assessment:package_detail", code, found.pk)


@login_required
@require_GET
def package(request: PersonRequest, code: str, pk: int) -> HttpResponse:
    """A package as it was sent: the page shows the snapshot and checks its hash."""
    found = _package(request, code, pk)
    context = {
        "round": found.priority_list.round,
        "forwarding": found,
        "package": found.snapshot,
        "frozen": boards.masked(found.priority_list, request.user.pk, found.snapshot["list"]),
        "is_intact": found.document.is_intact,
    }
    return render(request, "assessment/package_detail.html", context)


@login_required
@require_GET
def package_pdf(request: PersonRequest, code: str, pk: int) -> HttpResponseBase:
    """The package as PDF; not for somebody who is inhabil in a case in it, since a PDF cannot leave that out."""
    found = _package(request, code, pk)
    require(permissions.can_read_whole(found.snapshot, request.user.pk))
    return made_or_back(request, found.pdf, reverse("assessment:package_detail", args=[code, pk]))


def _package(request: PersonRequest, code: str, pk: int) -> Forwarding:
    visible = packages.visible(standing_at(request.user, request.now))
    found = visible.select_related("priority_list__round", "priority_list__community", "to_body", "document__pdf")
    return get_object_or_404(found, pk=pk, priority_list__round__code=code)


@login_required
@require_GET
def side_by_side(request: PersonRequest, code: str) -> HttpResponse:
    """The forwarded lists beside each other, each with its own ranks."""
    place = standing_at(request.user, request.now)
    found = packages.side_by_side(code, place)
    of_round = found[0].round if found else Round.objects.filter(code=code).first()
    receiving = packages.receiving_turn(of_round, place) if of_round else None
    # Empty, the page is for those whose stage the lists will come to.
    if of_round is None or not (found or receiving):
        raise Http404
    # Within one helsefellesskap there is one list, and nobody to compare it with.
    within = bool(receiving and receiving.community) or (bool(found) and all(item.is_within for item in found))
    lead = _("Hver liste med sin egen rekkefølge, slik den ble oversendt.")
    apart = _("Poengene fra ulike helsefellesskap kan ikke sammenlignes.")
    context = {
        "round": of_round,
        "packages": found,
        "turn_urls": turn_pages(receiving) if receiving else {},
        "within": within,
        "heading": _("Listen fra trinnet før") if within else _("Helsefellesskapenes lister"),
        "lead": _("Rekkefølgen er slik den ble oversendt.") if within else f"{lead} {apart}",
    }
    return render(request, "assessment/round_lists.html", context)
