"""The checks of the form and its standard parts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rounds.definition.base import Problem
from rounds.definition.form import Attachments, ChoiceQuestion, ManyChoices, Number, OneChoice, Question, TableQuestion

if TYPE_CHECKING:
    from rounds.definition.round import RoundDefinition

Path = tuple[str | int, ...]
# The types of question that the form may have once only.
_SINGLE = ("benefits", "budget", "owners")


# The types of question that the application alone may have.
_OF_APPLICATION = ("parties", "contacts", "benefits", "budget")


def placed_questions(spec: RoundDefinition) -> Iterator[tuple[Path, Question]]:
    """Every question of the application form with its path in the file."""
    for s, section in enumerate(spec.form.sections):
        for q, question in enumerate(section.questions):
            yield ("form", "sections", s, "questions", q), question


def problems(spec: RoundDefinition) -> Iterator[Problem]:
    """All problems of the form."""
    for path, question in placed_questions(spec):
        yield from _question(spec, path, question)
    yield from _evaluation(spec)
    yield from _special_questions(spec)
    yield from _standard_parts(spec)
    yield from _benefits(spec)
    yield from _budget(spec)


def _evaluation(spec: RoundDefinition) -> Iterator[Problem]:
    """The checks of the evaluation form: a question that belongs to the application is refused."""
    seen: set[str] = set()
    for s, section in enumerate(spec.follow_up.evaluation_form):
        for q, question in enumerate(section.questions):
            path: Path = ("follow_up", "evaluation_form", s, "questions", q)
            if question.code in seen:
                yield Problem((*path, "code"), f"koden «{question.code}» er brukt før; hver kode kan brukes én gang")
            seen.add(question.code)
            if question.type in _OF_APPLICATION:
                yield Problem((*path, "type"), f"«{question.type}» hører til søknaden og kan ikke stå i evalueringen")
            elif isinstance(question, OneChoice | ManyChoices) and question.gate:
                yield Problem((*path, "gate"), "en terskel avgjør om en søknad tas med, og kan ikke stå i evalueringen")
            else:
                yield from _question(spec, path, question)


def _question(spec: RoundDefinition, path: Path, question: Question) -> Iterator[Problem]:
    """The checks of a question in any form."""
    if isinstance(question, OneChoice | ManyChoices):
        yield from _choice(spec, path, question)
    if isinstance(question, Attachments):
        yield from _attachments(spec, path, question)
    if isinstance(question, TableQuestion):
        yield from _columns(path, question)
    if isinstance(question, Number):
        yield from _limits(path, question)


def _columns(path: Path, question: TableQuestion) -> Iterator[Problem]:
    codes = [column.code for column in question.columns]
    if len(codes) != len(set(codes)):
        yield Problem((*path, "columns"), "samme kode er brukt to ganger")


def _limits(path: Path, question: Number) -> Iterator[Problem]:
    if question.minimum is not None and question.maximum is not None and question.maximum < question.minimum:
        yield Problem((*path, "maximum"), "er mindre enn «minimum»")


def _choice(spec: RoundDefinition, path: Path, question: ChoiceQuestion) -> Iterator[Problem]:
    if sum(map(bool, (question.options, question.taxonomy, question.gate))) != 1:
        yield Problem(path, "skal ha enten «options», «taxonomy» eller «gate»")
        return
    if question.taxonomy and not spec.taxonomy(question.taxonomy):
        yield Problem((*path, "taxonomy"), f"«{question.taxonomy}» står ikke i «taxonomies»")
        return
    if question.gate and not spec.gate(question.gate):
        yield Problem((*path, "gate"), f"«{question.gate}» står ikke i «gates»")
        return
    codes = [option.code for option in question.options]
    if len(codes) != len(set(codes)):
        yield Problem((*path, "options"), "samme kode er brukt to ganger")
    if isinstance(question, ManyChoices):
        available = len(spec.options(question)) + bool(question.other_label)
        if question.least > (question.most or available) or question.least > available:
            yield Problem((*path, "least"), f"er {question.least}, men så mange kan ikke velges")


def _attachments(spec: RoundDefinition, path: Path, question: Attachments) -> Iterator[Problem]:
    for index, code in enumerate(question.kinds):
        if not spec.attachments.kind(code):
            yield Problem((*path, "kinds", index), f"«{code}» står ikke i «attachments.kinds»")


def _special_questions(spec: RoundDefinition) -> Iterator[Problem]:
    title = spec.question(spec.form.title_question)
    if title is None or title.type != "short_text":
        yield Problem(("form", "title_question"), "skal være koden til et spørsmål av typen «short_text»")
    summary = spec.form.summary_question
    if summary and not spec.question(summary):
        yield Problem(("form", "summary_question"), f"spørsmålet «{summary}» finnes ikke")


def _standard_parts(spec: RoundDefinition) -> Iterator[Problem]:
    counts = {kind: sum(question.type == kind for question in spec.questions) for kind in _SINGLE}
    for kind, count in counts.items():
        if count > 1:
            yield Problem(("form", "sections"), f"«{kind}» står {count} ganger i skjemaet; én gang er nok")
    for kind, setting in (("benefits", spec.benefits.setting), ("budget", spec.budget.setting)):
        if setting == "off" and counts[kind]:
            yield Problem((kind, "setting"), "er «off», men delen står i skjemaet")
        if setting != "off" and not counts[kind]:
            yield Problem((kind, "setting"), f"er «{setting}», men ingen seksjon har et spørsmål av typen «{kind}»")


def _benefits(spec: RoundDefinition) -> Iterator[Problem]:
    benefits = spec.benefits
    if benefits.setting == "off":
        return
    if not benefits.column("benefit"):
        yield Problem(("benefits", "columns"), "mangler kolonnen «benefit»")
    if benefits.setting == "required" and not benefits.min_rows:
        yield Problem(("benefits", "min_rows"), "skal være minst 1 når delen er obligatorisk")
    for index, horizon in enumerate(benefits.horizons):
        if horizon.to_month <= horizon.from_month:
            yield Problem(("benefits", "horizons", index, "to_month"), "er ikke etter «from_month»")
    if benefits.drivers and not spec.taxonomy(benefits.drivers):
        yield Problem(("benefits", "drivers"), f"«{benefits.drivers}» står ikke i «taxonomies»")


def _budget(spec: RoundDefinition) -> Iterator[Problem]:
    budget = spec.budget
    if budget.setting == "off":
        return
    if not budget.years:
        yield Problem(("budget", "years"), "mangler")
    if list(budget.years) != sorted(set(budget.years)):
        yield Problem(("budget", "years"), "skal være ulike år i stigende rekkefølge")
    if not budget.cost_types:
        yield Problem(("budget", "cost_types"), "mangler")
    if sum(payer.kind == "grant" for payer in budget.payers) != 1:
        yield Problem(("budget", "payers"), "skal ha nøyaktig én betaler av typen «grant»")
    if budget.min_amount and budget.max_amount is not None and budget.max_amount < budget.min_amount:
        yield Problem(("budget", "max_amount"), "er mindre enn «min_amount»")
    if budget.attachment and not spec.attachments.kind(budget.attachment):
        yield Problem(("budget", "attachment"), f"«{budget.attachment}» står ikke i «attachments.kinds»")
