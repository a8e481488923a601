"""The content of a call's page: texts with their dates filled in, and sentences made from the definition."""

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from portal import formats
from portal.twins import twin_lazy, twin_n, twin_of
from rounds.definition import Criterion, RoundDefinition, Scale, StagePart
from rounds.definition.call import Document, FundingStep
from rounds.definition.form import Term
from rounds.models import Frame, Round
from rounds.views.form_page import form_page


@dataclass(frozen=True, slots=True)
class CriterionText:
    """A criterion, with the titles of its documents and lists, and the labels of the questions read for it."""

    part: Criterion
    sees: tuple[str, ...]
    reads: tuple[str, ...]

    @property
    def says_more(self) -> bool:
        """Whether there is more to say of it than its title."""
        part = self.part
        told = (part.text, part.points, part.emphasis, part.note, part.category_share_percent, part.weight)
        return any(value not in (None, "", ()) for value in told)


@dataclass(frozen=True, slots=True)
class CriteriaGroup:
    """Criteria of one kind under one heading."""

    title: str
    text: str
    criteria: tuple[CriterionText, ...]

    @property
    def is_proposed(self) -> bool:
        """Whether none of them is settled."""
        return all(criterion.part.basis == "proposed" for criterion in self.criteria)


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
    version: str
    terms: tuple[tuple[str, tuple[Term, ...]], ...]


@dataclass(frozen=True, slots=True)
class CallPage:
    """All content of the round's page that does not depend on the time or the reader."""

    texts: dict[str, str]
    facts: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]
    rules: tuple[str, ...]
    money: tuple[tuple[str, str], ...]
    funding: tuple[FundingStep, ...]
    legal_basis: tuple[str, ...]
    criteria: tuple[CriteriaGroup, ...]
    is_weighted: bool
    scales: tuple[Scale, ...]
    minimums: tuple[str, ...]
    stages: tuple[StageText, ...]
    roles: tuple[tuple[str, str], ...]
    documents: tuple[DocumentText, ...]
    sender: dict[str, str]
    forwards: tuple[tuple[str, tuple[str, ...]], ...]
    # Filled by ``drawn_parts``.
    drawn: dict[str, SafeString] = field(default_factory=dict)


# The parts of the page that show nothing but the definition.
PARTS = ("form", "criteria", "follow_up", "contacts", "documents")
_pages: OrderedDict[tuple[str, str, int | None, bool], CallPage] = OrderedDict()
_MOST_PAGES = 128


def call_page(round_: Round) -> CallPage:
    """The page's content; built once in a process for each version, language and frame."""
    frame = round_.frame
    key = (round_.definition_sha256, get_language() or "nb", frame.amount, frame.provisional)
    if key not in _pages:
        _pages[key] = _call_page(round_.spec, frame)
        if len(_pages) > _MOST_PAGES:
            _pages.popitem(last=False)
    return _pages[key]


def drawn_parts(round_: Round, page: CallPage) -> dict[str, SafeString]:
    """The ``PARTS`` of the page as HTML; drawn once for each ``call_page``, since they are most of a long page."""
    if not page.drawn:
        content = {"page": page, "spec": round_.spec, "round": round_, "sections": form_page(round_.spec)}
        page.drawn.update({name: render_to_string(f"rounds/_{name}.html", content) for name in PARTS})
    return page.drawn


def _call_page(spec: RoundDefinition, frame: Frame) -> CallPage:
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
    texts["scheme"], texts["frame"] = spec.fill(spec.scheme.purpose), spec.fill(spec.frame.note)
    said = {
        "all": twin_lazy("Alle søknadene på listen oversendes."),
        "prioritised": twin_lazy("De prioriterte søknadene oversendes."),
    }
    which = {name: twin_of(sentence, spec.form.noun.context) for name, sentence in said.items()}
    forwards = [stage.forwards for stage in spec.stages if stage.forwards]
    used = {item.scale for item in spec.criteria}
    return CallPage(
        texts=texts,
        facts=tuple(_facts(spec, frame)),
        notes=tuple(spec.fill(note) for note in call.notes),
        rules=tuple(_rules(spec)),
        money=tuple(_money(spec, frame)),
        funding=call.funding,
        legal_basis=tuple(_legal_basis(spec)),
        criteria=tuple(_criteria(spec)),
        is_weighted=_is_weighted(spec),
        scales=tuple(scale for scale in spec.scales if scale.code in used),
        minimums=tuple(_minimums(spec)),
        stages=tuple(_stage(spec, stage) for stage in spec.stages),
        roles=tuple(_roles(spec)),
        documents=tuple(_document(spec, item) for item in spec.documents),
        sender=call.identity.letterhead if call.identity else {},
        forwards=tuple((f"{which[item.which]} {spec.fill(item.text)}".strip(), item.contents) for item in forwards),
    )


def _roles(spec: RoundDefinition) -> Iterator[tuple[str, str]]:
    decision = spec.decision
    yield _("Beslutter"), decision.decided_by
    yield _("Sender brevet"), decision.sent_by
    yield _("Utbetaler"), decision.paid_by
    yield _("Arkiverer"), decision.archived_by
    rights = {"three_weeks": _("Innen tre uker"), "internal_review": _("Ny behandling i eget organ")}
    if decision.complaint.right in rights:
        yield _("Klage"), rights[decision.complaint.right]
        yield _("Klage sendes til"), decision.complaints_to


def _legal_basis(spec: RoundDefinition) -> Iterator[str]:
    for basis in spec.call.legal_basis:
        valid = _valid(basis.valid_from, basis.valid_to)
        yield f"{basis.title}: {basis.reference}" + (f" ({valid})" if valid else "")
    case = spec.decision.case
    if case:
        earlier = _(" (tidligere saker: %(cases)s)") % {"cases": ", ".join(case.earlier)} if case.earlier else ""
        yield _("Sak %(number)s, «%(title)s»") % {"number": case.number, "title": case.title} + earlier


def _valid(start: date | None, end: date | None) -> str:
    words = {"start": formats.date_no(start) if start else "", "end": formats.date_no(end) if end else ""}
    if start and end:
        return _("gjelder %(start)s–%(end)s") % words
    if start:
        return _("gjelder fra %(start)s") % words
    return _("gjelder til %(end)s") % words if end else ""


def _minimums(spec: RoundDefinition) -> Iterator[str]:
    """How many assess each application, and the minimum of the sum (0 to 100) and of each criterion in a stage."""
    for stage in spec.stages:
        if stage.does("assess"):
            words = {"stage": stage.name, "count": stage.assessors}
            yield (
                twin_n(
                    spec.form.noun.context,
                    "%(stage)s: hver søknad vurderes av %(count)s person.",
                    "%(stage)s: hver søknad vurderes av %(count)s personer.",
                    stage.assessors,
                )
                % words
            )
        if stage.minimum_total is not None:
            words = {"stage": stage.name, "points": formats.number(stage.minimum_total)}
            yield _("%(stage)s: samlet poengsum bør være minst %(points)s av 100.") % words
        for item in spec.criteria_of(stage, "scored"):
            if item.threshold is not None:
                words = {"stage": stage.name, "title": item.title, "points": formats.number(item.threshold)}
                yield _("%(stage)s: «%(title)s» bør ha minst %(points)s poeng.") % words


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
        sentence = twin_lazy("Søknaden har én juridisk søker med organisasjonsnummer.")
        yield twin_of(sentence, spec.form.noun.context)
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


def _facts(spec: RoundDefinition, frame: Frame) -> Iterator[tuple[str, str]]:
    """What comes first on the page: who, how much, and who decides."""
    yield _("Hvem kan søke"), _applicants_in_words(spec)
    yield _("Ramme"), _frame_in_words(frame)
    words = {"least": formats.kroner(spec.budget.min_amount), "most": formats.kroner(spec.budget.max_amount)}
    if spec.budget.min_amount and spec.budget.max_amount:
        yield _("Dere kan søke om"), _("%(least)s til %(most)s") % words
    elif spec.budget.max_amount:
        yield _("Dere kan søke om"), _("Inntil %(most)s") % words
    elif spec.budget.min_amount:
        yield _("Dere kan søke om"), _("Minst %(least)s") % words
    yield _("Avgjøres av"), spec.decision.decided_by


def _applicants_in_words(spec: RoundDefinition) -> str:
    rules = spec.applicants
    sides = (
        (rules.min_municipalities, ngettext("%(n)s kommune", "%(n)s kommuner", rules.min_municipalities)),
        (rules.min_hospital_trusts, ngettext("%(n)s helseforetak", "%(n)s helseforetak", rules.min_hospital_trusts)),
    )
    needed = [text % {"n": count} for count, text in sides if count]
    if not needed:
        return _("Kommuner og helseforetak")
    least = _("Minst %(partners)s") % {"partners": _listed(needed)}
    return _("%(partners)s sammen") % {"partners": least} if rules.joint == "required" else least


def _frame_in_words(frame: Frame) -> str:
    if frame.amount is None:
        return _("Ikke fastsatt")
    amount = formats.kroner(frame.amount)
    return _("%(amount)s, foreløpig") % {"amount": amount} if frame.provisional else amount


def _money(spec: RoundDefinition, frame: Frame) -> Iterator[tuple[str, str]]:
    budget = spec.budget
    name = {"name": spec.scheme.name}
    yield _("Ordning"), _("%(name)s, varig ordning") % name if spec.scheme.permanent else spec.scheme.name
    yield _("Rammeår"), str(spec.frame.year)
    yield _("Ramme"), _frame_in_words(frame)
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
        text = " ".join((text, _("Hvis ikke:"), spec.fill(gate.refusal)))
        yield _group(spec, gate.title, text, [item for item in spec.criteria if item.code in gate.criteria])
    rest = (
        (
            "scored",
            _("Kriterier"),
            _("Hvert kriterium får poeng, og vektene viser hvor mye det teller.")
            if _is_weighted(spec)
            else _("Hvert kriterium får poeng. Kriteriene har ingen vekt."),
        ),
        ("judgement", _("Prinsipper for prioritering"), _("Vurderes med ord, uten poeng.")),
        ("checklist", _("Dette må være på plass"), ""),
        ("information", _("Vises for organet, uten å telle"), ""),
    )
    for kind, title, text in rest:
        criteria = [item for item in spec.criteria if item.kind == kind]
        if criteria:
            yield _group(spec, title, text, criteria)


def _is_weighted(spec: RoundDefinition) -> bool:
    return any(item.weight is not None for item in spec.criteria)


def _group(spec: RoundDefinition, title: str, text: str, criteria: list[Criterion]) -> CriteriaGroup:
    shown = (CriterionText(item, _sees(spec, item), _reads(spec, item)) for item in criteria)
    return CriteriaGroup(title, text, tuple(shown))


def _reads(spec: RoundDefinition, criterion: Criterion) -> tuple[str, ...]:
    asked = (spec.question(code) for code in criterion.questions)
    return tuple(spec.fill(question.label) for question in asked if question)


def _sees(spec: RoundDefinition, criterion: Criterion) -> tuple[str, ...]:
    documents = [spec.document(code) for code in criterion.documents]
    # A list that is printed in one of these documents is not named twice.
    listed = {item.taxonomy for item in documents if item}
    lists = [spec.taxonomy(code) for code in criterion.taxonomies if code not in listed]
    return tuple(item.title for item in (*documents, *lists) if item)


def _stage(spec: RoundDefinition, stage: StagePart) -> StageText:
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
    version = ""
    if taxonomy:
        valid = _valid(taxonomy.valid_from, taxonomy.valid_to)
        version = ", ".join(filter(None, (taxonomy.version, valid)))
    return DocumentText(item.code, item.number, item.title, spec.fill(item.text), item.url, version, tuple(terms))
