"""One canonical text for what is frozen."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from portal.snapshots import canonical, digest


def test_canonical_is_the_same_for_any_order_of_keys():
    first = {"b": Decimal("1.50"), "a": [date(2025, 3, 1), datetime(2025, 3, 1, 12, tzinfo=UTC)], "å": "Ø"}
    second = {"å": "Ø", "a": [date(2025, 3, 1), datetime(2025, 3, 1, 12, tzinfo=UTC)], "b": Decimal("1.50")}
    assert canonical(first) == canonical(second)
    assert canonical(first) == '{"a":["2025-03-01","2025-03-01T12:00:00+00:00"],"b":"1.50","å":"Ø"}'


def test_digest_changes_with_a_single_letter():
    assert digest({"a": "tekst"}) != digest({"a": "tekst."})
    assert len(digest({})) == 64


def test_what_cannot_be_frozen_is_refused():
    with pytest.raises(TypeError, match="set cannot be frozen"):
        canonical({"a": {1}})
