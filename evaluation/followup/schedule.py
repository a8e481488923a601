"""When things are due after an award. Pure; dates are local (Europe/Oslo)."""

from collections.abc import Iterable
from datetime import date

from portal.clock import add_months


def evaluation_due(operation_started: date, months: int) -> date:
    """So many calendar months after the start of operation, the last of the month where the day is missing (R140)."""
    return add_months(operation_started, months)


def last_usual_start(adopted: date, years: Iterable[int]) -> date:
    """The last day on which operation usually begins: a year after the budget, or after the year of the decision."""
    return date(max((adopted.year, *years)) + 1, 12, 31)
