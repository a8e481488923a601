"""What must hold between the parts: each rule broken once, from plain data, with its place and sentence."""
# ruff: noqa: E501 - a table is read by the line

import copy

import pytest
from pydantic import ValidationError

from rounds.definition import STORED, RoundDefinition, check_completable
from tests import factories

SPECS = {name: factories.definition(name) for name in ("troms-ofoten-2024", "helse-nord-2025", "innlandet-2024")}


def broken(name, *changes):
    """The problems of a real round with some values replaced: ``(path, value)``, the path by dots."""
    data = copy.deepcopy(SPECS[name].model_dump(mode="json"))
    for path, value in changes:
        *way, last = [int(part) if part.isdigit() else part for part in path.split(".")]
        part = data
        for step in way:
            part = part[step]
        part[last] = value
    with pytest.raises(ValidationError) as refused:
        RoundDefinition.model_validate(data)
    return [(".".join(map(str, error["loc"])), error["msg"]) for error in refused.value.errors()]


TROMS, NORD, INN = SPECS
RULES = [
    (TROMS, ("dates.announced", "2024-06-01 00:00"), "dates.opens", "er før utlysningen («announced»)"),
    (TROMS, ("dates.closes", "2024-05-31 00:00"), "dates.closes", "er ikke etter åpningen («opens»)"),
    (TROMS, ("dates.forward_by", "2024-06-17 12:00"), "dates.forward_by", "er før søknadsfristen («closes»)"),
    (NORD, ("dates.decision_by", "2025-03-15 12:00"), "dates.decision_by", "er før fristene som går foran"),
    (NORD, ("communities.1.closes", "2025-04-02 12:00"), "communities.1.closes", "er ikke mellom åpningen og oversendelsen"),
    (TROMS, ("taxonomies.3.valid_to", "2023-01-01"), "taxonomies.3.valid_to", "er før «valid_from»"),
    (NORD, ("communities.1.community", "finnmark"), "communities.2.community", "koden «finnmark» er brukt før; hver kode kan brukes én gang"),
    (TROMS, ("benefits.columns.1.code", "benefit"), "benefits.columns.1.code", "koden «benefit» er brukt før; hver kode kan brukes én gang"),
    (TROMS, ("benefits.types.1.code", "health"), "benefits.types.1.code", "koden «health» er brukt før; hver kode kan brukes én gang"),
    (INN, ("form.sections.1.questions.0.options", [{"code": "a", "label": "A"}]), "form.sections.1.questions.0", "skal ha enten «options», «taxonomy» eller «gate»"),
    (INN, ("form.sections.0.questions.6.taxonomy", "x"), "form.sections.0.questions.6.taxonomy", "«x» står ikke i «taxonomies»"),
    (NORD, ("form.sections.0.questions.9.options.1.code", "preliminary"), "form.sections.0.questions.9.options", "samme kode er brukt to ganger"),
    (INN, ("form.sections.0.questions.6.least", 9), "form.sections.0.questions.6.least", "er 9, men så mange kan ikke velges"),
    (INN, ("form.sections.0.questions.6.most", 0), "form.sections.0.questions.6.many_choices.most", "Input should be greater than or equal to 1"),
    (INN, ("form.sections.5.questions.0.kinds", ["cv"]), "form.sections.5.questions.0.kinds.0", "«cv» står ikke i «attachments.kinds»"),
    (INN, ("follow_up.evaluation_form.0.questions.0", {"code": "x", "label": "X", "type": "attachments", "kinds": ["missing"]}), "follow_up.evaluation_form.0.questions.0.kinds.0", "«missing» står ikke i «attachments.kinds»"),
    *((INN, ("follow_up.evaluation_form.0.questions.0", asked), "follow_up.evaluation_form.0.questions.0.type", f"«{asked['type']}» hører til søknaden og kan ikke stå i evalueringen") for asked in ({"code": "x", "label": "X", "type": kind, "kinds": ["municipality"]} if kind in ("parties", "contacts") else {"code": "x", "label": "X", "type": kind} for kind in ("parties", "contacts", "benefits", "budget"))),
    (INN, ("follow_up.evaluation_form.0.questions.1.code", "what-was-done"), "follow_up.evaluation_form.0.questions.1.code", "koden «what-was-done» er brukt før; hver kode kan brukes én gang"),
    (INN, ("follow_up.evaluation_form.0.questions.0", {"code": "x", "label": "X", "type": "one_choice"}), "follow_up.evaluation_form.0.questions.0", "skal ha enten «options», «taxonomy» eller «gate»"),
    (INN, ("follow_up.evaluation_form.0.questions.0", {"code": "x", "label": "X", "type": "one_choice", "gate": "x"}), "follow_up.evaluation_form.0.questions.0.gate", "en terskel avgjør om en søknad tas med, og kan ikke stå i evalueringen"),
    (INN, ("follow_up.evaluation_form.0.questions.0", {"code": "x", "label": "X", "type": "number", "minimum": 3, "maximum": 2}), "follow_up.evaluation_form.0.questions.0.maximum", "er mindre enn «minimum»"),
    (INN, ("follow_up.evaluation_form.0.questions.0", {"code": "x", "label": "X", "type": "table", "columns": [{"code": "a", "label": "A"}, {"code": "a", "label": "B"}]}), "follow_up.evaluation_form.0.questions.0.columns", "samme kode er brukt to ganger"),
    (INN, ("form.summary_question", "x"), "form.summary_question", "spørsmålet «x» finnes ikke"),
    (INN, ("benefits.setting", "off"), "benefits.setting", "er «off», men delen står i skjemaet"),
    (TROMS, ("benefits.min_rows", 0), "benefits.min_rows", "skal være minst 1 når delen er obligatorisk"),
    (TROMS, ("benefits.columns", []), "benefits.columns", "mangler kolonnen «benefit»"),
    (TROMS, ("benefits.horizons.1.to_month", 6), "benefits.horizons.1.to_month", "er ikke etter «from_month»"),
    (TROMS, ("benefits.drivers", "x"), "benefits.drivers", "«x» står ikke i «taxonomies»"),
    (TROMS, ("budget.years", []), "budget.years", "mangler"),
    (TROMS, ("budget.cost_types", []), "budget.cost_types", "mangler"),
    (TROMS, ("budget.payers.1.kind", "grant"), "budget.payers", "skal ha nøyaktig én betaler av typen «grant»"),
    (NORD, ("budget.attachment", "x"), "budget.attachment", "«x» står ikke i «attachments.kinds»"),
    (TROMS, ("scales.0", {"code": "one-to-five", "title": "1", "minimum": "1", "maximum": "1"}), "scales.0.maximum", "er ikke større enn «minimum»"),
    (TROMS, ("scales.0.step", "0.3"), "scales.0.step", "0.3 går ikke opp i skalaen"),
    (TROMS, ("scales.0.step", "0.01"), "scales.0.step", "skalaen har flere enn 100 trinn"),
    (TROMS, ("scales.0.anchors.4.value", "6"), "scales.0.anchors.4.value", "6 er utenfor skalaen"),
    (TROMS, ("criteria.0.scale", None), "criteria.0.scale", "mangler; et poengsatt kriterium trenger en skala"),
    (TROMS, ("criteria.0.scale", "x"), "criteria.0.scale", "«x» står ikke i «scales»"),
    (TROMS, ("criteria.0.threshold", "9"), "criteria.0.threshold", "9 er utenfor skalaen"),
    (TROMS, ("criteria.8.weight", "2"), "criteria.8.weight", "hører til poengsatte kriterier, ikke «checklist»"),
    (TROMS, ("criteria.0.weight", "2"), "stages.0.scoring", "er «unweighted», men noen kriterier har vekt"),
    (TROMS, ("criteria.6.documents", ["vedlegg-9"]), "criteria.6.documents.0", "«vedlegg-9» står ikke i «documents»"),
    (TROMS, ("stages.0.scoring", "qualitative"), "stages.0.scoring", "er «qualitative», men steget har poengsatte kriterier"),
    (TROMS, ("stages.0.criteria.1", "check-own-contribution"), "stages.0.criteria", "samme kriterium står to ganger"),
    (TROMS, ("documents.0.taxonomy", "x"), "documents.0.taxonomy", "«x» står ikke i «taxonomies»"),
    (TROMS, ("decision.outcomes", [*SPECS[TROMS].decision.outcomes, "forwarded"]), "decision.outcomes", "«forwarded» skal være med når, og bare når, et steg oversender"),
    (NORD, ("stages.0.forwards.to_stage", "community"), "stages.0.forwards.to_stage", "«community» er ikke et senere steg"),
    (NORD, ("stages.1.gates", ["x"]), "stages.1.gates.0", "«x» står ikke i «gates»"),
    (INN, ("gates.0.question", "need"), "gates.0.question", "«need» er ikke et flervalg med «gate: one-of-three»"),
    (NORD, ("letters.payment", "{acceptance}"), "letters.payment", "«{acceptance}» kan ikke fylles ut; mulige er acceptance_date, acceptance_days, applicant, awarded, body, case_number, closes, closes_time, community, decision_by, evaluation_months, forward_by, frame, meeting_date, opens, project, reason, reporting_date, requested, sender, title, year"),
    (INN, ("owner", {"community": "innlandet", "organisation": "983971709"}), "owner", "oppgi enten «community» eller «organisation»"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "change", "path", "message"), RULES)
def test_a_broken_rule_is_named_at_its_place(name, change, path, message):
    assert broken(name, change) == [(path, message)]


def test_a_choice_between_the_criteria_of_a_gate_that_is_not_there_is_named():
    told = broken(INN, ("form.sections.1.questions.0.gate", "x"))
    assert told == [
        ("form.sections.1.questions.0.gate", "«x» står ikke i «gates»"),
        ("gates.0.question", "«criteria-met» er ikke et flervalg med «gate: one-of-three»"),
    ]


def test_a_part_that_is_switched_on_stands_in_the_form():
    short = {"code": "budget", "label": "B", "type": "short_text"}
    assert broken(INN, ("form.sections.4.questions.0", short)) == [
        ("budget.setting", "er «required», men ingen seksjon har et spørsmål av typen «budget»")
    ]


def test_a_round_may_do_without_the_parts():
    data = SPECS[INN].to_data()
    data["benefits"], data["budget"] = {"setting": "off"}, {"setting": "off"}
    data["form"]["sections"] = [section for section in data["form"]["sections"] if section["code"] != "benefits"]
    data["form"]["sections"][3]["questions"] = data["form"]["sections"][3]["questions"][1:]
    data["criteria"] = [{**item, "questions": []} for item in data["criteria"]]
    del data["gates"][0]["question"]
    assert RoundDefinition.model_validate(data).warnings == ()


def test_a_source_is_named_once():
    first, *_uncited = broken(TROMS, ("sources.1.key", "S0"))
    assert first == ("sources.1.key", "koden «S0» er brukt før; hver kode kan brukes én gang")


@pytest.mark.requirement("R41")
def test_a_weight_that_is_missing_is_named_in_each_weighted_stage():
    message = "er «weighted», men «purpose» mangler vekt"
    assert broken(NORD, ("criteria.4.weight", None)) == [("stages.0.scoring", message), ("stages.1.scoring", message)]


def test_weights_of_nothing_are_refused():
    changes = [(f"criteria.{index}.weight", "0") for index in range(4, 10)]
    message = "er «weighted», men vektene blir 0 til sammen"
    assert broken(NORD, *changes) == [("stages.0.scoring", message), ("stages.1.scoring", message)]


def test_a_stage_before_the_last_must_say_what_goes_on():
    told = broken(NORD, ("stages.0.forwards", None), ("decision.outcomes", ["granted", "rejected", "not_admitted"]))
    assert told == [("stages.0.forwards", "mangler; steget må si hva som går videre")]


def test_numbers_and_amounts_keep_their_order():
    number = {"code": "n", "label": "N", "type": "number", "minimum": 5, "maximum": 4}
    assert broken(INN, ("form.sections.0.questions.2", number)) == [
        ("form.sections.0.questions.2.maximum", "er mindre enn «minimum»")
    ]
    assert broken(INN, ("budget.min_amount", 5), ("budget.max_amount", 4)) == [
        ("budget.max_amount", "er mindre enn «min_amount»")
    ]


def test_a_standard_part_stands_once():
    budget = {"code": "again", "label": "Igjen", "type": "budget"}
    assert broken(INN, ("form.sections.0.questions.2", budget)) == [
        ("form.sections", "«budget» står 2 ganger i skjemaet; én gang er nok")
    ]


def test_resolution_says_what_the_body_does():
    verbs = ["godkjenner", "avslår"]
    draft = [{"text": "SSU godkjenner kriteriene."}, {"text": "SSU drøftet saken."}]
    assert broken(INN, ("decision.case.verbs", verbs), ("decision.case.draft", draft)) == [
        ("decision.case.draft.1.text", "bruker ingen av ordene i «verbs»: godkjenner, avslår")
    ]


@pytest.mark.requirement("R24", "R56")
def test_warnings_name_what_the_secretariat_may_decide_on():
    assert [(item.path, item.message) for item in SPECS[TROMS].warnings] == [
        (("dates", "closes"), "bare 17 dager fra utlysning til frist"),
        (("frame", "provisional"), "rammen er foreløpig"),
        (("taxonomies", 10), "«Nasjonale mål og føringer» gjelder ikke på utlysningsdatoen"),
        (("taxonomies", 11), "«Handlingsplan 2023, tiltak» gjelder ikke på utlysningsdatoen"),
    ]
    open_frame = factories.changed(SPECS[TROMS], frame={"amount": None})
    assert (("frame", "amount"), "rammen er ikke fastsatt") in [
        (item.path, item.message) for item in open_frame.warnings
    ]
    uneven = factories.changed(SPECS[NORD], frame={"amount": 1, "provisional": False})
    # A round that was loaded before weights had to be 100 together is still warned of.
    uneven = RoundDefinition.model_validate(_with_weight(uneven.to_data(), "30"), context=STORED)
    assert [item.message for item in uneven.warnings] == [
        "vektene blir 105 til sammen, ikke 100",
        "vektene blir 105 til sammen, ikke 100",
        "7 kriterier er forslag som organet må fastsette",
    ]


@pytest.mark.fault("D3")
def test_weights_that_are_not_a_hundred_together_are_refused():
    message = "vektene blir 105 til sammen; de skal bli 100"
    assert broken(NORD, ("criteria.4.weight", "30")) == [("criteria", message)]
    # Of two stages that each weigh some of the criteria, each may be 100 by itself.
    parts = [("stages.0.criteria", ["purpose"]), ("stages.1.criteria", ["benefit"])]
    hundred = [("criteria.4.weight", "100"), ("criteria.5.weight", "100")]
    for changes, sentences in ((parts + hundred, []), (parts, []), (parts + hundred[:1], [message[:8]])):
        data = copy.deepcopy(SPECS[NORD].model_dump(mode="json"))
        for path, value in changes:
            part, index, field = path.split(".")
            data[part][int(index)][field] = value
        spec = RoundDefinition.model_validate(data, context=STORED)
        told = [item.message[:8] for item in check_completable.problems(spec) if item.path == ("criteria",)]
        assert told == sentences


def _with_weight(data, weight):
    data["criteria"][4]["weight"] = weight
    return data
