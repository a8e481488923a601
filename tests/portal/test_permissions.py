"""The answer of a predicate: allowed, or refused with a reason."""

import pytest
from django.core.exceptions import PermissionDenied

from portal.permissions import YES, Allowed, Refused, allow_if, first_refusal, require


def test_allowed_is_true_and_refused_is_false():
    assert (bool(Allowed()), bool(Refused("Nei."))) == (True, False)


def test_allow_if_answers_the_condition():
    assert (allow_if(1, "Nei."), allow_if([], "Nei.")) == (YES, Refused("Nei."))


def test_first_refusal_names_the_first_reason():
    assert first_refusal(YES, Refused("Først."), Refused("Så.")) == Refused("Først.")
    assert first_refusal(YES, YES) == YES
    assert first_refusal() == YES


def test_require_raises_with_the_reason():
    require(YES)
    with pytest.raises(PermissionDenied, match=r"^Fristen er ute\.$"):
        require(Refused("Fristen er ute."))
