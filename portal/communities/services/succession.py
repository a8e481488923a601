"""Organisations and bodies that end: who goes on with what they had, and where their people belong afterwards.

Municipalities merge and split, and trusts change their number: the old organisation stays in the register with its last
day, and those who belong to a successor see, write and sign for what the old one had. Bodies are dissolved and replaced
in the same way: whoever sits on the successor reads and goes on with what the old one had.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db.models import F
from django.utils.translation import gettext as _

from portal import clock
from portal.acts import act, held
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


class SuccessionError(DomainError):
    """The organisation or the body cannot end like this."""


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
    rows = held(Organisation.objects.filter(pk__in=[organisation.pk, *(item.pk for item in successors)]))
    organisation = next(row for row in rows.order_by("pk") if row.pk == organisation.pk)
    _require_can_end(organisation, last_day, successors, moves_people=moves_people)
    _require_not_in(successors, by, at)
    organisation.last_day = last_day
    organisation.save(update_fields=["last_day"])
    first_day = last_day + timedelta(days=1)
    for successor in successors:
        _succeed(organisation, successor, first_day, at)
    _end_affiliations(organisation, last_day, successors[0] if moves_people else None, by=by, at=at)
    names = [successor.name for successor in successors]
    told = {"last_day": last_day.isoformat(), "successors": names}
    record("organisation.ended", subject=organisation, by=by, at=at, community=organisation.tenant, **told)
    for successor in successors:
        data = {"from_date": first_day.isoformat(), "predecessor": organisation.name}
        record("organisation.continues", subject=successor, by=by, at=at, community=successor.tenant, **data)
    return organisation


def _require_can_end(
    organisation: Organisation, last_day: date, successors: Sequence[Organisation], *, moves_people: bool
) -> None:
    if organisation.kind == OrganisationKind.REGIONAL_AUTHORITY:
        raise SuccessionError(_("Et regionalt helseforetak avsluttes av dem som drifter portalen."))
    if organisation.last_day is not None:
        raise SuccessionError(_("%(name)s er allerede avsluttet.") % {"name": organisation})
    coming = organisation.affiliations.filter(from_date__gt=last_day).select_related("user").first()
    if coming:
        raise SuccessionError(
            _("Plassen til %(name)s begynner etter siste dag. Endre eller avslutt den først.") % {"name": coming.user}
        )
    for successor in successors:
        if successor.pk == organisation.pk or successor.kind != organisation.kind:
            raise SuccessionError(_("Velg en annen organisasjon av samme type."))
        if successor.has_ended(last_day + timedelta(days=1)):
            raise SuccessionError(_("%(name)s er avsluttet, og kan ikke føre noe videre.") % {"name": successor})
    if moves_people and len(successors) != 1:
        raise SuccessionError(_("Personene kan bare flyttes når én organisasjon fører alt videre."))


def _require_not_in(successors: Sequence[Organisation], by: User, at: datetime) -> None:
    today = clock.local_date(at)
    if Affiliation.objects.unfinished(today).filter(user=by, organisation__in=successors).exists():
        raise OwnRightError(
            _("Du tilhører organisasjonen som fører søknadene videre. Be en kollega i sekretariatet gjøre det.")
        )


def _succeed(organisation: Organisation, successor: Organisation, first_day: date, at: datetime) -> None:
    """The successor goes on from the organisation, and from all that the organisation went on from."""
    before = [organisation.pk, *organisation.continues.values_list("predecessor_id", flat=True)]
    for predecessor in before:
        Succession.objects.get_or_create(
            predecessor_id=predecessor, successor=successor, defaults={"from_date": first_day, "given_at": at}
        )


def _end_affiliations(
    organisation: Organisation, last_day: date, successor: Organisation | None, *, by: User, at: datetime
) -> None:
    affiliations = Affiliation.objects.filter(organisation=organisation).exclude(to_date__lte=last_day)
    for affiliation in affiliations.select_related("user", "organisation__community").order_by("pk"):
        until = affiliation.to_date
        people.end_affiliation(affiliation, last_day, by=by, at=at)
        if successor and affiliation.user_id != by.pk:
            _move(affiliation, successor, last_day + timedelta(days=1), until, by=by, at=at)


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
    organisation = held(Organisation.objects.filter(pk=organisation.pk)).get()
    if organisation.last_day is None:
        raise SuccessionError(_("%(name)s er ikke avsluttet.") % {"name": organisation})
    before = [organisation.pk, *organisation.continues.values_list("predecessor_id", flat=True)]
    after = organisation.continued_by.values_list("successor_id", flat=True)
    Succession.objects.filter(predecessor__in=before, successor__in=list(after)).delete()
    organisation.last_day = None
    organisation.save(update_fields=["last_day"])
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
    keys = [item.pk for item in (body, successor) if item]
    rows = {
        row.pk: row
        for row in held(Body.objects.filter(pk__in=keys)).select_related("community", "region").order_by("pk")
    }
    body, successor = rows[body.pk], rows[successor.pk] if successor else None
    _require_over(body, last_day, at)
    if successor:
        _require_can_follow(body, successor, by, at)
        hand_meetings_over(body, successor, by=by, at=at)
    elif left := unfinished_in(body, at):
        asked = _("Velg organet som fører arbeidet videre, eller gjør det ferdig først.")
        raise SuccessionError(" ".join([*left, asked]))
    body.last_day = last_day
    body.save(update_fields=["last_day"])
    # Deputies first: nobody votes because a member's seat ends.
    for seat in _unended_seats(body, last_day):
        bodies.end_seat(seat, last_day, by=by, at=at)
    told = {"last_day": last_day.isoformat(), "successors": [successor.name] if successor else []}
    record("body.ended", subject=body, by=by, at=at, community=body.tenant, **told)
    if successor:
        first_day = last_day + timedelta(days=1)
        for before in [body.pk, *body.continues.values_list("predecessor_id", flat=True)]:
            BodySuccession.objects.get_or_create(
                predecessor_id=before, successor=successor, defaults={"from_date": first_day, "given_at": at}
            )
        data = {"from_date": first_day.isoformat(), "predecessor": body.name}
        record("body.continues", subject=successor, by=by, at=at, community=successor.tenant, **data)
    return body


def _unended_seats(body: Body, last_day: date) -> list[Seat]:
    seats = Seat.objects.filter(body=body).exclude(to_date__lte=last_day)
    deputies_first = seats.order_by(F("deputy_for").asc(nulls_last=True), "pk")
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
    coming = body.seats.filter(from_date__gt=last_day).select_related("user").first()
    if coming:
        raise SuccessionError(
            _("Plassen til %(name)s begynner etter siste dag. Endre eller avslutt den først.") % {"name": coming.user}
        )


def _require_can_follow(body: Body, successor: Body, by: User, at: datetime) -> None:
    if successor.pk == body.pk or (successor.kind, successor.tenant) != (body.kind, body.tenant):
        raise SuccessionError(_("Velg et annet organ av samme type, i samme helsefellesskap eller region."))
    if successor.last_day:
        raise SuccessionError(_("%(name)s er avsluttet, og kan ikke føre noe videre.") % {"name": successor})
    if Seat.objects.unfinished(clock.local_date(at)).filter(user=by, body=successor).exists():
        raise OwnRightError(
            _("Du sitter i organet som fører arbeidet videre. Be en kollega i sekretariatet gjøre det.")
        )


@act
def take_back_end_of_body(body: Body, *, by: User, at: datetime) -> Body:
    """The body has not ended after all; nobody goes on from it. Journal: ``body.end_taken_back``.

    Seats that ended with it stay ended, and meetings that were handed over stay with the other body. Raises
    SuccessionError when it has not ended.
    """
    body = held(Body.objects.filter(pk=body.pk)).select_related("community", "region").get()
    if body.last_day is None:
        raise SuccessionError(_("%(name)s er ikke avsluttet.") % {"name": body})
    before = [body.pk, *body.continues.values_list("predecessor_id", flat=True)]
    after = list(body.continued_by.values_list("successor_id", flat=True))
    BodySuccession.objects.filter(predecessor__in=before, successor__in=after).delete()
    body.last_day = None
    body.save(update_fields=["last_day"])
    record("body.end_taken_back", subject=body, by=by, at=at, community=body.tenant)
    return body
