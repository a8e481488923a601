"""The text of a plan as plain data: as its file has it, as a version is frozen, and counted by state. Pure.

A plan is areas, each with aims, each with lettered measures (R135). The order is that of the lists; the letters are the
plan's own, and begin again within an area (R63).
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from rounds.definition.base import Code

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=20_000)]
# The plan's own words for the responsible, as the row has room for them.
RESPONSIBLE_MOST = 200
_BETWEEN_OWNERS = re.compile(r",\s*|\s+og\s+")


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class MeasureText(_Part):
    """A measure. ``key`` is that of its row: what is told of a measure stands at it in each version.

    ``code`` is its code in the plan's ``taxonomy``, by which applications point to it. ``responsible`` is as long as
    the names of its owners are, where the plan has no words of its own.
    """

    key: int | None = None
    code: Code | Literal[""] = ""
    letter: Annotated[str, StringConstraints(max_length=3)] = ""
    text: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2_000)]
    responsible: Annotated[str, StringConstraints(strip_whitespace=True)] = ""
    year: int | None = None

    @property
    def owner_names(self) -> list[str]:
        """The names in ``responsible``: «SEKR, UNN, kommunene» are three."""
        return [name for name in _BETWEEN_OWNERS.split(self.responsible) if name]


class AimText(_Part):
    """What an area is to achieve, with the measures for it."""

    title: Line
    measures: tuple[MeasureText, ...] = ()


class AreaText(_Part):
    """An innsatsområde, what it means (Markdown), and its aims."""

    title: Line
    meaning: Text = ""
    aims: tuple[AimText, ...] = ()

    @property
    def measures(self) -> Iterator[MeasureText]:
        """All measures of the area, in order."""
        return (measure for aim in self.aims for measure in aim.measures)


class PlanText(_Part):
    """A whole plan. Both days are within it; the long texts are Markdown."""

    title: Line
    first_day: date
    last_day: date
    vision: Text = ""
    introduction: Text = ""
    about_areas: Text = ""
    ahead: Text = ""
    abbreviations: tuple[tuple[str, str], ...] = ()
    source: Annotated[str, StringConstraints(max_length=200)] = ""
    # The list of a round file with the measures, where applicants say which of them they follow up (R63).
    taxonomy: Code | Literal[""] = ""
    areas: tuple[AreaText, ...] = Field(default=())

    @model_validator(mode="after")
    def _goes_forward(self) -> "PlanText":
        if self.last_day < self.first_day:
            raise ValueError("planen slutter før den begynner")
        return self

    @property
    def measures(self) -> Iterator[MeasureText]:
        """All measures of the plan, in order."""
        return (measure for area in self.areas for measure in area.measures)

    @property
    def data(self) -> dict[str, Any]:
        """As a version freezes it."""
        return self.model_dump()


class PlanFile(PlanText):
    """A plan with what only its file has: its code, whose it is, and the organisations behind the names it uses."""

    code: Code
    community: str
    organisations: dict[str, str] = Field(default_factory=dict)

    @model_validator(mode="before")
    @classmethod
    def _abbreviations_in_order(cls, data: Any) -> Any:
        if isinstance(data, dict) and isinstance(data.get("abbreviations"), dict):
            return {**data, "abbreviations": list(data["abbreviations"].items())}
        return data

    @model_validator(mode="after")
    def _words_that_fit(self) -> "PlanFile":
        if any(len(measure.responsible) > RESPONSIBLE_MOST for measure in self.measures):
            raise ValueError(f"«responsible» har mer enn {RESPONSIBLE_MOST} tegn")
        return self


def line_of(plan: PlanText, key: int) -> tuple[AreaText, AimText, MeasureText] | None:
    """The measure of the row with its area and aim; None when it is not in the plan."""
    lines = ((area, aim, measure) for area in plan.areas for aim in area.aims for measure in aim.measures)
    return next((line for line in lines if line[2].key == key), None)


# --- how far it has come ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Count:
    """How many measures of an area, or of the whole plan, are in each state (by its stored value)."""

    title: str
    by_state: Mapping[str, int]

    @property
    def total(self) -> int:
        """How many measures there are."""
        return sum(self.by_state.values())


def counts(plan: PlanText, states: Mapping[int, str], begin: str) -> tuple[Sequence[Count], Count]:
    """The count of each area, and that of all; a measure without a row is in the state that each begins in."""
    by_area = [
        Count(area.title, Counter(states.get(measure.key or 0, begin) for measure in area.measures))
        for area in plan.areas
    ]
    whole: Counter[str] = Counter()
    for count in by_area:
        whole.update(count.by_state)
    return by_area, Count("", whole)
