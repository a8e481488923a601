"""The pages about bodies and the seats on them."""

from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from portal import clock, pending
from portal.acts import attempt
from portal.communities import decision_words, letter_approval, queries
from portal.communities.forms import (
    BodyForm,
    ConfirmSeatForm,
    EndBodyForm,
    EndForm,
    FirstSeatForm,
    NewBodyForm,
    NewSeatForm,
    SeatForm,
)
from portal.communities.models import Body, Seat
from portal.communities.permissions import (
    can_administer,
    can_administer_body,
    can_appoint_first,
    can_confirm_seat,
)
from portal.communities.queries.succession import bodies_after, bodies_before
from portal.communities.services import bodies, succession
from portal.errors import DomainError
from portal.formats import date_no
from portal.journal import sentences
from portal.journal.queries import entries_of
from portal.permissions import require
from portal.requests import PersonRequest


@login_required
def body_list(request: PersonRequest) -> HttpResponse:
    """The bodies that the person serves or sits on."""
    day = clock.local_date(request.now)
    standing = queries.standing_on(request.user, day)
    listed = list(queries.bodies(standing, day))
    context = {
        "bodies": listed,
        # A column that says the same in every row is left out.
        "has_several": len({body.tenant for body in listed}) > 1,
        "heading": _how_many(listed, day),
        "may_add": can_administer(request.user, request.now),
        "empty": queries.empty_secretariats(day, standing) if standing.secretariat_region_ids else (),
    }
    return render(request, "communities/body_list.html", context)


def _how_many(listed: Sequence[Any], day: date) -> str:
    """The heading of the list: how many bodies work on the day, and how many of them have nobody."""
    working = [body for body in listed if not body.has_ended(day)]
    if not working:
        return _("Organer")
    empty = sum(not body.seat_count for body in working)
    how_many = ngettext("%(n)s organ", "%(n)s organer", len(working)) % {"n": len(working)}
    return _("%(bodies)s, %(empty)s uten plasser") % {"bodies": how_many, "empty": empty} if empty else how_many


@login_required
def body(request: PersonRequest, code: str) -> HttpResponse:
    """One body: mandate, decision rule, and its seats now, to come and before."""
    body = _body(request, code)
    may_change = can_administer_body(request.user, body, request.now)
    context = {
        "body": body,
        "quorum": decision_words.quorum_in_force(body.decision_rules),
        "casting_vote": decision_words.casting_vote(body.decision_rules),
        "letter_approval": letter_approval.in_words(body.letter_approval),
        "seats": queries.by_term(queries.seats_of(body), clock.local_date(request.now)),
        "may_change": may_change,
        "successors": bodies_after(body) if body.last_day else [],
        "predecessors": bodies_before(body),
        "events": sentences.events(entries_of(body)) if may_change else (),
    }
    return render(request, "communities/body_detail.html", context)


@login_required
def body_add(request: PersonRequest) -> HttpResponse:
    """Set up a body."""
    require(can_administer(request.user, request.now))
    standing = queries.standing_at(request.user, request.now)
    form = NewBodyForm(pending.data(request), owners=queries.tenants(standing))
    form.helper.cancel_url = reverse("portal:body_list")
    if request.method == "POST" and form.is_valid():
        try:
            new_body = bodies.add_body(form.chosen_owner(), form.values(), by=request.user, at=request.now)
        except DomainError as error:
            form.add_error(next(iter(error.field_names), "abbreviation"), str(error))
        else:
            messages.success(request, _("%(name)s er opprettet.") % {"name": new_body})
            return redirect(new_body)
    return render(request, "communities/body_form.html", {"form": form}, status=form.http_status)


@login_required
def body_edit(request: PersonRequest, code: str) -> HttpResponse:
    """Change mandate, authority or decision rule."""
    body = _body(request, code)
    require(can_administer_body(request.user, body, request.now))
    form = BodyForm(pending.data(request), instance=body, owners=[body.tenant])
    form.helper.cancel_url = body.get_absolute_url()
    if request.method == "POST" and form.is_valid():
        typed = form.typed(by_button=True)
        act = partial(bodies.change_body, body, typed, base=form.base, by=request.user, at=request.now)
        if attempt(request, act, _("Organet er lagret."), form=form):
            return redirect(body)
    return render(request, "communities/body_form.html", {"form": form, "body": body}, status=form.http_status)


@login_required
def body_end(request: PersonRequest, code: str) -> HttpResponse:
    """End the body, and say which body goes on with its work."""
    body = _body(request, code)
    require(can_administer_body(request.user, body, request.now))
    form = EndBodyForm(pending.data(request), body=body)
    form.helper.cancel_url = body.get_absolute_url()
    form.helper.danger = True
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data
        act = partial(
            succession.end_body, body, chosen["last_day"], chosen["successor"], by=request.user, at=request.now
        )
        said = _("%(name)s er avsluttet. Siste dag var %(day)s.")
        if attempt(request, act, said % {"name": body, "day": date_no(chosen["last_day"])}, form=form):
            return redirect(body)
    return render(request, "communities/body_end.html", {"form": form, "body": body}, status=form.http_status)


@login_required
@require_POST
def take_back_end(request: PersonRequest, code: str) -> HttpResponse:
    """The body has not ended after all."""
    body = _body(request, code)
    require(can_administer_body(request.user, body, request.now))
    said = _("%(name)s er ikke avsluttet lenger.") % {"name": body}
    attempt(request, lambda: succession.take_back_end_of_body(body, by=request.user, at=request.now), said)
    return redirect(body)


# --- seats --------------------------------------------------------------------------------------------------


@login_required
def seat_add(request: PersonRequest, code: str) -> HttpResponse:
    """Give a person a seat."""
    body = _body(request, code)
    require(can_administer_body(request.user, body, request.now))
    initial = {"from_date": clock.local_date(request.now)}
    standing = queries.standing_at(request.user, request.now)
    form = NewSeatForm(pending.data(request), body=body, initial=initial, standing=standing)
    form.helper.cancel_url = body.get_absolute_url()
    if request.method == "POST" and form.is_valid():
        act = partial(bodies.add_seat, body, form.invited(), form.values(), by=request.user, at=request.now)
        if attempt(request, act, _is_seated, form=form):
            return redirect(body)
    return render(request, "communities/seat_form.html", {"form": form, "body": body}, status=form.http_status)


def _is_seated(seat: Seat) -> str:
    return _("%(name)s har fått plass.") % {"name": seat.user.name}


@login_required
def seat_first(request: PersonRequest, code: str) -> HttpResponse:
    """Give the secretariat of a helsefellesskap in the region its first person."""
    day = clock.local_date(request.now)
    standing = queries.standing_on(request.user, day)
    body = get_object_or_404(queries.empty_secretariats(day, standing), code=code)
    require(can_appoint_first(request.user, body, request.now))
    form = FirstSeatForm(pending.data(request), standing=standing)
    form.helper.cancel_url = reverse("portal:body_list")
    if request.method == "POST" and form.is_valid():
        invited, title = form.invited(), form.cleaned_data["title"]
        act = partial(bodies.appoint_first, body, invited, title=title, by=request.user, at=request.now)
        if attempt(request, act, _is_seated, form=form):
            return redirect("portal:body_list")
    return render(request, "communities/seat_first.html", {"form": form, "body": body}, status=form.http_status)


@login_required
def seat_edit(request: PersonRequest, pk: int) -> HttpResponse:
    """Change a seat."""
    seat = _seat(request, pk)
    form = SeatForm(pending.data(request), instance=seat, body=seat.body)
    form.helper.cancel_url = seat.body.get_absolute_url()
    if request.method == "POST" and form.is_valid():
        typed = form.typed(by_button=True)
        act = partial(bodies.change_seat, seat, typed, base=form.base, by=request.user, at=request.now)
        if attempt(request, act, _("Plassen er lagret."), form=form):
            return redirect(seat.body)
    return render(
        request, "communities/seat_form.html", {"form": form, "body": seat.body, "seat": seat}, status=form.http_status
    )


@login_required
def seat_confirm(request: PersonRequest, pk: int) -> HttpResponse:
    """Confirm a seat in the secretariat, which somebody else has given."""
    seat = _seat(request, pk)
    require(can_confirm_seat(request.user, seat))
    form = ConfirmSeatForm(request.POST or None)
    form.helper.cancel_url = seat.body.get_absolute_url()
    if request.method == "POST":
        act = partial(bodies.confirm_seat, seat, by=request.user, at=request.now)
        attempt(request, act, _("Plassen til %(name)s er bekreftet.") % {"name": seat.user})
        return redirect(seat.body)
    return render(request, "communities/seat_confirm.html", {"form": form, "seat": seat})


@login_required
def seat_end(request: PersonRequest, pk: int) -> HttpResponse:
    """Set the last day of a seat."""
    seat = _seat(request, pk)
    form = EndForm(pending.data(request), initial={"last_day": clock.local_date(request.now)})
    form.helper.cancel_url = seat.body.get_absolute_url()
    form.helper.danger = True
    if request.method == "POST" and form.is_valid():
        act = partial(bodies.end_seat, seat, **form.cleaned_data, by=request.user, at=request.now)
        if attempt(request, act, _("Plassen er avsluttet."), form=form, field="last_day"):
            return redirect(seat.body)
    context = {"form": form, "place": seat, "of_place": seat.body}
    return render(request, "communities/place_end.html", context, status=form.http_status)


def _body(request: PersonRequest, code: str) -> Body:
    standing = queries.standing_at(request.user, request.now)
    return get_object_or_404(Body.objects.visible_to(standing).with_owner(), code=code)


def _seat(request: PersonRequest, pk: int) -> Seat:
    standing = queries.standing_at(request.user, request.now)
    seat: Seat = get_object_or_404(queries.seats_by(standing), pk=pk)
    return seat
