"""Nobody gives himself or herself a right, and who gets or loses a place is told by mail."""

from collections.abc import Collection
from datetime import datetime

from django.utils.translation import gettext as _

from portal import clock
from portal.communities.models import Affiliation, Body, Right, Seat, User
from portal.communities.queries.succession import post_addresses
from portal.communities.queries.vouching import brought_in_by
from portal.communities.rights import Gain, Rights, begins_anew, gains, leaves_vote_to_deputy
from portal.errors import DomainError
from portal.mail.services import queue

# A place of a person, in an organisation or on a body.
Membership = Affiliation | Seat


class OwnRightError(DomainError):
    """The person would gain a right by the person's own act; a colleague must do it."""


def require_given_by_colleague(membership: Membership, gained: Collection[Gain], by: User | None) -> None:
    """Raise OwnRightError when the place is the person's own, and the change adds something to it.

    Nor does one whom the person has brought into a secretariat give it, until a colleague has confirmed that seat.
    ``by`` is None for the operator, who has no place in the portal.
    """
    if gained and by and membership.user_id in brought_in_by(by.pk):
        if membership.user_id != by.pk:
            raise OwnRightError(
                _("%(name)s har gitt deg plass i sekretariatet. En annen kollega må gjøre dette.")
                % {"name": membership.user}
            )
        raise OwnRightError(
            _("Du kan ikke gi deg selv en plass, en stemme eller rett til å signere. Be en kollega gjøre det.")
        )


def require_no_gain_as_deputy(seat: Seat, before: Rights, by: User, at: datetime) -> None:
    """Raise OwnRightError when the person is the deputy of the seat, and votes more when the member votes less."""
    if not leaves_vote_to_deputy(before, seat.rights):
        return
    if Seat.objects.unfinished(clock.local_date(at)).filter(user=by, deputy_for=seat).exists():
        raise OwnRightError(
            _("Du er vara for %(name)s, og stemmer når denne plassen ikke gjør det. Be en kollega gjøre det.")
            % {"name": seat.user}
        )


def require_no_gain_as_voter(seat: Seat, before: Rights, by: User, at: datetime) -> None:
    """Raise OwnRightError when the person votes in the body, and another votes less, or on another side."""
    if seat.user_id == by.pk or not before.has_vote:
        return
    if not leaves_vote_to_deputy(before, seat.rights) and before.side == seat.side:
        return
    if Seat.objects.unfinished(clock.local_date(at)).filter(body=seat.body_id, user=by, right=Right.VOTE).exists():
        raise OwnRightError(
            _("Du stemmer i %(body)s. Be en kollega i sekretariatet endre eller avslutte andres plasser der.")
            % {"body": seat.body}
        )


def require_no_vote_in(body: Body, by: User, at: datetime) -> None:
    """Raise OwnRightError when the person votes in the body: how it decides is not for its voters to set alone."""
    if Seat.objects.current(clock.local_date(at)).filter(body=body, user=by, right=Right.VOTE).exists():
        raise OwnRightError(
            _("Du stemmer i %(body)s. Be en kollega i sekretariatet endre hvordan organet avgjør saker.")
            % {"body": body}
        )


def date_given(membership: Membership, before: Rights | None, at: datetime) -> None:
    """Set when the place, and the authority to sign, were given, where the change gives them; nothing is saved."""
    is_given = begins_anew(before, membership.rights, clock.local_date(at))
    if is_given:
        membership.given_at = at
    if isinstance(membership, Affiliation) and (is_given or Gain.SIGN in gains(before, membership.rights)):
        membership.signing_given_at = at if membership.may_sign else None


def tell_of_place(membership: Membership, before: Rights | None, *, by: User | None, at: datetime) -> None:
    """Tell the person, and the organisation or the body's owner at its post address, what the place gives now.

    Nothing is sent when the change neither gives nor takes anything.
    """
    if membership.rights == before:
        return
    is_seat = isinstance(membership, Seat)
    where = membership.body if isinstance(membership, Seat) else membership.organisation
    tenant = where.tenant
    told = (
        [tenant.post_address]
        if isinstance(membership, Seat)
        else post_addresses(membership.organisation, clock.local_date(at))
    )
    context = {
        "place": membership,
        "seat": membership if is_seat else None,
        "where": where,
        "tenant": tenant,
        "by": by,
        "is_new": before is None,
        "office_address": tenant.post_address,
    }
    name = "seat" if is_seat else "affiliation"
    for kind, recipient, language in (
        ("place_changed", membership.user.email, membership.user.language),
        *(("place_changed_told", address, "nb") for address in told),
    ):
        if recipient:
            key = f"{kind}:{name}:{membership.pk}:{at.isoformat()}"
            key += f":{recipient}" if len(told) > 1 else ""
            queue(kind, recipient=recipient, about=where, context=context, at=at, key=key, language=language)
