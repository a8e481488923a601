"""The three real rounds say what the customer's documents say (R1–R112)."""

import re
from decimal import Decimal
from pathlib import Path
from typing import get_args

import pytest
from django.conf import settings
from django.core.management import call_command

from portal.clock import local
from portal.communities.decision_rules import SHARES, Rule
from portal.communities.models import BodyKind, DecisionRule, OrganisationKind
from rounds.definition import RoundDefinition
from rounds.definition.assess import Quorum, StagePart
from rounds.definition.base import BodyKind as BodyKinds
from rounds.definition.base import PartyKind
from rounds.management.commands.round_schema import PATH, schema_text
from tests import factories

ALL = ("troms-ofoten-2024", "helse-nord-2025", "innlandet-2024")
TROMS, NORD, INNLANDET = (factories.definition(name) for name in ALL)


def kinds(spec):
    counts = {}
    for item in spec.criteria:
        counts[item.kind] = counts.get(item.kind, 0) + 1
    return counts


@pytest.mark.parametrize("spec", [TROMS, NORD, INNLANDET])
def test_data_and_back_is_the_same_round(spec):
    assert RoundDefinition.model_validate(spec.to_data()) == spec
    assert RoundDefinition.model_validate(spec.to_data()).to_data() == spec.to_data()


@pytest.mark.parametrize("name", ALL)
def test_files_name_no_person_and_no_address_outside_example_org(name):
    text = (Path(settings.BASE_DIR) / "fixtures" / "rounds" / f"{name}.yaml").read_text(encoding="utf-8")
    assert {address.rsplit("@")[1] for address in re.findall(r"[\w.-]+@[\w.-]+", text)} == {"example.org"}


def test_the_schema_in_the_repository_is_current():
    assert (Path(settings.BASE_DIR) / PATH).read_text(encoding="utf-8") == schema_text()


def test_the_schema_command_writes_the_schema(tmp_path, settings, capsys):
    settings.BASE_DIR = tmp_path
    call_command("round_schema")
    assert (tmp_path / PATH).read_text(encoding="utf-8") == schema_text()
    assert capsys.readouterr().out == "Skrev docs/round-file.schema.json.\n"


def test_the_words_are_those_of_the_communities():
    assert list(PartyKind.__args__) == OrganisationKind.values
    assert list(BodyKinds.__args__) == BodyKind.values
    assert list(Rule) == DecisionRule.values
    assert [get_args(get_args(StagePart.model_fields["decision_rule"].annotation)[0])] == [tuple(DecisionRule.values)]
    assert get_args(Quorum.model_fields["share"].annotation) == tuple(SHARES)


@pytest.mark.requirement("R3")
def test_rule_is_in_the_round_where_the_documents_name_it_and_the_quorum_is_left_to_the_bodies():
    rules = [
        (stage.code, stage.decision_rule, stage.quorum) for spec in (TROMS, NORD, INNLANDET) for stage in spec.stages
    ]
    assert rules == [
        ("ssu", "consensus", None),
        ("community", None, None),
        ("region", None, None),
        ("ssu", "consensus", None),
    ]


@pytest.mark.requirement("R5")
def test_troms_ofoten_2024_is_decided_by_ssu_with_eight_unweighted_criteria():
    assert (TROMS.frame.amount, TROMS.frame.provisional) == (18_000_000, True)
    assert (f"{local(TROMS.dates.closes)}", TROMS.values["closes"]) == ("2024-06-18 00:00:00+02:00", "17. juni 2024")
    assert kinds(TROMS) == {"scored": 8, "checklist": 4}
    assert {item.weight for item in TROMS.criteria} == {None}
    assert [(stage.body_kind, stage.tasks[-1]) for stage in TROMS.stages] == [("ssu", "decide")]
    assert (TROMS.benefits.setting, TROMS.benefits.per_applicant) == ("required", True)
    assert TROMS.applicants.joint == "urged"
    assert TROMS.criterion("cooperation-models").emphasis == "Beskrivelser av felles driftsmodeller vektlegges"
    assert TROMS.criterion("strategic-basis").documents == ("vedlegg-1", "vedlegg-2", "vedlegg-3")


def test_troms_ofoten_2024_has_every_list_of_the_documents():
    sizes = {taxonomy.code: len(taxonomy.terms) for taxonomy in TROMS.taxonomies}
    assert sizes == {
        "modeller": 4,
        "felles-satsinger": 3,
        "pasientgrupper": 4,
        "ishavserklaeringen": 9,
        "vi-fornyer-unn": 4,
        "php": 3,
        "indikatorer": 5,
        "unn-lokasjoner": 5,
        "involvering": 5,
        "drivere": 8,
        "nasjonale-mal": 9,
        "handlingsplan-2023": 25,
    }
    plan = TROMS.taxonomy("handlingsplan-2023")
    assert [sum(term.group == group.code for term in plan.terms) for group in plan.groups] == [9, 7, 9]


@pytest.mark.requirement("R14", "R15", "R16", "R17")
def test_helse_nord_2025_has_four_receivers_two_deadlines_and_two_stages():
    assert [item.community for item in NORD.communities] == [
        "troms-ofoten",
        "helgeland",
        "finnmark",
        "lofoten-vesteralen-salten",
    ]
    assert (NORD.values["closes"], NORD.values["forward_by"]) == ("1. mars 2025", "1. april 2025")
    first, last = NORD.stages
    assert (first.tasks, first.forwards.to_stage) == (("approve", "assess", "prioritise"), last.code)
    assert (last.body, NORD.deciding_stage) == ("tildelingsutvalg-helse-nord", last)
    assert (NORD.next_stage(first), NORD.next_stage(last)) == (last, None)
    assert sum(item.weight for item in NORD.criteria_of(first, "scored")) == Decimal(100)
    assert {item.basis for item in NORD.criteria if item.kind == "scored"} == {"proposed"}
    rules = NORD.applicants
    assert (rules.min_municipalities, rules.min_hospital_trusts, rules.agreement) == (1, 1, "required")
    assert NORD.call.identity.organisation_number == "883658752"


@pytest.mark.requirement("R95")
def test_helse_nord_2025_asks_the_questions_of_the_regional_form():
    labels = [question.label for question in NORD.questions]
    for label in (
        "Navn på prosjekt/pilot",
        "Prosjekteiere",
        "Kommune(r)",
        "Kontaktperson(er)",
        "Helseforetak",
        "Dato for signert avtale om felles søknad (legges ved)",
        "Kort beskrivelse av prosjektet/piloten",
        "Hvilken nytte forventes av prosjektet/piloten?",
        "Beskriv kort hvordan tiltaket støtter opp om formålet med tilskuddsordningen?",
        "Hvor mye søkes det om og hva skal midlene benyttes til?",
        "Hvem har ansvaret for pasienten(e) ved gjennomføringen av tiltaket (ved relevans)?",
        "Prosjektplan, inkludert evalueringspunkter",
        "Involvering av brukere, tillitsvalgte og vernetjenesten",
    ):
        assert labels.count(label) == 1
    relevant = [question.code for question in NORD.questions if question.answer == "when_relevant"]
    assert relevant == ["patient-responsibility", "digital"]
    assert [question.is_required for question in NORD.questions if question.code == "project-plan"] == [True]
    date = NORD.question("agreement-date")
    assert (date.not_in_future, date.not_after_deadline) == (True, True)


@pytest.mark.requirement("R90", "R113", "R117")
def test_helse_nord_2025_has_the_eight_columns_in_two_bands():
    columns = [(column.code, column.band) for column in NORD.benefits.columns]
    assert [code for code, _band in columns if code not in {"baseline", "target"}] == [
        "benefit",
        "beneficiaries",
        "responsible",
        "measure",
        "reporting",
        "preconditions",
        "freed_resources",
        "horizon",
    ]
    assert [band for _code, band in columns] == [1] * 6 + [2] * 4
    assert [(h.from_month, h.to_month) for h in NORD.benefits.horizons] == [(0, 6), (6, 12), (12, 24)]
    assert NORD.budget.years == (2025, 2026, 2027, 2028)


@pytest.mark.requirement("R10", "R43", "R44", "R47", "R48", "R49")
def test_innlandet_has_a_gate_four_answers_five_ticks_and_four_principles():
    (gate,) = INNLANDET.gates
    assert (gate.at_least, gate.criteria) == (1, ("operation", "development", "implementation"))
    assert [len(INNLANDET.criterion(code).examples) for code in gate.criteria] == [4, 6, 2]
    assert [option.code for option in INNLANDET.options(INNLANDET.question(gate.question))] == list(gate.criteria)
    assert len(INNLANDET.national_guidance.terms) == 5
    assert INNLANDET.question("guidance").other_label == "Andre behov"
    assert [item.level for item in INNLANDET.principles] == ["application"] * 3 + ["portfolio"]
    assert [code for code in ("challenge", "need", "effect", "guidance") if INNLANDET.question(code).is_required] == [
        "challenge",
        "need",
        "effect",
        "guidance",
    ]
    assert INNLANDET.frame.amount == 10_700_000
    assert [step.amount for step in INNLANDET.call.funding] == [92_850_000, 10_700_000, 10_700_000]
    case = INNLANDET.decision.case
    assert (case.number, [len(point.points) for point in case.draft]) == ("32/24", [3, 5, 0, 0])


def test_look_ups_answer_none_for_what_is_not_there():
    spec = INNLANDET
    answers = [spec.question("x"), spec.section("x"), spec.section_of("x"), spec.section_with("money"), spec.stage("x")]
    answers += [spec.taxonomy("x"), spec.criterion("x"), spec.gate("x"), spec.scale(None), spec.community("x")]
    answers += [spec.document("x"), spec.attachments.kind("x"), spec.benefits.column("x"), spec.letters.text("x")]
    assert answers == [None] * 14
    assert spec.options(spec.question("need")) == ()
    assert TROMS.national_guidance is None


def test_look_ups_find_by_code():
    assert NORD.section_of("digital").code == "responsibility"
    assert NORD.section_with("budget").code == "budget"
    assert NORD.section("plan").title == "Plan og involvering"
    assert [option.code for option in NORD.options(NORD.question("phase"))] == [
        "preliminary",
        "pilot",
        "main",
        "operation",
    ]
    assert len(NORD.options(NORD.question("service-areas"))) == 5
    assert NORD.community("finnmark").name == "Helsefellesskap Finnmark"
    assert NORD.scale("zero-to-three").values == (Decimal(0), Decimal(1), Decimal(2), Decimal(3))
    assert NORD.letters.text("granted").kind == "granted"
    assert NORD.document("benefit-template").number == 1


def test_texts_are_filled_from_the_dates_and_from_the_letter():
    text = NORD.fill("{project} innen {closes} {closes_time}; {reason}", project="Samhandlingsrommet")
    assert text == "Samhandlingsrommet innen 1. mars 2025 kl. 24.00; –"
    noon = factories.changed(NORD, dates={"closes": "2025-03-01 12:00"})
    assert noon.values["closes_time"] == "kl. 12.00"
    assert TROMS.values["frame"] == "18\u00a0000\u00a0000"


@pytest.mark.parametrize("spec", [TROMS, NORD, INNLANDET])
def test_the_letter_alone_says_where_a_private_recipient_sends_a_complaint(spec):
    """The text of the round said another place than «Klage sendes til …» below it."""
    decision = spec.decision
    assert decision.complaints_to
    assert "sendes til" not in decision.complaint.private_recipient_text
