"""When the evaluation is due."""

from datetime import date

import pytest

from evaluation.followup.schedule import evaluation_due, last_usual_start


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


@pytest.mark.fault("B14")
@pytest.mark.parametrize(
    ("adopted", "years", "last"),
    [
        (date(2025, 2, 10), [2024, 2025], date(2026, 12, 31)),
        (date(2025, 2, 10), [2027, 2026], date(2028, 12, 31)),
        (date(2025, 2, 10), [], date(2026, 12, 31)),
        (date(2026, 1, 1), [2024], date(2027, 12, 31)),
    ],
)
def test_a_start_is_usual_until_a_year_after_the_budget_or_the_decision(adopted, years, last):
    assert last_usual_start(adopted, years) == last
