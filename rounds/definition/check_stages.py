"""The checks of criteria, gates, scales and stages."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

from rounds.definition.assess import Criterion, Gate, StagePart
from rounds.definition.base import Problem
from rounds.outcomes import Outcome

if TYPE_CHECKING:
    from rounds.definition.round import RoundDefinition

Path = tuple[str | int, ...]
_HUNDRED = Decimal(100)


def problems(spec: RoundDefinition) -> Iterator[Problem]:
    """All problems of the criteria, gates, scales and stages."""
    yield from _scales(spec)
    for index, criterion in enumerate(spec.criteria):
        yield from _criterion(spec, ("criteria", index), criterion)
        yield from _references(spec, ("criteria", index), criterion)
    for index, gate in enumerate(spec.gates):
        yield from _gate(spec, ("gates", index), gate)
    for index, stage in enumerate(spec.stages):
        yield from _stage(spec, ("stages", index), stage)
        yield from _scoring(spec, ("stages", index), stage)
        yield from _order(spec, index, stage)
    deciding = [index for index, stage in enumerate(spec.stages) if stage.does("decide")]
    if deciding != [len(spec.stages) - 1]:
        yield Problem(("stages",), "det siste steget, og bare det, skal ha oppgaven «decide»")
    yield from _remaining_references(spec)


def _scales(spec: RoundDefinition) -> Iterator[Problem]:
    for index, scale in enumerate(spec.scales):
        path: Path = ("scales", index)
        if scale.maximum <= scale.minimum:
            yield Problem((*path, "maximum"), "er ikke større enn «minimum»")
        elif (scale.maximum - scale.minimum) % scale.step:
            yield Problem((*path, "step"), f"{scale.step} går ikke opp i skalaen")
        elif (scale.maximum - scale.minimum) / scale.step > _HUNDRED:
            yield Problem((*path, "step"), "skalaen har flere enn 100 trinn")
        for n, anchor in enumerate(scale.anchors):
            if not scale.minimum <= anchor.value <= scale.maximum:
                yield Problem((*path, "anchors", n, "value"), f"{anchor.value} er utenfor skalaen")


def _criterion(spec: RoundDefinition, path: Path, criterion: Criterion) -> Iterator[Problem]:
    if criterion.kind != "scored":
        for field in ("scale", "weight", "threshold"):
            if getattr(criterion, field) is not None:
                yield Problem((*path, field), f"hører til poengsatte kriterier, ikke «{criterion.kind}»")
        return
    if criterion.scale is None:
        yield Problem((*path, "scale"), "mangler; et poengsatt kriterium trenger en skala")
        return
    scale = spec.scale(criterion.scale)
    if scale is None:
        yield Problem((*path, "scale"), f"«{criterion.scale}» står ikke i «scales»")
    elif criterion.threshold is not None and not scale.minimum <= criterion.threshold <= scale.maximum:
        yield Problem((*path, "threshold"), f"{criterion.threshold} er utenfor skalaen")


def _references(spec: RoundDefinition, path: Path, criterion: Criterion) -> Iterator[Problem]:
    known = {
        "documents": {item.code for item in spec.documents},
        "taxonomies": {item.code for item in spec.taxonomies},
        "questions": {item.code for item in spec.questions},
    }
    for field, codes in known.items():
        for index, code in enumerate(getattr(criterion, field)):
            if code not in codes:
                where = "form" if field == "questions" else field
                yield Problem((*path, field, index), f"«{code}» står ikke i «{where}»")


def _gate(spec: RoundDefinition, path: Path, gate: Gate) -> Iterator[Problem]:
    for index, code in enumerate(gate.criteria):
        criterion = spec.criterion(code)
        if criterion is None or criterion.kind != "gate":
            yield Problem((*path, "criteria", index), f"«{code}» er ikke et kriterium av typen «gate»")
    if gate.at_least > len(gate.criteria):
        yield Problem((*path, "at_least"), f"er {gate.at_least}, men porten har bare {len(gate.criteria)} kriterier")
    if gate.question:
        question = spec.question(gate.question)
        if question is None or question.type != "many_choices" or question.gate != gate.code:
            yield Problem((*path, "question"), f"«{gate.question}» er ikke et flervalg med «gate: {gate.code}»")


def _stage(spec: RoundDefinition, path: Path, stage: StagePart) -> Iterator[Problem]:
    for field, known in (("criteria", spec.criterion), ("gates", spec.gate)):
        for index, code in enumerate(getattr(stage, field)):
            if not known(code):
                yield Problem((*path, field, index), f"«{code}» står ikke i «{field}»")
    for code in stage.gates:
        gate = spec.gate(code)
        if gate and not set(gate.criteria) <= set(stage.criteria):
            yield Problem((*path, "criteria"), f"mangler kriteriene til porten «{code}»")
    if len(stage.criteria) != len(set(stage.criteria)):
        yield Problem((*path, "criteria"), "samme kriterium står to ganger")


def _scoring(spec: RoundDefinition, path: Path, stage: StagePart) -> Iterator[Problem]:
    scored = spec.criteria_of(stage, "scored")
    if stage.scoring == "qualitative" and scored:
        yield Problem((*path, "scoring"), "er «qualitative», men steget har poengsatte kriterier")
    if stage.scoring == "unweighted" and any(item.weight is not None for item in scored):
        yield Problem((*path, "scoring"), "er «unweighted», men noen kriterier har vekt")
    if stage.scoring == "weighted":
        for item in scored:
            if item.weight is None:
                yield Problem((*path, "scoring"), f"er «weighted», men «{item.code}» mangler vekt")
        if not sum((item.weight or 0 for item in scored), Decimal(0)):
            yield Problem((*path, "scoring"), "er «weighted», men vektene blir 0 til sammen")


def _order(spec: RoundDefinition, index: int, stage: StagePart) -> Iterator[Problem]:
    path: Path = ("stages", index)
    later = {item.code for item in spec.stages[index + 1 :]}
    if stage.forwards and stage.forwards.to_stage not in later:
        yield Problem((*path, "forwards", "to_stage"), f"«{stage.forwards.to_stage}» er ikke et senere steg")
    if not stage.forwards and later:
        yield Problem((*path, "forwards"), "mangler; steget må si hva som går videre")
    earlier = [item.deadline for item in spec.stages[:index] if item.deadline]
    if stage.deadline and stage.deadline < max(earlier, default=spec.dates.closes):
        yield Problem((*path, "deadline"), "er før fristen som går foran")


def _remaining_references(spec: RoundDefinition) -> Iterator[Problem]:
    if spec.guidance and not spec.national_guidance:
        yield Problem(("guidance",), f"«{spec.guidance}» står ikke i «taxonomies»")
    for index, document in enumerate(spec.documents):
        if document.taxonomy and not spec.taxonomy(document.taxonomy):
            yield Problem(("documents", index, "taxonomy"), f"«{document.taxonomy}» står ikke i «taxonomies»")
    forwarding = any(stage.forwards for stage in spec.stages)
    if forwarding != (Outcome.FORWARDED in spec.decision.outcomes):
        yield Problem(("decision", "outcomes"), "«forwarded» skal være med når, og bare når, et steg oversender")


def warnings(spec: RoundDefinition) -> Iterator[Problem]:
    """Warnings for weights whose sum is not 100, and for criteria that the documents do not state."""
    for index, stage in enumerate(spec.stages):
        total = sum((item.weight or 0 for item in spec.criteria_of(stage, "scored")), Decimal(0))
        if stage.scoring == "weighted" and total != _HUNDRED:
            yield Problem(("stages", index, "criteria"), f"vektene blir {total:f} til sammen, ikke 100")
    proposed = sum(item.basis == "proposed" for item in spec.criteria)
    if proposed:
        yield Problem(("criteria",), f"{proposed} kriterier er forslag som organet må fastsette")
