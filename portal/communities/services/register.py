"""Loading the register from readable files: regions, helsefellesskap, organisations and bodies.

Rows that exist are not changed, since the secretariat may have edited them; rows that are missing are added.
"""

import csv
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import models
from ruamel.yaml import YAML

from portal.acts import act
from portal.communities.models import Body, HealthCommunity, Organisation, OrganisationKind
from portal.errors import DomainError
from portal.journal.services import record

Row = TypeVar("Row", bound=models.Model)
HANDLED_KEYS = ("bodies", "hospital_trusts", "others", "region", "appointed_by")


class RegisterError(DomainError):
    """A file of the register has an error; the text names file, row and field."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """How many rows were added."""

    organisations: int
    communities: int
    bodies: int


@act
def load(folder: Path, *, at: datetime) -> Loaded:
    """Add the rows of the folder's ``register.yaml`` and ``municipalities.csv`` that the portal lacks.

    Raises RegisterError, and then adds nothing. Journal: ``register.loaded``.
    """
    before = _counts()
    register = YAML(typ="safe").load(folder / "register.yaml")
    regions = {entry["orgnr"]: _region(entry) for entry in register["regions"]}
    for entry in register["communities"]:
        _community(entry, regions)
    _municipalities(folder / "municipalities.csv")
    _appoint(register)
    after = _counts()
    loaded = Loaded(*(new - old for new, old in zip(after, before, strict=True)))
    if any(after[index] > before[index] for index in range(3)):
        for region in regions.values():
            record("register.loaded", subject=region, by=None, at=at, community=region)
    return loaded


def _counts() -> tuple[int, int, int]:
    return Organisation.objects.count(), HealthCommunity.objects.count(), Body.objects.count()


def _region(entry: dict[str, Any]) -> Organisation:
    region = _organisation(OrganisationKind.REGIONAL_AUTHORITY, entry, location="register.yaml")
    _bodies(entry.get("bodies", ()), region=region)
    return region


def _community(entry: dict[str, Any], regions: dict[str, Organisation]) -> None:
    if entry["region"] not in regions:
        raise RegisterError(f"register.yaml, {entry['code']}: regionen {entry['region']} finnes ikke.")
    known = HealthCommunity.objects.filter(code=entry["code"]).first()
    community = known or _save(HealthCommunity(region=regions[entry["region"]], **_fields(entry)), "register.yaml")
    for trust in entry["hospital_trusts"]:
        _organisation(OrganisationKind.HOSPITAL_TRUST, trust, community=community, location="register.yaml")
    for other in entry.get("others", ()):
        _organisation(other["kind"], other, community=community, location="register.yaml")
    _bodies(entry["bodies"], community=community)


def _fields(entry: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in entry.items() if name not in HANDLED_KEYS}


def _organisation(kind: str, entry: dict[str, Any], *, location: str, community: Any = None) -> Organisation:
    fields = {**_fields(entry), "kind": kind, "community": community}
    key = {"orgnr": entry["orgnr"]} if entry.get("orgnr") else {"name": entry["name"], "community": community}
    existing = Organisation.objects.filter(**key).first()
    return existing or _save(Organisation(**fields), location)


def _bodies(entries: Any, **owner: Any) -> None:
    for entry in entries:
        if not Body.objects.filter(code=entry["code"]).exists():
            _save(Body(**_fields(entry), **owner), "register.yaml")


def _appoint(register: dict[str, Any]) -> None:
    """Set which body appoints which. Bodies name each other, so this is done when all exist."""
    for owner in (*register["regions"], *register["communities"]):
        for entry in owner.get("bodies", ()):
            if "appointed_by" in entry:
                _appoint_one(entry["code"], entry["appointed_by"])


def _appoint_one(code: str, parent_code: str) -> None:
    parent = Body.objects.filter(code=parent_code).first()
    if parent is None:
        raise RegisterError(f"register.yaml, {code}: appointed_by {parent_code} finnes ikke.")
    Body.objects.filter(code=code, appointed_by=None).update(appointed_by=parent)


def _municipalities(path: Path) -> None:
    communities = {community.code: community for community in HealthCommunity.objects.all()}
    known = set(Organisation.objects.exclude(kommunenr=None).values_list("kommunenr", flat=True))
    new = []
    with path.open(encoding="utf-8", newline="") as lines:
        for number, row in enumerate(csv.DictReader(lines), start=2):
            location = f"{path.name}, linje {number}"
            if row["community"] not in communities:
                raise RegisterError(f"{location}: helsefellesskapet «{row['community']}» finnes ikke.")
            if row["kommunenr"] not in known:
                new.append(_checked(_municipality(row, communities[row["community"]]), location))
    Organisation.objects.bulk_create(new)


def _municipality(row: dict[str, str], community: HealthCommunity) -> Organisation:
    return Organisation(
        kind=OrganisationKind.MUNICIPALITY,
        name=f"{row['name']} kommune",
        parallel_name=row["parallel_name"],
        orgnr=row["orgnr"] or None,
        kommunenr=row["kommunenr"],
        county=row["county"],
        community=community,
        membership_is_inferred=row["membership"] == "inferred",
        hospital_area=row["area"],
        sami_area=row["sami_area"],
    )


def _save(row: Row, location: str) -> Row:
    _checked(row, location).save()
    return row


def _checked(row: Row, location: str) -> Row:
    try:
        row.clean_fields()
    except ValidationError as error:
        field, texts = next(iter(error.message_dict.items()))
        raise RegisterError(f"{location}, {row}: {field}: {texts[0]}") from error
    return row
