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
    """A question as it is shown before anyone answers."""

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
        help=_help(spec, question),
        prompts=question.prompts,
        answering=answering[question.answer],
        kind=_kind(question),
        facts=tuple(filter(None, _facts(spec, question))),
        options=_options(spec, question),
        columns=tuple(_columns(spec, question)),
    )


def _help(spec: RoundDefinition, question: Question) -> str:
    """The question's help, and the introduction of its list or table."""
    texts = [question.help]
    taxonomy = spec.taxonomy(getattr(question, "taxonomy", None) or "")
    if taxonomy:
        texts.append(taxonomy.introduction)
    if isinstance(question, form_parts.BenefitTable):
        texts.append(spec.benefits.introduction)
    if isinstance(question, form_parts.BudgetTable):
        texts += [spec.budget.introduction, spec.budget.later_years_text]
    return "\n\n".join(spec.fill(text) for text in texts if text)


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
    yield from _limits(question)
    if isinstance(question, form_parts.YesNo) and question.explain_label:
        answer = _("ja") if question.explain == "yes" else _("nei")
        yield _("Ved «%(answer)s»: %(label)s") % {"answer": answer, "label": question.explain_label}
    taxonomy = spec.taxonomy(getattr(question, "taxonomy", None) or "")
    if taxonomy:
        yield f"{taxonomy.title} ({taxonomy.version})"
    if question.relevance:
        yield question.relevance
    if isinstance(question, form_parts.Declaration):
        yield question.text
    if isinstance(question, form_parts.BenefitTable):
        yield from _benefit_facts(spec)
    if isinstance(question, form_parts.BudgetTable):
        yield _("År: %(years)s") % {"years": ", ".join(map(str, spec.budget.years))}
        yield _("Betalere: %(names)s") % {"names": "; ".join(payer.label for payer in spec.budget.payers)}
        yield from spec.budget.prompts
        yield spec.budget.cost_shift_text if spec.budget.cost_shift else ""
    if isinstance(question, form_parts.Attachments):
        yield _("Høyst %(mb)s MB per fil") % {"mb": spec.attachments.max_megabytes}


def _limits(question: Question) -> Iterator[str]:
    """The limits of the answer: length, size, date and number."""
    if isinstance(question, form_parts.ShortText | form_parts.LongText):
        yield _("Inntil %(n)s tegn") % {"n": formats.grouped(question.max_characters)}
    if isinstance(question, form_parts.Number | form_parts.MoneyQuestion):
        yield from _amounts(question)
    if isinstance(question, form_parts.DateQuestion):
        yield from _days(question)
    least, most = getattr(question, "least", 0), getattr(question, "most", None)
    if least:
        yield ngettext("Minst %(n)s", "Minst %(n)s", least) % {"n": least}
    if most:
        yield _("Høyst %(n)s") % {"n": most}


def _days(question: form_parts.DateQuestion) -> Iterator[str]:
    if question.not_in_future:
        yield _("Kan ikke være fram i tid")
    if question.not_after_deadline:
        yield _("Kan ikke være etter søknadsfristen")
    if question.not_before_deadline:
        yield _("Kan ikke være før søknadsfristen")


def _amounts(question: form_parts.Number | form_parts.MoneyQuestion) -> Iterator[str]:
    unit = getattr(question, "unit", None) or ""
    if question.minimum is not None:
        yield _("Minst %(n)s") % {"n": f"{formats.grouped(question.minimum)} {unit}".strip()}
    if question.maximum is not None:
        yield _("Høyst %(n)s") % {"n": f"{formats.grouped(question.maximum)} {unit}".strip()}
    if unit and question.minimum is None and question.maximum is None:
        yield unit


def _benefit_facts(spec: RoundDefinition) -> Iterator[str]:
    rules = spec.benefits
    if rules.min_rows:
        yield ngettext("Minst %(n)s rad", "Minst %(n)s rader", rules.min_rows) % {"n": rules.min_rows}
    for horizon in rules.horizons:
        words = {"label": horizon.label, "start": horizon.from_month, "end": horizon.to_month}
        text = _("%(label)s: måned %(start)s til %(end)s") % words
        yield text if horizon.phase == "–" else f"{text}, {horizon.phase}"
    for options in (rules.types, rules.beneficiaries, rules.measures, rules.effect_parties):
        yield "; ".join(option.label for option in options)
    yield rules.credit or ""


def _options(spec: RoundDefinition, question: Question) -> tuple[Option, ...]:
    if isinstance(question, form_parts.OneChoice | form_parts.ManyChoices):
        other = (Option(code="other", label=question.other_label),) if question.other_label else ()
        return spec.options(question) + other
    if isinstance(question, form_parts.BudgetTable):
        return spec.budget.cost_types
    return ()


def _column(column: form_parts.Column) -> str:
    kinds = {"text": "", "date": _("Dato"), "number": _("Tall"), "money": _("Beløp i hele kroner")}
    return ". ".join(filter(None, (kinds[column.type], _("Må fylles ut") if column.required else "")))


def _columns(spec: RoundDefinition, question: Question) -> Iterator[tuple[str, str]]:
    if isinstance(question, form_parts.TableQuestion):
        yield from ((column.label, _column(column)) for column in question.columns)
    if isinstance(question, form_parts.BenefitTable):
        yield from ((column.label, column.help) for column in spec.benefits.columns)
    if isinstance(question, form_parts.Attachments):
        for kind in spec.attachments.kinds:
            if kind.code in question.kinds:
                yield kind.label, " ".join(filter(None, (_("Må legges ved.") if kind.required else "", kind.help)))
