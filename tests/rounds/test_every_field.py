"""Every field of the round file has an effect: changing it changes something that a person or the process meets.

``READERS`` names for each part of the file where each of its fields bites. The parts and fields are found in the model
itself, so that a new field without a row fails. Each probe changes one value of a whole definition and asks what the
named face makes of the two; a face that ignores the field gives the same twice, and the test fails.
"""
# ruff: noqa: E501 - a table is read by the line

import copy
import inspect
import typing
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings
from pydantic import BaseModel, ValidationError

from rounds.definition import RoundDefinition
from tests.rounds.faces import (
    WHOLE,
    answered,
    approved,
    begun,
    calendar,
    checked,
    fixed,
    followed,
    handled,
    letter,
    money,
    numbered,
    page,
    paper,
    questions,
    refused,
    registered,
    reminded,
    rows,
    signers,
    table,
    timed,
    uploaded,
    warned,
)
from tests.rounds.whole_definition import whole

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
    "ReceivingCommunity": {"community": registered, "name": page, "closes": timed, "source": CITED},
    "Address": {"role": page, "email": page},
    "Dates": {
        "dated": (warned, "2030-01-01"), "announced": (timed, "2024-12-24 00:00"), "opens": timed, "closes": timed,
        "forward_by": handled, "decision_by": (page, "2025-06-01 24:00"), "shortest_notice_days": (warned, 365), "source": CITED,
    },
    "Milestone": {"code": calendar, "label": page, "at": page, "source": CITED},
    "ApplicantRules": {
        "joint": (checked, "free"), "min_municipalities": (checked, 2), "min_hospital_trusts": (checked, 2),
        "agreement": page, "signing": (signers, "lead"), "owner_may_be_body": begun, "lead_is_legal_entity": checked,
        "own_contribution": (money, "required"), "shared_contact": (checked, "refused"), "partner_kinds": (refused, ["other"]),
        "text": page, "source": CITED,
    },
    "Taxonomy": {"code": (refused, "x"), "title": questions, "version": questions, "valid_from": page, "valid_to": page, "introduction": questions, "source": CITED},
    "Option": {"code": (refused, "other"), "label": questions, "text": questions},
    "Term": {"group": (page, None), "letter": page, "heading": (questions, "Innsats"), "responsible": page},
    "Form": {"kind": page, "title": questions, "introduction": questions, "title_question": (refused, "x"), "summary_question": (refused, "x"), "source": CITED},
    "Section": {"code": questions, "title": questions, "introduction": questions},
    "_Question": {**dict.fromkeys(("label", "help", "prompts", "relevance"), questions), "answer": answered, "code": (refused, "q-gate"), "source": CITED},
    "ShortText": {"type": KIND, "max_characters": answered},
    "LongText": {"type": KIND, "max_characters": answered},
    "Number": {"type": KIND, "unit": questions, "minimum": answered, "maximum": answered},
    "MoneyQuestion": {"type": KIND, "minimum": answered, "maximum": answered},
    "YesNo": {"type": KIND, "explain": (answered, "no"), "explain_label": answered},
    "DateQuestion": {"type": KIND, "not_in_future": answered, "not_after_deadline": answered, "not_before_deadline": answered},
    "_ChoiceQuestion": {"taxonomy": (refused, "x"), "gate": (refused, "x"), "other_label": questions},
    "OneChoice": {"type": KIND},
    "ManyChoices": {"type": KIND, "least": answered, "most": answered},
    "TableQuestion": {"type": KIND, "least": answered},
    "Column": {"code": (refused, "d"), "label": questions, "type": questions, "required": answered},
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
    "AttachmentRules": {"max_megabytes": uploaded, "numbered": numbered},
    "AttachmentKind": {"code": (refused, "x"), "label": questions, "help": questions, "required": table, "most": (table, 1), "source": CITED},
    "Scale": {"code": (refused, "x"), "title": page, "minimum": (rows, "-1"), "maximum": rows, "step": (rows, "0.5"), "source": CITED},
    "Anchor": {"value": (page, "1.5"), "label": page, "text": page},
    "Criterion": {
        "code": (refused, "x"), "title": page, "text": page, "points": (page, ["Et punkt"]), "kind": (handled, "information"),
        "level": handled, "scale": (refused, "x"), "weight": (refused, "26"), "threshold": rows, "emphasis": page, "examples": page, "note": page,
        "documents": page, "taxonomies": (page, ["nasjonale-foringer"]), "questions": (page, ["q-date"]), "category_share_percent": (handled, 7),
        "basis": page, "source": CITED,
    },
    "Gate": {"code": (refused, "x"), "title": page, "criteria": (refused, ["x"]), "at_least": answered, "question": (refused, "x"), "refusal": answered, "source": CITED},
    "StagePart": {
        "code": (refused, "x"), "name": page, "body_kind": page, "body": registered, "tasks": (handled, ["assess", "prioritise"]), "deadline": (handled, "2025-03-20 24:00"),
        "criteria": (rows, ["purpose"]), "gates": (refused, []), "scoring": (refused, "qualitative"), "assessors": handled,
        "text": page, "source": CITED,
    },
    "Forwarding": {"to_stage": (refused, "community"), "which": handled, "contents": page, "text": page},
    "Decision": {
        "outcomes": (handled, ["granted", "rejected", "not_admitted", "forwarded", "not_prioritised"]), "decided_by": letter, "sent_by": page, "paid_by": page, "archived_by": page,
        "complaints_to": letter, "portfolio_text": paper, "source": CITED,
    },
    "Complaint": {"right": (letter, "three_weeks"), "text": letter, "private_recipient_text": letter, "source": CITED},
    "ResolutionPoint": {"text": paper, "points": paper, "asks": paper},
    "CasePart": {
        "number": (paper, "1/25"), "title": paper, "earlier": paper, "headings": paper, "verbs": (refused, ["roper"]), "source": CITED,
    },
    "FollowUp": {
        "evaluation_months": followed, "report_to": (registered, "pm"), "acceptance_days": letter, "text": page, "source": CITED,
        **dict.fromkeys(("evaluation_reminders", "acceptance_reminders", "start_reminders"), (reminded, [3])),
    },
    "ReportDuty": {**dict.fromkeys(("code", "title", "by", "to", "when"), page), "source": CITED},
    "Letters": {
        **dict.fromkeys(("conditions", "purpose", "payment", "reporting", "control", "repayment"), letter),
        **dict.fromkeys(("publicity", "acceptance", "next_round", "approved_note"), letter),
        "approval": (approved, "one"),
    },
    "LetterText": {"kind": (refused, "granted"), "heading": letter, "introduction": letter, "closing": letter},
    "Document": {"code": (refused, "x"), "title": page, "number": page, "text": page, "url": page, "taxonomy": (refused, "x"), "source": CITED},
    "GlossaryEntry": {"term": page, "meaning": page},
}  # fmt: skip

# Fields that have an effect which these faces do not see, with the test that proves it.
STRICT = "tests/meetings/test_rules.py::test_round_that_asks_for_all_and_a_majority_on_both_sides_gets_it"
MINIMUM = "tests/assessment/test_services_assessing.py::test_a_total_below_the_minimum_of_the_stage_is_marked"
ELSEWHERE = {
    ("StagePart", "minimum_total"): MINIMUM,
    ("StagePart", "decision_rule"): STRICT,
    ("Quorum", "share"): STRICT,
    ("Quorum", "both_sides"): STRICT,
}


# --- the probes -------------------------------------------------------------------------------------------

DATA = whole()
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


def _every_field(part, collected):
    """Every field that holds a value and no further part, from the definition down."""
    if part in collected["seen"]:
        return collected
    collected["seen"].add(part)
    for key in _declared(part):
        inner = list(_parts(part.model_fields[key[1]].annotation))
        if not inner:
            collected["fields"].setdefault(key, part)
        for kind in inner:
            _every_field(kind, collected)
    return collected


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


@pytest.mark.requirement("R106")
@pytest.mark.fault("D4")
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


@pytest.mark.parametrize("proof", sorted(set(ELSEWHERE.values())))
def test_what_is_proven_elsewhere_has_its_test(proof):
    path, _colons, name = proof.partition("::")
    assert f"\ndef {name}(" in (Path(settings.BASE_DIR) / path).read_text(encoding="utf-8")
