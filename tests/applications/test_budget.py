"""The budget's arithmetic: every sum, and everything that does not add up."""

from types import SimpleNamespace as Part

import pytest
from hypothesis import given
from hypothesis import strategies as st

from applications.budget import CASH, GRANT, IN_KIND, OTHER, OWN, Line, Problem, Rules, Sums, problems, sums, totals

RULES = Rules(years=(2025, 2026), cost_types=("release", "travel"))
GRANTED = Line(2025, "release", 300)
OWN_CASH = Line(2025, "release", 50, OWN, CASH, "1")
OWN_TIME = Line(2026, "travel", 70, OWN, IN_KIND, "2")
OTHERS = Line(2026, "release", 20, OTHER)
LINES = (GRANTED, OWN_CASH, OWN_TIME, OTHERS)

lines = st.lists(
    st.builds(
        Line,
        year=st.sampled_from([2025, 2026, 2027]),
        cost_type=st.sampled_from(["release", "travel", "other"]),
        amount=st.integers(0, 10**11),
        source=st.sampled_from([GRANT, OWN, OTHER]),
        form=st.sampled_from([CASH, IN_KIND]),
        payer=st.sampled_from(["", "1", "2"]),
    ),
    max_size=40,
)


def test_sums_of_nothing_are_zero():
    assert sums(()) == Sums(0, 0, 0, 0)
    assert (sums(()).own, sums(()).total) == (0, 0)


@pytest.mark.requirement("R93", "R103")
def test_sums_tell_the_sources_apart():
    assert sums(LINES) == Sums(grant=300, own_cash=50, own_in_kind=70, other=20)
    assert (sums(LINES).own, sums(LINES).total) == (120, 440)


@pytest.mark.requirement("R90")
def test_totals_have_the_rounds_years_and_types_in_order_also_when_empty():
    sums_of = totals((OWN_TIME, Line(2024, "old", 5)), years=(2025, 2026), cost_types=("release", "travel"))
    assert list(sums_of.by_year) == [2024, 2025, 2026]
    assert list(sums_of.by_cost_type) == ["release", "travel", "old"]
    assert sums_of.by_year[2025] == Sums()
    assert sums_of.by_cost_type["travel"] == Sums(own_in_kind=70)
    assert sums_of.by_payer == {"2": Sums(own_in_kind=70)}


@given(lines)
def test_every_way_of_grouping_gives_the_same_total(budget_lines):
    sum_of = totals(budget_lines, years=(2025,), cost_types=("travel",))
    assert sum(part.total for part in sum_of.by_year.values()) == sum_of.all.total
    assert sum(part.total for part in sum_of.by_cost_type.values()) == sum_of.all.total
    assert sum(part.own for part in sum_of.by_payer.values()) == sum_of.all.own
    assert sum_of.all.total == sum(line.amount for line in budget_lines)


@given(lines)
def test_grant_lines_equal_to_the_amount_never_complain_of_it(budget_lines):
    amount = sums(budget_lines).grant
    kinds = {problem.kind for problem in problems(budget_lines, RULES, amount)}
    assert kinds & {"grant_below", "grant_above"} == set()


def test_a_budget_that_adds_up_has_no_problems():
    assert problems(LINES, RULES, 300) == []


@pytest.mark.requirement("R96")
@pytest.mark.parametrize(
    ("requested", "expected"),
    [
        (500, Problem("grant_below", {"grant": 300, "requested": 500, "difference": 200}, (0,))),
        (100, Problem("grant_above", {"grant": 300, "requested": 100, "difference": 200}, (0,))),
        (None, Problem("no_amount")),
        (0, Problem("amount_not_positive")),
    ],
)
def test_the_amount_and_the_grant_lines_must_agree(requested, expected):
    assert expected in problems(LINES, RULES, requested)


@pytest.mark.parametrize(
    ("rules", "requested", "expected"),
    [
        (Rules(min_amount=1000), 300, Problem("amount_too_low", {"limit": 1000})),
        (Rules(max_amount=200), 300, Problem("amount_too_high", {"limit": 200})),
        (Rules(min_amount=300, max_amount=300), 300, None),
    ],
)
def test_the_rounds_limits_hold_at_their_ends(rules, requested, expected):
    assert problems(LINES, rules, requested) == ([expected] if expected else [])


@pytest.mark.parametrize(
    ("line", "rules", "kind"),
    [
        (Line(2025, "release", -1, OWN, CASH, "1"), RULES, "negative"),
        (Line(2030, "release", 1, OWN, CASH, "1"), RULES, "year_outside"),
        (Line(2025, "yacht", 1, OWN, CASH, "1"), RULES, "unknown_cost_type"),
        (Line(2025, "release", 0, GRANT, IN_KIND), RULES, "grant_in_kind"),
        (Line(2025, "release", 1, OWN, IN_KIND, "1"), Rules(allows_in_kind=False), "in_kind_closed"),
        (Line(2025, "release", 1, OTHER), Rules(allows_other=False, own="off"), "other_closed"),
        (Line(2025, "release", 1, OWN, CASH), RULES, "own_without_payer"),
    ],
)
def test_a_line_that_breaks_a_rule_is_named(line, rules, kind):
    assert problems([line], rules, None if kind == "grant_in_kind" else 0)[1] == Problem(kind, lines=(0,))


def test_an_empty_budget_is_a_problem_only_where_it_is_asked_for():
    assert problems([], RULES, 100) == [Problem("no_lines")]
    assert problems([], RULES, 100, has_unfinished=True) == []
    assert problems([], Rules(is_required=False, amount_is_required=False), None) == []


@pytest.mark.parametrize(("setting", "expected"), [("required", [False]), ("expected", [True]), ("off", [])])
def test_missing_own_contribution_hinders_warns_or_is_nothing(setting, expected):
    all_problems = problems([GRANTED], Rules(own=setting), 300)
    assert [problem.is_warning for problem in all_problems if problem.kind == "no_own"] == expected


@pytest.mark.requirement("R103", "R111")
def test_zero_kroner_in_cash_and_time_given_is_a_contribution():
    """«Kommunen pålegges ingen direkte kostnader, men skal bidra med egeninnsats» (R111)."""
    assert problems([GRANTED, OWN_TIME], RULES, 300) == []


def test_rules_are_read_from_the_round():
    spec = Part(
        budget=Part(
            years=(2025,),
            cost_types=(Part(code="release"),),
            setting="optional",
            requested_amount="optional",
            min_amount=1,
            max_amount=2,
            in_kind=False,
            other_funding=False,
        ),
        applicants=Part(own_contribution="off"),
    )
    assert Rules.of(spec) == Rules((2025,), ("release",), False, False, 1, 2, False, False, "off")
