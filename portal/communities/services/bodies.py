"""Bodies and the seats on them."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.text import get_text_list, slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from portal import clock
from portal.acts import act, held
from portal.cells import Base
from portal.communities.letter_approval import strictest
from portal.communities.models import Body, BodyKind, HealthCommunity, Organisation, Right, Seat, SeatRole, Side, User
from portal.communities.permissions import GIVEN_BY_SAME
from portal.communities.queries.vouching import one_with
from portal.communities.questions import bodies_in_session
from portal.communities.rights import Rights, gains
from portal.communities.services.changes import hold, set_changed
from portal.communities.services.people import Invited, find_or_invite
from portal.communities.services.places import (
    OwnRightError,
    date_given,
    require_given_by_colleague,
    require_no_gain_as_deputy,
    require_no_gain_as_voter,
    require_no_vote_in,
    tell_of_place,
)
from portal.communities.services.terms import check_term, check_within, end_term, overlapping
from portal.errors import DomainError
from portal.journal.services import record


class BodyError(DomainError):
    """The body cannot be set up like this."""


class BodyInSessionError(BodyError):
    """The rules of a vote cannot be changed while the body is in a meeting."""


class SeatError(DomainError):
    """The seat cannot be given, changed or ended like this."""


class VouchedError(SeatError):
    """The seat would be confirmed by the one who gave it, or by one whom that person brought in."""


# The rules of a vote, and who sees it: not changed while a meeting of the body is open.
VOTING_FIELDS = frozenset(
    {"decision_rule", "quorum_percent", "quorum_needs_both_sides", "chair_breaks_ties", "members_see_votes"}
)
# Who votes, and on which side.
VOTING_SEAT_FIELDS = frozenset({"side", "right", "deputy_for"})

# --- bodies -----------------------------------------------------------------------------------------


@act
def add_body(owner: HealthCommunity | Organisation, fields: dict[str, Any], *, by: User, at: datetime) -> Body:
    """Set up a body of the helsefellesskap or region (R26). Journal: ``body.added``.

    Raises BodyError when the owner has a body with that abbreviation, or the body that appoints it is another's.
    """
    code = slugify(f"{fields['abbreviation']} {owner.code}")
    if Body.objects.filter(code=code).exists():
        raise BodyError(_("Det finnes allerede et organ med forkortelsen %(a)s.") % {"a": fields["abbreviation"]})
    key = "community" if isinstance(owner, HealthCommunity) else "region"
    body = Body(code=code, **{key: owner}, **fields)
    _require_appointer(body)
    if body.letter_approval:
        _keep_approval(body, "", by=by, at=at)
    body.save()
    record("body.added", subject=body, by=by, at=at, community=owner)
    return body


@act
def change_body(body: Body, fields: dict[str, Any], *, by: User, at: datetime, base: Base | None = None) -> Body:
    """Change name, mandate, authority or decision rule. Journal: ``body.changed`` with the names of the fields.

    Raises BodyInSessionError when the change is about how the body decides, and a meeting of the body is open;
    OwnRightError when ``by`` sits on the body and votes by those rules, or changes who appoints one's own body;
    BodyError for a body that cannot appoint it; WrittenMeanwhileError when others have changed the same since the page
    of ``base`` was opened.
    """
    body = held(Body.objects.filter(pk=body.pk)).get()
    said_before, appointed_by = body.letter_approval, body.appointed_by_id
    changed = set_changed(body, fields, base, told=(body, "body.changed"), by=by)
    if "letter_approval" in changed:
        _keep_approval(body, said_before, by=by, at=at)
    if "appointed_by" in changed:
        _require_appointer(body)
        _require_no_seat_in([body.pk, appointed_by, body.appointed_by_id], by, at)
    if VOTING_FIELDS.intersection(changed):
        require_no_vote_in(body, by, at)
    if VOTING_FIELDS.intersection(changed) and bodies_in_session([body.pk]):
        raise BodyInSessionError(
            _(
                "%(body)s er i møte. Beslutningsregelen, kravet til hvor mange som må være til stede, "
                "og hvem som ser stemmene, kan ikke endres før møtet er hevet."
            )
            % {"body": body}
        )
    body.save()
    if changed:
        # How many approve a letter is said with its value: who makes it one may gain by it.
        said = {"letter_approval": body.letter_approval} if "letter_approval" in changed else {}
        record("body.changed", subject=body, by=by, at=at, community=body.tenant, fields=changed, **said)
    return body


def _require_appointer(body: Body) -> None:
    """Raise BodyError unless the body that appoints it is of the same owner, and is not appointed by it in turn."""
    above = body.appointed_by
    if above is None:
        return
    if above.tenant != body.tenant or above.kind == BodyKind.SECRETARIAT:
        raise BodyError(_("Velg et organ som hører til %(owner)s.") % {"owner": body.tenant}).about("appointed_by")
    while above is not None:
        if above.pk == body.pk:
            said = _("%(body)s oppnevner selv det organet, direkte eller gjennom et annet.")
            raise BodyError(said % {"body": body}).about("appointed_by")
        above = above.appointed_by


def _require_no_seat_in(bodies: Sequence[int | None], by: User, at: datetime) -> None:
    """Raise OwnRightError when the person sits on one of the bodies (ids): it would change the own ties (R54)."""
    sits_on = Seat.objects.current(clock.local_date(at)).filter(user=by, body__in=[pk for pk in bodies if pk])
    if sits_on.exists():
        said = _("Du har en plass i et av organene. Be en kollega i sekretariatet endre hvem som oppnevner.")
        raise OwnRightError(said).about("appointed_by")


def _keep_approval(body: Body, said_before: str, *, by: User, at: datetime) -> None:
    """Keep what the body said of approving letters until now, and who changes it; of one's own changes the strictest.

    Whoever lets one person be enough, gives himself or herself nothing by it (``Body.letter_approval_for``).
    """
    is_same = body.letter_approval_by_id in one_with(by.pk)
    body.letter_approval_before = strictest(said_before, body.letter_approval_before) if is_same else said_before
    body.letter_approval_by, body.letter_approval_at = by, at


# --- seats ---------------------------------------------------------------------------------------------


@act
def add_seat(body: Body, invited: Invited, fields: dict[str, Any], *, by: User, at: datetime) -> Seat:
    """Give a person a seat, inviting the person if new. Journal: ``seat.added``. Raises SeatError.

    Raises OwnRightError when the person is ``by``, and SeatError for one who is to lead while a meeting of the body is
    open. The person and the body's owner are told by mail. One who is new in a secretariat is no second person beside
    ``by`` until a colleague has confirmed the seat.
    """
    if fields.get("role", SeatRole.MEMBER) != SeatRole.MEMBER:
        _require_not_in_session(held(Body.objects.filter(pk=body.pk)).get(), _LEADERS_STAY)
    user = find_or_invite(invited, tenant=body.tenant, by=by, at=at)
    seat = Seat(body=body, user=user, **fields)
    if body.kind == BodyKind.SECRETARIAT:
        _vouch(seat, by)
    _save(seat, None, by=by, at=at)
    _record("seat.added", seat, by=by, at=at, **_rights(None, seat))
    return seat


@act
def appoint_first(
    body: Body, invited: Invited, *, title: str, by: User | None, at: datetime, anyway: bool = False
) -> Seat:
    """Give a secretariat its first person, who then gives the other places. Journal: ``seat.first_given``.

    ``by`` is None for the operator of the portal. Raises SeatError when the body is no secretariat or has somebody
    already (unless ``anyway``: those who are there have left without telling), and OwnRightError when the person is
    ``by``. The person and the body's owner are told by mail.
    """
    body = held(Body.objects.filter(pk=body.pk)).get()
    if body.kind != BodyKind.SECRETARIAT:
        raise SeatError(_("%(body)s er ikke et sekretariat. Sekretariatet gir plassene der.") % {"body": body})
    today = clock.local_date(at)
    seated = Seat.objects.current(today).filter(body=body, user__is_active=True).select_related("user")
    names = sorted(seat.user.name for seat in seated)
    if names and not anyway:
        raise SeatError(
            _("%(names)s er i sekretariatet, og gir de andre plass.") % {"names": get_text_list(names, _("og"))}
        )
    user = find_or_invite(invited, tenant=body.tenant, by=by, at=at)
    seat = Seat(body=body, user=user, title=title, side=Side.OTHER, right=Right.SPEAK, from_date=today)
    _save(seat, None, by=by, at=at)
    _record("seat.first_given", seat, by=by, at=at)
    return seat


def _vouch(seat: Seat, by: User) -> None:
    """Keep who gives the seat, unless somebody else has given or confirmed the person one; nothing is saved of it."""
    earlier = Seat.objects.filter(user=seat.user_id, body__kind=BodyKind.SECRETARIAT)
    givers = set(earlier.values_list("given_alone_by", flat=True))
    if givers <= one_with(by.pk):
        seat.given_alone_by = by
    else:
        earlier.update(given_alone_by=None)


@act
def confirm_seat(seat: Seat, *, by: User | None, at: datetime) -> Seat:
    """Confirm that the person belongs in the secretariat, and counts as another than the giver.

    Journal: ``seat.confirmed``.

    ``by`` is None for the operator of the portal. Raises SeatError when it is confirmed, and VouchedError when ``by``
    has given the seat, has it, or was brought in by one of those.
    """
    held(Body.objects.filter(pk=seat.body_id)).get()
    hold(seat)
    if seat.given_alone_by_id is None:
        raise SeatError(_("Plassen er bekreftet fra før."))
    if by and seat.user_id in one_with(by.pk):
        raise VouchedError(_(GIVEN_BY_SAME))
    Seat.objects.filter(user=seat.user_id).update(given_alone_by=None)
    _record("seat.confirmed", seat, by=by, at=at)
    return seat


@act
def change_seat(seat: Seat, fields: dict[str, Any], *, by: User, at: datetime, base: Base | None = None) -> Seat:
    """Change side, right, role, whom it stands in for, or the term. Journal: ``seat.changed``. Raises SeatError.

    Who votes, on which side, and who leads is not changed while a meeting of the body is open. Raises OwnRightError
    when ``by`` gains by it, also as the deputy of the seat. Whoever gets or loses a right is told by mail, and the
    body's owner. Raises WrittenMeanwhileError when others have changed the same since the page of ``base`` was opened.
    """
    body = held(Body.objects.filter(pk=seat.body_id)).get()
    hold(seat)
    before, role = seat.rights, seat.role
    changed = set_changed(seat, fields, base, told=(body, "seat.changed"), by=by)
    if VOTING_SEAT_FIELDS.intersection(changed):
        _require_not_in_session(body, _VOTERS_STAY)
    leads = SeatRole.MEMBER not in {seat.role, role}
    if "role" in changed or (leads and {"from_date", "to_date"}.intersection(changed)):
        _require_not_in_session(body, _LEADERS_STAY)
    require_no_gain_as_deputy(seat, before, by, at)
    require_no_gain_as_voter(seat, before, by, at)
    _save(seat, before, by=by, at=at)
    _check_office_is_staffed(seat.body, clock.local_date(at))
    if changed:
        _record("seat.changed", seat, by=by, at=at, fields=changed, **_rights(before, seat))
    return seat


@act
def end_seat(seat: Seat, last_day: date, *, by: User, at: datetime) -> Seat:
    """End the seat with the given last day; it stays as history. Journal: ``seat.ended``.

    Raises SeatError, also when the body is in a meeting and the day has passed, and when the secretariat would be left
    without anybody; OwnRightError when ``by`` is the deputy who would vote, or votes in the body himself.
    """
    body = held(Body.objects.filter(pk=seat.body_id)).get()
    if last_day < clock.local_date(at):
        _require_not_in_session(body, _SEATS_STAY)
    before = seat.rights
    end_term(seat, last_day, error=SeatError)
    require_no_gain_as_deputy(seat, before, by, at)
    require_no_gain_as_voter(seat, before, by, at)
    _check_office_is_staffed(seat.body, max(last_day, clock.local_date(at)))
    tell_of_place(seat, before, by=by, at=at)
    _record("seat.ended", seat, by=by, at=at)
    return seat


_VOTERS_STAY = _lazy(
    "%(body)s er i møte. Side, stemmerett og hvem en vara står for, kan ikke endres før møtet er hevet."
)
_LEADERS_STAY = _lazy("%(body)s er i møte. Hvem som leder, kan ikke endres før møtet er hevet.")
_SEATS_STAY = _lazy("%(body)s er i møte. Ingen plass kan avsluttes med en dag som er passert, før møtet er hevet.")


def _require_not_in_session(body: Body, sentence: Any) -> None:
    """Raise SeatError while a meeting of the body is open; the caller has locked the body's row."""
    if bodies_in_session([body.pk]):
        raise SeatError(sentence % {"body": body})


def _save(seat: Seat, before: Rights | None, *, by: User | None, at: datetime) -> None:
    require_given_by_colleague(seat, gains(before, seat.rights), by)
    check_term(seat, error=SeatError)
    check_within(seat, seat.body, error=SeatError)
    _check_one_seat(seat)
    _check_role(seat)
    _check_deputy(seat)
    date_given(seat, before, at)
    seat.save()
    tell_of_place(seat, before, by=by, at=at)


def _rights(before: Rights | None, seat: Seat) -> dict[str, list[str]]:
    """What was added, for the log; nothing when nothing was."""
    gained = gains(before, seat.rights)
    return {"rights": sorted(gained)} if gained else {}


def _check_one_seat(seat: Seat) -> None:
    if overlapping(Seat.objects.filter(body=seat.body_id, user=seat.user_id), seat).exists():
        raise SeatError(
            _("%(name)s har allerede en plass i %(body)s i denne perioden.")
            % {"name": seat.user.name, "body": seat.body}
        )


def _check_role(seat: Seat) -> None:
    if seat.role == SeatRole.MEMBER:
        return
    if seat.is_deputy:
        raise SeatError(_("En vara kan ikke være leder eller nestleder."))
    holders: QuerySet[Seat] = Seat.objects.filter(body=seat.body_id, role=seat.role).select_related("user")
    holder = overlapping(holders, seat).first()
    if holder:
        raise SeatError(
            _("%(name)s er %(role)s i denne perioden. Avslutt eller endre den plassen først.")
            % {"name": holder.user.name, "role": holder.get_role_display().lower()}
        )


def _check_deputy(seat: Seat) -> None:
    if seat.deputy_for is None:
        return
    stands_in_for = seat.deputy_for
    if stands_in_for.body_id != seat.body_id or stands_in_for.is_deputy or stands_in_for.pk == seat.pk:
        raise SeatError(_("En vara må stå for en fast plass i samme organ."))
    if stands_in_for.side != seat.side or stands_in_for.right != seat.right:
        raise SeatError(_("En vara må ha samme side og samme rettighet som plassen den står for."))


def _check_office_is_staffed(body: Body, day: date) -> None:
    if body.kind == BodyKind.SECRETARIAT and not Seat.objects.current(clock.next_day(day)).filter(body=body).exists():
        raise SeatError(_("Sekretariatet kan ikke stå uten folk. Gi noen andre en plass først."))


def _record(entry: str, seat: Seat, *, by: User | None, at: datetime, **data: Any) -> None:
    record(entry, subject=seat.body, by=by, at=at, community=seat.body.tenant, person=seat.user_id, **data)
