"""The checks between the parts of a round definition. Each problem has its path and says what to correct."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from rounds.definition import check_completable, check_form, check_stages
from rounds.definition.base import Problem
from rounds.definition.filling import CALL_FIELDS, LETTER_FIELDS, unknown_placeholders

if TYPE_CHECKING:
    from rounds.definition.round import RoundDefinition

Path = tuple[str | int, ...]


def problems(spec: RoundDefinition) -> Iterator[Problem]:
    """All problems of the definition; none when it is correct."""
    checks: tuple[Callable[[RoundDefinition], Iterable[Problem]], ...] = (
        _unique,
        _dates,
        _validity,
        _texts,
        _sources,
        _case,
        check_form.problems,
        check_stages.problems,
        check_completable.problems,
    )
    for check in checks:
        yield from check(spec)


def _unique(spec: RoundDefinition) -> Iterator[Problem]:
    lists: list[tuple[Path, Sequence[Any]]] = [
        (("taxonomies",), spec.taxonomies),
        (("scales",), spec.scales),
        (("criteria",), spec.criteria),
        (("gates",), spec.gates),
        (("stages",), spec.stages),
        (("documents",), spec.documents),
        (("attachments", "kinds"), spec.attachments.kinds),
        (("budget", "cost_types"), spec.budget.cost_types),
        (("budget", "payers"), spec.budget.payers),
        (("benefits", "columns"), spec.benefits.columns),
        (("benefits", "types"), spec.benefits.types),
        (("benefits", "beneficiaries"), spec.benefits.beneficiaries),
        (("benefits", "measures"), spec.benefits.measures),
        (("benefits", "horizons"), spec.benefits.horizons),
        (("form", "sections"), spec.form.sections),
        (("follow_up", "evaluation_form"), spec.follow_up.evaluation_form),
    ]
    lists += [(("taxonomies", n, "terms"), item.terms) for n, item in enumerate(spec.taxonomies)]
    for path, items in lists:
        yield from _repeated(path, "code", [item.code for item in items])
    yield from _repeated(("communities",), "community", [item.community for item in spec.communities])
    yield from _repeated(("sources",), "key", [item.key for item in spec.sources])
    seen: set[str] = set()
    for path, question in check_form.placed_questions(spec):
        if question.code in seen:
            yield Problem((*path, "code"), f"koden «{question.code}» er brukt før; hver kode kan brukes én gang")
        seen.add(question.code)


def _repeated(path: Path, field: str, codes: Sequence[str]) -> Iterator[Problem]:
    for index, code in enumerate(codes):
        if code in codes[:index]:
            yield Problem((*path, index, field), f"koden «{code}» er brukt før; hver kode kan brukes én gang")


def _dates(spec: RoundDefinition) -> Iterator[Problem]:
    dates = spec.dates
    if dates.opens < dates.announced:
        yield Problem(("dates", "opens"), "er før utlysningen («announced»)")
    if dates.closes <= dates.opens:
        yield Problem(("dates", "closes"), "er ikke etter åpningen («opens»)")
    if dates.forward_by and dates.forward_by < dates.closes:
        yield Problem(("dates", "forward_by"), "er før søknadsfristen («closes»)")
    if dates.decision_by and dates.decision_by < (dates.forward_by or dates.closes):
        yield Problem(("dates", "decision_by"), "er før fristene som går foran")
    for index, community in enumerate(spec.communities):
        if community.closes and not dates.opens < community.closes <= (dates.forward_by or community.closes):
            yield Problem(("communities", index, "closes"), "er ikke mellom åpningen og oversendelsen")


def _validity(spec: RoundDefinition) -> Iterator[Problem]:
    for index, taxonomy in enumerate(spec.taxonomies):
        if _holds_no_day(taxonomy):
            yield Problem(("taxonomies", index, "valid_to"), "er før «valid_from»")
    for index, basis in enumerate(spec.call.legal_basis):
        if _holds_no_day(basis):
            yield Problem(("call", "legal_basis", index, "valid_to"), "er før «valid_from»")


def _holds_no_day(item: Any) -> bool:
    return bool(item.valid_from and item.valid_to and item.valid_to < item.valid_from)


def _texts(spec: RoundDefinition) -> Iterator[Problem]:
    data = spec.model_dump(mode="json", exclude_defaults=True)
    for path, text in _strings(data, ()):
        fields = LETTER_FIELDS if path[0] == "letters" else CALL_FIELDS
        for name in unknown_placeholders(text, fields):
            yield Problem(path, f"«{{{name}}}» kan ikke fylles ut; mulige er {', '.join(sorted(fields))}")


def _strings(value: Any, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(value, str) and "{" in value:
        yield path, value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _strings(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _strings(item, (*path, index))


def _case(spec: RoundDefinition) -> Iterator[Problem]:
    """Each point of the draft resolution must use one of the round's ``verbs`` (R129)."""
    case = spec.decision.case
    for index, point in enumerate(case.draft if case else ()):
        if case and case.verbs and not any(verb in point.text for verb in case.verbs):
            path = ("decision", "case", "draft", index, "text")
            yield Problem(path, f"bruker ingen av ordene i «verbs»: {', '.join(case.verbs)}")


def _sources(spec: RoundDefinition) -> Iterator[Problem]:
    keys = {item.key for item in spec.sources}
    data = spec.model_dump(mode="json", exclude_defaults=True, exclude={"sources"})
    for path, named in _cited(data, ()):
        for index, text in enumerate(named):
            # «S0 vedlegg 2» cites a document by its first word; «R54» cites the requirements.
            key = text.split(maxsplit=1)[0]
            if key not in keys and not (key[0] == "R" and key[1:].isdigit()):
                yield Problem((*path, index), f"kilden «{key}» står ikke i «sources»")


def _cited(value: Any, path: Path) -> Iterator[tuple[Path, list[str]]]:
    if isinstance(value, dict):
        for key, item in value.items():
            if key == "source":
                yield (*path, key), item
            else:
                yield from _cited(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _cited(item, (*path, index))


def warnings(spec: RoundDefinition) -> Iterator[Problem]:
    """What the secretariat should know, but may accept (R24, R2, R41, R56)."""
    dates = spec.dates
    if dates.notice_days < dates.shortest_notice_days:
        yield Problem(("dates", "closes"), f"bare {dates.notice_days} dager fra utlysning til frist")
    if spec.frame.amount is None:
        yield Problem(("frame", "amount"), "rammen er ikke fastsatt")
    elif spec.frame.provisional:
        yield Problem(("frame", "provisional"), "rammen er foreløpig")
    for index, taxonomy in enumerate(spec.taxonomies):
        if not taxonomy.is_valid_on(dates.dated):
            yield Problem(("taxonomies", index), f"«{taxonomy.title}» gjelder ikke på utlysningsdatoen")
    yield from check_stages.warnings(spec)
