"""The demo's persons: from a readable file, with the places that give them their roles."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.contrib.auth.hashers import make_password
from ruamel.yaml import YAML

from portal import clock
from portal.acts import act
from portal.communities.models import Affiliation, Body, Organisation, Right, Seat, SeatRole, User
from portal.communities.services.register import RegisterError


@act
def load_persons(path: Path, *, at: datetime) -> int:
    """Make the persons that the portal lacks, with one password and places since last new year; how many were made.

    Raises RegisterError, and makes nobody, when a person names an organisation or body that does not exist.
    """
    demo = YAML(typ="safe").load(path)
    known = set(User.objects.values_list("email", flat=True))
    entries = [entry for entry in demo["persons"] if entry["email"] not in known]
    # One hash for all: hashing each would take the demo half a minute.
    password = make_password(demo["password"])
    users = User.objects.bulk_create(
        User(email=entry["email"], name=entry["name"], password=password) for entry in entries
    )
    loader = _Places(since=date(clock.local_date(at).year - 1, 1, 1))
    for entry, user in zip(entries, users, strict=True):
        loader.read(entry, user)
    loader.save()
    return len(users)


class _Places:
    """The places of the file as rows; deputies are saved after the seats that they stand in for."""

    def __init__(self, since: date) -> None:
        self.since = since
        self.organisations = {row.orgnr: row for row in Organisation.objects.exclude(orgnr=None)}
        self.bodies = {body.code: body for body in Body.objects.all()}
        self.affiliations: list[Affiliation] = []
        self.seats: dict[tuple[str, str], Seat] = {}
        self.deputies: list[tuple[Seat, tuple[str, str]]] = []

    def read(self, entry: dict[str, Any], user: User) -> None:
        """Take in one person's places."""
        for place in entry.get("affiliations", ()):
            organisation = _found(self.organisations, place["organisation"], entry)
            rest = {"title": place["title"], "may_sign": place.get("may_sign", False), "from_date": self.since}
            self.affiliations.append(Affiliation(user=user, organisation=organisation, **rest))
        for place in entry.get("seats", ()):
            seat = self._seat(entry, user, place)
            if "deputy_for" in place:
                self.deputies.append((seat, (place["body"], place["deputy_for"])))
            else:
                self.seats[place["body"], user.email] = seat

    def _seat(self, entry: dict[str, Any], user: User, place: dict[str, Any]) -> Seat:
        number = place.get("organisation")
        return Seat(
            body=_found(self.bodies, place["body"], entry),
            user=user,
            organisation=_found(self.organisations, number, entry) if number else None,
            side=place["side"],
            right=place.get("right", Right.VOTE),
            role=place.get("role", SeatRole.MEMBER),
            from_date=self.since,
        )

    def save(self) -> None:
        """Store everything."""
        Affiliation.objects.bulk_create(self.affiliations)
        Seat.objects.bulk_create(self.seats.values())
        for seat, stands_in_for in self.deputies:
            seat.deputy_for = _found(self.seats, stands_in_for, {"email": seat.user.email})
        Seat.objects.bulk_create(seat for seat, _stands_in_for in self.deputies)


def _found(rows: dict[Any, Any], key: Any, entry: dict[str, Any]) -> Any:
    if key not in rows:
        raise RegisterError(f"{entry['email']}: {key} finnes ikke.")
    return rows[key]
