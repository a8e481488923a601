"""The arithmetic of scores, by example and against a plain calculation with fractions."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.assessment import scoring
from evaluation.assessment.scoring import Mark, Measure, Middle, Rank, Total

D = Decimal
A = Measure("a", D(1), D(5))
B = Measure("b", D(0), D(3))


def marks(**points):
    return {code: Mark(D(str(value))) for code, value in points.items()}


# --- one assessor ---------------------------------------------------------------------------------


@pytest.mark.requirement("R41")
@pytest.mark.parametrize(
    ("given_marks", "measures", "total"),
    [
        (marks(a=1, b=0), [A, B], Total(D("0.00"))),
        (marks(a=5, b=3), [A, B], Total(D("100.00"))),
        (marks(a=3, b=3), [A, B], Total(D("75.00"))),
        (marks(a=1, b=3), [A, Measure("b", D(0), D(3), weight=D(1))], Total(D("100.00"))),
        (
            marks(a=5, b=0),
            [Measure("a", D(1), D(5), weight=D(30)), Measure("b", D(0), D(3), weight=D(10))],
            Total(D("75.00")),
        ),
        (marks(a=3), [A, B], Total(None, missing=("b",))),
        ({"a": Mark(D(3)), "b": Mark()}, [A, B], Total(None, missing=("b",))),
        ({"a": Mark(D(2)), "b": Mark(abstained=True)}, [A, B], Total(D("25.00"), abstained=("b",))),
        ({"a": Mark(abstained=True)}, [A], Total(None, abstained=("a",))),
        (marks(a=5), [Measure("a", D(1), D(5), weight=D(0))], Total(None)),
        ({}, [], Total(None)),
    ],
)
def test_weighted_total(given_marks, measures, total):
    assert scoring.weighted_total(given_marks, measures) == total


def test_zero_is_not_missing():
    assert scoring.weighted_total(marks(b=0), [B]) == Total(D("0.00"))


def test_running_total_counts_what_is_there():
    assert scoring.running_total(marks(a=5), [A, B]) == Total(D("100.00"), missing=("b",))


def test_rounding_is_half_up_and_once():
    # 1/8 of 100 is 12.5; 1/16 is 6.25; 1/32 is 3.125, which goes up.
    measure = Measure("a", D(0), D(32))
    assert scoring.weighted_total(marks(a=1), [measure]).value == D("3.13")


scales = st.tuples(st.integers(-5, 5), st.integers(1, 20)).map(lambda pair: (D(pair[0]), D(pair[0] + pair[1])))


@st.composite
def rubrics(draw):
    """Measures with marks: every criterion scored, abstained from or missing."""
    is_weighted = draw(st.booleans())
    measures, chosen = [], {}
    for index in range(draw(st.integers(1, 6))):
        low, high = draw(scales)
        weight = draw(st.none() | st.decimals(0, 100, places=2)) if is_weighted else None
        measures.append(Measure(f"c{index}", low, high, weight))
        mark = draw(st.sampled_from(["points", "points", "points", "abstained", "missing"]))
        if mark == "points":
            chosen[f"c{index}"] = Mark(low + draw(st.integers(0, int((high - low) * 2))) / D(2))
        elif mark == "abstained":
            chosen[f"c{index}"] = Mark(abstained=True)
    return measures, chosen


def half_up(exact):
    """Two decimals, half up, of a fraction that is not negative."""
    return D(int(exact * 100 + Fraction(1, 2))) / 100


def plain_total(measures, chosen):
    weighted = any(measure.weight is not None for measure in measures)
    pairs = []
    for measure in measures:
        mark = chosen.get(measure.code)
        if mark is None:
            return None
        if mark.points is not None:
            share = Fraction(mark.points - measure.minimum) / Fraction(measure.maximum - measure.minimum)
            pairs.append((Fraction(measure.weight or 0) if weighted else Fraction(1), share))
    weights = sum(weight for weight, _share in pairs)
    return half_up(sum(weight * share for weight, share in pairs) / weights * 100) if weights else None


@given(rubrics())
def test_total_equals_a_plain_calculation(rubric):
    measures, chosen = rubric
    assert scoring.weighted_total(chosen, measures).value == plain_total(measures, chosen)


@given(rubrics())
def test_total_is_between_0_and_100(rubric):
    measures, chosen = rubric
    total = scoring.running_total(chosen, measures).value
    assert total is None or 0 <= total <= 100


# --- several assessors ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("numbers", "middle"),
    [
        ([], Middle(0, None, None, None)),
        ([None, None], Middle(0, None, None, None)),
        ([D(4)], Middle(1, D("4.00"), D("4.00"), D("0.00"))),
        ([D(5), None, D(2)], Middle(2, D("3.50"), D("3.50"), D("3.00"))),
        ([D(1), D(5), D(2)], Middle(3, D("2.67"), D("2.00"), D("4.00"))),
        ([D(0), D(1)], Middle(2, D("0.50"), D("0.50"), D("1.00"))),
    ],
)
def test_middle(numbers, middle):
    assert scoring.middle(numbers) == middle


@given(st.lists(st.decimals(0, 100, places=2), min_size=1, max_size=9))
def test_middle_equals_a_plain_calculation(numbers):
    ordered = sorted(map(Fraction, numbers))
    count = len(ordered)
    assert scoring.middle(numbers) == Middle(
        count,
        half_up(sum(ordered) / count),
        half_up((ordered[(count - 1) // 2] + ordered[count // 2]) / 2),
        half_up(ordered[-1] - ordered[0]),
    )


def test_criterion_result_marks_wide_spread_and_low_mean():
    strict = Measure("a", D(1), D(6), threshold=D(4))
    criterion = scoring.criterion_result(strict, [Mark(D(5)), Mark(D(2)), Mark(abstained=True)])
    assert criterion == scoring.CriterionResult(
        "a", Middle(2, D("3.50"), D("3.50"), D("3.00")), abstained=1, is_below_threshold=True, must_discuss=True
    )


def test_criterion_nobody_has_judged_is_not_below_its_threshold():
    criterion = scoring.criterion_result(Measure("a", D(1), D(6), threshold=D(4)), [Mark(abstained=True)])
    assert (criterion.is_below_threshold, criterion.must_discuss) == (False, False)


@pytest.mark.parametrize(("points", "wide"), [("2.9", False), ("3", True)])
def test_spread_must_be_discussed_from_two_fifths_of_the_scale(points, wide):
    criterion = scoring.criterion_result(Measure("a", D(1), D(6)), [Mark(D(1)), Mark(D(points))])
    assert criterion.must_discuss is wide


def test_outcome_with_thresholds_met():
    outcome = scoring.outcome([marks(a=4, b=3), marks(a=4, b=2)], [A, B], minimum_total=D(70))
    assert outcome.total == Middle(2, D("79.17"), D("79.17"), D("16.67"))
    assert (outcome.meets_thresholds, outcome.must_discuss) == (True, False)


@pytest.mark.parametrize(
    ("minimum", "threshold", "below", "meets"),
    [
        (None, None, False, True),
        (D("50.01"), None, True, False),
        (D(50), D(3), False, True),
        (None, D(4), False, False),
    ],
)
def test_outcome_below_its_thresholds(minimum, threshold, below, meets):
    measure = Measure("a", D(1), D(5), threshold=threshold)
    outcome = scoring.outcome([marks(a=3)], [measure], minimum_total=minimum)
    assert (outcome.is_below_minimum, outcome.meets_thresholds) == (below, meets)


def test_outcome_without_assessments():
    outcome = scoring.outcome([], [A], minimum_total=D(50))
    assert (outcome.total.count, outcome.meets_thresholds, outcome.must_discuss) == (0, True, False)


def test_outcome_is_discussed_when_the_totals_are_far_apart():
    # No single criterion is wide enough, but they all point the same way.
    measures = [Measure(code, D(0), D(10)) for code in "abc"]
    outcome = scoring.outcome([marks(a=8, b=8, c=8), marks(a=4.5, b=4.5, c=4.5)], measures)
    assert (outcome.total.spread, outcome.must_discuss) == (D("35.00"), False)
    outcome = scoring.outcome([marks(a=8, b=8, c=8), marks(a=4, b=4, c=4)], measures)
    assert (outcome.total.spread, outcome.must_discuss) == (D("40.00"), True)


# --- gates and order ------------------------------------------------------------------------------


@pytest.mark.requirement("R43")
@pytest.mark.parametrize(
    ("met", "at_least", "passes"),
    [
        (set(), 1, False),
        ({"drift"}, 1, True),
        ({"other"}, 1, False),
        ({"drift", "utvikling"}, 2, True),
        (set(), 0, True),
    ],
)
def test_gate(met, at_least, passes):
    assert scoring.passes_gate(met, ["drift", "utvikling", "implementering"], at_least) is passes


@pytest.mark.requirement("R45")
@pytest.mark.parametrize(
    ("answers", "met"),
    [
        ([], set()),
        ([{"one": ["drift"]}], {"drift"}),
        ([{"one": ["drift"]}, {}], {"drift"}),
        ([{"one": ["drift"]}, {"one": ["utvikling"]}], {"utvikling"}),
        ([{"one": ["drift"]}, {"one": []}], set()),
        ([{"one": ["drift"]}, {"two": ["implementering"]}], {"drift", "implementering"}),
        ([{"one": ["utvikling"]}, {"two": []}], set()),
        ([{"one": ["utvikling"], "two": []}], {"utvikling"}),
        ([{"gone": ["drift"]}], {"drift"}),
    ],
)
def test_a_gate_criterion_is_met_by_the_last_stage_that_asked(answers, met):
    gates = {"one": ["drift", "utvikling"], "two": ["utvikling", "implementering"]}
    assert scoring.met_criteria(answers, gates) == met


def test_ranks_share_places_and_skip():
    totals = {"w": None, "x": D("50.00"), "y": D("70.00"), "z": D("50.00"), "v": D("10.00")}
    assert scoring.ranks(totals) == (
        Rank("y", 1),
        Rank("x", 2, is_tied=True),
        Rank("z", 2, is_tied=True),
        Rank("v", 4),
        Rank("w", None),
    )


@given(st.dictionaries(st.integers(), st.none() | st.decimals(0, 5, places=0), max_size=12))
def test_place_is_one_more_than_those_above(totals):
    there = [total for total in totals.values() if total is not None]
    for rank in scoring.ranks(totals):
        total = totals[rank.key]
        assert rank.place == (None if total is None else 1 + sum(other > total for other in there))
        assert rank.is_tied == (total is not None and there.count(total) > 1)


@pytest.mark.parametrize(
    ("order", "explained", "misplaced"),
    [
        ([("a", 9), ("b", 5), ("c", 5)], (), ()),
        ([("b", 5), ("a", 9), ("c", 5)], (), ("b",)),
        ([("b", 5), ("a", 9), ("c", 5)], ("b",), ()),
        ([("b", 5), ("a", 9), ("c", 5)], ("a",), ()),
        ([("c", 1), ("n", None), ("a", 9)], (), ("c",)),
        ([("n", None), ("a", 9)], (), ()),
        ([("c", 1), ("b", 5), ("a", 9)], (), ("c", "b")),
        ([], (), ()),
    ],
)
def test_out_of_order(order, explained, misplaced):
    assert scoring.out_of_order([(key, None if n is None else D(n)) for key, n in order], explained) == misplaced


@pytest.mark.parametrize(
    ("order", "departing", "is_by_total"),
    [
        ([("a", 9), ("b", 5), ("c", 1)], "", True),
        ([("b", 5), ("a", 9), ("c", 1)], "ab", False),
        ([("c", 1), ("a", 9), ("b", 5)], "abc", False),
        ([("a", 9), ("b", 5), ("c", 5)], "bc", True),
        ([("a", 9), ("n", None), ("b", 5)], "n", True),
        ([("n", None)], "n", True),
        ([], "", True),
    ],
)
def test_a_rank_departs_from_totals_above_or_below(order, departing, is_by_total):
    read = [(key, None if n is None else D(n)) for key, n in order]
    assert scoring.departing(read) == set(departing)
    assert scoring.is_by_total(total for _key, total in read) == is_by_total
