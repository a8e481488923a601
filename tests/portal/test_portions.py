"""Long lists of values in portions, and the reads that are made of them."""

import pytest

from portal import portions
from portal.clock import local_date
from portal.communities.queries.belonging import places_by_address
from tests.world import NOW


@pytest.mark.parametrize(
    ("count", "sizes"),
    [(0, []), (1, [1]), (10_000, [10_000]), (10_001, [10_000, 1]), (25_000, [10_000, 10_000, 5_000])],
)
def test_no_portion_is_too_large_and_nothing_is_lost(count, sizes):
    parts = list(portions.portions(range(count)))
    assert [len(part) for part in parts] == sizes
    assert [value for part in parts for value in part] == list(range(count))


@pytest.mark.django_db
def test_the_places_of_many_are_those_of_each(house, monkeypatch):
    addresses = [person.email for person in house.persons.values()]
    at_once = places_by_address(addresses, local_date(NOW))
    monkeypatch.setattr(portions, "AT_ONCE", 3)
    assert places_by_address(addresses, local_date(NOW)) == at_once


@pytest.mark.django_db
def test_more_addresses_than_a_query_takes(house):
    strangers = [f"{number}@example.org" for number in range(70_000)]
    assert set(places_by_address([*strangers, house.applicant.email], local_date(NOW))) == {house.applicant.email}
