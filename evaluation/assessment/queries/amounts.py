"""The rows whose outcome and amount were typed on a page that no longer shows them."""

from collections.abc import Collection

from evaluation.assessment.models import PriorityList
from evaluation.assessment.queries.board import listed


def written(
    priority_list: PriorityList, codes: Collection[str], *, but: Collection[int]
) -> list[tuple[int, str, str, str, int | None]]:
    """The key, code, title, outcome and amount of the rows with these codes, without those in ``but``; one query."""
    rows = listed(priority_list).filter(application__code__in=codes).exclude(pk__in=but)
    return list(rows.values_list("pk", "application__code", "application__title", "outcome", "amount"))
