"""One function a model: the least that makes a valid row, everything else by name. Numbers never repeat in a run."""

import itertools
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

from django.conf import settings
from stdnum.no import orgnr as register

from portal.communities.models import (
    Affiliation,
    Body,
    BodyKind,
    HealthCommunity,
    Organisation,
    OrganisationKind,
    Seat,
    Side,
    User,
)
from rounds import round_file
from rounds.answering.models import FormKind, Response
from rounds.definition import RoundDefinition, move_dates
from rounds.services import load_round

FROM = date(2020, 1, 1)
PASSWORD = "en setning som er lang nok"

_numbers = itertools.count(1)


def number():
    """A number that no other row of this run has."""
    return next(_numbers)


def orgnr():
    """A valid organisation number that no other row of this run has, from a series the fixtures do not use."""
    first = f"81{number():06d}"
    valid = [f"{first}{digit}" for digit in range(10) if register.is_valid(f"{first}{digit}")]
    return valid[0] if valid else orgnr()


# --- communities ------------------------------------------------------------------------------------


def organisation(kind=OrganisationKind.MUNICIPALITY, **fields):
    fields.setdefault("name", f"Kommune {number()}")
    fields.setdefault("orgnr", orgnr())
    return Organisation.objects.create(kind=kind, **fields)


def region(**fields):
    fields.setdefault("name", f"Helse Region {number()} RHF")
    return organisation(OrganisationKind.REGIONAL_AUTHORITY, **fields)


def community(**fields):
    serial = number()
    fields.setdefault("code", f"fellesskap-{serial}")
    fields.setdefault("name", f"Helsefellesskapet {serial}")
    fields.setdefault("post_address", f"post-{serial}@example.org")
    fields.setdefault("copy_address", f"kopi-{serial}@example.org")
    return HealthCommunity.objects.create(region=fields.pop("region", None) or region(), **fields)


def user(name=None, **fields):
    """A person without a password; tests sign in with ``client.force_login``. Give ``password=`` to type it."""
    name = name or f"Person {number()}"
    fields.setdefault("email", f"person-{number()}@example.org")
    return User.objects.create_user(fields.pop("email"), fields.pop("password", None), name=name, **fields)


def affiliation(person, organisation, **fields):
    fields.setdefault("title", "Rådgiver")
    fields.setdefault("from_date", FROM)
    return Affiliation.objects.create(user=person, organisation=organisation, **fields)


def body(owner, kind=BodyKind.SSU, **fields):
    """A body of a helsefellesskap, or of a region when ``owner`` is an organisation."""
    serial = number()
    fields.setdefault("code", f"{kind}-{serial}")
    fields.setdefault("name", f"{BodyKind(kind).label} {serial}")
    fields.setdefault("abbreviation", BodyKind(kind).name)
    fields["community" if isinstance(owner, HealthCommunity) else "region"] = owner
    return Body.objects.create(kind=kind, **fields)


def handled(owner):
    """The helsefellesskap with an SSU and a secretariat: what a round asks of each that receives applications."""
    body(owner, code=f"ssu-{owner.code}")
    body(owner, BodyKind.SECRETARIAT, code=f"sekr-{owner.code}")
    return owner


def seat(body, person=None, side=Side.MUNICIPALITY, **fields):
    fields.setdefault("from_date", FROM)
    return Seat.objects.create(body=body, user=person or user(), side=side, **fields)


# --- rounds -----------------------------------------------------------------------------------------


def definition(name="helse-nord-2025", open_on=None):
    """A real round's definition, from ``fixtures/rounds``; with ``open_on`` (local date) moved so that it is open."""
    return move_dates(_read(name), open_on) if open_on else _read(name)


@cache
def _read(name):
    """Definitions never change after reading, so a run reads each file once."""
    return round_file.read_definition(Path(settings.BASE_DIR) / "fixtures" / "rounds" / f"{name}.yaml")


def changed(spec, **parts):
    """The same definition with some of its plain data replaced: ``changed(spec, dates={"closes": …})``."""
    data = spec.to_data()
    for name, part in parts.items():
        data[name] = {**data[name], **part} if isinstance(part, dict) else part
    return RoundDefinition.model_validate(data)


def round_of(spec, at=datetime(2024, 1, 1, tzinfo=UTC), by=None):
    """The round that the definition describes. What it names must exist, as ``world.house()`` makes it."""
    return load_round(spec, by=by, at=at)


def innlandet():
    """The helsefellesskap that the third real round belongs to, with its SSU and secretariat."""
    return handled(community(code="innlandet", name="Helsefellesskap Innlandet"))


def response(form=FormKind.APPLICATION):
    """A form that nobody has answered in yet."""
    return Response.objects.create(form=form)
