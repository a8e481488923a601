"""What a call says, as its page shows it: filled texts and plain sentences made from the definition alone."""

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from portal import formats
from rounds.definition import Criterion, RoundDefinition, Scale, Stage
from rounds.definition.call import Document, FundingStep
from rounds.definition.form import Term
from rounds.models import Frame, Round


@dataclass(frozen=True, slots=True)
class CriteriaGroup:
    """Criteria of one kind under one heading."""

    title: str
    text: str
    criteria: tuple[Criterion, ...]


@dataclass(frozen=True, slots=True)
class StageText:
    """A stage in words."""

    name: str
    body: str
    tasks: str
    text: str


@dataclass(frozen=True, slots=True)
class DocumentText:
    """A document of the call with its list, the terms under their groups' headings."""

    code: str
    number: int | None
    title: str
    text: str
    url: str | None
    terms: tuple[tuple[str, tuple[Term, ...]], ...]


@dataclass(frozen=True, slots=True)
class CallPage:
    """Everything on the round's page that does not depend on the time or the reader."""

    texts: dict[str, str]
    notes: tuple[str, ...]
    rules: tuple[str, ...]
    money: tuple[tuple[str, str], ...]
    funding: tuple[FundingStep, ...]
    criteria: tuple[CriteriaGroup, ...]
    scale: Scale | None
    stages: tuple[StageText, ...]
    roles: tuple[tuple[str, str], ...]
    documents: tuple[DocumentText, ...]


_made: OrderedDict[tuple[str, str, int | None, bool], CallPage] = OrderedDict()
_MOST_MADE = 128


def call_page(found: Round) -> CallPage:
    """The page's content; made once in a process for each version, language and frame."""
    frame = found.frame
    key = (found.definition_sha256, get_language() or "nb", frame.amount, frame.provisional)
    if key not in _made:
        _made[key] = _make(found.spec, frame)
        if len(_made) > _MOST_MADE:
            _made.popitem(last=False)
    return _made[key]


def _make(spec: RoundDefinition, frame: Frame) -> CallPage:
    call = spec.call
    names = (
        "introduction",
        "purpose",
        "who_may_apply",
        "money_text",
        "assessment_text",
        "how_to_apply",
        "follow_up_text",
        "other_channels",
        "likeverdighet",
    )
    texts = {name: spec.fill(getattr(call, name)) for name in names}
    texts["complaint"] = spec.fill(spec.decision.complaint.text)
    texts["follow_up_text"] = texts["follow_up_text"] or spec.fill(spec.follow_up.text)
    texts["applicants"] = spec.fill(spec.applicants.text)
    scored = [item.scale for item in spec.criteria if item.scale]
    return CallPage(
        texts=texts,
        notes=tuple(spec.fill(note) for note in call.notes),
        rules=tuple(_rules(spec)),
        money=tuple(_money(spec, frame)),
        funding=call.funding,
        criteria=tuple(_criteria(spec)),
        scale=spec.scale(scored[0]) if scored else None,
        stages=tuple(_stage(spec, stage) for stage in spec.stages),
        roles=(
            (_("Beslutter"), spec.decision.decided_by),
            (_("Sender brevet"), spec.decision.sent_by),
            (_("Utbetaler"), spec.decision.paid_by),
            (_("Arkiverer"), spec.decision.archived_by),
        ),
        documents=tuple(_document(spec, item) for item in spec.documents),
    )


def _rules(spec: RoundDefinition) -> Iterator[str]:
    rules = spec.applicants
    joint = {
        "required": _("Dere søker sammen: én felles søknad for alle partnerne."),
        "urged": _("Dere oppfordres sterkt til å søke sammen."),
        "free": _("Dere kan søke alene eller sammen."),
    }
    yield joint[rules.joint]
    count = rules.min_municipalities
    if count:
        yield ngettext("Minst %(n)s kommune må være med.", "Minst %(n)s kommuner må være med.", count) % {"n": count}
    count = rules.min_hospital_trusts
    if count:
        yield ngettext("Minst %(n)s helseforetak må være med.", "Minst %(n)s helseforetak må være med.", count) % {
            "n": count
        }
    if rules.agreement == "required":
        yield _("Signert avtale om felles søknad legges ved.")
    if rules.signing == "all_partners":
        yield _("Alle partnere signerer den samme teksten før dere sender.")
    if rules.lead_is_legal_entity:
        yield _("Søknaden har én juridisk søker med organisasjonsnummer.")
    if rules.owner_may_be_body:
        yield _("Et faglig samarbeidsutvalg (FSU) kan eie prosjektet.")
    yield from _part_rules(spec)


def _part_rules(spec: RoundDefinition) -> Iterator[str]:
    if spec.applicants.own_contribution != "off":
        yield _("Det forventes egeninnsats fra dem som deltar. Den kan være arbeid og trenger ikke være penger.")
    if spec.budget.requested_amount == "required":
        yield _("Dere må oppgi hvor mye dere søker om, i hele kroner.")
    if spec.budget.cost_shift:
        yield _("Tilskuddet kan dekke kostnader som én part får når en annen sparer.")
    if spec.benefits.setting == "required" and spec.benefits.per_applicant:
        yield _("%(title)s er obligatorisk for hver søker.") % {"title": spec.benefits.title}
    elif spec.benefits.setting == "required":
        yield _("%(title)s er obligatorisk.") % {"title": spec.benefits.title}
    elif spec.benefits.setting == "optional":
        yield _("%(title)s er frivillig.") % {"title": spec.benefits.title}


def _money(spec: RoundDefinition, frame: Frame) -> Iterator[tuple[str, str]]:
    budget = spec.budget
    if frame.amount is None:
        yield _("Ramme"), _("Ikke fastsatt")
    else:
        amount = formats.kroner(frame.amount)
        yield _("Ramme"), _("%(amount)s, foreløpig") % {"amount": amount} if frame.provisional else amount
    if spec.frame.rounds_in_year != "–":
        yield _("Runder i året"), spec.frame.rounds_in_year
    if budget.min_amount:
        yield _("Minste beløp"), formats.kroner(budget.min_amount)
    if budget.max_amount:
        yield _("Største beløp"), formats.kroner(budget.max_amount)
    if budget.years:
        years = f"{budget.years[0]}–{budget.years[-1]}" if len(budget.years) > 1 else str(budget.years[0])
        yield _("År i budsjettet"), years


def _criteria(spec: RoundDefinition) -> Iterator[CriteriaGroup]:
    for gate in spec.gates:
        text = _("Minst %(n)s av %(m)s må innfris.") % {"n": gate.at_least, "m": len(gate.criteria)}
        yield CriteriaGroup(gate.title, text, tuple(item for item in spec.criteria if item.code in gate.criteria))
    weighted = any(item.weight is not None for item in spec.criteria)
    rest = (
        (
            "scored",
            _("Kriterier"),
            _("Hvert kriterium får poeng, og vektene viser hvor mye det teller.")
            if weighted
            else _("Hvert kriterium får poeng. Kriteriene har ingen vekt."),
        ),
        ("judgement", _("Prinsipper for prioritering"), _("Vurderes med ord, uten poeng.")),
        ("checklist", _("Dette må være på plass"), ""),
        ("information", _("Vises for organet, uten å telle"), ""),
    )
    for kind, title, text in rest:
        found = tuple(item for item in spec.criteria if item.kind == kind)
        if found:
            yield CriteriaGroup(title, text, found)


def _stage(spec: RoundDefinition, stage: Stage) -> StageText:
    tasks = {
        "approve": _("godkjenner"),
        "assess": _("vurderer"),
        "prioritise": _("prioriterer"),
        "decide": _("beslutter"),
    }
    bodies = {
        "ssu": _("Strategisk samarbeidsutvalg (SSU)"),
        "fsu": _("Faglig samarbeidsutvalg (FSU)"),
        "pm": _("Partnerskapsmøtet"),
        "secretariat": _("Sekretariatet"),
        "tildelingsutvalg": _("Tildelingsutvalget"),
    }
    body = bodies[stage.body_kind]
    if stage.body is None and len(spec.communities) > 1:
        body = _("%(body)s i hvert helsefellesskap") % {"body": body}
    return StageText(
        name=stage.name,
        body=body,
        tasks=_listed([tasks[task] for task in stage.tasks]),
        text=spec.fill(stage.text),
    )


def _listed(words: list[str]) -> str:
    return _(" og ").join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else words[0]


def _document(spec: RoundDefinition, item: Document) -> DocumentText:
    taxonomy = spec.taxonomy(item.taxonomy) if item.taxonomy else None
    terms: list[tuple[str, tuple[Term, ...]]] = []
    if taxonomy:
        headings: list[tuple[str | None, str]] = [(group.code, group.label) for group in taxonomy.groups]
        headings = headings or [(None, "")]
        terms = [(label, tuple(t for t in taxonomy.terms if t.group == code)) for code, label in headings]
    return DocumentText(item.code, item.number, item.title, spec.fill(item.text), item.url, tuple(terms))
