"""Chains of organisations and bodies that end: alike in whatever order they are registered, and taken back exactly."""

from datetime import UTC, date, datetime, timedelta
from importlib import import_module
from itertools import permutations

import pytest
from django.apps import apps
from hypothesis import given
from hypothesis import strategies as st

from portal.communities.chains import Link, can_follow, on_day, through_others
from portal.communities.models import Affiliation, BodyKind, BodySuccession, Organisation, Succession
from portal.communities.queries import standing_on
from portal.communities.services import people, succession
from portal.communities.services.places import OwnRightError
from tests import factories
from tests.world import NOW

FIRST = date(2025, 1, 1)
MOMENT = datetime(2025, 2, 1, tzinfo=UTC)
TODAY = date(2025, 2, 10)


# --- the rule ---------------------------------------------------------------------------------------------


@st.composite
def links(draw):
    """Direct links of a world in which each ends at most once, one a day or more on the same day."""
    ends = {}
    for one in range(draw(st.integers(2, 6))):
        after = draw(st.lists(st.integers(one + 1, 7), max_size=3, unique=True))
        ends[one] = (after, draw(st.integers(0, 4)))
    day, made = 0, []
    for one, (after, later) in ends.items():
        day += later
        made += [
            Link(one, each, FIRST + timedelta(days=day), MOMENT + timedelta(hours=draw(st.integers(0, 9))))
            for each in after
        ]
    return made


def every_way(direct, start):
    ways = [[link] for link in direct if link.predecessor == start]
    for way in ways:
        ways += [[*way, link] for link in direct if link.predecessor == way[-1].successor]
    return ways


@given(links(), st.randoms())
def test_a_link_follows_for_each_way_and_the_order_makes_no_difference(direct, random):
    expected = {}
    for start in {link.predecessor for link in direct}:
        for way in every_way(direct, start):
            dates = max(link.from_date for link in way), max(link.given_at for link in way)
            pair = start, way[-1].successor
            expected[pair] = min(expected.get(pair, dates), dates)
    for link in direct:
        del expected[link.predecessor, link.successor]
    random.shuffle(direct)
    assert {pair: (link.from_date, link.given_at) for pair, link in through_others(direct).items()} == expected


def test_a_ring_ends():
    ring = [Link(1, 2, FIRST, MOMENT), Link(2, 3, FIRST, MOMENT), Link(3, 1, FIRST, MOMENT)]
    assert set(through_others(ring)) == {(1, 3), (2, 1), (3, 2)}


@pytest.mark.parametrize(
    ("successor", "is_continued", "answer"),
    [(None, False, True), (1, False, True), (0, True, True), (0, False, False), (-1, True, False)],
)
def test_one_that_exists_the_day_after_can_follow(successor, is_continued, answer):
    last_day = None if successor is None else FIRST + timedelta(days=successor)
    assert can_follow(FIRST, last_day, is_continued=is_continued) is answer


@pytest.mark.parametrize(
    ("predecessor", "from_date", "ids"),
    [
        (None, None, {1}),
        (2, FIRST, {1, 2}),
        (2, FIRST - timedelta(days=1), {1, 2}),
        (2, FIRST + timedelta(days=1), {1}),
    ],
)
def test_one_goes_on_from_another_from_its_day(predecessor, from_date, ids):
    assert on_day(FIRST, 1, predecessor, from_date) == ids


# --- the acts ---------------------------------------------------------------------------------------------

in_the_world = pytest.mark.usefixtures("frozen_clock")
DAYS = (date(2025, 1, 10), date(2025, 1, 20), date(2025, 1, 20))


class Organisations:
    """Three that end, the last two on the same day, and the last that goes on from them all."""

    model = Succession

    def __init__(self, house):
        self.house, self.by = house, house.secretary
        self.chain = [factories.organisation(name=f"Kommune {n}", community=house.community) for n in range(4)]

    def end(self, number, at=NOW):
        old, new = (Organisation.objects.get(pk=item.pk) for item in self.chain[number : number + 2])
        succession.end_organisation(old, DAYS[number], [new], by=self.by, at=at)

    def take_back(self, number):
        succession.take_back_end(self.chain[number], by=self.by, at=NOW)

    def seat_oneself(self, number):
        factories.affiliation(self.by, self.chain[number])


class Bodies(Organisations):
    """The same of bodies."""

    model = BodySuccession

    def __init__(self, house):
        self.house, self.by = house, house.secretary
        names = ("Utvalg 0", "Utvalg 1", "Utvalg 2", "Utvalg 3")
        self.chain = [
            factories.body(house.community, BodyKind.FSU, name=name, abbreviation=name.upper()) for name in names
        ]

    def end(self, number, at=NOW):
        old, new = self.chain[number : number + 2]
        succession.end_body(old, DAYS[number], new, by=self.by, at=at)

    def take_back(self, number):
        succession.take_back_end_of_body(self.chain[number], by=self.by, at=NOW)

    def seat_oneself(self, number):
        factories.seat(self.chain[number], self.by)


@pytest.fixture(params=[Organisations, Bodies])
def line(request, house, frozen_clock):
    return request.param(house)


def rows(line):
    keys = [item.pk for item in line.chain]
    links = line.model.objects.values_list("predecessor", "successor", "from_date", "is_direct")
    return {(keys.index(old), keys.index(new)): (from_date, direct) for old, new, from_date, direct in links}


def day_after(number):
    return DAYS[number] + timedelta(days=1)


WHOLE = {
    (0, 1): (day_after(0), True),
    (0, 2): (day_after(1), False),
    (0, 3): (day_after(2), False),
    (1, 2): (day_after(1), True),
    (1, 3): (day_after(2), False),
    (2, 3): (day_after(2), True),
}


@pytest.mark.django_db
@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_the_chain_is_the_same_in_whatever_order_it_is_registered(order, line):
    for number in order:
        line.end(number)
    assert rows(line) == WHOLE


@pytest.mark.django_db
@pytest.mark.parametrize("number", range(3))
def test_what_is_taken_back_is_that_end_and_nothing_else(number, line):
    for each in range(3):
        line.end(each)
    line.take_back(number)
    left = {pair: row for pair, row in WHOLE.items() if not pair[0] <= number < pair[1]}
    assert rows(line) == left
    line.end(number)
    assert rows(line) == WHOLE


@pytest.mark.django_db
def test_one_that_ended_before_cannot_follow_in_either_order(line, monkeypatch):
    monkeypatch.setitem(globals(), "DAYS", (DAYS[1], DAYS[0], DAYS[2]))
    line.end(1)
    with pytest.raises(
        succession.SuccessionError, match=r"har en siste dag, og kan ikke føre noe videre fra 21\.01\.2025"
    ):
        line.end(0)
    line.take_back(1)
    line.end(0)
    with pytest.raises(succession.SuccessionError, match=r"fra 21\.01\.2025, og kan ikke avsluttes før den dagen"):
        line.end(1)
    assert rows(line) == {(0, 1): (date(2025, 1, 21), True)}


@pytest.mark.django_db
def test_a_chain_never_leads_back(line, monkeypatch):
    line.end(1)
    line.end(2)
    line.chain.append(line.chain[1])
    monkeypatch.setitem(globals(), "DAYS", (*DAYS, DAYS[1]))
    with pytest.raises(succession.SuccessionError, match="fører selv videre det som var"):
        line.end(3)
    assert (0, 1) not in rows(line)


@pytest.mark.django_db
def test_nobody_gets_what_ended_through_the_next_in_the_chain(line):
    line.end(1)
    line.seat_oneself(2)
    with pytest.raises(OwnRightError, match="Be en kollega"):
        line.end(0)
    assert set(rows(line)) == {(1, 2)}


@pytest.mark.django_db
def test_the_right_by_a_chain_is_given_when_its_last_link_is(line):
    line.end(1, NOW - timedelta(days=2))
    line.end(0)
    by = {pair: row.given_at for pair, row in zip(rows(line), line.model.objects.all(), strict=True)}
    assert by == {(1, 2): NOW - timedelta(days=2), (0, 1): NOW, (0, 2): NOW}


# --- people ------------------------------------------------------------------------------------------------


@pytest.mark.django_db
@in_the_world
def test_a_place_that_is_over_stops_nothing_and_moves_nobody(house):
    merged = factories.organisation(name="Nye Senja kommune", community=house.community)
    left = factories.user("Har Sluttet", email="sluttet@example.org")
    factories.affiliation(left, house.partner, from_date=date(2025, 1, 25), to_date=date(2025, 2, 1))
    earlier = factories.user("Sluttet Før", email="for@example.org")
    factories.affiliation(earlier, house.partner, from_date=date(2024, 1, 1), to_date=date(2025, 2, 1))
    succession.end_organisation(
        house.partner, date(2025, 1, 20), [merged], moves_people=True, by=house.secretary, at=NOW
    )
    moved = set(merged.affiliations.values_list("user__name", flat=True))
    assert moved == {house.co_applicant.name, house.partner_signatory.name}
    ended = Affiliation.objects.get(user=left)
    assert (ended.from_date, ended.to_date) == (date(2025, 1, 25), date(2025, 2, 1))


@pytest.mark.django_db
@in_the_world
def test_what_was_read_before_the_lock_decides_nothing(house):
    """The form's row of the successor says that it exists; it was ended meanwhile."""
    merged = factories.organisation(name="Nye Senja kommune", community=house.community)
    Organisation.objects.filter(pk=merged.pk).update(last_day=date(2025, 1, 1))
    with pytest.raises(succession.SuccessionError, match="har en siste dag"):
        succession.end_organisation(house.partner, date(2025, 1, 20), [merged], by=house.secretary, at=NOW)
    assert not Succession.objects.exists()


@pytest.mark.django_db
@in_the_world
def test_nobody_moves_to_or_gets_a_place_in_what_has_ended(house):
    merged, last = (factories.organisation(name=name, community=house.community) for name in ("Nye Senja", "Siste"))
    merged = succession.end_organisation(merged, date(2025, 1, 30), [last], by=house.secretary, at=NOW)
    with pytest.raises(
        succession.SuccessionError, match="Personene kan ikke flyttes til Nye Senja, som har en siste dag"
    ):
        succession.end_organisation(
            house.partner, date(2025, 1, 20), [merged], moves_people=True, by=house.secretary, at=NOW
        )
    invited = people.Invited("ny@example.org", "Ny Person")
    fields = {"title": "Rådgiver", "may_sign": False, "from_date": date(2025, 1, 1)}
    with pytest.raises(people.PersonError, match=r"Nye Senja har 30\.01\.2025 som siste dag"):
        people.add_affiliation(merged, invited, fields, by=house.secretary, at=NOW)
    given_place = people.add_affiliation(
        merged, invited, {**fields, "to_date": date(2025, 1, 30)}, by=house.secretary, at=NOW
    )
    assert given_place.to_date == date(2025, 1, 30)


@pytest.mark.django_db
@in_the_world
def test_whoever_belongs_to_the_last_goes_on_from_the_first_though_it_ended_last(house):
    line = Organisations(house)
    person = factories.user("Siste Person", email="siste@example.org")
    factories.affiliation(person, line.chain[2])
    line.end(1)
    line.end(0)
    assert standing_on(person, TODAY).organisation_ids == {item.pk for item in line.chain[:3]}


# --- databases from before ----------------------------------------------------------------------------------


@pytest.mark.django_db
def test_an_older_databases_chains_are_parted_and_made_whole(line):
    at = {0: NOW, 1: NOW + timedelta(days=1), 2: NOW - timedelta(days=1)}
    keys = [item.pk for item in line.chain]
    # As they were written before: 2→3 first, then 0→1, then 1→2 with what follows to 2 only.
    for old, new, given_by in ((2, 3, 2), (0, 1, 0), (1, 2, 1), (0, 2, 1)):
        line.model.objects.create(
            predecessor_id=keys[old],
            successor_id=keys[new],
            from_date=day_after(given_by),
            given_at=at[given_by],
        )
    import_module("portal.communities.migrations.0008_direct_successions").part_the_chains(apps, None)
    assert rows(line) == WHOLE
