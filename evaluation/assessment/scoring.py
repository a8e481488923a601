"""The arithmetic of scores: totals, mean, median and spread across assessors, thresholds, gates and ranks.

Django-free. Points are counted from the lowest point of their scale, so that scales of different length can be added.
Every total is a number from 0 (the lowest points on all criteria) to 100 (the highest points on all criteria).

A number is calculated exactly and rounded once, half up, to two decimals (``rounded``); no other module rounds. The
rounded number is the one that is stored, shown, compared with a threshold and ranked, so two totals that look the same
are tied.
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
# When the spread is at least this share of the scale, the assessors must discuss before the list is made.
DISCUSS_SHARE = Decimal("0.4")
_EXACT = Context(prec=60)


@dataclass(frozen=True, slots=True)
class Measure:
    """A scored criterion: its scale, its weight if the round has weights, and the least mean it must have."""

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
    """What an assessor has given for a criterion: points, an abstention, or (when both are empty) nothing yet."""

    points: Decimal | None = None
    abstained: bool = False


@dataclass(frozen=True, slots=True)
class Total:
    """One assessor's total (0–100), and the codes of the criteria that are not in it."""

    value: Decimal | None
    missing: tuple[str, ...] = ()
    abstained: tuple[str, ...] = ()

    @property
    def is_complete(self) -> bool:
        """Whether every criterion has points or an abstention."""
        return not self.missing


@dataclass(frozen=True, slots=True)
class Middle:
    """Mean, median and spread of several assessors' numbers; ``spread`` is the highest minus the lowest."""

    count: int
    mean: Decimal | None
    median: Decimal | None
    spread: Decimal | None


@dataclass(frozen=True, slots=True)
class CriterionResult:
    """One criterion across the assessors, in points of the criterion's scale."""

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
        """Whether the total and every criterion reach their thresholds."""
        return not self.is_below_minimum and not any(item.is_below_threshold for item in self.criteria)


@dataclass(frozen=True, slots=True)
class Rank(Generic[Key]):
    """A place in the ranking, from 1. Tied keys share a place, and the places after it are skipped (1, 2, 2, 4)."""

    key: Key
    place: int | None
    is_tied: bool = False


def rounded(value: Decimal) -> Decimal:
    """The number rounded half up to two decimals."""
    return value.quantize(PLACES, ROUND_HALF_UP, _EXACT)


# --- one assessor -----------------------------------------------------------------------------------


def is_weighted(measures: Iterable[Measure]) -> bool:
    """Whether any criterion has a weight; without weights all criteria count the same."""
    return any(measure.weight is not None for measure in measures)


def running_total(marks: Mapping[str, Mark], measures: Sequence[Measure]) -> Total:
    """The total over the criteria that have points so far, as the assessor sees it while scoring.

    A criterion that the assessor abstains from is left out of the numerator and the denominator; it does not count as
    zero. When some criteria have weights, one without a weight does not count. The value is None when no criterion
    counts.
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
        # The only division is the last step: everything before it is exact.
        value = rounded(points * HUNDRED / (weights * common)) if weights else None
    return Total(value, tuple(missing), tuple(abstained))


def weighted_total(marks: Mapping[str, Mark], measures: Sequence[Measure]) -> Total:
    """The total that may be delivered; its value is None while any criterion is missing."""
    total = running_total(marks, measures)
    return total if total.is_complete else Total(None, total.missing, total.abstained)


def _common_span(measures: Iterable[Measure]) -> Decimal:
    product = Decimal(1)
    for span in {measure.span for measure in measures}:
        product *= span
    return product


# --- several assessors ------------------------------------------------------------------------------


def middle(numbers: Iterable[Decimal | None]) -> Middle:
    """Mean, median and spread of the numbers; None is left out, and does not count as zero."""
    there = sorted(number for number in numbers if number is not None)
    if not there:
        return Middle(0, None, None, None)
    half = len(there) // 2
    with localcontext(_EXACT):
        mean = sum(there, Decimal(0)) / len(there)
        median = there[half] if len(there) % 2 else (there[half - 1] + there[half]) / 2
        return Middle(len(there), rounded(mean), rounded(median), rounded(there[-1] - there[0]))


def is_wide(spread: Decimal | None, span: Decimal) -> bool:
    """Whether the spread is so large a share of the scale that the assessors must discuss."""
    return spread is not None and spread >= DISCUSS_SHARE * span


def criterion_result(measure: Measure, marks: Sequence[Mark]) -> CriterionResult:
    """One criterion across the assessors. A criterion that nobody has given points is not below its threshold."""
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
    """The delivered assessments of an application summed up. ``minimum_total`` is a number from 0 to 100."""
    total = middle(weighted_total(marks, measures).value for marks in assessments)
    criteria = tuple(
        criterion_result(measure, [marks.get(measure.code, Mark()) for marks in assessments]) for measure in measures
    )
    below = minimum_total is not None and total.mean is not None and total.mean < minimum_total
    wide = is_wide(total.spread, HUNDRED) or any(item.must_discuss for item in criteria)
    return Outcome(total, criteria, below, wide)


# --- gates ------------------------------------------------------------------------------------------


def passes_gate(met: Collection[str], criteria: Collection[str], at_least: int) -> bool:
    """Whether at least ``at_least`` of the criteria of the gate are met (R43)."""
    return len(set(met) & set(criteria)) >= at_least


def met_criteria(
    answers: Iterable[Mapping[str, Collection[str]]], gates: Mapping[str, Collection[str]]
) -> frozenset[str]:
    """The gate criteria that an application meets in a stage, each by the last stage that asked for it.

    ``answers`` are the checks of the application from the first stage to this one; each maps the gates that it asked to
    the criteria that were met. ``gates`` maps every gate of the round to its criteria.
    """
    met: frozenset[str] = frozenset()
    for answered in answers:
        asked = {code for gate in answered for code in gates.get(gate, ())}
        met = (met - asked) | {code for codes in answered.values() for code in codes}
    return met


# --- order ------------------------------------------------------------------------------------------


def ranks(totals: Mapping[Key, Decimal | None]) -> tuple[Rank[Key], ...]:
    """The keys with their places, the highest total first. Equal totals share a place, in the order they are given.

    Keys without a total have no place and come last.
    """
    scored = [(total, key) for key, total in totals.items() if total is not None]
    ranked: list[Rank[Key]] = []
    for _total, group in groupby(sorted(scored, key=itemgetter(0), reverse=True), key=itemgetter(0)):
        keys = [key for _same, key in group]
        shared_place = len(ranked) + 1
        ranked.extend(Rank(key, shared_place, len(keys) > 1) for key in keys)
    return (*ranked, *(Rank(key, None) for key, total in totals.items() if total is None))


def departing(order: Sequence[tuple[Key, Decimal | None]]) -> frozenset[Key]:
    """The keys whose rank departs from the totals: above a total that is as high or higher, or below a lower or equal.

    ``order`` is the priority list from the top. A key without a total is among them: no total says where it belongs.
    """
    keys = {key for key, total in order if total is None}
    scored = [(key, total) for key, total in order if total is not None]
    for pairs, sign in ((scored, 1), (scored[::-1], -1)):
        least: Decimal | None = None
        for key, total in pairs:
            if least is not None and least <= sign * total:
                keys.add(key)
            least = sign * total if least is None else min(least, sign * total)
    return frozenset(keys)


def is_by_total(totals: Iterable[Decimal | None]) -> bool:
    """Whether the totals, from the top of the list, never rise; those that are missing are left out."""
    there = [total for total in totals if total is not None]
    return there == sorted(there, reverse=True)


def out_of_order(order: Sequence[tuple[Key, Decimal | None]], explained: Collection[Key]) -> tuple[Key, ...]:
    """The keys that are ranked above a key with a higher total, without a reason.

    ``order`` is the priority list from the top, ``explained`` the keys that have a reason for their rank. Explained
    keys and keys without a total are left out of the comparison.
    """
    misplaced, highest = [], None
    for key, total in reversed([pair for pair in order if pair[0] not in explained]):
        if total is None:
            continue
        if highest is not None and total < highest:
            misplaced.append(key)
        highest = total if highest is None else max(highest, total)
    return tuple(reversed(misplaced))
