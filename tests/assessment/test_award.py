"""The one rule of outcome and amount."""

import pytest

from evaluation.assessment.award import Fault, fault


@pytest.mark.parametrize(
    ("outcome", "amount", "requested", "expected"),
    [
        ("granted", 100, 100, None),
        ("granted", 99, 100, Fault.LESS),
        ("granted", 101, 100, Fault.ABOVE),
        ("granted", 100, None, None),
        ("granted", None, 100, Fault.MISSING),
        ("granted", 0, 100, Fault.MISSING),
        ("partly_granted", 1, 100, None),
        ("partly_granted", 100, 100, Fault.WHOLE),
        ("partly_granted", 101, 100, Fault.ABOVE),
        ("partly_granted", 100, None, None),
        ("partly_granted", None, None, Fault.MISSING),
        *[(outcome, None, 100, None) for outcome in ("rejected", "postponed", "not_prioritised", "not_admitted")],
        ("rejected", 1, 100, Fault.UNWANTED),
        ("rejected", 0, None, Fault.UNWANTED),
    ],
)
def test_amount_goes_with_the_outcome(outcome, amount, requested, expected):
    assert fault(outcome, amount, requested) == expected
