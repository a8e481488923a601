"""The figures of a report as arithmetic: sums, what is counted where, and what is too few to be told."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.reporting import figures
from evaluation.reporting.figures import Award, Measured, Money, Passage, Points, Received
from evaluation.reporting.report_content import ChapterContent, ReportContent

DAY = date(2027, 11, 15)


def award(code="A", amount=1_000_000, **more):
    words = {
        "title": f"Prosjekt {code}",
        "call": "one",
        "lead": "Senja kommune",
        "partners": ("Senja kommune", "UNN HF"),
    }
    return Award(code=code, amount=amount, **{**words, "by_year": {2027: amount}, **more})


AWARDS = [
    award(
        "A", 600_000, terms={"Pasientgruppe": ("Barn og unge", "Eldre")}, spent=200_000, started=DAY, state="I drift"
    ),
    award(
        "B", 400_000, lead="UNN HF", call="two", terms={"Pasientgruppe": ("Eldre",)}, by_year={2027: 0, 2028: 400_000}
    ),
    award("C", 300_000, is_declined=True, state="Takket nei"),
    award("D", 900_000, is_new=False),
]


@pytest.mark.requirement("R136", "R141")
def test_each_call_has_what_it_granted_and_what_was_declined():
    calls = {
        "one": Money("Utlysning 1", 12, 5_000_000),
        "two": Money("Utlysning 2", 3, None),
        "none": Money("Tre", 0, 1),
    }
    table = figures.by_call(calls, AWARDS)
    assert table.rows == (
        ("Utlysning 1", 12, 1, 5_000_000, 600_000, 300_000),
        ("Utlysning 2", 3, 1, None, 400_000, 0),
        ("Tre", 0, 0, 1, 0, 0),
    )
    assert table.total == ("Til sammen", 15, 2, None, 1_000_000, 300_000)
    assert table.behind == (("A", "C"), ("B",), ())
    assert figures.by_call({}, []).total == ()


def test_each_party_has_what_it_takes_part_in_and_the_money_it_leads():
    table = figures.by_party(AWARDS)
    assert table.rows == (("Senja kommune", 2, 1, 600_000), ("UNN HF", 2, 1, 400_000))
    assert table.total == ("Til sammen", None, 2, 1_000_000)
    assert figures.by_party([]).total == ()


def test_a_year_has_what_is_granted_for_it():
    table = figures.by_year(AWARDS)
    assert table.rows == (("2027", 1, 600_000), ("2028", 1, 400_000))
    assert (table.total, figures.by_year([]).total) == (("Til sammen", None, 1_000_000), ())


def test_a_project_counts_in_each_term_that_its_applicants_ticked():
    (table,) = figures.by_lists(AWARDS)
    assert (table.title, table.code) == ("Pasientgruppe", "list-1")
    assert table.rows == (("Eldre", 2, 1_000_000), ("Barn og unge", 1, 600_000))
    assert table.behind == (("A", "B"), ("A",))


def test_each_project_stands_with_what_it_has_used_those_that_declined_last():
    table = figures.projects(AWARDS)
    assert [row[0] for row in table.rows] == ["Prosjekt A", "Prosjekt B", "Prosjekt D", "Prosjekt C"]
    assert table.rows[0] == ("Prosjekt A", "Senja kommune", 600_000, 200_000, "2027-11-15", "I drift")
    assert table.rows[1][3:5] == (None, None)
    assert table.values(table.rows[0])[4] == DAY


@given(st.lists(st.tuples(st.integers(0, 10**9), st.booleans(), st.booleans()), max_size=12))
def test_calls_parties_and_years_add_up_to_the_same(amounts):
    awards = [
        award(str(number), amount, is_declined=declined, is_new=new)
        for number, (amount, declined, new) in enumerate(amounts)
    ]
    granted = sum(amount for amount, declined, new in amounts if new and not declined)
    tables = (figures.by_call({"one": Money("En", 0, None)}, awards), figures.by_party(awards), figures.by_year(awards))
    sums = [sum(row[column] for row in table.rows) for table, column in zip(tables, (4, 3, 2), strict=True)]
    assert sums == [granted] * 3


# --- what came of it --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("baseline", "target", "actual", "is_reached"),
    [(10, 15, 15, True), (10, 15, 14, False), (10, 5, 5, True), (10, 5, 6, False), (10, 5, None, None)],
)
def test_a_benefit_is_reached_when_it_came_as_far_as_planned(baseline, target, actual, is_reached):
    numbers = (None if value is None else Decimal(value) for value in (baseline, target, actual))
    assert figures.reached(Measured("A", "P", "N", "", *numbers)) is is_reached


@pytest.mark.requirement("R142")
@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [
        (4, "pasienter", "færre enn 5"),
        (1, "barn og unge per måned", "færre enn 5"),
        (5, "pasienter", "5 pasienter"),
        (0, "pasienter", "0 pasienter"),
        (3, "prosent av pasientene", "3 prosent av pasientene"),
        (2, "liggedøgn", "2 liggedøgn"),
        (None, "pasienter", ""),
    ],
)
def test_so_few_persons_that_they_could_be_known_are_not_told(value, unit, said):
    assert figures.with_unit(None if value is None else Decimal(value), unit) == said


def test_what_was_measured_stands_beside_what_was_planned():
    rows = [
        Measured(
            "A", "Prosjekt A", "Kortere reise", "timer", Decimal(10), Decimal(5), Decimal(4), "Ja", "En bil manglet."
        ),
        Measured("A", "Prosjekt A", "Trygghet", words="Bedre"),
    ]
    table = figures.benefits(rows)
    assert table.rows == (
        ("Prosjekt A", "Kortere reise", "10 timer", "5 timer", "4 timer", "Nådd", "Ja"),
        ("Prosjekt A", "Trygghet", "", "", "", "Ikke målt med tall", "Bedre"),
    )
    assert table.note == "1 av 2 nådde målet. 1 er ikke målt med tall."
    assert figures.benefits([]).note == ""
    table = figures.deviations(rows, [Passage("B", "Annet", "Ingen leger.")])
    assert table.rows == (("Annet", "Prosjektet", "Ingen leger."), ("Prosjekt A", "Kortere reise", "En bil manglet."))
    assert table.behind == (("B",), ("A",))
    assert figures.spread([Passage("B", "Annet", "Til alle.")]).rows == (("Annet", "Til alle."),)


def test_points_are_the_mean_of_those_granted_and_of_all():
    rows = [
        Points("A", {"Nytte": Decimal(3)}, is_granted=True),
        Points("B", {"Nytte": Decimal(2), "Plan": Decimal(1)}, is_granted=False),
    ]
    table = figures.criteria("Utlysning 1, SSU", 1, rows)
    assert table.rows == (("Nytte", "3", "2,5"), ("Plan", "", "1"))
    assert table.behind == (("A",), ())


def test_a_region_sees_what_each_has_granted():
    table = figures.received([Received("Troms", "Status 2027", DAY, None), Received("Lofoten", "Status 2027", DAY, 7)])
    assert table.rows == (("Troms", "Status 2027", "2027-11-15", None), ("Lofoten", "Status 2027", "2027-11-15", 7))


# --- a whole report ---------------------------------------------------------------------------------------


def report_of(*tables):
    words = {"title": "Status 2027", "sender": "Troms", "receiver": "Nord", "as_of": DAY}
    chapter = ChapterContent(code="money", title="Tilskudd", text="Godt.", tables=tables)
    return ReportContent(**words, first_day=date(2027, 1, 1), last_day=DAY, chapters=(chapter,))


def test_the_chief_figures_are_those_of_the_tables():
    calls = figures.by_call({"one": Money("En", 9, None)}, [AWARDS[0]])
    assert figures.in_short(report_of(calls, figures.projects([AWARDS[0]]))) == [
        ("Innvilget", "600\u00a0000\u00a0kr"),
        ("Prosjekter", "1 av 9 innsendte"),
        ("Brukt", "200\u00a0000\u00a0kr"),
    ]
    assert figures.in_short(report_of(figures.projects([AWARDS[1]]))) == []
    assert figures.in_short(report_of()) == []


def test_a_table_is_drawn_when_there_is_something_to_compare():
    (table,) = figures.by_lists(AWARDS)
    assert [(row.label, row.total) for row in table.chart.rows] == [("Eldre", 1_000_000), ("Barn og unge", 600_000)]
    assert figures.projects(AWARDS).chart is None
    assert figures.by_call({"one": Money("En", 9, None)}, AWARDS).chart is None
    assert report_of(table).applications == {"A", "B"}
    assert ReportContent.model_validate(report_of(table).frozen) == report_of(table)
