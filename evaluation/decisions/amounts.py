"""Splitting an award over the years that were applied for. Pure; whole kroner, and the parts always add up."""

from collections.abc import Mapping


def split(amount: int, requested_by_year: Mapping[int, int]) -> dict[int, int]:
    """The award over the years in proportion to what was asked for each.

    Rounded down, and the kroner left over go to the years with the largest remainders, the earlier year first.
    When no amount was asked for, the first year gets the whole award. Without years the result is empty.
    """
    years = sorted(requested_by_year)
    total = sum(requested_by_year.values())
    if not years:
        return {}
    if total <= 0:
        return {year: amount if year == years[0] else 0 for year in years}
    parts = {year: amount * requested_by_year[year] // total for year in years}
    remainders = {year: amount * requested_by_year[year] % total for year in years}
    left = amount - sum(parts.values())
    for year in sorted(years, key=lambda year: (-remainders[year], year))[:left]:
        parts[year] += 1
    return parts
