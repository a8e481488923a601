"""How applications are assessed and decided: scales, criteria, gates, stages."""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from rounds.definition.base import BodyKind, Code, Deadline, Prose, RoundPart, Sources, TextLine
from rounds.outcomes import Outcome

Weight = Annotated[Decimal, Field(ge=0, le=1000, max_digits=7, decimal_places=3)]
Points = Annotated[Decimal, Field(ge=-1000, le=1000, max_digits=7, decimal_places=2)]


class Anchor(RoundPart):
    """What a point on the scale means."""

    value: Points
    label: TextLine
    text: Prose = ""


class Scale(RoundPart):
    """A numeric scale with anchors."""

    code: Code
    title: TextLine
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


class Criterion(RoundPart):
    """A criterion that applications are assessed by.

    ``scored`` has points on a scale; ``gate`` is met or not and counted by a ``Gate``; ``checklist`` is ticked by the
    secretariat; ``judgement`` is a written judgement without points; ``information`` is shown and does not count.
    ``basis`` is ``document`` when the documents state the criterion, and ``proposed`` when the secretariat must set it.
    """

    code: Code
    title: TextLine
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
    # The questions whose answers an assessor reads for the criterion.
    questions: tuple[Code, ...] = ()
    # The share of the frame above which the category gives a warning (R45).
    category_share_percent: Annotated[int, Field(ge=1, le=100)] | None = None
    basis: Literal["document", "proposed"] = "document"
    source: Sources = ()


class Gate(RoundPart):
    """At least ``at_least`` of the criteria must be met (R43)."""

    code: Code
    title: TextLine
    criteria: Annotated[tuple[Code, ...], Field(min_length=1)]
    at_least: Annotated[int, Field(ge=1, le=50)]
    # The many_choices question in which the applicants say which criteria they meet.
    question: Code | None = None
    refusal: Prose
    source: Sources = ()


class Quorum(RoundPart):
    """How many of the voting seats must be present for the body to decide, and whether both sides must be."""

    share: Literal["half", "more_than_half", "two_thirds", "all"] = "half"
    both_sides: bool = True


class Forwarding(RoundPart):
    """Which applications are forwarded to a later stage, and with what contents (R17)."""

    to_stage: Code
    which: Literal["prioritised", "all"] = "prioritised"
    contents: tuple[TextLine, ...] = ()
    text: Prose = ""


class StagePart(RoundPart):
    """A stage of the round at one body.

    ``body`` names one body by code; without it, each receiving helsefellesskap has the stage at its body of the kind.
    The body decides by ``decision_rule`` and ``quorum``; where one is missing, the body's own is used.
    """

    code: Code
    name: TextLine
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
        """Whether the task is one of this stage's."""
        return task in self.tasks

    def outcome_label(self, outcome: str) -> str:
        """The outcome's words while the stage proposes it; empty without an outcome."""
        return Outcome(outcome).proposed_label(decides=self.does("decide")) if outcome else ""
