"""The whole round definition: the contents of the file, and the look-ups that pages and services use."""

from collections.abc import Iterable
from functools import cached_property
from typing import Annotated, Any, Final, Literal, Self, TypeVar

from pydantic import Field, ValidationError, ValidationInfo, model_validator
from pydantic_core import InitErrorDetails

from portal.clock import local_date
from rounds.definition import check_round
from rounds.definition.assess import Criterion, Gate, Scale, StagePart
from rounds.definition.base import Code, Problem, RoundPart, TextLine, Year, refusal
from rounds.definition.call import (
    ApplicantRules,
    Call,
    Dates,
    Document,
    FramePart,
    GlossaryEntry,
    Owner,
    ReceivingCommunity,
    SchemePart,
    SourceDocument,
)
from rounds.definition.decide import Decision, FollowUp, Letters
from rounds.definition.filling import deadline_hour, fill, last_day, written_date
from rounds.definition.form import Form, Option, Question, Questionnaire, Section, Taxonomy
from rounds.definition.parts import AttachmentRules, Benefits, Budget
from rounds.definition.upgrading import upgraded
from rounds.outcomes import Chooser, Outcome, chosen_by

# The validation context of a definition that is read from the database.
STORED: Final = "stored"
_Coded = TypeVar("_Coded", Section, Taxonomy, Criterion, Gate, Scale, StagePart, Document)


class RoundDefinition(RoundPart):
    """One announced call, complete."""

    format: Literal[1]
    code: Code
    title: TextLine
    year: Year
    language: Literal["nb", "nn", "se", "en"] = "nb"
    sources: tuple[SourceDocument, ...] = ()
    owner: Owner
    scheme: SchemePart
    frame: FramePart
    call: Call
    communities: Annotated[tuple[ReceivingCommunity, ...], Field(min_length=1)]
    dates: Dates
    applicants: ApplicantRules
    taxonomies: tuple[Taxonomy, ...] = ()
    # The taxonomy that holds the national guidance's tick items (R47).
    guidance: Code | None = None
    form: Form
    benefits: Benefits
    budget: Budget
    attachments: AttachmentRules = AttachmentRules()
    scales: tuple[Scale, ...] = ()
    criteria: tuple[Criterion, ...] = ()
    gates: tuple[Gate, ...] = ()
    stages: Annotated[tuple[StagePart, ...], Field(min_length=1)]
    decision: Decision
    follow_up: FollowUp
    letters: Letters
    documents: tuple[Document, ...] = ()
    glossary: tuple[GlossaryEntry, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _of_today(cls, data: Any) -> Any:
        return upgraded(data)

    @model_validator(mode="after")
    def _parts_agree(self, info: ValidationInfo) -> Self:
        # A stored definition was checked when it was loaded; rules that came later must not break its pages.
        problems = [] if info.context == STORED else list(check_round.problems(self))
        if problems:
            raise as_validation_error(problems)
        return self

    # --- the form -------------------------------------------------------------------------
    @cached_property
    def application_form(self) -> Questionnaire:
        """The form that applicants fill in."""
        return Questionnaire(self.form.sections)

    @cached_property
    def evaluation_form(self) -> Questionnaire:
        """The form of the evaluation, filled in by those who got an award."""
        return Questionnaire(self.follow_up.evaluation_form)

    @property
    def sections(self) -> tuple[Section, ...]:
        """The application form's pages in order."""
        return self.application_form.sections

    @property
    def questions(self) -> tuple[Question, ...]:
        """Every question of the application form, in its order."""
        return self.application_form.questions

    def question(self, code: str) -> Question | None:
        """The application form's question of that code."""
        return self.application_form.question(code)

    def section(self, code: str) -> Section | None:
        """The application form's section of that code."""
        return self.application_form.section(code)

    def section_of(self, question_code: str) -> Section | None:
        """The section of the application form that the question is in."""
        return self.application_form.section_of(question_code)

    def section_with(self, kind: str) -> Section | None:
        """The application form's first section with a question of this type, e.g. ``budget``."""
        return self.application_form.section_with(kind)

    def is_title(self, question: Question) -> bool:
        """Whether the answer to the question is the project's name."""
        return question is self.question(self.form.title_question)

    def options(self, question: Question) -> tuple[Option, ...]:
        """The options of a choice question: its own, a taxonomy's terms or a gate's criteria."""
        if question.type not in {"one_choice", "many_choices"}:
            return ()
        if question.taxonomy:
            taxonomy = self.taxonomy(question.taxonomy)
            return taxonomy.terms if taxonomy else ()
        if question.gate:
            gate = self.gate(question.gate)
            criteria = (self.criterion(code) for code in (gate.criteria if gate else ()))
            return tuple(Option(code=item.code, label=item.title, text=item.text) for item in criteria if item)
        return question.options

    # --- the rest by code ------------------------------------------------------------------
    def taxonomy(self, code: str) -> Taxonomy | None:
        """The taxonomy of that code."""
        return _by_code(self.taxonomies, code)

    @cached_property
    def national_guidance(self) -> Taxonomy | None:
        """The national guidance to tick, if the round has it."""
        return self.taxonomy(self.guidance) if self.guidance else None

    def criterion(self, code: str) -> Criterion | None:
        """The criterion of that code."""
        return _by_code(self.criteria, code)

    def criteria_of(self, stage: StagePart, *kinds: str) -> tuple[Criterion, ...]:
        """The stage's criteria in its order, of these kinds or of all."""
        criteria = (self.criterion(code) for code in stage.criteria)
        return tuple(item for item in criteria if item and (not kinds or item.kind in kinds))

    @cached_property
    def principles(self) -> tuple[Criterion, ...]:
        """The principles of prioritisation, which are assessed in words (R49)."""
        return tuple(item for item in self.criteria if item.kind == "judgement")

    def checks(self, stage: StagePart) -> bool:
        """Whether an application that comes to the stage is checked there before it is assessed.

        In the first stage always; in a later one when it has gates or a checklist of its own.
        """
        is_first = stage.code == self.stages[0].code
        return is_first or bool(stage.gates) or bool(self.criteria_of(stage, "checklist"))

    def gate(self, code: str) -> Gate | None:
        """The gate of that code."""
        return _by_code(self.gates, code)

    def scale(self, code: str | None) -> Scale | None:
        """The scale of that code."""
        return _by_code(self.scales, code) if code else None

    def stage(self, code: str) -> StagePart | None:
        """The stage of that code."""
        return _by_code(self.stages, code)

    def next_stage(self, stage: StagePart) -> StagePart | None:
        """The stage that this one forwards to."""
        return self.stage(stage.forwards.to_stage) if stage.forwards else None

    @cached_property
    def deciding_stage(self) -> StagePart:
        """The stage where the body decides."""
        return next(stage for stage in self.stages if stage.does("decide"))

    def proposable(self, stage: StagePart, *, by_body: bool = False) -> tuple[Outcome, ...]:
        """The outcomes that the stage can recommend, or with ``by_body`` that its body can vote on and resolve.

        They are those of the round. A stage that forwards can also leave an application out, whatever the round's
        list says, because it must be able to say no.
        """
        decides = stage.does("decide")
        stages = Chooser.DECIDING_STAGE if decides else Chooser.FORWARDING_STAGE
        in_use = {*self.decision.outcomes, *(() if decides else (Outcome.NOT_PRIORITISED,))}
        return tuple(item for item in chosen_by(Chooser.BODY if by_body else stages) if item in in_use)

    def community(self, code: str) -> ReceivingCommunity | None:
        """The receiving helsefellesskap of that code."""
        return next((item for item in self.communities if item.community == code), None)

    def document(self, code: str) -> Document | None:
        """The call's document of that code."""
        return _by_code(self.documents, code)

    # --- words and data --------------------------------------------------------------------
    @cached_property
    def values(self) -> dict[str, str]:
        """The values of the placeholders in the call's texts."""
        dates = self.dates
        return {
            "title": self.title,
            "year": str(self.year),
            "frame": f"{self.frame.amount:,}".replace(",", "\u00a0") if self.frame.amount is not None else "",
            "opens": written_date(local_date(dates.opens)),
            "closes": written_date(last_day(dates.closes)),
            "closes_time": deadline_hour(dates.closes),
            "forward_by": written_date(last_day(dates.forward_by)) if dates.forward_by else "",
            "decision_by": written_date(last_day(dates.decision_by)) if dates.decision_by else "",
            "evaluation_months": str(self.follow_up.evaluation_months),
            "acceptance_days": str(self.follow_up.acceptance_days),
            "sender": self.decision.sent_by,
        }

    def fill(self, text: str, **more: str) -> str:
        """The text with its placeholders filled in from the round, and from ``more`` in a letter."""
        return fill(text, {**self.values, **more})

    @cached_property
    def warnings(self) -> tuple[Problem, ...]:
        """What the secretariat should know, but may accept: short notice, lists out of date, no frame."""
        return tuple(check_round.warnings(self))

    def to_data(self) -> dict[str, Any]:
        """The definition as plain JSON data, without what equals the default: what is stored and hashed."""
        return self.model_dump(mode="json", exclude_defaults=True)


def _by_code(items: Iterable[_Coded], code: str) -> _Coded | None:
    return next((item for item in items if item.code == code), None)


def as_validation_error(problems: Iterable[Problem]) -> ValidationError:
    """The problems as pydantic's own error, each with its path."""
    details = [InitErrorDetails(type=refusal(item.message), loc=item.path, input=None) for item in problems]
    return ValidationError.from_exception_data("RoundDefinition", details)
