"""What scores amount to: totals, middle and spread across assessors, thresholds, gates and ranks.

Django-free. Points are counted from the bottom of their scale, so that scales of different length can be added: every
total is a number from 0 (lowest on everything) to 100 (highest on everything).

Rounding is stated here and nowhere else: a result is computed exactly and rounded once, half up, to two decimals
(``rounded``). What is stored, shown, compared with a threshold and ranked is that number, so two totals that look alike
are a tie.
"""

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from itertools import groupby
from operator import itemgetter
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)

HUNDRED = Decimal(100)
PLACES = Decimal("0.01")
# Assessors who stand this far apart, as a share of the scale, must talk before the case is prioritised.
DISCUSS_SHARE = Decimal("0.4")
_EXACT = Context(prec=60)


@dataclass(frozen=True, slots=True)
class Measure:
    """A scored criterion: its scale, its weight if the round has weights, and the least it must have."""

    code: str
    minimum: Decimal
    maximum: Decimal
    weight: Decimal | None = None
    threshold: Decimal | None = None

    @property
    def span(self) -> Decimal:
        """The length of the scale."""
        return self.maximum - self.minimum


@dataclass(frozen=True, slots=True)
class Mark:
    """What an assessor has put on a criterion. Abstaining is a choice; neither points nor abstaining is missing."""

    points: Decimal | None = None
    abstained: bool = False


@dataclass(frozen=True, slots=True)
class Total:
    """One assessor's total (0–100), and what it does not rest on."""

    value: Decimal | None
    missing: tuple[str, ...] = ()
    abstained: tuple[str, ...] = ()

    @property
    def is_complete(self) -> bool:
        """Whether every criterion has points or an abstention."""
        return not self.missing


@dataclass(frozen=True, slots=True)
class Middle:
    """Several assessors' numbers summed up; ``spread`` is the highest less the lowest."""

    count: int
    mean: Decimal | None
    median: Decimal | None
    spread: Decimal | None


@dataclass(frozen=True, slots=True)
class CriterionResult:
    """One criterion across the assessors, in points of its own scale."""

    code: str
    middle: Middle
    abstained: int
    is_below_threshold: bool
    must_discuss: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """All assessors' marks of one application summed up."""

    total: Middle
    criteria: tuple[CriterionResult, ...]
    is_below_minimum: bool
    must_discuss: bool

    @property
    def meets_thresholds(self) -> bool:
        """Whether no criterion, and not the total, is below its least."""
        return not self.is_below_minimum and not any(item.is_below_threshold for item in self.criteria)


@dataclass(frozen=True, slots=True)
class Rank(Generic[Key]):
    """A place in the order; those who share a place are tied, and the places after them are skipped (1, 2, 2, 4)."""

    key: Key
    place: int | None
    is_tied: bool = False


def rounded(value: Decimal) -> Decimal:
    """The one rounding: half up, two decimals."""
    return value.quantize(PLACES, ROUND_HALF_UP, _EXACT)


# --- one assessor -----------------------------------------------------------------------------------


def is_weighted(measures: Iterable[Measure]) -> bool:
    """Whether the round has weights; without any, all criteria count alike."""
    return any(measure.weight is not None for measure in measures)


def running_total(marks: Mapping[str, Mark], measures: Sequence[Measure]) -> Total:
    """The total so far, over the criteria that have points: what the assessor sees while scoring.

    A criterion that the assessor abstains from is left out of both sides of the fraction; it is not a zero.
    In a weighted round a criterion without weight counts nothing. None when nothing counts.
    """
    weighted = is_weighted(measures)
    missing: list[str] = []
    abstained: list[str] = []
    with localcontext(_EXACT):
        common = _common_span(measures)
        points, weights = Decimal(0), Decimal(0)
        for measure in measures:
            mark = marks.get(measure.code, Mark())
            if mark.points is None:
                (abstained if mark.abstained else missing).append(measure.code)
                continue
            weight = (measure.weight or Decimal(0)) if weighted else Decimal(1)
            points += weight * (mark.points - measure.minimum) * (common / measure.span)
            weights += weight
        # One division, at the end: everything before it is exact.
        value = rounded(points * HUNDRED / (weights * common)) if weights else None
    return Total(value, tuple(missing), tuple(abstained))


def weighted_total(marks: Mapping[str, Mark], measures: Sequence[Measure]) -> Total:
    """The total that may be delivered: None while any criterion is missing."""
    total = running_total(marks, measures)
    return total if total.is_complete else Total(None, total.missing, total.abstained)


def _common_span(measures: Iterable[Measure]) -> Decimal:
    product = Decimal(1)
    for span in {measure.span for measure in measures}:
        product *= span
    return product


# --- several assessors ------------------------------------------------------------------------------


def middle(numbers: Iterable[Decimal | None]) -> Middle:
    """Mean, median and spread of the numbers that are there; None is left out, not counted as zero."""
    there = sorted(number for number in numbers if number is not None)
    if not there:
        return Middle(0, None, None, None)
    half = len(there) // 2
    with localcontext(_EXACT):
        mean = sum(there, Decimal(0)) / len(there)
        median = there[half] if len(there) % 2 else (there[half - 1] + there[half]) / 2
        return Middle(len(there), rounded(mean), rounded(median), rounded(there[-1] - there[0]))


def is_wide(spread: Decimal | None, span: Decimal) -> bool:
    """Whether the spread is so large a part of the scale that the assessors must discuss it."""
    return spread is not None and spread >= DISCUSS_SHARE * span


def criterion_result(measure: Measure, marks: Sequence[Mark]) -> CriterionResult:
    """One criterion across the assessors. With no points at all it is not below its threshold: nobody has judged."""
    summed = middle(mark.points for mark in marks)
    below = measure.threshold is not None and summed.mean is not None and summed.mean < measure.threshold
    return CriterionResult(
        code=measure.code,
        middle=summed,
        abstained=sum(mark.abstained for mark in marks),
        is_below_threshold=below,
        must_discuss=is_wide(summed.spread, measure.span),
    )


def outcome(
    assessments: Sequence[Mapping[str, Mark]], measures: Sequence[Measure], *, minimum_total: Decimal | None = None
) -> Outcome:
    """What the delivered assessments of an application amount to. ``minimum_total`` is a number from 0 to 100."""
    total = middle(weighted_total(marks, measures).value for marks in assessments)
    criteria = tuple(
        criterion_result(measure, [marks.get(measure.code, Mark()) for marks in assessments]) for measure in measures
    )
    below = minimum_total is not None and total.mean is not None and total.mean < minimum_total
    wide = is_wide(total.spread, HUNDRED) or any(item.must_discuss for item in criteria)
    return Outcome(total, criteria, below, wide)


# --- gates ------------------------------------------------------------------------------------------


def passes_gate(met: Collection[str], criteria: Collection[str], at_least: int) -> bool:
    """Whether at least so many of the gate's criteria are met (R43)."""
    return len(set(met) & set(criteria)) >= at_least


# --- order ------------------------------------------------------------------------------------------


def ranks(totals: Mapping[Key, Decimal | None]) -> tuple[Rank[Key], ...]:
    """The places by total, highest first; equal totals share a place, those without a total have none and come last.

    Among equals the given order stays.
    """
    scored = [(total, key) for key, total in totals.items() if total is not None]
    found: list[Rank[Key]] = []
    for _total, group in groupby(sorted(scored, key=itemgetter(0), reverse=True), key=itemgetter(0)):
        keys = [key for _same, key in group]
        place = len(found) + 1
        found.extend(Rank(key, place, len(keys) > 1) for key in keys)
    return (*found, *(Rank(key, None) for key, total in totals.items() if total is None))


def out_of_order(order: Sequence[tuple[Key, Decimal | None]], explained: Collection[Key]) -> tuple[Key, ...]:
    """Those who stand before somebody with a higher total, and have no reason for it.

    ``order`` is the priority list from the top. An application whose place has been explained is looked past, both
    when it stands too high and when it stands too low. One without a total can stand anywhere.
    """
    found, highest = [], None
    for key, total in reversed([pair for pair in order if pair[0] not in explained]):
        if total is None:
            continue
        if highest is not None and total < highest:
            found.append(key)
        highest = total if highest is None else max(highest, total)
    return tuple(reversed(found))
