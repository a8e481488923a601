"""When things are due after an award. Pure; dates are local (Europe/Oslo)."""

from datetime import date

from portal.clock import add_months


def evaluation_due(operation_started: date, months: int) -> date:
    """So many calendar months after the start of operation, the last of the month where the day is missing (R140)."""
    return add_months(operation_started, months)
