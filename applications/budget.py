"""The budget's arithmetic: totals by year, cost type, payer and form, and what does not add up. Whole kroner."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

GRANT, OWN, OTHER = "grant", "own", "other"
CASH, IN_KIND = "cash", "in_kind"


@dataclass(frozen=True, slots=True)
class Line:
    """A cost of one kind in one year and who covers it. ``payer`` names the partner for own contribution."""

    year: int
    cost_type: str
    amount: int
    source: str = GRANT
    form: str = CASH
    payer: str = ""
    # Its number on the page, where half-filled lines are counted, too.
    number: int = 0


@dataclass(frozen=True, slots=True)
class Rules:
    """What the round asks of a budget (R77–R79, R84, R96, R111)."""

    years: tuple[int, ...] = ()
    cost_types: tuple[str, ...] = ()
    is_required: bool = True
    amount_is_required: bool = True
    min_amount: int | None = None
    max_amount: int | None = None
    allows_in_kind: bool = True
    allows_other: bool = True
    own: Literal["required", "expected", "off"] = "expected"

    @classmethod
    def of(cls, spec: Any) -> "Rules":
        """The rules in a round definition."""
        part = spec.budget
        return cls(
            years=tuple(part.years),
            cost_types=tuple(option.code for option in part.cost_types),
            is_required=part.setting == "required",
            amount_is_required=part.requested_amount == "required",
            min_amount=part.min_amount,
            max_amount=part.max_amount,
            allows_in_kind=part.in_kind,
            allows_other=part.other_funding,
            own=spec.applicants.own_contribution,
        )


@dataclass(frozen=True, slots=True)
class Sums:
    """Money from each source, and how own contribution is given."""

    grant: int = 0
    own_cash: int = 0
    own_in_kind: int = 0
    other: int = 0

    @property
    def own(self) -> int:
        return self.own_cash + self.own_in_kind

    @property
    def total(self) -> int:
        return self.grant + self.own + self.other


@dataclass(frozen=True, slots=True)
class Totals:
    """The sums of all lines, and of the lines of each year, cost type and paying partner, in order."""

    all: Sums
    by_year: dict[int, Sums]
    by_cost_type: dict[str, Sums]
    by_payer: dict[str, Sums]


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that does not add up: a kind, its figures, and the lines involved (from 0)."""

    kind: str
    figures: dict[str, int] = field(default_factory=dict)
    lines: tuple[int, ...] = ()
    # Worth saying, but no hindrance.
    is_warning: bool = False


def sums(lines: Iterable[Line]) -> Sums:
    """The sums of these lines."""
    amounts = {"grant": 0, "own_cash": 0, "own_in_kind": 0, "other": 0}
    for line in lines:
        key = line.source
        if line.source == OWN:
            key = "own_in_kind" if line.form == IN_KIND else "own_cash"
        amounts[key] += line.amount
    return Sums(**amounts)


def totals(lines: Sequence[Line], *, years: Sequence[int] = (), cost_types: Sequence[str] = ()) -> Totals:
    """Every sum of the budget. The years and cost types given come first, in their order, also when empty."""
    own_lines = [line for line in lines if line.source == OWN]
    return Totals(
        all=sums(lines),
        by_year=_grouped(lines, lambda line: line.year, years, sort=True),
        by_cost_type=_grouped(lines, lambda line: line.cost_type, cost_types),
        by_payer=_grouped(own_lines, lambda line: line.payer, ()),
    )


def _grouped(
    lines: Sequence[Line], key: Callable[[Line], Any], first: Sequence[Any], *, sort: bool = False
) -> dict[Any, Sums]:
    others = [line_key for line in lines if (line_key := key(line)) not in first]
    keys = dict.fromkeys([*first, *others])
    return {name: sums(line for line in lines if key(line) == name) for name in (sorted(keys) if sort else keys)}


def problems(
    lines: Sequence[Line], rules: Rules, requested: int | None, *, has_unfinished: bool = False
) -> list[Problem]:
    """Everything that must or should be put right, in the order of the page (R77–R79, R84, R90, R96, R103, R111).

    ``has_unfinished``: there are half-filled lines beside these. What those lack is told of each line elsewhere.
    """
    all_problems = [*_amount_problems(rules, requested), *_line_problems(lines, rules)]
    if not lines and has_unfinished:
        return all_problems
    if not lines:
        return [*all_problems, Problem("no_lines")] if rules.is_required else all_problems
    given = sums(lines)
    if requested is not None and given.grant != requested:
        involved = tuple(index for index, line in enumerate(lines) if line.source == GRANT)
        figures = {"grant": given.grant, "requested": requested, "difference": abs(given.grant - requested)}
        all_problems.append(Problem("grant_below" if given.grant < requested else "grant_above", figures, involved))
    if rules.own != "off" and given.own == 0:
        all_problems.append(Problem("no_own", is_warning=rules.own == "expected"))
    return all_problems


def _amount_problems(rules: Rules, requested: int | None) -> list[Problem]:
    if requested is None:
        return [Problem("no_amount")] if rules.amount_is_required else []
    if requested <= 0:
        return [Problem("amount_not_positive")]
    if rules.min_amount is not None and requested < rules.min_amount:
        return [Problem("amount_too_low", {"limit": rules.min_amount})]
    if rules.max_amount is not None and requested > rules.max_amount:
        return [Problem("amount_too_high", {"limit": rules.max_amount})]
    return []


def _line_problems(lines: Sequence[Line], rules: Rules) -> list[Problem]:
    checks: dict[str, Callable[[Line], bool]] = {
        "negative": lambda line: line.amount < 0,
        "year_outside": lambda line: bool(rules.years) and line.year not in rules.years,
        "unknown_cost_type": lambda line: bool(rules.cost_types) and line.cost_type not in rules.cost_types,
        "grant_in_kind": lambda line: line.source == GRANT and line.form == IN_KIND,
        "in_kind_closed": lambda line: line.source != GRANT and line.form == IN_KIND and not rules.allows_in_kind,
        "other_closed": lambda line: line.source == OTHER and not rules.allows_other,
        "own_without_payer": lambda line: line.source == OWN and not line.payer,
    }
    line_problems = []
    for kind, is_wrong in checks.items():
        involved = tuple(index for index, line in enumerate(lines) if is_wrong(line))
        if involved:
            line_problems.append(Problem(kind, lines=involved))
    return line_problems
