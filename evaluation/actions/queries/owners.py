"""Who can own what a body asks for, as forms name them: «body:12», «person:7», «secretariat»."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from evaluation.actions.models import Owned, OwnerKind
from portal.communities.models import Affiliation, Body, BodyKind, Organisation, Seat, User
from portal.communities.queries import organisations_for_seats

COLUMNS: Mapping[str, str] = {
    OwnerKind.BODY: "owner_body_id",
    OwnerKind.ORGANISATION: "owner_organisation_id",
    OwnerKind.PERSON: "owner_person_id",
}
# Words of resolutions that mean the secretariat.
SECRETARIAT = ("sekretariatet", "sekretariat", "samhandlingssekretariatet")


@dataclass(frozen=True, slots=True)
class Owner:
    """An owner as plain values: the kind, the id of its row, or the words for another role."""

    kind: str
    pk: int | None = None
    role: str = ""

    @classmethod
    def of(cls, code: str, role: str = "") -> "Owner":
        """The owner with the form's code; the words are kept for another role only."""
        kind, _colon, pk = code.partition(":")
        return cls(kind, int(pk) if pk else None, role.strip() if kind == OwnerKind.ROLE else "")

    @classmethod
    def of_item(cls, item: Owned) -> "Owner":
        """The owner that the item has, or a row of another room with an owner."""
        column = COLUMNS.get(item.owner_kind)
        return cls(item.owner_kind, getattr(item, column) if column else None, item.owner_role)

    @property
    def code(self) -> str:
        """As forms name it."""
        return f"{self.kind}:{self.pk}" if self.pk else self.kind

    @property
    def columns(self) -> dict[str, Any]:
        """The owner as columns of an item."""
        columns: dict[str, Any] = dict.fromkeys(COLUMNS.values())
        if self.kind in COLUMNS:
            columns[COLUMNS[self.kind]] = self.pk
        return {**columns, "owner_kind": self.kind, "owner_role": self.role}


@dataclass(frozen=True, slots=True)
class Owners:
    """All who can own what the body asks for on a day: bodies and organisations that have not ended, and people."""

    bodies: list[Body]
    organisations: list[Organisation]
    people: list[User]

    @property
    def choices(self) -> list[Any]:
        """For a list to choose from, in groups."""
        return [
            ("", _("Velg hvem")),
            (OwnerKind.SECRETARIAT.value, OwnerKind.SECRETARIAT.label),
            (_("Organer"), [(Owner(OwnerKind.BODY, row.pk).code, row.name) for row in self.bodies]),
            (
                _("Organisasjoner"),
                [(Owner(OwnerKind.ORGANISATION, row.pk).code, row.name) for row in self.organisations],
            ),
            (_("Personer"), [(Owner(OwnerKind.PERSON, row.pk).code, row.name) for row in self.people]),
            (OwnerKind.ROLE.value, OwnerKind.ROLE.label),
        ]

    @property
    def by_name(self) -> dict[str, Owner]:
        """The owners by the names that a resolution may use for them, in small letters."""
        named = {word: Owner(OwnerKind.SECRETARIAT) for word in SECRETARIAT}
        for row in self.people:
            named[row.name.casefold()] = Owner(OwnerKind.PERSON, row.pk)
        for organisation in self.organisations:
            for name in (organisation.parallel_name, organisation.name, organisation.name.removesuffix(" kommune")):
                named[name.casefold()] = Owner(OwnerKind.ORGANISATION, organisation.pk)
        for body in self.bodies:
            for name in (body.name, body.abbreviation):
                named[name.casefold()] = Owner(OwnerKind.BODY, body.pk)
        named.pop("", None)
        return named

    def named(self, words: str) -> Owner | None:
        """The owner whom the words of a resolution mean, another role when they name nobody; None without words."""
        if not words:
            return None
        return self.by_name.get(words.casefold()) or Owner(OwnerKind.ROLE, role=words[:120])


def _choices(kind: OwnerKind, rows: Iterable[Any]) -> list[tuple[str, str]]:
    return [(Owner(kind, row.pk).code, row.name) for row in rows]


def owners_for(body: Body, day: date) -> Owners:
    """Who can own what the body asks for; three queries."""
    return Owners(list(_bodies(body)), list(_organisations(body, day)), list(people_of(body, day)))


def _bodies(body: Body) -> QuerySet[Body]:
    bodies = Body.objects.filter(community=body.community_id, region=body.region_id, last_day=None)
    return bodies.exclude(kind=BodyKind.SECRETARIAT).order_by("kind", "name")


def _organisations(body: Body, day: date) -> QuerySet[Organisation]:
    organisations: Any = organisations_for_seats(body)
    return organisations.current(day).order_by("name", "pk")


def people_of(body: Body, day: date) -> QuerySet[User]:
    """The persons that the body can ask on the day: they have a place in its helsefellesskap, or in its region."""
    seats = Seat.objects.current(day).filter(body__community=body.community_id, body__region=body.region_id)
    works = Affiliation.objects.current(day).filter(organisation__in=organisations_for_seats(body).order_by())
    either = Q(pk__in=seats.order_by().values("user")) | Q(pk__in=works.order_by().values("user"))
    return User.objects.filter(either, is_active=True).order_by("name", "pk")


def why_not_owner(owner: Owner, body: Body, day: date) -> str:
    """Why the body cannot ask this owner, in a sentence; empty when it can. Two queries at most."""
    if owner.kind == OwnerKind.ROLE:
        return "" if owner.role else _("Skriv hvilken rolle som har ansvaret.")
    if owner.kind == OwnerKind.SECRETARIAT:
        return ""
    if owner.kind == OwnerKind.PERSON:
        can = people_of(body, day).filter(pk=owner.pk or 0).exists()
        return "" if can else _("Personen har ingen plass her lenger. Velg en annen.")
    rows: Any = _bodies(body) if owner.kind == OwnerKind.BODY else _organisations(body, day)
    if rows.filter(pk=owner.pk).exists():
        return ""
    model: Any = Body if owner.kind == OwnerKind.BODY else Organisation
    name = model.objects.filter(pk=owner.pk, last_day__isnull=False).values_list("name", flat=True).first()
    if name is None:
        return _("Velg en av dem som står i listen.")
    return _("%(name)s er avsluttet. Velg den som fører arbeidet videre.") % {"name": name}
