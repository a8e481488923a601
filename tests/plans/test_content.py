"""The text of a plan as plain data, and the document of 2023 word for word."""

from datetime import date
from pathlib import Path

import pytest
from pydantic import ValidationError

from evaluation.plans.content import MeasureText, PlanFile, PlanText, counts, line_of
from evaluation.plans.plan_file import read_file
from rounds.round_file import RoundFileError

FILE = Path(__file__).parents[2] / "fixtures/plans/troms-ofoten-2023.yaml"
HEAD = {"title": "Plan", "first_day": "2026-01-01", "last_day": "2026-12-31"}


@pytest.mark.requirement("R63", "R135")
def test_the_document_has_three_areas_nine_aims_and_25_measures_whose_letters_begin_again():
    plan = read_file(FILE)
    shape = [[(aim.title, "".join(each.letter for each in aim.measures)) for aim in area.aims] for area in plan.areas]
    assert shape == [
        [
            ("Personsentrert, helhetlig og proaktiv helsetjeneste", "abc"),
            ("Tett og forpliktende samarbeid", "def"),
            ("Bruke teknologi og digitale løsninger", "ghi"),
        ],
        [
            ("Styrke forebyggings- og folkehelseperspektivet", "abc"),
            ("Gode lærings- og mestringstilbud", "d"),
            ("Kunnskaps- og erfaringsdeling om forebyggende tiltak", "efg"),
        ],
        [
            ("Utdanning og kompetanse", "abc"),
            ("Tett og forpliktende samarbeid", "def"),
            ("Bruk av teknologi og digitale løsninger", "abc"),
        ],
    ]
    assert [area.title for area in plan.areas] == [
        "Helsetjenester til personer med sammensatte behov",
        "Forebygging og egenmestring",
        "Personell og kompetanse",
    ]
    assert sum(1 for _measure in plan.measures) == 25


def test_the_document_stands_word_for_word():
    plan = read_file(FILE)
    texts = {each.text for each in plan.measures}
    assert {
        "Aktiv bruk av FSU og SSU (melde relevante saker og delta i aktivt i diskusjoner)",
        "Tjenestene må vurdere om kompetansen brukes riktig og eventuell omrøkkere oppgavefordeling",
        "Felles strategi for å fremme Troms og Ofoten som attraktiv bo- og arbeidsregion.",
    } <= texts
    assert plan.introduction.startswith("Helsefellesskapet Troms og Ofoten har som mål å skape gode")
    assert "- vi lærer av hverandre, med kompetansedeling på tvers." in plan.introduction
    assert plan.ahead.endswith("vil det bli utarbeidet handlingsplan i tråd med fastsatte mål og satsinger.")
    assert dict(plan.abbreviations)["FSU DIG"] == "faglig samarbeidsutvalg for digital samhandling"
    assert (plan.first_day, plan.last_day) == (date(2023, 1, 1), date(2023, 12, 31))


@pytest.mark.requirement("R139")
@pytest.mark.parametrize(
    ("responsible", "names"),
    [
        ("SEKR, UNN, kommunene", ["SEKR", "UNN", "kommunene"]),
        ("UNN og kommunene", ["UNN", "kommunene"]),
        ("FSU BU", ["FSU BU"]),
        ("Felles", ["Felles"]),
        ("", []),
    ],
)
def test_several_can_have_the_responsibility(responsible, names):
    assert MeasureText(text="Noe", responsible=responsible).owner_names == names


def test_measures_are_counted_by_area_and_state():
    areas = [
        {"title": "Ett", "aims": [{"title": "A", "measures": [{"key": 1, "text": "x"}, {"key": 2, "text": "y"}]}]},
        {"title": "To", "aims": [{"title": "B", "measures": [{"text": "z"}]}]},
        {"title": "Tre"},
    ]
    by_area, whole = counts(PlanText(**HEAD, areas=areas), {1: "behind", 2: "on_track"}, "not_begun")
    assert [(count.title, count.by_state, count.total) for count in by_area] == [
        ("Ett", {"behind": 1, "on_track": 1}, 2),
        ("To", {"not_begun": 1}, 1),
        ("Tre", {}, 0),
    ]
    assert (whole.by_state, whole.total) == ({"behind": 1, "on_track": 1, "not_begun": 1}, 3)


def test_a_plan_goes_forward_and_is_what_it_was_frozen_as():
    with pytest.raises(ValidationError, match="slutter før den begynner"):
        PlanText(**{**HEAD, "last_day": "2025-12-31"})
    plan = PlanText(**HEAD, abbreviations=[["SSU", "Strategisk samarbeidsutvalg"]])
    assert PlanText.model_validate(plan.data) == plan
    pairs = PlanFile(**HEAD, code="a-b-c", community="x", abbreviations=[("PM", "Partnerskapsmøtet")]).abbreviations
    assert pairs == (("PM", "Partnerskapsmøtet"),)


def test_a_measure_stands_in_its_area_and_aim_or_in_none():
    measures = [{"key": 1, "text": "x"}, {"key": 2, "text": "y"}]
    plan = PlanText(**HEAD, areas=[{"title": "Ett"}, {"title": "To", "aims": [{"title": "B", "measures": measures}]}])
    area, aim, measure = line_of(plan, 2)
    assert (area.title, aim.title, measure.text) == ("To", "B", "y")
    assert line_of(plan, 3) is None


def test_a_file_has_words_for_the_responsible_that_the_row_has_room_for():
    areas = [{"title": "A", "aims": [{"title": "B", "measures": [{"text": "x", "responsible": "n" * 201}]}]}]
    assert PlanText(**HEAD, areas=areas)
    with pytest.raises(ValidationError, match="mer enn 200 tegn"):
        PlanFile(**HEAD, code="a-b", community="x", areas=areas)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "linje 1: filen er tom eller ikke en handlingsplan"),
        ("- a", "linje 1: filen er tom eller ikke en handlingsplan"),
        ("titel: Plan", "linje 1: titel: er et ukjent felt. Mente du «title»?"),
        ("title: Plan\nfirst_day: i går", "linje 2: first_day: skal være en dato, for eksempel 2025-03-01"),
        ("title: Plan\ncode: Ikke Kode", "linje 2: code: skal være en kode med små bokstaver, tall og bindestrek"),
    ],
)
def test_what_is_wrong_with_a_file_is_told_by_line_and_field(tmp_path, text, problem):
    path = tmp_path / "plan.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(RoundFileError) as refused:
        read_file(path)
    assert problem in str(refused.value)
