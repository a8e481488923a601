"""What each of a person's affiliations and seats gives, in plain words. All count at once; no role is chosen."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from portal import formats
from portal.communities import queries
from portal.communities.models import Affiliation, BodyKind, Right, Seat, Term, User


@dataclass(frozen=True, slots=True)
class Role:
    """An affiliation or a seat: where, the person's task, the term, what it gives, and the page about it."""

    where: str
    task: Any
    term: Any
    gives: list[Any]
    url: str


def roles_of(user: User, day: date) -> list[Role]:
    """The person's affiliations and seats of the day, affiliations first; two queries."""
    affiliations, seats = queries.affiliations_today(user, day), queries.seats_today(user, day)
    return [*map(_of_affiliation, affiliations), *map(_of_seat, seats)]


def _of_affiliation(affiliation: Affiliation) -> Role:
    gives = [_("Dere ser og skriver søknadene som %(name)s er med i.") % {"name": affiliation.organisation}]
    if affiliation.may_sign:
        gives.append(_("Du kan signere søknader på vegne av %(name)s.") % {"name": affiliation.organisation})
    return Role(
        where=affiliation.organisation.name,
        task=affiliation.title,
        term=_term(affiliation),
        gives=gives,
        url=affiliation.organisation.get_absolute_url(),
    )


def _of_seat(seat: Seat) -> Role:
    task = f"{seat.get_role_display()}, {seat.get_side_display().lower()}"
    if seat.deputy_for:
        task = _("Vara for %(name)s") % {"name": seat.deputy_for.user.name}
    return Role(
        where=f"{seat.body.name} – {seat.body.tenant}",
        task=task,
        term=_term(seat),
        gives=[str(_GIVES[BodyKind(seat.body.kind)]) % {"owner": seat.body.tenant}, *_voting(seat)],
        url=seat.body.get_absolute_url(),
    )


def _voting(seat: Seat) -> list[Any]:
    if seat.body.kind not in {BodyKind.SSU, BodyKind.TILDELINGSUTVALG}:
        return []
    if seat.deputy_for:
        return [_("Du møter når den du er vara for, har forfall eller er inhabil.")]
    if seat.right == Right.VOTE:
        return [_("Du har stemmerett i møtene.")]
    return [_("Du har møte- og talerett, men ikke stemmerett.")]


_MEETS = _("Du ser møtene, sakene og protokollene i organet.")
_GIVES = {
    BodyKind.SECRETARIAT: _(
        "Du ser søknadene når de er sendt til %(owner)s, og fører dem fram til vedtak, brev og oppfølging. Du "
        "administrerer organisasjoner, organer og personer."
    ),
    BodyKind.SSU: _MEETS,
    BodyKind.TILDELINGSUTVALG: _MEETS,
    BodyKind.FSU: _("Du ser og skriver søknader der utvalget er prosjekteier."),
    BodyKind.PM: _MEETS,
}


def _term(row: Term) -> Any:
    if row.to_date:
        return _("%(first)s til %(last)s") % {
            "first": formats.date_no(row.from_date),
            "last": formats.date_no(row.to_date),
        }
    return _("Fra %(first)s") % {"first": formats.date_no(row.from_date)}
