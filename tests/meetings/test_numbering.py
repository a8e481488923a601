"""Case numbers in every way the documents write them, and the points of a proposal."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.meetings import numbering
from evaluation.meetings.numbering import CaseNumber
from evaluation.meetings.proposals import (
    Point,
    after_first_point,
    first_point,
    names_another_sum,
    points,
    sums,
    with_first_point,
    write,
)


@pytest.mark.requirement("R126")
@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("32/24", CaseNumber(2024, 32)),
        ("32.24", CaseNumber(2024, 32)),
        ("07.24", CaseNumber(2024, 7)),
        ("sak 31.24", CaseNumber(2024, 31)),
        ("Sak nr. 094-2024", CaseNumber(2024, 94)),
        (" 1 / 25 ", CaseNumber(2025, 1)),
        ("32", None),
        ("0/24", None),
        ("32/2", None),
        ("helse", None),
        ("", None),
    ],
)
def test_case_number_is_read_however_it_is_written(text, number):
    assert numbering.parse(text) == number


@given(st.integers(1, 999_999), st.integers(2000, 2099))
def test_case_number_is_read_as_it_is_written(number, year):
    case = CaseNumber(year, number)
    assert numbering.parse(str(case)) == case


@pytest.mark.parametrize(("taken", "after"), [([], 1), ([1, 2], 3), ([5], 6)])
def test_next_number_never_fills_a_gap(taken, after):
    assert numbering.next_number(taken) == after


INNLANDET = """1. Strategisk samarbeidsutvalg godkjenner følgende kriterier:
 - a) Daglig samhandling (drift)
 - b) Felles tjenesteutvikling
   og forskning (utvikling)
2. Strategisk samarbeidsutvalg er fornøyd med at forutsetningene
løser behovet:
 - Redusere ventetidene på sykehus.
 - Fremme rekruttering
   på tvers av nivåene.
 3. Strategisk samarbeidsutvalg gir tilslutning til prosessen."""


@pytest.mark.requirement("R129")
def test_points_are_numbered_lettered_and_dashed_as_in_the_document():
    assert points(INNLANDET) == (
        Point(
            "Strategisk samarbeidsutvalg godkjenner følgende kriterier:",
            ("Daglig samhandling (drift)", "Felles tjenesteutvikling og forskning (utvikling)"),
        ),
        Point(
            "Strategisk samarbeidsutvalg er fornøyd med at forutsetningene løser behovet:",
            (),
            ("Redusere ventetidene på sykehus.", "Fremme rekruttering på tvers av nivåene."),
        ),
        Point("Strategisk samarbeidsutvalg gir tilslutning til prosessen."),
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ()),
        ("SSU tar saken til orientering.", (Point("SSU tar saken til orientering."),)),
        ("Første ledd.\n\nAndre ledd.", (Point("Første ledd."), Point("Andre ledd."))),
        ("a) Bokstav uten tall", (Point("a) Bokstav uten tall"),)),
        ("- Strek uten tall", (Point("- Strek uten tall"),)),
    ],
)
def test_points_of_text_without_numbers_are_its_lines(text, expected):
    assert points(text) == expected


@pytest.mark.requirement("R129")
def test_written_points_are_read_back():
    written = write([("SSU innvilger 400 000 kr.", ()), ("Vilkår:", ("Rapport innen 1. mars.", "Egeninnsats."))])
    assert written == "1. SSU innvilger 400 000 kr.\n2. Vilkår:\n   a) Rapport innen 1. mars.\n   b) Egeninnsats."
    assert points(written)[1].letters == ("Rapport innen 1. mars.", "Egeninnsats.")


@pytest.mark.parametrize(
    ("text", "amounts"),
    [
        ("SSU innvilger 1\xa0100\xa0000\xa0kr i tilskudd, jf. sak 2/26.", (1_100_000,)),
        ("400 000 kr av omsøkte 480.000 kroner", (400_000, 480_000)),
        ("inntil kr 75000 i 2025", (75_000,)),
        ("kr 1 100 000,- og 320 000,- kr, kr. 500", (1_100_000, 320_000, 500)),
        ("kr 1 100 000,50", ()),
        ("1,1 millioner kroner over 2 år", ()),
        ("SSU avslår søknaden.", ()),
    ],
)
def test_sums_of_a_text_are_read(text, amounts):
    assert sums(text) == amounts


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("SSU innvilger 900 000 kr.", True),
        ("SSU innvilger 1 100 000 kr.", False),
        ("500 000 kr i 2025 og 600 000 kr i 2026", False),
        ("SSU innvilger søknaden.", False),
    ],
)
def test_text_with_another_sum_than_the_decided_one_is_found(text, expected):
    assert names_another_sum(text, 1_100_000) is expected


TWO_POINTS = "1. SSU gir 100 kr:\n   a) Senja 100 kr\n2. Resten\u00a0 holdes."


def test_the_first_point_is_read_alone():
    assert first_point(TWO_POINTS) == Point("SSU gir 100 kr:", ("Senja 100 kr",))
    assert first_point("  En\t linje ") == Point("En linje")
    assert first_point(" \n ") is None


@pytest.mark.parametrize(
    ("text", "rest"), [(TWO_POINTS, "2. Resten\u00a0 holdes."), ("1. Alene.", ""), ("", ""), ("Uten tall.", "")]
)
def test_the_text_after_the_first_point(text, rest):
    assert after_first_point(text) == rest


@pytest.mark.parametrize(
    ("written", "text", "expected"),
    [
        ("1. Ny.\n2. Borte.", TWO_POINTS, "1. Ny.\n2. Resten\u00a0 holdes."),
        ("1. Ny.", "1. Gammel.", "1. Ny."),
        ("1. Ny.\n", "", "1. Ny."),
    ],
)
def test_a_new_first_point_keeps_the_others(written, text, expected):
    assert with_first_point(written, text) == expected
