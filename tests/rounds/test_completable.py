"""A round that can never be completed is refused: each rule broken once, and then whatever chance comes up with."""
# ruff: noqa: E501 - a table is read by the line

import copy
import random

import pytest
from pydantic import ValidationError

from rounds.definition import STORED, RoundDefinition
from tests import factories

TROMS, NORD, INN = "troms-ofoten-2024", "helse-nord-2025", "innlandet-2024"
SPECS = {name: factories.definition(name) for name in (TROMS, NORD, INN)}
# More than anybody applies for, in kroner.
MOST = 10**12
DATA = {name: spec.model_dump(mode="json") for name, spec in SPECS.items()}


def changed(name, *changes):
    """The plain data of a real round with values replaced: ``(path by dots, value)``."""
    data = copy.deepcopy(DATA[name])
    for path, value in changes:
        *way, last = [int(part) if part.isdigit() else part for part in path.split(".")]
        part = data
        for step in way:
            part = part[step]
        part[last] = value
    return data


def problems(data):
    """The problems of the plain data as ``(path by dots, sentence)``."""
    with pytest.raises(ValidationError) as refused:
        RoundDefinition.model_validate(data)
    return [(".".join(map(str, error["loc"])), error["msg"]) for error in refused.value.errors()]


def place(name, kind, nth=0):
    """Where the nth question of the kind stands in the form."""
    addresses = [
        f"form.sections.{s}.questions.{q}"
        for s, section in enumerate(SPECS[name].sections)
        for q, question in enumerate(section.questions)
        if question.type == kind
    ]
    return addresses[nth]


def without(name, kind):
    """The form's sections without the questions of the kind."""
    sections = copy.deepcopy(DATA[name]["form"]["sections"])
    for section in sections:
        section["questions"] = [question for question in section["questions"] if question["type"] != kind]
    return [section for section in sections if section["questions"]]


def uncited(name):
    return [{**item, "questions": []} for item in DATA[name]["criteria"]]


OUTCOMES = list(SPECS[TROMS].decision.outcomes)
LETTERS = DATA[TROMS]["letters"]["texts"]
ONLY = {"applicants.partner_kinds": ["hospital_trust"]}
RULES = [
    (INN, [("applicants.partner_kinds", [])], "applicants.partner_kinds", "er tom; da kan ingen søke"),
    (INN, [("applicants.min_municipalities", 2), ("applicants.partner_kinds", ["hospital_trust", "user_organisation"])], "applicants.min_municipalities", "er 2, men «municipality» står ikke i «partner_kinds»"),
    (INN, [("applicants.joint", "required"), ("applicants.partner_kinds", ["municipality"])], "applicants.min_hospital_trusts", "kan ikke oppfylles når «joint» er «required», men «hospital_trust» står ikke i «partner_kinds»"),
    (NORD, [(place(NORD, "parties", 1) + ".kinds", ["other"])], "applicants.min_hospital_trusts", "trenger et spørsmål av typen «parties» for «hospital_trust» i skjemaet"),
    (NORD, [(place(NORD, "parties", 1) + ".kinds", ["hospital_trust", "regional_authority"]), ("applicants.partner_kinds", ["municipality", "hospital_trust"]), (place(NORD, "parties", 0) + ".kinds", ["municipality"])], None, None),
    (NORD, [("applicants.signing", "lead"), ("attachments.kinds", [kind for kind in DATA[NORD]["attachments"]["kinds"] if kind["code"] != "agreement"]), ("form.sections", [{**s, "questions": [{**q, **({"kinds": []} if q["type"] == "attachments" else {})} for q in s["questions"]]} for s in DATA[NORD]["form"]["sections"]])], "applicants.agreement", "er «required», men ingen spør etter vedlegget «agreement», og partnerne signerer ikke selv"),
    (INN, [("budget.max_amount", 0)], "budget.max_amount", "er 0; da kan ingen søke om noe"),
    (INN, [("applicants.own_contribution", "required"), ("budget.payers", [payer for payer in DATA[INN]["budget"]["payers"] if payer["kind"] != "own"])], "budget.payers", "mangler en betaler av typen «own», men egeninnsats er «required»"),
    (INN, [("form.sections.0.questions.2", {"code": "n", "label": "N", "type": "money", "minimum": 5, "maximum": 4})], "form.sections.0.questions.2.maximum", "er mindre enn «minimum»"),
    (INN, [("form.sections.0.questions.2", {"code": "n", "label": "N", "type": "money", "maximum": 0})], "form.sections.0.questions.2.maximum", "er 0; da kan ingen oppgi noe beløp"),
    (INN, [("form.sections.0.questions.2", {"code": "n", "label": "N", "type": "number", "minimum": 1, "maximum": 0})], "form.sections.0.questions.2.maximum", "er mindre enn «minimum»"),
    (INN, [("follow_up.evaluation_form.0.questions.0", {"code": "n", "label": "N", "type": "one_choice"})], "follow_up.evaluation_form.0.questions.0", "skal ha enten «options», «taxonomy» eller «gate»"),
    (INN, [("follow_up.evaluation_form", [])], "follow_up.evaluation_form", "mangler; den som får tilskudd, skal levere en evaluering"),
    (INN, [("gates.0.criteria", ["operation", "operation"]), ("gates.0.at_least", 2)], "gates.0.at_least", "er 2, men porten har bare 1 ulike kriterier"),
    (INN, [("form.sections.0.questions.2", {"code": "p", "label": "P", "type": "parties", "kinds": ["other"]}), ("applicants.partner_kinds", ["municipality", "hospital_trust"])], "form.sections.0.questions.2.kinds", "må besvares, men ingen av dem står i «applicants.partner_kinds»"),
    (INN, [("gates.0.at_least", 2), (place(INN, "many_choices", 1) + ".most", 1)], "gates.0.at_least", "er 2, men «criteria-met» lar søkeren velge høyst 1"),
    (INN, [("stages.0.gates", [])], "gates.0", "brukes ikke i noe trinn"),
    (INN, [("stages.0.minimum_total", "10")], "stages.0.minimum_total", "kan ikke nås: trinnet har ingen kriterier med poeng"),
    (TROMS, [("stages.0.minimum_total", "100.5")], "stages.0.minimum_total", "er 100.5, men høyeste sum er 100"),
    (NORD, [("stages.0.tasks", ["approve", "assess"])], "stages.0.forwards.which", "er «prioritised», men trinnet har ikke oppgaven «prioritise»"),
    (TROMS, [("communities.0.closes", "2024-06-20 24:00"), ("stages.0.deadline", "2024-06-18 24:00")], "communities.0.closes", "er etter fristen for trinnet «ssu»"),
    (TROMS, [("decision.outcomes", ["rejected", "not_admitted"])], "decision.outcomes", "mangler «granted» eller «partly_granted»; da kan ingen få tilskudd"),
    (TROMS, [("stages.0.body_kind", "pm")], "stages.0.body_kind", "er «pm», som ikke fatter vedtak; da kan ingen «decide»"),
    (TROMS, [("stages.0.body_kind", "secretariat")], "stages.0.body_kind", "er «secretariat», som ikke fatter vedtak; da kan ingen «decide»"),
    (TROMS, [("decision.outcomes", [item for item in OUTCOMES if item != "rejected"])], "decision.outcomes", "mangler «rejected», men organet kan si nei"),
    (TROMS, [("decision.outcomes", [item for item in OUTCOMES if item != "not_admitted"])], "decision.outcomes", "mangler «not_admitted», men sekretariatet kan avvise en søknad"),
    (NORD, [("decision.outcomes", [item for item in SPECS[NORD].decision.outcomes if item != "not_prioritised"])], "decision.outcomes", "mangler «not_prioritised», men ikke alle søknader oversendes"),
    (TROMS, [("letters.texts", [text for text in LETTERS if text["kind"] != "postponed"])], "letters.texts", "mangler brevtekst for «postponed», som kan vedtas"),
    (TROMS, [("letters.texts", [*LETTERS, LETTERS[0]])], f"letters.texts.{len(LETTERS)}.kind", "«granted» har brevtekst fra før"),
    (TROMS, [("call.legal_basis.0.valid_from", "2024-02-01"), ("call.legal_basis.0.valid_to", "2024-01-01")], "call.legal_basis.0.valid_to", "er før «valid_from»"),
]  # fmt: skip


@pytest.mark.fault("D3")
@pytest.mark.parametrize(("name", "changes", "path", "sentence"), RULES)
def test_a_round_that_would_stop_is_refused_at_its_place(name, changes, path, sentence):
    data = changed(name, *changes)
    if path is None:
        assert RoundDefinition.model_validate(data)
    else:
        assert problems(data) == [(path, sentence)]


def test_a_stage_that_is_passed_by_is_refused():
    first, last = copy.deepcopy(DATA[NORD]["stages"])
    middle = {**first, "code": "middle", "forwards": {**first["forwards"], "to_stage": "region"}}
    assert problems(changed(NORD, ("stages", [first, middle, last]))) == [
        ("stages.0.forwards.to_stage", "hopper over «middle», som da aldri får noen søknad")
    ]


def test_what_must_be_answered_can_be():
    kinds = ("attachments.kinds", [])
    asked = {"code": "files", "label": "F", "type": "attachments"}
    sections = without(TROMS, "attachments")
    sections[0]["questions"].append(asked)
    data = changed(TROMS, kinds, ("form.sections", sections))
    told = problems(data)
    assert told == [
        (
            f"form.sections.0.questions.{len(sections[0]['questions']) - 1}",
            "må besvares, men «attachments.kinds» er tom",
        )
    ]
    enclosed = {"code": "extra", "label": "E", "required": True}
    data = changed(TROMS, ("attachments.kinds", [*DATA[TROMS]["attachments"]["kinds"], enclosed]))
    assert problems(data) == [("attachments.kinds.4.required", "men ingen spørsmål i skjemaet tar imot vedlegget")]


def test_what_is_stored_is_read_although_a_later_rule_refuses_it():
    data = changed(INN, ("budget.max_amount", 0))
    assert RoundDefinition.model_validate(data, context=STORED).budget.max_amount == 0


# --- whatever is accepted can be walked to its end -----------------------------------------------------


def _walk(spec):
    """An application's way through the round, told without the portal's own rules; what stops it, or None."""
    return next((reason for step in (_applied, _answered, _handled, _told) for reason in step(spec)), None)


def _applied(spec):
    asked = [question for question in spec.questions if question.type == "parties"]
    partners = {kind for question in asked for kind in question.kinds if kind in spec.applicants.partner_kinds}
    sides = {"municipality": spec.applicants.min_municipalities, "hospital_trust": spec.applicants.min_hospital_trusts}
    if any(least and kind not in partners for kind, least in sides.items()):
        yield "no partner of a kind that must be there"
    if spec.applicants.joint == "required" and not set(sides) <= partners:
        yield "one side only"
    highest = MOST if spec.budget.max_amount is None else spec.budget.max_amount
    if spec.budget.setting != "off" and max(spec.budget.min_amount or 1, 1) > highest:
        yield "no amount can be applied for"


def _answered(spec):
    for question in (*spec.questions, *(q for s in spec.follow_up.evaluation_form for q in s.questions)):
        if question.is_required and not _can_be_answered(spec, question):
            yield f"nobody can answer {question.code}"


def _can_be_answered(spec, question):
    if question.type in {"one_choice", "many_choices"}:
        count = len(spec.options(question)) + bool(question.other_label)
        return max(getattr(question, "least", 0), 1) <= min(count, getattr(question, "most", None) or count)
    if question.type in {"number", "money"}:
        least = 1 if question.type == "money" else -MOST
        low = least if question.minimum is None else max(least, question.minimum)
        return low <= (MOST if question.maximum is None else question.maximum)
    if question.type == "parties":
        return bool(set(question.kinds) & set(spec.applicants.partner_kinds))
    return question.type != "attachments" or bool(spec.attachments.kinds)


def _handled(spec):
    stage, passed, moment = spec.stages[0], [], spec.dates.closes
    while stage is not None and stage.code not in passed:
        if stage.deadline and stage.deadline < moment:
            yield f"{stage.code} ends before it begins"
        moment = stage.deadline or moment
        passed.append(stage.code)
        highest = 100 if any(spec.criteria_of(stage, "scored")) else -1
        if stage.minimum_total is not None and stage.minimum_total > highest:
            yield f"nobody reaches {stage.code}'s least"
        for gate in map(spec.gate, stage.gates):
            if gate.at_least > len(set(gate.criteria) & set(stage.criteria)):
                yield f"nobody passes {gate.code}"
        last, stage = stage, spec.next_stage(stage)
    if passed != [item.code for item in spec.stages] or not last.does("decide"):
        yield "a stage is never reached, or nobody decides"


def _told(spec):
    if not {"granted", "partly_granted"} & set(spec.decision.outcomes):
        yield "nobody can be granted anything"
    for outcome in {*spec.decision.outcomes, "rejected", "not_admitted"} - {"withdrawn", "forwarded"}:
        if spec.letters.text(outcome) is None:
            yield f"no letter for {outcome}"
    if not spec.follow_up.evaluation_form:
        yield "nothing to evaluate"


# What only says something: changing it changes nothing that a round could stop at.
WORDS = {"sources", "source", "taxonomies", "documents", "glossary", "label", "text", "help", "title", "call"}
WORDS |= {"anchors", "introduction", "closing", "heading", "note", "emphasis", "example", "prompts", "points"}


def _leaves(value, path=()):
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _leaves(item, (*path, key))
    elif isinstance(value, list):
        yield path, value
        for index, item in enumerate(value):
            yield from _leaves(item, (*path, index))
    else:
        yield path, value


PLACES = {name: [item for item in _leaves(data) if item[0] and not WORDS & set(item[0])] for name, data in DATA.items()}


def _mutated(name, chance):
    """The data with one to three of its values or lists removed, emptied, repeated or set to another of their kind."""
    data = copy.deepcopy(DATA[name])
    for path, value in chance.sample(PLACES[name], chance.randint(1, 3)):
        others = [other for at, other in PLACES[name] if at[-1] == path[-1] and type(other) is type(value)]
        choices = [None, 0, 1, [], *chance.sample(others, min(len(others), 4))]
        if isinstance(value, list) and value:
            choices += [value[:-1], value[1:], [*value, value[0]], value[::-1]]
        parent = data
        for step in path[:-1]:
            parent = parent[step] if isinstance(parent, dict | list) and _has(parent, step) else None
        if isinstance(parent, dict | list) and _has(parent, path[-1]):
            parent[path[-1]] = copy.deepcopy(chance.choice(choices))
    return data


def _has(parent, step):
    return step in parent if isinstance(parent, dict) else isinstance(step, int) and step < len(parent)


@pytest.mark.parametrize("name", SPECS)
def test_every_mutation_that_is_accepted_can_be_walked_to_its_end(name):
    """Seeds are fixed, so that a failure is the same tomorrow; what is refused names a place and a sentence."""
    accepted = 0
    for seed in range(80):
        data = _mutated(name, random.Random(seed))
        try:
            spec = RoundDefinition.model_validate(data)
        except ValidationError:
            continue
        accepted += 1
        assert _walk(spec) is None, (seed, _walk(spec))
    assert accepted > 10


def test_the_walk_itself_stops_where_a_round_cannot_go_on():
    """The simulation sees each of these when the definition's own rules are off."""
    stopped = [
        (name, path)
        for name, changes, path, _s in RULES
        if path and _walk(RoundDefinition.model_validate(changed(name, *changes), context=STORED)) is not None
    ]
    assert len(stopped) > 12


def test_limits_that_can_be_met_are_accepted():
    money = {"code": "m", "label": "M", "type": "money", "minimum": 1, "maximum": 5}
    number = {"code": "n", "label": "N", "type": "number", "minimum": 1, "maximum": 5}
    path = "form.sections.0.questions.2"
    for name, change in (
        (INN, (path, money)),
        (INN, (path, number)),
        (TROMS, ("stages.0.minimum_total", "60")),
        # The lead signs alone, and uploads the partners' agreement.
        (NORD, ("applicants.signing", "lead")),
    ):
        data = changed(name, change)
        assert RoundDefinition.model_validate(data).code == data["code"]
