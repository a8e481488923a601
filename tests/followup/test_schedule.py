"""When the evaluation is due."""

from datetime import date

import pytest

from evaluation.followup.schedule import evaluation_due


@pytest.mark.requirement("R140")
@pytest.mark.parametrize(
    ("started", "due"),
    [
        (date(2025, 1, 15), date(2025, 10, 15)),
        (date(2025, 5, 31), date(2026, 2, 28)),
        (date(2027, 5, 31), date(2028, 2, 29)),
        (date(2025, 3, 31), date(2025, 12, 31)),
        (date(2025, 4, 1), date(2026, 1, 1)),
    ],
)
def test_the_evaluation_is_due_nine_calendar_months_into_operation(started, due):
    assert evaluation_due(started, 9) == due
