"""Organisations and bodies that end: who goes on with what they had, and where their people belong afterwards.

Municipalities merge and split, and trusts change their number: the old organisation stays in the register with its last
day, and those who belong to a successor see, write and sign for what the old one had. Bodies are dissolved and replaced
in the same way: whoever sits on the successor reads and goes on with what the old one had. Ends are registered in any
order; the chains are written out after each.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, TypeVar

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from portal import clock
from portal.acts import act, held, upsert
from portal.communities.chains import Link, can_follow, through_others
from portal.communities.models import (
    Affiliation,
    Body,
    BodyKind,
    BodySuccession,
    Organisation,
    OrganisationKind,
    Seat,
    Succession,
    User,
)
from portal.communities.questions import bodies_in_session, hand_meetings_over, held_after, unfinished_in
from portal.communities.services import bodies, people
from portal.communities.services.places import OwnRightError
from portal.communities.services.terms import overlapping
from portal.errors import DomainError
from portal.formats import date_no
from portal.journal.services import record

Ended = TypeVar("Ended", Organisation, Body)


class SuccessionError(DomainError):
    """The organisation or the body cannot end like this."""


# --- what organisations and bodies share ------------------------------------------------------------------


def _links_of(ended: Organisation | Body) -> Any:
    """The model of who goes on from those of this kind."""
    return Succession if isinstance(ended, Organisation) else BodySuccession


def _held_with(ended: Ended, successors: Sequence[Ended], *related: str) -> tuple[Ended, list[Ended]]:
    """The one that ends and its successors as they are now, locked with those that go on from the successors."""
    keys = {ended.pk, *_after(successors)}
    rows = {row.pk: row for row in held(type(ended).objects.filter(pk__in=keys)).select_related(*related)}
    return rows[ended.pk], [rows[item.pk] for item in successors]


def _after(successors: Sequence[Ended]) -> list[int]:
    """Those (ids) that get what the successors get: they themselves, and all that go on from them."""
    further = [item.continued_by.values_list("successor_id", flat=True) for item in successors]
    return [item.pk for item in successors] + [pk for pks in further for pk in pks]


def _require_order(ended: Ended, last_day: date, successors: Sequence[Ended]) -> None:
    """Raise SuccessionError when the days of the chain cannot be true, or it leads back to where it began."""
    for successor in successors:
        if ended.pk in _after([successor]):
            raise SuccessionError(
                _("%(name)s fører selv videre det som var %(successor)s, og kan ikke føres videre av den.")
                % {"name": ended, "successor": successor}
            )
        is_continued = successor.continued_by.exists()
        if not can_follow(last_day, successor.last_day, is_continued=is_continued):
            raise SuccessionError(
                _("%(name)s har en siste dag, og kan ikke føre noe videre fra %(day)s.")
                % {"name": successor, "day": date_no(clock.next_day(last_day))}
            )
    for link in ended.continues.filter(is_direct=True).select_related("predecessor"):
        before = link.predecessor
        if not can_follow(before.last_day or last_day, last_day, is_continued=bool(successors)):
            raise SuccessionError(
                _("%(name)s fører %(before)s videre fra %(day)s, og kan ikke avsluttes før den dagen.")
                % {"name": ended, "before": before, "day": date_no(link.from_date)}
            )


def _go_on(ended: Ended, successors: Iterable[Ended], last_day: date, at: datetime) -> None:
    """The organisation or body has ended, and the successors go on with what it had from the day after."""
    model = _links_of(ended)
    ended.last_day = last_day
    ended.save(update_fields=["last_day"])
    for successor in successors:
        values = {"from_date": clock.next_day(last_day), "given_at": at, "is_direct": True}
        upsert(model.objects.all(), {"predecessor": ended, "successor": successor}, values)
    _write_out_chains(model)


def _go_back(ended: Ended) -> None:
    """The organisation or body has not ended after all, and nobody goes on from it."""
    model = _links_of(ended)
    ended.last_day = None
    ended.save(update_fields=["last_day"])
    model.objects.filter(predecessor=ended, is_direct=True).delete()
    _write_out_chains(model)


def _write_out_chains(model: Any) -> None:
    """Make the rows that follow from the direct ones what they are now.

    All rows are locked first: whoever ends another of the same chain meanwhile waits, and reads what is written here.
    """
    list(held(model.objects.all()).values_list("pk"))
    written = {(row.predecessor_id, row.successor_id): row for row in model.objects.filter(is_direct=False)}
    direct = model.objects.filter(is_direct=True)
    links = direct.values_list("predecessor_id", "successor_id", "from_date", "given_at")
    for (predecessor, successor), link in through_others(Link(*each) for each in links).items():
        row = written.pop((predecessor, successor), None)
        row = row or model(predecessor_id=predecessor, successor_id=successor, is_direct=False)
        if (row.from_date, row.given_at) != (link.from_date, link.given_at):
            row.from_date, row.given_at = link.from_date, link.given_at
            row.save()
    model.objects.filter(pk__in=[row.pk for row in written.values()]).delete()


def _require_none_coming(terms: QuerySet[Any], last_day: date, at: datetime) -> None:
    """Raise SuccessionError when somebody's term begins after the last day; a term that is over is history."""
    today = clock.local_date(at)
    coming = terms.filter(Q(to_date=None) | Q(to_date__gte=today), from_date__gt=last_day)
    if first := coming.select_related("user").first():
        raise SuccessionError(
            _("Plassen til %(name)s begynner etter siste dag. Endre eller avslutt den først.") % {"name": first.user}
        )


def _to_end(terms: QuerySet[Any], last_day: date) -> QuerySet[Any]:
    """The terms that end on the last day: those that began by then and go on after it."""
    return terms.filter(from_date__lte=last_day).exclude(to_date__lte=last_day)


# --- organisations ----------------------------------------------------------------------------------------


@act
def end_organisation(
    organisation: Organisation,
    last_day: date,
    successors: Sequence[Organisation],
    *,
    moves_people: bool = False,
    by: User,
    at: datetime,
) -> Organisation:
    """End the organisation on the last day; the successors go on with what it had from the day after.

    Its affiliations end, too. With ``moves_people`` each person gets a new one in the successor, without authority to
    sign: that is given anew. Journal: ``organisation.ended`` in both. Raises SuccessionError, and OwnRightError when
    ``by`` belongs to a successor, and so would get what the old one had.
    """
    organisation, successors = _held_with(organisation, successors, "community")
    _require_can_end(organisation, last_day, successors, moves_people=moves_people, at=at)
    _require_not_in(successors, by, at)
    _go_on(organisation, successors, last_day, at)
    first_day = clock.next_day(last_day)
    _end_affiliations(organisation, last_day, successors[0] if moves_people else None, by=by, at=at)
    names = [successor.name for successor in successors]
    told = {"last_day": last_day.isoformat(), "successors": names}
    record("organisation.ended", subject=organisation, by=by, at=at, community=organisation.tenant, **told)
    for successor in successors:
        data = {"from_date": first_day.isoformat(), "predecessor": organisation.name}
        record("organisation.continues", subject=successor, by=by, at=at, community=successor.tenant, **data)
    return organisation


def _require_can_end(
    organisation: Organisation,
    last_day: date,
    successors: Sequence[Organisation],
    *,
    moves_people: bool,
    at: datetime,
) -> None:
    if organisation.kind == OrganisationKind.REGIONAL_AUTHORITY:
        raise SuccessionError(_("Et regionalt helseforetak avsluttes av dem som drifter portalen."))
    if organisation.last_day is not None:
        raise SuccessionError(_("%(name)s er allerede avsluttet.") % {"name": organisation})
    _require_none_coming(organisation.affiliations.all(), last_day, at)
    if any(successor.pk == organisation.pk or successor.kind != organisation.kind for successor in successors):
        raise SuccessionError(_("Velg en annen organisasjon av samme type."))
    _require_order(organisation, last_day, successors)
    if moves_people and len(successors) != 1:
        raise SuccessionError(_("Personene kan bare flyttes når én organisasjon fører alt videre."))
    if moves_people and successors[0].last_day is not None:
        raise SuccessionError(
            _("Personene kan ikke flyttes til %(name)s, som har en siste dag.") % {"name": successors[0]}
        )


def _require_not_in(successors: Sequence[Organisation], by: User, at: datetime) -> None:
    today = clock.local_date(at)
    if Affiliation.objects.unfinished(today).filter(user=by, organisation__in=_after(successors)).exists():
        raise OwnRightError(
            _("Du tilhører organisasjonen som fører søknadene videre. Be en kollega i sekretariatet gjøre det.")
        )


def _end_affiliations(
    organisation: Organisation, last_day: date, successor: Organisation | None, *, by: User, at: datetime
) -> None:
    affiliations = _to_end(organisation.affiliations.all(), last_day)
    for affiliation in affiliations.select_related("user", "organisation__community").order_by("pk"):
        until = affiliation.to_date
        is_over = until is not None and until < clock.local_date(at)
        people.end_affiliation(affiliation, last_day, by=by, at=at)
        if successor and affiliation.user_id != by.pk and not is_over:
            _move(affiliation, successor, clock.next_day(last_day), until, by=by, at=at)


def _move(
    affiliation: Affiliation, successor: Organisation, first_day: date, until: date | None, *, by: User, at: datetime
) -> None:
    new = Affiliation(user=affiliation.user, organisation=successor, from_date=first_day, to_date=until)
    others = Affiliation.objects.filter(user=affiliation.user_id, organisation=successor)
    if not overlapping(others, new).exists():
        invited = people.Invited(affiliation.user.email, affiliation.user.name)
        fields = {"title": affiliation.title, "may_sign": False, "from_date": first_day, "to_date": until}
        people.add_affiliation(successor, invited, fields, by=by, at=at)


@act
def take_back_end(organisation: Organisation, *, by: User, at: datetime) -> Organisation:
    """The organisation has not ended after all; nobody goes on from it. Journal: ``organisation.end_taken_back``.

    Affiliations that ended with it stay ended: they are given anew. Raises SuccessionError when it has not ended.
    """
    organisation, _successors = _held_with(organisation, (), "community")
    if organisation.last_day is None:
        raise SuccessionError(_("%(name)s er ikke avsluttet.") % {"name": organisation})
    _go_back(organisation)
    record("organisation.end_taken_back", subject=organisation, by=by, at=at, community=organisation.tenant)
    return organisation


# --- bodies -----------------------------------------------------------------------------------------------


@act
def end_body(body: Body, last_day: date, successor: Body | None, *, by: User, at: datetime) -> Body:
    """The body has ended; the successor goes on with its cases, lists, packages and projects from the day after.

    Its seats end, too, and the meetings that it has planned are the successor's, which calls to them anew. Journal:
    ``body.ended`` and ``body.continues``. Raises SuccessionError when the day has not passed, when the body is in a
    meeting or has held one later, when it has work left and no successor, and OwnRightError when ``by`` sits on the
    successor, and so would get what the old one had.
    """
    body, successors = _held_with(body, [successor] if successor else [], "community", "region")
    _require_over(body, last_day, at)
    _require_can_follow(body, successors, by, at)
    _require_order(body, last_day, successors)
    in_force = successors[0].in_force if successors else body
    if in_force.last_day is None and successors:
        hand_meetings_over(body, in_force, by=by, at=at)
    elif left := unfinished_in(body, at):
        asked = _("Velg organet som fører arbeidet videre, eller gjør det ferdig først.")
        raise SuccessionError(" ".join([*left, asked]))
    _go_on(body, successors, last_day, at)
    # Deputies first: nobody votes because a member's seat ends.
    for seat in _unended_seats(body, last_day):
        bodies.end_seat(seat, last_day, by=by, at=at)
    told = {"last_day": last_day.isoformat(), "successors": [each.name for each in successors]}
    record("body.ended", subject=body, by=by, at=at, community=body.tenant, **told)
    for each in successors:
        data = {"from_date": clock.next_day(last_day).isoformat(), "predecessor": body.name}
        record("body.continues", subject=each, by=by, at=at, community=each.tenant, **data)
    return body


def _unended_seats(body: Body, last_day: date) -> list[Seat]:
    deputies_first = _to_end(body.seats.all(), last_day).order_by(F("deputy_for").asc(nulls_last=True), "pk")
    return list(deputies_first.select_related("user", "body__community", "body__region"))


def _require_over(body: Body, last_day: date, at: datetime) -> None:
    if body.kind == BodyKind.SECRETARIAT:
        raise SuccessionError(_("Et sekretariat avsluttes av dem som drifter portalen."))
    if body.last_day is not None:
        raise SuccessionError(_("%(name)s er allerede avsluttet.") % {"name": body})
    if last_day >= clock.local_date(at):
        raise SuccessionError(
            _("Et organ avsluttes når siste dag er passert. Gi det nye organet plasser nå, og kom tilbake dagen etter.")
        )
    if bodies_in_session([body.pk]):
        raise SuccessionError(_("%(body)s er i møte. Hev møtet først.") % {"body": body})
    if later := sorted(held_after(body.pk, last_day)):
        raise SuccessionError(
            _("%(body)s hadde møte %(day)s. Siste dag kan ikke være før det.")
            % {"body": body, "day": date_no(later[-1])}
        )
    _require_none_coming(body.seats.all(), last_day, at)


def _require_can_follow(body: Body, successors: Sequence[Body], by: User, at: datetime) -> None:
    if any(each.pk == body.pk or (each.kind, each.tenant) != (body.kind, body.tenant) for each in successors):
        raise SuccessionError(_("Velg et annet organ av samme type, i samme helsefellesskap eller region."))
    if Seat.objects.unfinished(clock.local_date(at)).filter(user=by, body__in=_after(successors)).exists():
        raise OwnRightError(
            _("Du sitter i organet som fører arbeidet videre. Be en kollega i sekretariatet gjøre det.")
        )


@act
def take_back_end_of_body(body: Body, *, by: User, at: datetime) -> Body:
    """The body has not ended after all; nobody goes on from it. Journal: ``body.end_taken_back``.

    Seats that ended with it stay ended, and meetings that were handed over stay with the other body. Raises
    SuccessionError when it has not ended.
    """
    body, _successors = _held_with(body, (), "community", "region")
    if body.last_day is None:
        raise SuccessionError(_("%(name)s er ikke avsluttet.") % {"name": body})
    _go_back(body)
    record("body.end_taken_back", subject=body, by=by, at=at, community=body.tenant)
    return body
