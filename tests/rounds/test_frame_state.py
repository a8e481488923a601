"""What is left of a frame."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rounds.frame import FrameState

pytestmark = pytest.mark.fault("B5")

KRONER = st.integers(0, 10**12)


@given(KRONER, KRONER, KRONER, KRONER)
def test_the_numbers_add_up(amount, here, elsewhere, more):
    state = FrameState(amount, here, elsewhere)
    assert state.granted == here + elsewhere
    assert state.left + state.granted == amount
    assert state.over == max(state.granted - amount, 0)
    assert state.after(more).left == state.left - more
    assert state.after(more).granted_elsewhere == elsewhere


def test_nothing_is_left_or_passed_of_a_frame_that_is_unknown():
    assert (FrameState(None, 5, 6).left, FrameState(None, 5, 6).over) == (None, 0)
