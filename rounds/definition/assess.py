"""How applications are assessed and decided: scales, criteria, gates, stages."""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from rounds.definition.base import BodyKind, Code, Deadline, Line, Part, Prose, Sources

Weight = Annotated[Decimal, Field(ge=0, le=1000, max_digits=7, decimal_places=3)]
Points = Annotated[Decimal, Field(ge=-1000, le=1000, max_digits=7, decimal_places=2)]


class Anchor(Part):
    """What a point on the scale means."""

    value: Points
    label: Line
    text: Prose = ""


class Scale(Part):
    """A numeric scale with anchors."""

    code: Code
    title: Line
    minimum: Points
    maximum: Points
    step: Annotated[Decimal, Field(gt=0, le=100)] = Decimal(1)
    anchors: tuple[Anchor, ...] = ()
    source: Sources = ()

    @property
    def values(self) -> tuple[Decimal, ...]:
        """Every point on the scale, lowest first."""
        count = int((self.maximum - self.minimum) / self.step)
        return tuple(self.minimum + self.step * index for index in range(count + 1))


class Criterion(Part):
    """What applications are judged by.

    ``scored`` has points on a scale; ``gate`` is met or not and counted by a ``Gate``; ``checklist`` is ticked by the
    secretariat; ``judgement`` is a written judgement without points; ``information`` is shown and does not count.
    ``basis`` tells what the documents say from what the secretariat must still set.
    """

    code: Code
    title: Line
    text: Prose = ""
    points: tuple[Prose, ...] = ()
    kind: Literal["scored", "gate", "checklist", "judgement", "information"]
    level: Literal["application", "portfolio"] = "application"
    scale: Code | None = None
    weight: Weight | None = None
    threshold: Points | None = None
    emphasis: Prose = ""
    examples: tuple[Prose, ...] = ()
    note: Prose = ""
    documents: tuple[Code, ...] = ()
    taxonomies: tuple[Code, ...] = ()
    # The answers an assessor reads for it.
    questions: tuple[Code, ...] = ()
    # A share of the frame that the category should not pass, warned about only (R45).
    category_share_percent: Annotated[int, Field(ge=1, le=100)] | None = None
    basis: Literal["document", "proposed"] = "document"
    source: Sources = ()


class Gate(Part):
    """At least ``at_least`` of the criteria must be met (R43)."""

    code: Code
    title: Line
    criteria: Annotated[tuple[Code, ...], Field(min_length=1)]
    at_least: Annotated[int, Field(ge=1, le=50)]
    # The many_choices question where the applicants say which they meet.
    question: Code | None = None
    refusal: Prose
    source: Sources = ()


class Quorum(Part):
    """How many of those entitled to vote must be present for the body to decide, and whether both sides must be."""

    share: Literal["half", "more_than_half", "two_thirds", "all"] = "half"
    both_sides: bool = True


class Forwarding(Part):
    """What goes on to the next stage (R17)."""

    to_stage: Code
    which: Literal["prioritised", "all"] = "prioritised"
    contents: tuple[Line, ...] = ()
    text: Prose = ""


class Stage(Part):
    """One body's turn.

    ``body`` names one body by code; without it, each receiving helsefellesskap's body of the kind has its own turn.
    The body decides by ``decision_rule`` and ``quorum``; without one of them, by its own from the register.
    """

    code: Code
    name: Line
    body_kind: BodyKind
    body: Code | None = None
    tasks: Annotated[tuple[Literal["approve", "assess", "prioritise", "decide"], ...], Field(min_length=1)]
    deadline: Deadline | None = None
    criteria: tuple[Code, ...] = ()
    gates: tuple[Code, ...] = ()
    scoring: Literal["weighted", "unweighted", "qualitative"] = "unweighted"
    minimum_total: Points | None = None
    assessors: Annotated[int, Field(ge=1, le=20)] = 2
    decision_rule: Literal["consensus", "simple_majority", "double_majority"] | None = None
    quorum: Quorum | None = None
    forwards: Forwarding | None = None
    text: Prose = ""
    source: Sources = ()

    def does(self, task: str) -> bool:
        """Whether the task is this stage's."""
        return task in self.tasks
