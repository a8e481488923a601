"""What a person belongs to, read once a request as plain sets of ids, and the lists of the register's pages."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Case, Count, Exists, OuterRef, Prefetch, Q, QuerySet, When

from portal import clock
from portal.communities.chains import on_day
from portal.communities.models import (
    Affiliation,
    Body,
    BodyKind,
    FormerAddress,
    HealthCommunity,
    Organisation,
    OrganisationKind,
    Seat,
    SeatRole,
    Side,
    User,
    in_term,
    plain_address,
)
from portal.communities.questions import given_to_assess
from portal.communities.standing import NOBODY, Given, Standing
from portal.journal.models import LogEntry
from portal.journal.queries import open_to

__all__ = [
    "NOBODY",
    "ByTerm",
    "KindCount",
    "Standing",
    "administered_bodies",
    "administered_organisations",
    "affiliations_by",
    "affiliations_of",
    "affiliations_today",
    "any_secretary",
    "bodies",
    "body_with_code",
    "by_term",
    "communities",
    "empty_secretariats",
    "every_community",
    "invited",
    "log_of",
    "members",
    "officers_of",
    "organisations",
    "organisations_by_kind",
    "organisations_for_seats",
    "people",
    "permanent_seats",
    "possible_appointers",
    "search",
    "seats_by",
    "seats_of",
    "seats_today",
    "signatories",
    "standing_at",
    "standing_on",
    "tenants",
    "user_with_email",
    "with_address",
    "with_affiliations_and_seats",
]


def standing_on(user: Any, day: date) -> Standing:
    """The standing of the person on the day (local date); two queries, stored on the user for the request."""
    if not getattr(user, "is_authenticated", False):
        return NOBODY
    standings: dict[date, Standing] = user.__dict__.setdefault("_standing", {})
    if day not in standings:
        standings[day] = _read_standing(user, day)
    return standings[day]


def standing_at(user: Any, now: datetime) -> Standing:
    """The standing of the person at the moment, by Oslo's calendar."""
    return standing_on(user, clock.local_date(now))


# Every page reads the standing of its person. Naming the fields takes Django as long as the query itself, so each is
# written once, and only the person is added. Dates are compared in ``_of``: the rows of a person are few.
_TERM = ("from_date", "to_date")
_BEFORE = ("predecessor_id", "from_date", "given_at")


@cache
def _affiliations() -> QuerySet[Affiliation, tuple[Any, ...]]:
    fields = ("organisation_id", "may_sign", "given_at", "signing_given_at")
    of_before = ("organisation__continues__" + name for name in _BEFORE)
    return Affiliation.objects.order_by().values_list(*_TERM, *fields, *of_before)


@cache
def _seats() -> QuerySet[Seat, tuple[Any, ...]]:
    sits_for = ("organisation_id", "organisation__continues__predecessor_id", "organisation__continues__from_date")
    fields = ("body__kind", "body__community_id", "body__region_id", "body_id", "role", "given_at")
    of_before = ("body__continues__" + name for name in _BEFORE)
    return Seat.objects.order_by().values_list(*_TERM, given_to_assess("user"), *sits_for, *fields, *of_before)


def _of(user: User, day: date, rows: QuerySet[Any, tuple[Any, ...]]) -> list[list[Any]]:
    """The fields after the term, of the person's rows whose term includes the day; one query."""
    return [values for from_date, to_date, *values in rows.filter(user=user.pk) if in_term(from_date, to_date, day)]


def _read_standing(user: User, day: date) -> Standing:
    affiliations, seats = _affiliations_on(day, user), _seats_on(day, user)
    secretariats = [(community, region) for *_seat, kind, community, region in seats if kind == BodyKind.SECRETARIAT]
    return Standing(
        user_id=user.pk,
        organisation_ids=frozenset(pk for pk, *_affiliation in affiliations),
        signs_for_ids=frozenset(pk for pk, may_sign, *_times in affiliations if may_sign),
        body_ids=frozenset(seat[0] for seat in seats),
        represented_ids=frozenset().union(*(represented for _pk, _role, _at, represented, *_body in seats)),
        chaired_body_ids=frozenset(pk for pk, role, *_body in seats if role in (SeatRole.CHAIR, SeatRole.VICE_CHAIR)),
        secretariat_community_ids=frozenset(community for community, _region in secretariats if community),
        secretariat_region_ids=frozenset(region for _community, region in secretariats if region),
        seat_community_ids=frozenset(community for *_seat, community, _region in seats if community),
        seat_region_ids=frozenset(region for *_seat, region in seats if region),
        assesses=any(given is not None for _pk, _role, _at, _represented, given, *_body in seats),
        given=(
            *(Given(at, organisation_id=pk) for pk, _may_sign, at, _signing_at in affiliations if at),
            *(Given(at, signs_for_id=pk) for pk, may_sign, _at, at in affiliations if at and may_sign),
            *(Given(at, body_id=pk) for pk, _role, at, *_body in seats if at),
        ),
    )


def _affiliations_on(day: date, user: User) -> set[tuple[int, bool, datetime | None, datetime | None]]:
    """Organisation, authority to sign, and when the two were given, of the affiliations that count on the day.

    Who belongs to an organisation belongs to those that it goes on from, too; that was given when the succession was.
    """
    read: set[tuple[int, bool, datetime | None, datetime | None]] = set()
    for pk, may_sign, at, signing_at, *before in _of(user, day, _affiliations()):
        read.add((pk, may_sign, at, signing_at))
        predecessor, from_date, succeeded_at = before
        if predecessor and from_date <= day:
            read.add((predecessor, may_sign, _later(at, succeeded_at), _later(signing_at, succeeded_at)))
    return read


def _seats_on(day: date, user: User) -> set[tuple[Any, ...]]:
    """Body, role, when it was given, for whom, and the body's kind, helsefellesskap and region, of the day's seats.

    Before the kind what ``given_to_assess`` answers of the person: the menu asks that on every page.
    Who sits on a body sits on those that it goes on from, too, without leading them; given when the succession was.
    """
    read: set[tuple[Any, ...]] = set()
    for given, organisation, org_before, org_from, kind, *rest in _of(user, day, _seats()):
        community, region, pk, role, at, predecessor, from_date, succeeded_at = rest
        is_sent = organisation and kind != BodyKind.SECRETARIAT
        sent_by = frozenset(on_day(day, organisation, org_before, org_from) if is_sent else ())
        body = (given, kind, community, region)
        read.add((pk, role, at, sent_by, *body))
        if predecessor and from_date <= day:
            read.add((predecessor, SeatRole.MEMBER, _later(at, succeeded_at), sent_by, *body))
    return read


def _later(given_at: datetime | None, succeeded_at: datetime) -> datetime:
    return max(given_at, succeeded_at) if given_at else succeeded_at


def signatories(organisation_id: int, day: date) -> QuerySet[Affiliation]:
    """The affiliations of those who may bind the organisation, or go on with what it had, on the day."""
    binding = Affiliation.objects.acting_for([organisation_id], day).filter(may_sign=True)
    return binding.select_related("user").distinct()


def officers_of(body: Body, day: date) -> QuerySet[User]:
    """The people in the secretariat that serves the body on the day."""
    seats = Seat.objects.current(day).filter(
        body__kind=BodyKind.SECRETARIAT, body__region=body.region_id, body__community=body.community_id
    )
    return User.objects.filter(pk__in=seats.values("user")).order_by("pk")


def members(body: Body, day: date) -> QuerySet[Seat]:
    """The seats of the body on the day, deputies included, with person and organisation."""
    seats = Seat.objects.current(day).filter(body=body).select_related("user", "organisation")
    return seats.order_by("deputy_for_id", "side", "user__name")


def tenants(standing: Standing) -> list[HealthCommunity | Organisation]:
    """What the person's secretariats serve: helsefellesskap first, then regions; two queries."""
    return [
        *HealthCommunity.objects.filter(pk__in=standing.secretariat_community_ids),
        *Organisation.objects.filter(pk__in=standing.secretariat_region_ids),
    ]


def people(standing: Standing) -> QuerySet[User]:
    """The people that the person's secretariats have given an affiliation or a seat, now or before."""
    affiliated = Affiliation.objects.administered_by(standing).values("user")
    seated = Seat.objects.administered_by(standing).values("user")
    return User.objects.filter(Q(pk__in=affiliated) | Q(pk__in=seated)).order_by("name", "email")


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody who has an address already; the name is empty for one whom the secretariat does not know."""

    pk: int
    name: str


def known_by_another_name(email: str, name: str, standing: Standing) -> Known | None:
    """The person who has the address, when the name is another than what was typed; two queries at most."""
    person = user_with_email(email)
    if person is None or not name or _plain(person.name) == _plain(name):
        return None
    is_seen = people(standing).filter(pk=person.pk).exists()
    return Known(person.pk, person.name if is_seen else "")


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()


def with_affiliations_and_seats(users: QuerySet[User], standing: Standing, day: date) -> QuerySet[User]:
    """The people with ``current_affiliations`` and ``current_seats``: those that the secretariats administer."""
    affiliations = Affiliation.objects.administered_by(standing).current(day).select_related("organisation")
    seats = Seat.objects.administered_by(standing).current(day).select_related("body")
    return users.prefetch_related(
        Prefetch("affiliations", affiliations, to_attr="current_affiliations"),
        Prefetch("seats", seats, to_attr="current_seats"),
    )


@dataclass(frozen=True, slots=True)
class ByTerm:
    """Seats or affiliations, divided by their terms."""

    current: list[Any]
    coming: list[Any]
    former: list[Any]


def by_term(rows: Iterable[Any], day: date) -> ByTerm:
    """Divide seats or affiliations into those of the day, those to come and those that have ended."""
    groups = ByTerm([], [], [])
    for row in rows:
        if in_term(row.from_date, row.to_date, day):
            groups.current.append(row)
        elif row.from_date > day:
            groups.coming.append(row)
        else:
            groups.former.append(row)
    return groups


def seats_of(body: Body) -> QuerySet[Seat]:
    """All seats of the body, also former and coming: the leaders, the two sides, the others, deputies last."""
    rank = Case(
        When(deputy_for__isnull=False, then=9),
        When(role=SeatRole.CHAIR, then=0),
        When(role=SeatRole.VICE_CHAIR, then=1),
        When(side=Side.MUNICIPALITY, then=2),
        When(side=Side.HOSPITAL, then=3),
        default=4,
    )
    seats: QuerySet[Seat] = (
        Seat.objects.filter(body=body)
        .select_related("user", "organisation", "deputy_for__user", "body__community", "body__region")
        .annotate(rank=rank)
        .order_by("rank", "side", "user__name", "from_date")
    )
    return seats


def affiliations_of(organisation: Organisation) -> QuerySet[Affiliation]:
    """All affiliations to the organisation, also former and coming, those who may sign first."""
    affiliations: QuerySet[Affiliation] = (
        Affiliation.objects.filter(organisation=organisation)
        .select_related("user", "organisation__community")
        .order_by("-may_sign", "user__name", "from_date")
    )
    return affiliations


def affiliations_by(standing: Standing, *, of: User | None = None) -> QuerySet[Affiliation]:
    """The affiliations that the person's secretariats administer, also former and coming; ``of`` one person or all."""
    affiliations: QuerySet[Affiliation] = (
        Affiliation.objects.administered_by(standing)
        .select_related("user", "organisation__community")
        .order_by("organisation__name", "from_date")
    )
    return affiliations.filter(user=of) if of else affiliations


def seats_by(standing: Standing, *, of: User | None = None) -> QuerySet[Seat]:
    """The seats that the person's secretariats administer, also former and coming; ``of`` one person or all."""
    seats: QuerySet[Seat] = (
        Seat.objects.administered_by(standing)
        .select_related("user", "organisation", "body__community", "body__region", "deputy_for__user")
        .order_by("body__name", "from_date")
    )
    return seats.filter(user=of) if of else seats


def user_with_email(email: str) -> User | None:
    """The person who has the address, or had it, whichever way it is written."""
    return User.objects.filter(with_address([plain_address(email)])).order_by("pk").first()


def has_address(email: str, *, but: User) -> bool:
    """Whether another person has the address, or had it."""
    return User.objects.filter(with_address([plain_address(email)])).exclude(pk=but.pk).exists()


def address_today(email: str) -> str:
    """The address as it is now: the new one of a person who had it, else itself."""
    former = FormerAddress.objects.filter(email=plain_address(email)).select_related("user").first()
    return former.user.email if former else email


def with_address(addresses: Iterable[str]) -> Q:
    """A condition on persons: who has one of the addresses, or had it."""
    return Q(email__in=addresses) | Q(former_addresses__email__in=addresses)


def affiliations_today(user: User, day: date) -> QuerySet[Affiliation]:
    """The person's affiliations on the day, with their organisations."""
    affiliations: QuerySet[Affiliation] = Affiliation.objects.current(day).filter(user=user)
    return affiliations.select_related("organisation")


def seats_today(user: User, day: date) -> QuerySet[Seat]:
    """The person's seats on the day, with their bodies, and for a deputy the member that it stands in for."""
    seats: QuerySet[Seat] = Seat.objects.current(day).filter(user=user)
    return seats.select_related("body__community", "body__region", "deputy_for__user")


def permanent_seats(body: Body, *, but: Seat) -> QuerySet[Seat]:
    """The seats that a deputy can stand in for: all of the body but other deputies' and the deputy's own seat."""
    return seats_of(body).filter(deputy_for=None).exclude(pk=but.pk)


def possible_appointers(owners: Iterable[HealthCommunity | Organisation], *, but: Body) -> QuerySet[Body]:
    """The bodies of these helsefellesskap and regions that can appoint another; never a secretariat, or ``but``."""
    owners = list(owners)
    communities = [owner.pk for owner in owners if isinstance(owner, HealthCommunity)]
    regions = [owner.pk for owner in owners if isinstance(owner, Organisation)]
    bodies = Body.objects.filter(Q(community__in=communities) | Q(region__in=regions), last_day=None)
    return bodies.exclude(kind=BodyKind.SECRETARIAT).exclude(pk=but.pk or 0).order_by("kind", "name", "pk")


def organisations_for_seats(body: Body) -> QuerySet[Organisation]:
    """The organisations that a member of the body can come from: those of its helsefellesskap, or of its region.

    Those that have ended are among them: a seat keeps the one that it was given for.
    """
    if body.community_id:
        return Organisation.objects.filter(community=body.community_id)
    return Organisation.objects.filter(Q(community__region=body.region) | Q(pk=body.tenant.pk))


def communities(standing: Standing) -> QuerySet[HealthCommunity]:
    """The helsefellesskap whose secretariat the person is in."""
    return HealthCommunity.objects.visible_to(standing)


def every_community() -> QuerySet[HealthCommunity]:
    """Every helsefellesskap with its region, region by region."""
    return HealthCommunity.objects.select_related("region").order_by("region__name", "name")


def administered_organisations(standing: Standing) -> QuerySet[Organisation]:
    """The organisations and regional authorities that the person's secretariats administer."""
    return Organisation.objects.administered_by(standing).with_community()


def administered_bodies(standing: Standing) -> QuerySet[Body]:
    """The bodies that the person's secretariats administer."""
    return Body.objects.administered_by(standing).with_owner()


def empty_secretariats(day: date, standing: Standing | None = None) -> QuerySet[Body]:
    """The secretariats in which nobody sits on the day: all, or those of the helsefellesskap of the person's regions.

    The secretariat of a region gives a helsefellesskap of the region its first person.
    """
    seated = Seat.objects.current(day).filter(body=OuterRef("pk"), user__is_active=True)
    empty = Body.objects.filter(~Exists(seated), kind=BodyKind.SECRETARIAT).with_owner().order_by("code")
    return empty.filter(community__region__in=standing.secretariat_region_ids) if standing else empty


def any_secretary(day: date) -> bool:
    """Whether anybody sits in any secretariat on the day; until somebody does, nobody can give a place."""
    return Seat.objects.current(day).filter(body__kind=BodyKind.SECRETARIAT, user__is_active=True).exists()


def body_with_code(code: str) -> Body | None:
    """The body with the code, with its owner."""
    return Body.objects.filter(code=code).with_owner().first()


def organisations(standing: Standing, words: list[str], kind: str) -> QuerySet[Organisation]:
    """The organisations that the secretariats administer, searched by name and number, of one kind or all."""
    administered = Organisation.objects.administered_by(standing).select_related("community")
    matching: QuerySet[Organisation] = search(administered, words, "name", "parallel_name", "orgnr", "kommunenr")
    return matching.filter(kind=kind) if kind else matching


@dataclass(frozen=True, slots=True)
class KindCount:
    """How many organisations there are of a kind, and of how many nobody has confirmed where they belong."""

    kind: str
    label: str
    count: int
    unconfirmed: int


def organisations_by_kind(standing: Standing) -> list[KindCount]:
    """The kinds of the organisations that the secretariats administer; one query."""
    unconfirmed = Count("pk", filter=Q(membership_is_inferred=True))
    rows = Organisation.objects.administered_by(standing).order_by().values_list("kind")
    counted = {kind: numbers for kind, *numbers in rows.annotate(Count("pk"), unconfirmed=unconfirmed)}
    return [KindCount(kind, str(label), *counted[kind]) for kind, label in OrganisationKind.choices if kind in counted]


def invited(standing: Standing) -> int:
    """How many of the people have not chosen a password yet; one query."""
    return people(standing).filter(password__startswith=UNUSABLE_PASSWORD_PREFIX).count()


def bodies(standing: Standing, day: date) -> QuerySet[Body]:
    """The bodies that the person serves or sits on, with ``seat_count`` of the day, by owner."""
    taken = Q(seats__from_date__lte=day) & (Q(seats__to_date=None) | Q(seats__to_date__gte=day))
    return (
        Body.objects.visible_to(standing)
        .select_related("community", "region")
        .annotate(seat_count=Count("seats", filter=taken))
        .order_by("community__name", "region__name", "kind", "abbreviation")
    )


def search(rows: QuerySet[Any], words: list[str], *fields: str) -> QuerySet[Any]:
    """The rows in which each word is found in one of the fields."""
    for word in words:
        hit = Q()
        for field in fields:
            hit |= Q(**{f"{field}__holds": word})
        rows = rows.filter(hit)
    return rows


def log_of(
    standing: Standing, *, actor: str = "", first_day: date | None = None, last_day: date | None = None
) -> QuerySet[LogEntry]:
    """The log of what the person's secretariats serve, newest first, with the actor; the days are Oslo's.

    Entries of cases that are closed to the person are left out.
    """
    codes = [tenant.code for tenant in tenants(standing)]
    entries = LogEntry.objects.filter(community_code__in=codes).select_related("actor").order_by("-number")
    if first_day:
        entries = entries.filter(at__gte=clock.at_local(first_day))
    if last_day:
        entries = entries.filter(at__lt=clock.end_of_day(last_day))
    return search(open_to(entries, standing), actor.split(), "actor__name", "actor__email")
