"""Who a person is: asked once per request, as plain sets of ids that predicates can use without a query."""

from datetime import date
from typing import Any

from django.db.models import QuerySet

from portal.communities.models import Affiliation, Body, BodyKind, Seat, SeatRole, User
from portal.communities.standing import NOBODY, Standing

__all__ = ["NOBODY", "Standing", "members", "signatories", "standing"]


def standing(user: Any, day: date) -> Standing:
    """The standing of the person on the day (local date); two queries, kept on the user for the request."""
    if not getattr(user, "is_authenticated", False):
        return NOBODY
    kept: dict[date, Standing] = user.__dict__.setdefault("_standing", {})
    if day not in kept:
        kept[day] = _read_standing(user, day)
    return kept[day]


def _read_standing(user: User, day: date) -> Standing:
    affiliations = list(Affiliation.objects.current(day).filter(user=user).values_list("organisation_id", "may_sign"))
    seats = list(Seat.objects.current(day).filter(user=user).select_related("body"))
    office = [seat.body for seat in seats if seat.body.kind == BodyKind.SECRETARIAT]
    return Standing(
        user_id=user.pk,
        organisation_ids=frozenset(pk for pk, _may_sign in affiliations),
        signs_for_ids=frozenset(pk for pk, may_sign in affiliations if may_sign),
        body_ids=frozenset(seat.body_id for seat in seats),
        chaired_body_ids=frozenset(
            seat.body_id for seat in seats if seat.role in {SeatRole.CHAIR, SeatRole.VICE_CHAIR}
        ),
        secretariat_community_ids=frozenset(body.community_id for body in office if body.community_id),
        secretariat_region_ids=frozenset(body.region_id for body in office if body.region_id),
    )


def signatories(organisation_id: int, day: date) -> QuerySet[Affiliation]:
    """Those who may bind the organisation on the day."""
    return (
        Affiliation.objects.current(day).filter(organisation_id=organisation_id, may_sign=True).select_related("user")
    )


def members(body: Body, day: date) -> QuerySet[Seat]:
    """The seats of the body on the day, deputies included, with person and organisation."""
    return (
        Seat.objects.current(day)
        .filter(body=body)
        .select_related("user", "organisation")
        .order_by("deputy_for_id", "side", "user__name")
    )
