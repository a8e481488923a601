"""The types that all parts of a round definition use: codes, lines, prose, moments, sources."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Annotated, Any, Final, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    StringConstraints,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from portal.clock import OSLO
from portal.invisible import MISLEADING
from portal.readers import NotRead, read_money

# Markdown needs no tags, so a file with tags is refused. nh3 cleans the HTML as well.
_MARKUP = re.compile(r"<\s*[a-z/!?]|(?:java|vb)script\s*:|data\s*:\s*text", re.IGNORECASE)
_WALL_CLOCK = re.compile(r"(\d{4}-\d{2}-\d{2})[ T](\d{2}):(\d{2})(?::(\d{2}))?")
_MOMENT_SCHEMA: Final = {
    "type": "string",
    "pattern": r"^\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}(:\d{2})?$",
    "description": "Norsk klokke: ÅÅÅÅ-MM-DD TT:MM. «24:00» er slutten av dagen.",
}


class RoundPart(BaseModel):
    """A part of the file: unknown keys are refused and nothing changes after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True, use_enum_values=True)


@dataclass(frozen=True, slots=True)
class Problem:
    """An error in the definition: its path, and a sentence that says what is wrong and how to correct it."""

    path: tuple[str | int, ...]
    message: str


def refusal(message: str) -> PydanticCustomError:
    """A validation error with a Norwegian sentence as its text."""
    return PydanticCustomError("round", "{message}", {"message": message})


def _plain_text(value: str) -> str:
    if _MARKUP.search(value):
        raise refusal("inneholder HTML eller skript; bruk Markdown")
    if MISLEADING.search(value):
        raise refusal("inneholder usynlige styretegn")
    return value


def wall_clock(day: datetime, *, later: bool) -> datetime:
    """The UTC moment when Oslo's clocks show this naive time; ``later`` picks the second of two in October.

    A time that is skipped in spring is read as one hour later, as clocks show it.
    """
    moment = day.replace(tzinfo=OSLO, fold=int(later)).astimezone(UTC)
    if moment.astimezone(OSLO).replace(tzinfo=None) != day:
        return day.replace(tzinfo=OSLO, fold=0).astimezone(UTC)
    return moment


def _read_moment(value: Any, *, later: bool) -> datetime:
    if isinstance(value, datetime) and value.tzinfo:
        return value.astimezone(UTC)
    match = _WALL_CLOCK.fullmatch(value) if isinstance(value, str) else None
    if not match:
        raise refusal("skal være dato og klokkeslett, for eksempel «2025-03-01 24:00»")
    day, hour, minute, second = match[1], int(match[2]), int(match[3]), int(match[4] or 0)
    try:
        start = datetime.combine(datetime.fromisoformat(day), time())
        if hour == 24 and not minute and not second:  # noqa: PLR2004  24:00 is how a deadline is written
            return wall_clock(start + timedelta(days=1), later=later)
        naive = datetime.combine(start, time(hour, minute, second))
    except (ValueError, OverflowError):
        raise refusal(f"«{value}» finnes ikke i kalenderen") from None
    moment = wall_clock(naive, later=later)
    if moment.astimezone(OSLO).replace(tzinfo=None) != naive:
        raise refusal(f"«{value}» finnes ikke: klokka stilles til sommertid da")
    return moment


def _read_start(value: Any) -> datetime:
    return _read_moment(value, later=False)


def _read_deadline(value: Any) -> datetime:
    return _read_moment(value, later=True)


def _read_amount(value: Any) -> Any:
    """The amount as people write it («847 000 kr»), by the reader of the forms."""
    try:
        if isinstance(value, str):
            return read_money(value)
        if isinstance(value, int) and not isinstance(value, bool):
            return value
    except NotRead:
        pass
    raise refusal("skal være et beløp i hele kroner, for eksempel 847000")


def write_moment(moment: datetime) -> str:
    """The moment as the file writes it, by Oslo's clock."""
    text = moment.astimezone(OSLO).strftime("%Y-%m-%d %H:%M:%S")
    return text.removesuffix(":00")


def write_deadline(moment: datetime) -> str:
    """The deadline as the file writes it, with midnight as «24:00» of the day before."""
    local = moment.astimezone(OSLO)
    if local.time() == time():
        return f"{local.date() - timedelta(days=1)} 24:00"
    return write_moment(moment)


Code = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
TextLine = Annotated[
    str, StringConstraints(min_length=1, max_length=500, pattern=r"^[^\n]*$"), AfterValidator(_plain_text)
]
Prose = Annotated[str, StringConstraints(max_length=20_000), AfterValidator(_plain_text)]
Email = Annotated[str, StringConstraints(pattern=r"^[^@\s<>]+@[^@\s<>]+\.[^@\s<>.]+$", max_length=254)]
Link = Annotated[str, StringConstraints(pattern=r"^https://[^\s<>\"]+$", max_length=500)]
Kroner = Annotated[int, Field(ge=0, le=100_000_000_000), BeforeValidator(_read_amount)]
Year = Annotated[int, Field(ge=2000, le=2100)]
Sources = tuple[TextLine, ...]
# The same codes as in portal.communities.models, which this module may not import: it is free of Django.
PartyKind = Literal["municipality", "hospital_trust", "regional_authority", "user_organisation", "gp_practice", "other"]
BodyKind = Literal["ssu", "fsu", "pm", "secretariat", "tildelingsutvalg"]
# When something begins: when the clocks go back in October, the first of the two 02:30.
Start = Annotated[
    datetime, BeforeValidator(_read_start), PlainSerializer(write_moment), WithJsonSchema(dict(_MOMENT_SCHEMA))
]
# When something ends, exclusive: in October the second of the two 02:30, in favour of the applicant.
Deadline = Annotated[
    datetime, BeforeValidator(_read_deadline), PlainSerializer(write_deadline), WithJsonSchema(dict(_MOMENT_SCHEMA))
]
