"""The form: sections of questions, and the taxonomies that the questions choose from."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from rounds.definition.base import Code, Kroner, PartyKind, Prose, RoundPart, Sources, TextLine
from rounds.nouns import INITIATIVE, NOUNS, FormKind, Noun

Answering = Literal["required", "optional", "when_relevant"]


class Option(RoundPart):
    """One option of a choice."""

    code: Code
    label: TextLine
    text: Prose = ""


class Term(Option):
    """A term of a taxonomy; some plans have a letter, a group and a responsible party for each term."""

    group: Code | None = None
    letter: TextLine | None = None
    heading: TextLine | None = None
    responsible: TextLine | None = None


class Taxonomy(RoundPart):
    """A list with a period of validity, e.g. a declaration's aims (R51–R64)."""

    code: Code
    title: TextLine
    version: TextLine
    valid_from: date | None = None
    valid_to: date | None = None
    introduction: Prose = ""
    groups: tuple[Option, ...] = ()
    terms: Annotated[tuple[Term, ...], Field(min_length=1)]
    source: Sources = ()

    def is_valid_on(self, day: date) -> bool:
        """Whether the list was in force that day; both ends count."""
        return (self.valid_from or date.min) <= day <= (self.valid_to or date.max)


class _Question(RoundPart):
    code: Code
    label: TextLine
    help: Prose = ""
    prompts: tuple[Prose, ...] = ()
    answer: Answering = "required"
    relevance: Prose = ""
    source: Sources = ()

    @property
    def is_required(self) -> bool:
        """Whether the question must be answered; «ikke relevant» is not accepted."""
        return self.answer == "required"


class ShortText(_Question):
    type: Literal["short_text"]
    max_characters: Annotated[int, Field(ge=1, le=500)] = 200


class LongText(_Question):
    type: Literal["long_text"]
    max_characters: Annotated[int, Field(ge=1, le=50_000)] = 5_000


class Number(_Question):
    type: Literal["number"]
    unit: TextLine | None = None
    minimum: int | None = None
    maximum: int | None = None


class MoneyQuestion(_Question):
    type: Literal["money"]
    minimum: Kroner | None = None
    maximum: Kroner | None = None


class YesNo(_Question):
    type: Literal["yes_no"]
    # The answer that must be explained.
    explain: Literal["yes", "no"] | None = None
    explain_label: TextLine | None = None


class DateQuestion(_Question):
    type: Literal["date"]
    not_in_future: bool = False
    not_after_deadline: bool = False
    # What is planned begins when the money can have come.
    not_before_deadline: bool = False


class _ChoiceQuestion(_Question):
    # Exactly one of the three gives the options.
    options: tuple[Option, ...] = ()
    taxonomy: Code | None = None
    gate: Code | None = None
    # With a label, the choice has «annet» with a field for text (R48, R64).
    other_label: TextLine | None = None


class OneChoice(_ChoiceQuestion):
    type: Literal["one_choice"]


class ManyChoices(_ChoiceQuestion):
    type: Literal["many_choices"]
    least: Annotated[int, Field(ge=0, le=100)] = 0
    most: Annotated[int, Field(ge=1, le=100)] | None = None


class Column(RoundPart):
    """A typed column of a table question."""

    code: Code
    label: TextLine
    type: Literal["text", "date", "number", "money"] = "text"
    required: bool = False


class TableQuestion(_Question):
    type: Literal["table"]
    columns: Annotated[tuple[Column, ...], Field(min_length=1, max_length=8)]
    least: Annotated[int, Field(ge=0, le=200)] = 0


class Owners(_Question):
    """Prosjekteiere: organisations, bodies or free words (R20, R67)."""

    type: Literal["owners"]
    least: Annotated[int, Field(ge=0, le=50)] = 1


class Parties(_Question):
    """The partners of one kind: kommune(r), helseforetak, others (R68, R70, R91)."""

    type: Literal["parties"]
    kinds: Annotated[tuple[PartyKind, ...], Field(min_length=1)]
    least: Annotated[int, Field(ge=0, le=400)] = 0


class Contacts(_Question):
    """Contact persons, with title, for the partners of these kinds (R69, R71)."""

    type: Literal["contacts"]
    kinds: Annotated[tuple[PartyKind, ...], Field(min_length=1)]
    least: Annotated[int, Field(ge=0, le=50)] = 1


class Declaration(_Question):
    """A text to confirm."""

    type: Literal["declaration"]
    text: Prose


class BenefitTable(_Question):
    """The position of the benefit table in the form; its rules are ``RoundDefinition.benefits``."""

    type: Literal["benefits"]


class BudgetTable(_Question):
    """The position of the budget in the form; its rules are ``RoundDefinition.budget``."""

    type: Literal["budget"]


class Attachments(_Question):
    """The position of the attachments in the form; ``kinds`` are codes of ``RoundDefinition.attachments``."""

    type: Literal["attachments"]
    kinds: tuple[Code, ...] = ()


Question = Annotated[
    ShortText
    | LongText
    | Number
    | MoneyQuestion
    | YesNo
    | DateQuestion
    | OneChoice
    | ManyChoices
    | TableQuestion
    | Owners
    | Parties
    | Contacts
    | Declaration
    | BenefitTable
    | BudgetTable
    | Attachments,
    Field(discriminator="type"),
]
ChoiceQuestion = OneChoice | ManyChoices


class Section(RoundPart):
    """One page of the form."""

    code: Code
    title: TextLine
    introduction: Prose = ""
    questions: Annotated[tuple[Question, ...], Field(min_length=1)]

    def has(self, kind: str) -> bool:
        """Whether the section has a question of this type."""
        return any(question.type == kind for question in self.questions)


class Questionnaire:
    """A form as the form engine uses it: sections and questions, looked up by their codes."""

    def __init__(self, sections: tuple[Section, ...]) -> None:
        self.sections = sections
        self.questions: tuple[Question, ...] = tuple(item for section in sections for item in section.questions)
        self._questions: dict[str, Question] = {item.code: item for item in self.questions}
        self._section_of = {item.code: section for section in sections for item in section.questions}

    def question(self, code: str) -> Question | None:
        """The question of that code."""
        return self._questions.get(code)

    def section(self, code: str) -> Section | None:
        """The section of that code."""
        return next((section for section in self.sections if section.code == code), None)

    def section_of(self, question_code: str) -> Section | None:
        """The section of a question."""
        return self._section_of.get(question_code)

    def section_with(self, kind: str) -> Section | None:
        """The first section with a question of this type, e.g. ``budget``."""
        return next((section for section in self.sections if section.has(kind)), None)


class Form(RoundPart):
    """The whole form; an ``initiative`` is Innlandet's shorter «mal for innspill» (R88)."""

    kind: FormKind = "application"
    title: TextLine
    introduction: Prose = ""
    # The question whose answer is the project's name.
    title_question: Code
    summary_question: Code | None = None
    sections: Annotated[tuple[Section, ...], Field(min_length=1)]
    source: Sources = ()

    @property
    def noun(self) -> Noun:
        """What papers and letters call what is sent with the form."""
        return NOUNS[self.kind]

    @property
    def is_initiative(self) -> bool:
        """Whether a translated sentence is about an initiative: it is written whole, since ``noun`` is in bokmål."""
        return self.noun is INITIATIVE
