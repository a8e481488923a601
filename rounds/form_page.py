"""The whole form in words: every question with its help, limits and choices, for the page and the PDF (R106, R107)."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal import formats
from rounds.definition import Option, Question, RoundDefinition, Section
from rounds.definition import form as form_parts


@dataclass(frozen=True, slots=True)
class QuestionText:
    """A question as one reads it before answering."""

    number: str
    code: str
    label: str
    help: str
    prompts: tuple[str, ...]
    answering: str
    kind: str
    facts: tuple[str, ...]
    options: tuple[Option, ...]
    columns: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class SectionText:
    """A page of the form."""

    number: int
    code: str
    title: str
    introduction: str
    questions: tuple[QuestionText, ...]


def form_page(spec: RoundDefinition) -> tuple[SectionText, ...]:
    """All sections in order."""
    return tuple(_section(spec, number, section) for number, section in enumerate(spec.sections, start=1))


def _section(spec: RoundDefinition, number: int, section: Section) -> SectionText:
    return SectionText(
        number=number,
        code=section.code,
        title=section.title,
        introduction=spec.fill(section.introduction),
        questions=tuple(
            _question(spec, f"{number}.{index}", question) for index, question in enumerate(section.questions, start=1)
        ),
    )


def _question(spec: RoundDefinition, number: str, question: Question) -> QuestionText:
    answering = {
        "required": _("Må besvares"),
        "optional": _("Frivillig"),
        "when_relevant": _("Ved relevans"),
    }
    return QuestionText(
        number=number,
        code=question.code,
        label=question.label,
        help=spec.fill(question.help),
        prompts=question.prompts,
        answering=answering[question.answer],
        kind=_kind(question),
        facts=tuple(_facts(spec, question)),
        options=_options(spec, question),
        columns=tuple(_columns(spec, question)),
    )


def _kind(question: Question) -> str:
    kinds = {
        "short_text": _("Kort tekst"),
        "long_text": _("Lang tekst"),
        "number": _("Tall"),
        "money": _("Beløp i hele kroner"),
        "yes_no": _("Ja eller nei"),
        "date": _("Dato"),
        "one_choice": _("Velg én"),
        "many_choices": _("Velg én eller flere"),
        "table": _("Tabell"),
        "owners": _("Organisasjoner eller utvalg"),
        "parties": _("Organisasjoner"),
        "contacts": _("Personer med navn, tittel, e-post og telefon"),
        "declaration": _("Bekreftelse"),
        "benefits": _("Tabell"),
        "budget": _("Beløp per år, kostnadstype og betaler"),
        "attachments": _("Filer"),
    }
    return kinds[question.type]


def _facts(spec: RoundDefinition, question: Question) -> Iterator[str]:
    if isinstance(question, form_parts.ShortText | form_parts.LongText):
        yield _("Inntil %(n)s tegn") % {"n": formats.grouped(question.max_characters)}
    if isinstance(question, form_parts.DateQuestion) and question.not_in_future:
        yield _("Kan ikke være fram i tid")
    if isinstance(question, form_parts.YesNo) and question.explain_label:
        answer = _("ja") if question.explain == "yes" else _("nei")
        yield _("Ved «%(answer)s»: %(label)s") % {"answer": answer, "label": question.explain_label}
    least = getattr(question, "least", 0)
    if least:
        yield ngettext("Minst %(n)s", "Minst %(n)s", least) % {"n": least}
    if question.relevance:
        yield question.relevance
    if isinstance(question, form_parts.Declaration):
        yield question.text
    if isinstance(question, form_parts.BudgetTable):
        yield _("År: %(years)s") % {"years": ", ".join(map(str, spec.budget.years))}
        yield _("Betalere: %(names)s") % {"names": "; ".join(payer.label for payer in spec.budget.payers)}
        yield from spec.budget.prompts


def _options(spec: RoundDefinition, question: Question) -> tuple[Option, ...]:
    if isinstance(question, form_parts.OneChoice | form_parts.ManyChoices):
        other = (Option(code="other", label=question.other_label),) if question.other_label else ()
        return spec.options(question) + other
    if isinstance(question, form_parts.BudgetTable):
        return spec.budget.cost_types
    return ()


def _columns(spec: RoundDefinition, question: Question) -> Iterator[tuple[str, str]]:
    if isinstance(question, form_parts.Table):
        yield from ((column.label, "") for column in question.columns)
    if isinstance(question, form_parts.BenefitTable):
        yield from ((column.label, column.help) for column in spec.benefits.columns)
    if isinstance(question, form_parts.Attachments):
        for kind in spec.attachments.kinds:
            if kind.code in question.kinds:
                yield kind.label, " ".join(filter(None, (_("Må legges ved.") if kind.required else "", kind.help)))
