"""The line under the frame, and the even distribution of applications."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.assessment import portfolio
from evaluation.assessment.distribution import distribute
from evaluation.assessment.portfolio import Cap, EarlierRank, Entry, Notice, NoticeKind


def entries(*amounts):
    return [Entry(f"a{index}", amount) for index, amount in enumerate(amounts)]


def drawn(*amounts, frame):
    lines = portfolio.under_frame(entries(*amounts), frame).lines
    return [(line.running, line.is_within, line.is_last_within) for line in lines]


def test_line_is_drawn_where_the_money_ends():
    assert drawn(400, 500, 200, 100, frame=1000) == [
        (400, True, False),
        (900, True, True),
        (1100, False, False),
        (1200, False, False),
    ]


def test_line_is_drawn_under_an_exact_fit_only_when_something_is_below_it():
    assert drawn(400, 600, 0, frame=1000) == [(400, True, False), (1000, True, False), (1000, True, False)]
    assert drawn(400, 600, 1, frame=1000) == [(400, True, False), (1000, True, True), (1001, False, False)]


def test_small_application_is_not_lifted_over_a_large_one():
    assert [within for _sum, within, _last in drawn(900, 200, 50, frame=1000)] == [True, False, False]


def test_no_line_without_frame():
    assert drawn(900, 200, frame=None) == [(900, True, False), (1100, True, False)]


def test_nothing_is_within_when_the_first_is_too_large():
    assert drawn(900, 200, frame=100) == [(900, False, False), (1100, False, False)]


def test_what_is_left():
    drawn = portfolio.under_frame(entries(400, 500), 1000)
    assert (drawn.total, drawn.left, drawn.is_over) == (900, 100, False)
    drawn = portfolio.under_frame(entries(400, 700), 1000)
    assert (drawn.left, drawn.is_over) == (-100, True)
    drawn = portfolio.under_frame(entries(400), None)
    assert (drawn.left, drawn.is_over) == (None, False)


@given(st.lists(st.integers(0, 50), max_size=20), st.none() | st.integers(0, 200))
def test_running_sums_equal_a_plain_calculation(amounts, frame):
    lines = portfolio.under_frame(entries(*amounts), frame).lines
    for index, line in enumerate(lines):
        assert line.running == sum(amounts[: index + 1])
        assert line.is_within == (frame is None or line.running <= frame)
    is_parted = {line.is_within for line in lines} == {True, False}
    assert sum(line.is_last_within for line in lines) == is_parted


# --- where it is said that the frame goes --------------------------------------------------------------


def said_after(*amounts, frame, is_end=True, above=0, total=None):
    """The index in ``amounts`` of the line that it is said below."""
    lines = portfolio.under_frame(entries(*amounts), frame, above=above).lines
    total = above + sum(amounts) if total is None else total
    line = portfolio.frame_line(lines, total, frame, is_end=is_end)
    return None if line is None else lines.index(line)


@pytest.mark.parametrize(
    ("amounts", "more", "index"),
    [
        ((400, 500, 200), {"frame": 1000}, 1),
        ((400, 500, 0, 0), {"frame": 1000}, 1),
        ((400, 0, 500, 0), {"frame": 1000}, 2),
        ((400, 500), {"frame": 1000}, None),
        ((400, 500), {"frame": 1000, "is_end": False}, 1),
        ((400, 500), {"frame": 1000, "is_end": False, "total": 950}, None),
        ((0, 0), {"frame": 1000, "above": 900}, None),
        ((1200, 100), {"frame": 1000}, None),
        ((400, 500, 0), {"frame": None}, None),
        ((0, 0), {"frame": 1000}, None),
        ((), {"frame": 1000}, None),
    ],
)
def test_where_the_frame_goes(amounts, more, index):
    assert said_after(*amounts, **more) == index


# --- several lists as one -----------------------------------------------------------------------------


def test_everyones_first_comes_before_anyones_second():
    earlier_ranks = [
        EarlierRank("a1", 1, total=Decimal(50)),
        EarlierRank("a2", 2, total=Decimal(40)),
        EarlierRank("b1", 1, total=Decimal(90)),
    ]
    assert portfolio.interleaved(earlier_ranks) == ("b1", "a1", "a2")


def test_what_was_not_recommended_comes_last():
    earlier_ranks = [
        EarlierRank("unranked", None, total=Decimal(99)),
        EarlierRank("left out", 1, is_awarded=False, total=Decimal(100)),
        EarlierRank("third", 3),
        EarlierRank("second, no score", 2),
        EarlierRank("second", 2, total=Decimal(1)),
        EarlierRank("second, as good", 2, total=Decimal(1)),
    ]
    assert portfolio.interleaved(earlier_ranks) == (
        "second",
        "second, as good",
        "second, no score",
        "third",
        "unranked",
        "left out",
    )


@given(st.lists(st.tuples(st.integers(1, 5), st.none() | st.integers(0, 100)), max_size=12))
def test_each_list_keeps_its_own_order(rows):
    earlier_ranks = [
        EarlierRank((index, rank), rank, total=score and Decimal(score)) for index, (rank, score) in enumerate(rows)
    ]
    keys = portfolio.interleaved(earlier_ranks)
    assert (sorted(keys), [rank for _index, rank in keys]) == (
        sorted(earlier.key for earlier in earlier_ranks),
        sorted(rank for rank, _score in rows),
    )


@pytest.mark.requirement("R45")
def test_notices_of_frame_share_and_amount():
    listed = [Entry("a", 402, ("drift",)), Entry("b", 700, ("utvikling", "drift")), Entry("c", 10)]
    caps = [Cap("drift", percent=40), Cap("utvikling", amount=699), Cap("implementering", percent=10, amount=5)]
    assert portfolio.by_category(listed) == {"drift": 1102, "utvikling": 700}
    assert portfolio.notices(listed, 1000, caps) == (
        Notice(NoticeKind.OVER_FRAME, "", 1112, 1000),
        Notice(NoticeKind.OVER_SHARE, "drift", 111, 40),
        Notice(NoticeKind.OVER_AMOUNT, "utvikling", 700, 699),
    )


def test_share_just_over_its_cap_never_reads_as_the_cap():
    notices = portfolio.notices([Entry("a", 402, ("drift",))], 1000, [Cap("drift", percent=40)])
    assert notices == (Notice(NoticeKind.OVER_SHARE, "drift", 41, 40),)


def test_no_notices_without_frame_or_within_limits():
    caps = [Cap("drift", percent=40), Cap("drift", amount=402)]
    assert portfolio.notices([Entry("a", 402, ("drift",))], None, caps) == ()
    assert portfolio.notices([Entry("a", 400, ("drift",))], 1000, caps) == ()


# --- distribution -----------------------------------------------------------------------------------


def test_distribution_is_even_and_respects_bars():
    chosen = distribute(["x", "y", "z"], ["kari", "ola", "per"], each=2, excluded={("x", "kari")})
    assert chosen == {"x": ("ola", "per"), "y": ("kari", "ola"), "z": ("kari", "per")}


def test_distribution_fills_up_what_is_given():
    chosen = distribute(["x", "y"], ["kari", "ola"], each=2, given={"x": {"kari"}}, load={"ola": 5})
    assert chosen == {"x": ("ola",), "y": ("kari", "ola")}


def test_distribution_gives_what_there_is():
    assert distribute(["x"], ["kari"], each=3, excluded={("x", "kari")}) == {"x": ()}


@given(st.integers(0, 12), st.integers(1, 6), st.integers(0, 6))
def test_distribution_differs_by_one_at_most(applications, assessors, each):
    chosen = distribute(range(applications), range(assessors), each=each)
    counts = [sum(person in people for people in chosen.values()) for person in range(assessors)]
    assert max(counts) - min(counts) <= 1
    assert {len(set(people)) for people in chosen.values()} <= {min(each, assessors)}
