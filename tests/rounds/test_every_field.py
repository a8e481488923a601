"""Every field of the round file has an effect: changing it changes something that a person or the process meets.

``READERS`` names for each part of the file where each of its fields bites. The parts and fields are found in the model
itself, so that a new field without a row fails. Each probe changes one value of a whole definition and asks what the
named face makes of the two; a face that ignores the field gives the same twice, and the test fails.
"""

# ruff: noqa: E501 - a table is read by the line

import copy
import dataclasses
import inspect
import itertools
import typing
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.template.loader import render_to_string
from pydantic import BaseModel, ValidationError

from applications import budget, completeness, roster, snapshot
from applications.models import Application, Attachment
from evaluation.decisions import letter_content
from evaluation.followup import reminders
from evaluation.meetings import papers
from portal.communities.models import Body, HealthCommunity
from rounds import fairness, queries, register, services
from rounds.calendar import calendar_file
from rounds.call_page import call_page
from rounds.definition import RoundDefinition
from rounds.form_page import form_page
from rounds.models import Frame, Round, Stage
from tests import factories

NOW = datetime(2025, 2, 10, 9, tzinfo=UTC)


# --- a definition that uses every field -----------------------------------------------------------------


def _question(kind, **fields):
    return {
        "type": kind,
        "code": f"q-{kind.replace('_', '-')}",
        "label": f"Spørsmål {kind}",
        "help": "Hjelp",
        "prompts": ["Et stikkord"],
        "answer": "optional",
        "relevance": "Når det passer",
        "source": ["S1"],
        **fields,
    }


QUESTIONS = [
    _question("short_text", max_characters=100),
    _question("long_text", max_characters=100),
    _question("number", unit="dager", minimum=1, maximum=9),
    _question("money", minimum=1, maximum=9),
    _question("yes_no", explain="yes", explain_label="Hvem?"),
    _question("date", not_in_future=True, not_after_deadline=True),
    _question("one_choice", options=[{"code": "a", "label": "A", "text": "Om A"}], other_label="Annet"),
    _question("many_choices", taxonomy="pasientgrupper", least=1, most=2, other_label="Annet"),
    _question(
        "table",
        columns=[{"code": "c", "label": "Kolonne", "type": "date", "required": True}, {"code": "d", "label": "D"}],
        least=1,
    ),
    _question("owners", least=2),
    _question("parties", kinds=["municipality", "hospital_trust"], least=1),
    _question("contacts", kinds=["municipality"], least=2),
    _question("declaration", text="Det er sant"),
    _question("benefits"),
    _question("budget"),
    _question("attachments", kinds=["agreement", "budget", "other"]),
]


def _whole():
    """Helse Nord's round with Innlandet's gate, case and effects, one question of each kind, and all that is left out."""
    data = factories.definition("helse-nord-2025").model_dump(mode="json")
    other = factories.definition("innlandet-2024").model_dump(mode="json")
    known = {item["code"] for item in data["taxonomies"]}
    data["taxonomies"] += [item for item in other["taxonomies"] if item["code"] not in known]
    data["gates"], data["decision"]["case"] = other["gates"], other["decision"]["case"]
    data["decision"]["portfolio_text"] = other["decision"]["portfolio_text"]
    data["sources"] += [item for item in other["sources"] if item["key"] not in {key["key"] for key in data["sources"]}]
    gates = [item for item in other["criteria"] if item["kind"] == "gate"]
    data["criteria"] += [{**item, "questions": [], "documents": [], "taxonomies": []} for item in gates]
    data["criteria"][4] |= {"documents": [data["documents"][0]["code"]], "taxonomies": ["pasientgrupper"]}
    data["gates"][0]["question"] = "q-gate"
    stage = data["stages"][0]
    stage["criteria"] += [item["code"] for item in gates]
    stage |= {"gates": [data["gates"][0]["code"]], "minimum_total": "50"}
    gate = _question("many_choices", code="q-gate", gate=data["gates"][0]["code"])
    data["form"]["sections"] = [
        {"code": "all", "title": "Alt", "introduction": "Innledning", "questions": [*QUESTIONS, gate]}
    ]
    data["form"] |= {"title_question": "q-short-text", "summary_question": "q-long-text", "introduction": "Hei"}
    data["criteria"] = [
        {**item, "questions": ["q-long-text"] if item["kind"] == "scored" else []} for item in data["criteria"]
    ]
    data["benefits"] |= {
        "effect_parties": other["benefits"]["effect_parties"],
        "credit": "Etter Innomed",
        "min_rows": 1,
    }
    data["budget"] |= {
        "min_amount": 1000,
        "max_amount": 9_000_000,
        "attachment": data["attachments"]["kinds"][0]["code"],
    }
    data["dates"]["milestones"] = [{"code": "day", "label": "En dag", "at": "2025-05-01 12:00"}]
    data["communities"][0]["closes"] = "2025-03-08 24:00"
    data["call"]["legal_basis"] = [
        {"title": "Lov", "reference": "§ 1", "valid_from": "2024-01-01", "valid_to": "2026-01-01"}
    ]
    data["taxonomies"][0] |= {"valid_from": "2024-01-01", "valid_to": "2026-01-01", "introduction": "Om lista"}
    data["frame"]["amount"], data["call"]["follow_up_text"] = 40_000_000, ""
    data["applicants"] |= {"own_contribution": "expected", "min_municipalities": 0, "min_hospital_trusts": 0}
    data["call"]["funding"] = [
        {"giver": "Stat", "receiver": "RHF", "amount": 1, "reference": "Statsbudsjettet", "source": ["S1"]}
    ]
    data["benefits"]["setting"] = "required"
    data["benefits"]["columns"] = [{**column, "required": True} for column in data["benefits"]["columns"]]
    data["call"]["identity"]["website"] = "https://example.org/om"
    data["documents"][0] |= {"taxonomy": data["taxonomies"][0]["code"], "url": "https://example.org/a", "number": 1}
    data["taxonomies"][0]["groups"] = [{"code": "g", "label": "Gruppe", "text": ""}]
    for term in data["taxonomies"][0]["terms"]:
        term |= {"group": "g", "letter": "A", "responsible": "UNN", "text": "Forklart"}
    return data


# The page of a definition is kept by its digest; each probe is a definition of its own.
NUMBERS = itertools.count()


# --- the faces -------------------------------------------------------------------------------------------


def _round(spec):
    """The round as its page reads it, without a database."""
    dates = spec.dates
    made = Round(
        code=spec.code,
        title=spec.title,
        language=spec.language,
        announced_at=dates.announced,
        opens_at=dates.opens,
        closes_at=dates.closes,
        published_at=NOW,
        definition_sha256=str(next(NUMBERS)),
        frame=Frame(
            code=spec.frame.code, year=spec.frame.year, amount=spec.frame.amount, provisional=spec.frame.provisional
        ),
    )
    made.__dict__["spec"] = spec
    return made


PARTS = ("_money", "_criteria", "_assessment", "_follow_up", "_contacts", "_documents", "_aside")


def page(spec):
    """The round's public page, as HTML."""
    made = _round(spec)
    context = {
        "round": made,
        "spec": spec,
        "page": call_page(made),
        "moments": queries.moments(made, NOW),
        "phase": "open",
        "is_open": True,
    }
    context["decided_by"] = [(stage, []) for stage in context["page"].stages]
    shown = [render_to_string(f"rounds/{name}.html", context) for name in PARTS]
    words = context["page"]
    return [
        *shown,
        words.texts,
        words.notes,
        words.rules,
        spec.call.addressee,
        [item.title for item in words.documents],
    ]


def questions(spec):
    """The page with all the questions, as HTML."""
    context = {"round": _round(spec)}
    return [
        (
            section.number,
            section.code,
            section.title,
            render_to_string("rounds/_section_questions.html", {**context, "section": section}),
        )
        for section in form_page(spec)
    ] + [spec.form.title, spec.fill(spec.form.introduction)]


def calendar(spec):
    """The calendar file."""
    return calendar_file(_round(spec), address="https://example.org/", now=NOW)


def warned(spec):
    """What the secretariat is told to look at."""
    return [problem.message for problem in spec.warnings]


def refused(spec):
    """Nothing to see here: ``probe`` takes this face to mean that the changed file is refused at that place."""
    raise NotImplementedError


def money(spec):
    """What the budget's own rules say of a budget at the edge of everything."""
    rules = budget.Rules.of(spec)
    lines = [
        budget.Line(2025, "travel", 500, "grant"),
        budget.Line(2099, "nothing", 500, "other"),
        budget.Line(2025, "travel", 500, "own", "in_kind"),
    ]
    return [dataclasses.asdict(rules), *budget.problems(lines, rules, 500), *budget.problems(lines, rules, 10**9)]


def letter(spec):
    """Every kind of decision letter, to a municipality and to a private recipient."""
    return [
        _letter(spec, kind, lead) for kind in ("granted", "rejected", "postponed") for lead in ("municipality", "other")
    ]


def _letter(spec, kind, lead_kind):
    lead = SimpleNamespace(name="Tromsø kommune", orgnr="940101808", kind=lead_kind)
    partner = SimpleNamespace(is_lead=True, organisation=lead, role="lead", name=lead.name)
    application = SimpleNamespace(
        round=SimpleNamespace(spec=spec),
        title="Prosjektet",
        code="A1",
        receipt="K1",
        owner_body=None,
        requested_amount=100,
        community=SimpleNamespace(name="Troms og Ofoten"),
        partners=SimpleNamespace(all=lambda: [partner]),
    )
    decision = SimpleNamespace(
        application=application,
        outcome=kind,
        get_outcome_display=lambda: kind,
        resolution=None,
        body=None,
        reason="Fordi",
        amount=50 if kind == "granted" else None,
        amounts_by_year={"2025": 50},
        conditions="",
        is_award=kind == "granted",
    )
    return letter_content.build(decision, number="1", language="nb", at=NOW)


def paper(spec):
    """The papers of the round's own case and of its list."""
    decision = spec.decision
    allocation = papers.allocation_paper(
        "SSU",
        spec.title,
        [],
        1,
        1,
        guidelines=papers.guidelines_sentence(decision.case),
        portfolio=decision.portfolio_text,
    )
    return papers.round_paper(decision.case), allocation


def checked(spec):
    """What the completeness check says of who stands together: a municipality alone, and one person on both sides."""
    return [list(completeness._partnership(parts)) + list(completeness._warnings(parts)) for parts in _dossiers(spec)]


def _dossiers(spec):
    contact = SimpleNamespace(email="a@example.org", name="Anne")
    both = [_partner(kind, contact) for kind in ("municipality", "hospital_trust")]
    for partners in (both[:1], both):
        application = SimpleNamespace(requested_amount=1, owner_body_id=None)
        yield SimpleNamespace(
            spec=spec, partners=partners, application=application, budget_lines=[], benefits=[], attachments=[],
            value=lambda _code: None,
        )  # fmt: skip


def _partner(kind, contact):
    organisation = SimpleNamespace(is_legal_entity=False)
    return SimpleNamespace(
        kind=kind, must_sign=True, is_lead=kind == "municipality", organisation=organisation, name=kind,
        contacts=SimpleNamespace(all=lambda: [contact]),
    )  # fmt: skip


def signers(spec):
    """Who must sign."""
    return [partner.kind for parts in _dossiers(spec) for partner in roster.signers(parts.partners, spec)]


def table(spec):
    """What the check says of a benefit table with one half-filled row, and of too many files of each kind."""
    texts = dict.fromkeys((field for pair in snapshot.BENEFIT_COLUMNS.values() for field in pair if field), "")
    row = SimpleNamespace(**{**texts, "benefit": "Mindre reise", "effects": {}})
    held = [SimpleNamespace(kind=kind.code) for kind in spec.attachments.kinds for _copy in range(5)]
    parts = SimpleNamespace(spec=spec, benefits=[row], attachments=held)
    question = next(item for item in spec.questions if item.type == "attachments")
    return [
        *completeness._benefits(parts, None),
        *completeness._attachments(parts, question),
        *completeness._attachments(SimpleNamespace(spec=spec, attachments=[]), question),
    ]


def registered(spec):
    """What a register that has nothing, and one where nothing fits, lacks."""
    empty = register.Named({}, {}, {}, {})
    owner = HealthCommunity(pk=1, name="Alle")
    bodies = {
        str(stage.body): Body(pk=1, code=stage.body, kind="fsu", name="FSU", region_id=None) for stage in spec.stages
    }
    known = register.Named({item.community: owner for item in spec.communities}, {}, bodies, {})
    del known.bodies[str(spec.stages[1].body)]
    return [list(register.problems(spec, named)) for named in (empty, known)]


def rows(spec):
    """The rows that scores point at, and what is kept of the round beside its definition."""
    made = [
        services._criterion(Stage(), position, item, spec)
        for stage in spec.stages
        for position, item in enumerate(spec.criteria_of(stage))
    ]
    return [[(field.attname, getattr(row, field.attname)) for field in row._meta.concrete_fields] for row in made]


def numbered(spec):
    """What an attachment is called."""
    application = Application(round=_round(spec))
    return Attachment(application=application, number=2, title="Budsjett").display_name


def fixed(spec):
    """What cannot be changed when somebody has begun to apply: another scheme, another sum of money."""
    return fairness.unfair_changes(WHOLE, spec)


def reminded(spec):
    """On which days people are reminded of an award."""
    application = SimpleNamespace(round=SimpleNamespace(spec=spec, receiver_for=lambda _c: None), community=None)
    decision = SimpleNamespace(application=application)
    report = SimpleNamespace(due_date=date(2030, 1, 1))
    waits = SimpleNamespace(decision=decision, planned_start_date=None, responsible_email="", evaluation=report)
    told = SimpleNamespace(decision=decision, accept_by=None)
    rows = SimpleNamespace(select_related=lambda *_: SimpleNamespace(prefetch_related=lambda *_: [told]))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reminders, "_accepted", lambda _status: [waits])
        patch.setattr(reminders, "_contacts", lambda _application: [])
        patch.setattr(reminders, "Letter", SimpleNamespace(objects=SimpleNamespace(filter=lambda **_: rows)))
        patch.setattr(reminders, "_with_contacts", lambda _prefix: None)
        return [
            next(kind(NOW.date())).offsets
            for kind in (reminders._acceptances, reminders._starts, reminders._evaluations)
        ]


# --- which face each field has ---------------------------------------------------------------------------

# (face, the value to try); a face alone means that a value of the same kind is made up.
CITED = (refused, ["X9"])
KIND = (refused, "x")
READERS = {
    "RoundDefinition": {"format": (refused, 2), "code": calendar, "title": calendar, "year": letter, "guidance": (page, "pasientgrupper"), "language": page},
    "SourceDocument": {"key": (refused, "Z1"), "title": page},
    "Owner": {"community": (refused, "troms-ofoten"), "organisation": (registered, "999999999")},
    "SchemePart": {"code": (fixed, "ny"), "name": page, "purpose": page, "permanent": page, "source": CITED},
    "FramePart": {"code": (fixed, "ny"), "year": page, "amount": page, "provisional": page, "rounds_in_year": page, "note": page, "source": CITED},
    "Call": {
        **dict.fromkeys(("addressee", "introduction", "purpose", "who_may_apply", "money_text", "assessment_text"), page),
        **dict.fromkeys(("how_to_apply", "follow_up_text", "notes", "other_channels", "likeverdighet"), page),
        "source": CITED,
    },
    "LegalBasis": {"title": page, "reference": page, "valid_from": page, "valid_to": page, "source": CITED},
    "FundingStep": {**dict.fromkeys(("giver", "receiver", "amount", "reference"), page), "decided": (page, "2024-01-01"), "source": CITED},
    "Identity": {
        **dict.fromkeys(("name", "postal_address", "visiting_address", "phone", "email"), letter),
        "organisation_number": (letter, "974760673"), "website": letter, "source": CITED,
    },
    "ReceivingCommunity": {"community": registered, "name": page, "closes": page, "source": CITED},
    "Address": {"role": page, "email": page},
    "Dates": {
        "dated": (warned, "2030-01-01"), "announced": (page, "2024-12-24 00:00"), "opens": page, "closes": page,
        "forward_by": page, "decision_by": (page, "2025-06-01 24:00"), "shortest_notice_days": (warned, 365), "source": CITED,
    },
    "Milestone": {"code": calendar, "label": page, "at": page, "source": CITED},
    "ApplicantRules": {
        "joint": (checked, "free"), "min_municipalities": (checked, 2), "min_hospital_trusts": (checked, 2),
        "agreement": page, "signing": (signers, "lead"), "owner_may_be_body": page, "lead_is_legal_entity": checked,
        "own_contribution": (money, "required"), "shared_contact": (checked, "refused"), "partner_kinds": (refused, ["other"]),
        "text": page, "source": CITED,
    },
    "Taxonomy": {"code": (refused, "x"), "title": questions, "version": questions, "valid_from": page, "valid_to": page, "introduction": questions, "source": CITED},
    "Option": {"code": (refused, "other"), "label": questions, "text": questions},
    "Term": {"group": (page, None), "letter": page, "heading": (questions, "Innsats"), "responsible": page},
    "Form": {"kind": page, "title": questions, "introduction": questions, "title_question": (refused, "x"), "summary_question": (refused, "x"), "source": CITED},
    "Section": {"code": questions, "title": questions, "introduction": questions},
    "_Question": {**dict.fromkeys(("label", "help", "prompts", "answer", "relevance"), questions), "code": (refused, "q-gate"), "source": CITED},
    "ShortText": {"type": KIND, "max_characters": questions},
    "LongText": {"type": KIND, "max_characters": questions},
    "Number": {"type": KIND, "unit": questions, "minimum": questions, "maximum": questions},
    "Money": {"type": KIND, "minimum": questions, "maximum": questions},
    "YesNo": {"type": KIND, "explain": (questions, "no"), "explain_label": questions},
    "DateQuestion": {"type": KIND, "not_in_future": questions, "not_after_deadline": questions},
    "_Choice": {"taxonomy": (refused, "x"), "gate": (refused, "x"), "other_label": questions},
    "OneChoice": {"type": KIND},
    "ManyChoices": {"type": KIND, "least": questions, "most": questions},
    "Table": {"type": KIND, "least": questions},
    "Column": {"code": (refused, "d"), "label": questions, "type": questions, "required": questions},
    "Owners": {"type": KIND, "least": questions},
    "Parties": {"type": KIND, "kinds": (refused, ["regional_authority"]), "least": questions},
    "Contacts": {"type": KIND, "kinds": (refused, []), "least": questions},
    "Declaration": {"type": KIND, "text": questions},
    "BenefitTable": {"type": KIND},
    "BudgetTable": {"type": KIND},
    "Attachments": {"type": KIND, "kinds": (questions, ["agreement", "budget"])},
    "Benefits": {
        "setting": (page, "optional"), "title": page, "introduction": questions, "per_applicant": page, "min_rows": (table, 2),
        "drivers": (refused, "x"), "credit": questions, "source": CITED,
    },
    "BenefitColumn": {"code": (refused, "target"), "label": questions, "help": questions, "band": (table, 2), "required": table},
    "Horizon": {"from_month": questions, "to_month": questions, "phase": questions},
    "Budget": {
        "setting": (money, "optional"), "introduction": questions, "prompts": questions, "years": (money, [2025]), "in_kind": money,
        "requested_amount": (money, "optional"), "min_amount": money, "max_amount": money, "cost_shift": page,
        "cost_shift_text": questions, "other_funding": money, "attachment": (refused, "x"), "later_years_text": questions, "source": CITED,
    },
    "Payer": {"kind": (refused, "other")},
    "AttachmentRules": {"max_megabytes": questions, "numbered": numbered},
    "AttachmentKind": {"code": (refused, "x"), "label": questions, "help": questions, "required": table, "most": (table, 1), "source": CITED},
    "Scale": {"code": (refused, "x"), "title": page, "minimum": (rows, "-1"), "maximum": rows, "step": (rows, "0.5"), "source": CITED},
    "Anchor": {"value": (page, "1.5"), "label": page, "text": page},
    "Criterion": {
        "code": (refused, "x"), "title": page, "text": page, "points": (page, ["Et punkt"]), "kind": (page, "information"),
        "level": page, "scale": (refused, "x"), "weight": rows, "threshold": rows, "emphasis": page, "examples": page, "note": page,
        "documents": page, "taxonomies": (page, ["nasjonale-foringer"]), "questions": (page, ["q-date"]), "category_share_percent": (page, 7),
        "basis": page, "source": CITED,
    },
    "Gate": {"code": (refused, "x"), "title": page, "criteria": (refused, ["x"]), "at_least": page, "question": (refused, "x"), "refusal": page, "source": CITED},
    "Stage": {
        "code": (refused, "x"), "name": page, "body_kind": page, "body": registered, "tasks": (page, ["assess", "prioritise"]), "deadline": page,
        "criteria": (rows, ["purpose"]), "gates": (refused, []), "scoring": (refused, "qualitative"), "minimum_total": page, "assessors": page,
        "text": page, "source": CITED,
    },
    "Forwarding": {"to_stage": (refused, "community"), "which": page, "contents": page, "text": page},
    "Decision": {
        "outcomes": (refused, ["rejected"]), "decided_by": letter, "sent_by": page, "paid_by": page, "archived_by": page,
        "complaints_to": letter, "portfolio_text": paper, "source": CITED,
    },
    "Complaint": {"right": (letter, "three_weeks"), "text": letter, "private_recipient_text": letter, "source": CITED},
    "ResolutionPoint": {"text": paper, "points": paper, "asks": paper},
    "CasePart": {
        "number": (paper, "1/25"), "title": paper, "earlier": paper, "headings": paper, "verbs": (refused, ["roper"]), "source": CITED,
    },
    "FollowUp": {
        "evaluation_months": page, "report_to": (registered, "pm"), "acceptance_days": page, "text": page, "source": CITED,
        **dict.fromkeys(("evaluation_reminders", "acceptance_reminders", "start_reminders"), (reminded, [3])),
    },
    "ReportDuty": {**dict.fromkeys(("code", "title", "by", "to", "when"), page), "source": CITED},
    "Letters": {
        **dict.fromkeys(("conditions", "purpose", "payment", "reporting", "control", "repayment"), letter),
        **dict.fromkeys(("publicity", "acceptance", "next_round", "approved_note"), letter),
    },
    "LetterText": {"kind": (refused, "granted"), "heading": letter, "introduction": letter, "closing": letter},
    "Document": {"code": (refused, "x"), "title": page, "number": page, "text": page, "url": page, "taxonomy": (refused, "x"), "source": CITED},
    "GlossaryEntry": {"term": page, "meaning": page},
}  # fmt: skip

# Fields that have an effect which these faces do not see, with the test that proves it.
ELSEWHERE = {
    ("Stage", "decision_rule"): "tests/meetings",
    ("Quorum", "share"): "tests/meetings",
    ("Quorum", "both_sides"): "tests/meetings",
}


# --- the probes -------------------------------------------------------------------------------------------

DATA = _whole()
WHOLE = RoundDefinition.model_validate(DATA)
BEFORE = {}


def _declared(part):
    """Each field of a part with the class that declares it: what every question has is told once."""
    for base in reversed(part.__mro__):
        if issubclass(base, BaseModel):
            yield from ((base.__name__, name) for name in inspect.get_annotations(base) if name in part.model_fields)


def _parts(kind):
    """The parts that a field's type holds."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        yield kind
    for inner in typing.get_args(kind):
        yield from _parts(inner)


def _every_field(part, found):
    """Every field that holds a value and no further part, from the definition down."""
    if part in found["seen"]:
        return found
    found["seen"].add(part)
    for key in _declared(part):
        inner = list(_parts(part.model_fields[key[1]].annotation))
        if not inner:
            found["fields"].setdefault(key, part)
        for kind in inner:
            _every_field(kind, found)
    return found


FIELDS = _every_field(RoundDefinition, {"seen": set(), "fields": {}})["fields"]


def _places(value, path=()):
    """Every part of the whole definition with where it stands."""
    if isinstance(value, BaseModel):
        yield path, value
        for name in type(value).model_fields:
            yield from _places(getattr(value, name), (*path, name))
    elif isinstance(value, tuple):
        for index, item in enumerate(value):
            yield from _places(item, (*path, index))


PLACES = list(_places(WHOLE))


def _other(part, name):
    """Another value of the same kind, or None when the kind does not say which."""
    value, kind = getattr(part, name), type(part).model_fields[name].annotation
    literals = [
        item for inner in (kind, *typing.get_args(kind)) for item in typing.get_args(inner) if isinstance(item, str)
    ]
    if isinstance(value, bool):
        return not value
    if isinstance(value, str) and value in literals:
        return next(item for item in literals if item != value)
    changes = {
        int: lambda: value + 1,
        Decimal: lambda: str(value + 1),
        datetime: lambda: value + timedelta(hours=1),
        date: lambda: (value + timedelta(days=1)).isoformat(),  # noqa: PLW0108
        str: lambda: f"{value}x",
        tuple: lambda: [] if value else None,
    }
    return changes[type(value)]() if type(value) in changes else None


def _changed(path, name, value):
    data = copy.deepcopy(DATA)
    part = data
    for step in path:
        part = part[step]
    part[name] = value
    return data


def _probe(key, face, values):
    """Whether changing the field somewhere in the definition changes the face."""
    if face is not refused and face not in BEFORE:
        BEFORE[face] = repr(face(WHOLE))
    owner, name = key
    for path, part in PLACES:
        if owner not in {base.__name__ for base in type(part).__mro__}:
            continue
        value = values[0] if values else _other(part, name)
        if getattr(part, name) == value or (value is None and not values):
            continue
        try:
            spec = RoundDefinition.model_validate(_changed(path, name, value))
        except ValidationError:
            if face is refused:
                return True
            continue
        if face is not refused and repr(face(spec)) != BEFORE[face]:
            return True
    return False


def test_every_field_has_a_reader_and_no_reader_is_for_a_field_that_is_gone():
    told = {(part, name) for part, fields in READERS.items() for name in fields} | set(ELSEWHERE)
    assert (sorted(set(FIELDS) - told), sorted(told - set(FIELDS))) == ([], [])


@pytest.mark.parametrize("part", READERS)
def test_each_field_of_the_part_changes_what_somebody_meets(part):
    deaf = []
    for name, reader in READERS[part].items():
        face, *values = reader if isinstance(reader, tuple) else (reader,)
        if not _probe((part, name), face, values):
            deaf.append((name, face.__name__))
    assert deaf == []


def test_a_face_that_does_not_look_is_found_out():
    """The probe itself can fail: a face that ignores the field, and a change that nobody refuses."""
    assert not _probe(("SchemePart", "purpose"), calendar, [])
    assert not _probe(("SchemePart", "purpose"), refused, [])


@pytest.mark.parametrize("path", sorted(set(ELSEWHERE.values())))
def test_what_is_proven_elsewhere_has_its_tests(path):
    assert list((Path(settings.BASE_DIR) / path).glob("test_*.py"))
