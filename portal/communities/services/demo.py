"""The demo's persons: from a readable file, with the affiliations and seats that give them their roles."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.contrib.auth.hashers import make_password
from ruamel.yaml import YAML

from portal import clock
from portal.acts import act
from portal.communities.models import Affiliation, Body, HealthCommunity, Organisation, Right, Seat, SeatRole, User
from portal.communities.services.register import RegisterError


@act
def load_persons(path: Path, *, at: datetime) -> int:
    """Add the persons that the portal lacks, all with one password; how many were added.

    Their affiliations and seats begin on 1 January last year. Raises RegisterError, and adds nobody, when a person
    names an organisation or body that does not exist.
    """
    demo = YAML(typ="safe").load(path)
    for entry in demo.get("organisations", ()):
        _add_organisation(entry)
    known = set(User.objects.values_list("email", flat=True))
    entries = [entry for entry in demo["persons"] if entry["email"] not in known]
    # One hash for all: hashing each would take the demo half a minute.
    password = make_password(demo["password"])
    users = User.objects.bulk_create(
        User(email=entry["email"], name=entry["name"], password=password) for entry in entries
    )
    loader = _PersonRows(since=date(clock.local_date(at).year - 1, 1, 1))
    for entry, user in zip(entries, users, strict=True):
        loader.add_person(entry, user)
    loader.save()
    return len(users)


def _add_organisation(entry: dict[str, Any]) -> None:
    """An organisation that the register does not have, once."""
    if not Organisation.objects.filter(orgnr=entry["orgnr"]).exists():
        fields = {**entry, "community": HealthCommunity.objects.get(code=entry["community"])}
        Organisation.objects.create(**fields)


class _PersonRows:
    """The affiliations and seats of the file as rows. Deputies are saved after the seats that they stand in for."""

    def __init__(self, since: date) -> None:
        self.since = since
        self.organisations = {row.orgnr: row for row in Organisation.objects.exclude(orgnr=None)}
        self.bodies = {body.code: body for body in Body.objects.all()}
        self.affiliations: list[Affiliation] = []
        self.seats: dict[tuple[str, str], Seat] = {}
        self.deputies: list[tuple[Seat, tuple[str, str]]] = []

    def add_person(self, entry: dict[str, Any], user: User) -> None:
        """Add the rows of one person, without saving them."""
        for affiliation_entry in entry.get("affiliations", ()):
            organisation = _row_of(self.organisations, affiliation_entry["organisation"], entry)
            rest = {
                "title": affiliation_entry["title"],
                "may_sign": affiliation_entry.get("may_sign", False),
                "from_date": self.since,
            }
            self.affiliations.append(Affiliation(user=user, organisation=organisation, **rest))
        for seat_entry in entry.get("seats", ()):
            seat = self._seat(entry, user, seat_entry)
            if "deputy_for" in seat_entry:
                self.deputies.append((seat, (seat_entry["body"], seat_entry["deputy_for"])))
            else:
                self.seats[seat_entry["body"], user.email] = seat

    def _seat(self, entry: dict[str, Any], user: User, seat_entry: dict[str, Any]) -> Seat:
        number = seat_entry.get("organisation")
        return Seat(
            body=_row_of(self.bodies, seat_entry["body"], entry),
            user=user,
            organisation=_row_of(self.organisations, number, entry) if number else None,
            side=seat_entry["side"],
            right=seat_entry.get("right", Right.VOTE),
            role=seat_entry.get("role", SeatRole.MEMBER),
            from_date=self.since,
        )

    def save(self) -> None:
        """Save all rows."""
        Affiliation.objects.bulk_create(self.affiliations)
        Seat.objects.bulk_create(self.seats.values())
        for seat, stands_in_for in self.deputies:
            seat.deputy_for = _row_of(self.seats, stands_in_for, {"email": seat.user.email})
        Seat.objects.bulk_create(seat for seat, _stands_in_for in self.deputies)


def _row_of(rows: dict[Any, Any], key: Any, entry: dict[str, Any]) -> Any:
    if key not in rows:
        raise RegisterError(f"{entry['email']}: {key} finnes ikke.")
    return rows[key]
