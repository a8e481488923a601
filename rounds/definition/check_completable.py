"""The checks that a round can be completed: that somebody can apply, send, handle, weigh, decide and write the letter.

Each problem has its path in the file and says why the round would stop there. What depends on the register (that a
body exists, that a helsefellesskap has a secretariat) is checked by ``rounds.register`` when the round is loaded.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

from rounds.definition.base import Problem
from rounds.definition.check_form import Path, placed_questions
from rounds.definition.form import Attachments, MoneyQuestion, Parties
from rounds.outcomes import AWARDS, DECIDED_OUTCOMES, Outcome

if TYPE_CHECKING:
    from rounds.definition.assess import Gate, StagePart
    from rounds.definition.round import RoundDefinition

# A partnership meeting advises, and a secretariat prepares.
_NEVER_DECIDE = frozenset({"pm", "secretariat"})
_HUNDRED = Decimal(100)
_SIDES = (("municipality", "min_municipalities"), ("hospital_trust", "min_hospital_trusts"))


def problems(spec: RoundDefinition) -> Iterator[Problem]:
    """Everything that makes the round impossible to complete, or other than it says."""
    yield from _partners(spec)
    yield from _agreement(spec)
    yield from _money(spec)
    yield from _answers(spec)
    for index, gate in enumerate(spec.gates):
        yield from _gate(spec, ("gates", index), gate)
    for index, stage in enumerate(spec.stages):
        yield from _stage(spec, ("stages", index), stage)
    yield from _weights(spec)
    yield from _reached(spec)
    yield from _outcomes(spec)
    if not spec.follow_up.evaluation_form:
        yield Problem(("follow_up", "evaluation_form"), "mangler; den som får tilskudd, skal levere en evaluering")


def _partners(spec: RoundDefinition) -> Iterator[Problem]:
    rules = spec.applicants
    if not rules.partner_kinds:
        yield Problem(("applicants", "partner_kinds"), "er tom; da kan ingen søke")
        return
    asked = {kind for question in spec.questions if isinstance(question, Parties) for kind in question.kinds}
    for kind, field in _SIDES:
        least = getattr(rules, field)
        needed = max(least, rules.joint == "required")
        if needed and kind not in rules.partner_kinds:
            why = f"er {least}" if least else "kan ikke oppfylles når «joint» er «required»"
            yield Problem(("applicants", field), f"{why}, men «{kind}» står ikke i «partner_kinds»")
        elif needed and kind not in asked:
            yield Problem(("applicants", field), f"trenger et spørsmål av typen «parties» for «{kind}» i skjemaet")
    for path, question in placed_questions(spec):
        if (
            isinstance(question, Parties)
            and question.is_required
            and not set(question.kinds) & set(rules.partner_kinds)
        ):
            yield Problem((*path, "kinds"), "må besvares, men ingen av dem står i «applicants.partner_kinds»")


def _agreement(spec: RoundDefinition) -> Iterator[Problem]:
    """When only the lead signs, the partners' agreement must be enclosed as an attachment (R73)."""
    if spec.applicants.agreement != "required" or spec.applicants.signing == "all_partners":
        return
    if "agreement" not in _asked_attachments(spec):
        yield Problem(
            ("applicants", "agreement"),
            "er «required», men ingen spør etter vedlegget «agreement», og partnerne signerer ikke selv",
        )


def _asked_attachments(spec: RoundDefinition) -> set[str]:
    everything = {kind.code for kind in spec.attachments.kinds}
    questions = [question for question in spec.questions if isinstance(question, Attachments)]
    return {code for question in questions for code in (question.kinds or everything)}


def _money(spec: RoundDefinition) -> Iterator[Problem]:
    budget = spec.budget
    if budget.max_amount == 0:
        yield Problem(("budget", "max_amount"), "er 0; da kan ingen søke om noe")
    if budget.setting == "off":
        return
    has_own_payer = any(payer.kind == "own" for payer in budget.payers)
    if spec.applicants.own_contribution == "required" and not has_own_payer:
        yield Problem(("budget", "payers"), "mangler en betaler av typen «own», men egeninnsats er «required»")


def _answers(spec: RoundDefinition) -> Iterator[Problem]:
    """Questions that must be answered but cannot be."""
    for path, question in placed_questions(spec):
        if isinstance(question, MoneyQuestion) and question.maximum is not None:
            if question.maximum < (question.minimum or 0):
                yield Problem((*path, "maximum"), "er mindre enn «minimum»")
            elif question.maximum == 0 and question.is_required:
                yield Problem((*path, "maximum"), "er 0; da kan ingen oppgi noe beløp")
        if isinstance(question, Attachments) and question.is_required and not spec.attachments.kinds:
            yield Problem(path, "må besvares, men «attachments.kinds» er tom")
    asked = _asked_attachments(spec)
    for index, kind in enumerate(spec.attachments.kinds):
        if kind.required and kind.code not in asked:
            yield Problem(
                ("attachments", "kinds", index, "required"), "men ingen spørsmål i skjemaet tar imot vedlegget"
            )


def _gate(spec: RoundDefinition, path: Path, gate: Gate) -> Iterator[Problem]:
    distinct = len(set(gate.criteria))
    if distinct < gate.at_least <= len(gate.criteria):
        yield Problem((*path, "at_least"), f"er {gate.at_least}, men porten har bare {distinct} ulike kriterier")
    question = spec.question(gate.question) if gate.question else None
    most = getattr(question, "most", None)
    if most is not None and most < gate.at_least:
        yield Problem((*path, "at_least"), f"er {gate.at_least}, men «{gate.question}» lar søkeren velge høyst {most}")
    if not any(gate.code in stage.gates for stage in spec.stages):
        yield Problem(path, "brukes ikke i noe trinn")


def _stage(spec: RoundDefinition, path: Path, stage: StagePart) -> Iterator[Problem]:
    if stage.does("decide") and stage.body_kind in _NEVER_DECIDE:
        yield Problem((*path, "body_kind"), f"er «{stage.body_kind}», som ikke fatter vedtak; da kan ingen «decide»")
    if stage.minimum_total is not None:
        if not spec.criteria_of(stage, "scored"):
            yield Problem((*path, "minimum_total"), "kan ikke nås: trinnet har ingen kriterier med poeng")
        elif stage.minimum_total > _HUNDRED:
            # A total is the percentage of the highest possible sum, whatever the scales and weights.
            yield Problem((*path, "minimum_total"), f"er {stage.minimum_total:f}, men høyeste sum er 100")
    last = spec.dates.forward_by
    for index, community in enumerate(spec.communities):
        closes = community.closes
        if closes and stage.deadline and stage.deadline < closes <= (last or closes):
            yield Problem(("communities", index, "closes"), f"er etter fristen for trinnet «{stage.code}»")
    if stage.forwards and stage.forwards.which == "prioritised" and not stage.does("prioritise"):
        yield Problem((*path, "forwards", "which"), "er «prioritised», men trinnet har ikke oppgaven «prioritise»")


def _weights(spec: RoundDefinition) -> Iterator[Problem]:
    """The weights of the round are read as per cent, and so must be 100: of all criteria, or of each stage by itself.

    That each has a weight, and that they are not nothing together, is a rule of the stages (check_stages).
    """
    stages = [spec.criteria_of(stage, "scored") for stage in spec.stages if stage.scoring == "weighted"]
    sums = [sum((item.weight or 0 for item in criteria), Decimal(0)) for criteria in stages]
    is_whole = all(item.weight is not None for criteria in stages for item in criteria) and all(sums)
    total = sum((item.weight or 0 for item in spec.criteria), Decimal(0))
    if is_whole and total != _HUNDRED and any(each != _HUNDRED for each in sums):
        yield Problem(("criteria",), f"vektene blir {total:f} til sammen; de skal bli 100")


def _reached(spec: RoundDefinition) -> Iterator[Problem]:
    """Each stage must forward to the next one; no stage may be skipped."""
    for index, stage in enumerate(spec.stages[:-1]):
        after = spec.stages[index + 1].code
        skipped = {item.code for item in spec.stages[index + 2 :]}
        if stage.forwards and stage.forwards.to_stage in skipped:
            path: Path = ("stages", index, "forwards", "to_stage")
            yield Problem(path, f"hopper over «{after}», som da aldri får noen søknad")


def _outcomes(spec: RoundDefinition) -> Iterator[Problem]:
    outcomes = spec.decision.outcomes
    if not any(outcome in outcomes for outcome in AWARDS):
        yield Problem(("decision", "outcomes"), "mangler «granted» eller «partly_granted»; da kan ingen få tilskudd")
    needed = {Outcome.REJECTED: "organet kan si nei", Outcome.NOT_ADMITTED: "sekretariatet kan avvise en søknad"}
    if any(stage.forwards and stage.forwards.which != "all" for stage in spec.stages):
        needed[Outcome.NOT_PRIORITISED] = "ikke alle søknader oversendes"
    for outcome, why in needed.items():
        if outcome not in outcomes:
            yield Problem(("decision", "outcomes"), f"mangler «{outcome}», men {why}")
    for outcome in outcomes:
        # An outcome that nobody decides (withdrawn, forwarded) needs no letter.
        if outcome in DECIDED_OUTCOMES and spec.letters.text(outcome) is None:
            yield Problem(("letters", "texts"), f"mangler brevtekst for «{outcome}», som kan vedtas")
    kinds = [text.kind for text in spec.letters.texts]
    for index, kind in enumerate(kinds):
        if kind in kinds[:index]:
            yield Problem(("letters", "texts", index, "kind"), f"«{kind}» har brevtekst fra før")
