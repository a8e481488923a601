"""Queries whose SQL is written once."""

from datetime import date, timedelta

import pytest
from django.db.models import Q

from portal import prepared
from portal.communities.models import Affiliation, Organisation, User
from tests import factories

pytestmark = pytest.mark.django_db
DAY = date(2025, 2, 10)


def _named(name, kinds=()):
    found = Organisation.objects.filter(name=name).select_related("community")
    return found.filter(kind__in=kinds) if kinds else found


def _employed(user_id, day):
    return Affiliation.objects.current(day).filter(user=user_id).values_list("organisation__name", "from_date")


def _of(ids, community):
    return Organisation.objects.filter(Q(pk__in=ids) & Q(community=community)).order_by("name").values_list("name")


def _like(name):
    return User.objects.filter(name__icontains=name)


def test_rows_are_those_of_the_queryset_each_time():
    first, second = factories.organisation(name="Senja"), factories.organisation(name="Balsfjord")
    assert prepared.rows(_named, name="Senja") == [first]
    assert prepared.rows(_named, name="Balsfjord") == [second]
    assert prepared.rows(_named, name="Lenvik") == []


def test_rows_ask_one_query(django_assert_num_queries):
    factories.organisation(name="Senja")
    prepared.rows(_named, name="Senja")
    with django_assert_num_queries(1):
        assert [found.community for found in prepared.rows(_named, name="Senja")] == [None]


def test_dates_reach_the_database_as_dates():
    person = factories.user()
    factories.affiliation(person, factories.organisation(name="Senja"), from_date=DAY)
    for _turn in range(2):
        assert prepared.rows(_employed, user_id=person.pk, day=DAY) == [("Senja", DAY)]
        assert prepared.rows(_employed, user_id=person.pk, day=DAY - timedelta(days=1)) == []


def test_collections_of_any_length_and_none_have_a_query_each():
    home = factories.community()
    ids = [factories.organisation(name=name, community=home).pk for name in "ABC"]
    alone = factories.organisation(name="D").pk
    assert prepared.rows(_of, ids=frozenset(ids), community=home.pk) == [("A",), ("B",), ("C",)]
    assert prepared.rows(_of, ids=ids[:1], community=home.pk) == [("A",)]
    assert prepared.rows(_of, ids=ids[1:2], community=home.pk) == [("B",)]
    assert prepared.rows(_of, ids=[], community=home.pk) == []
    assert prepared.rows(_of, ids=[alone], community=None) == [("D",)]


def test_changed_argument_is_refused():
    with pytest.raises(ValueError, match="_like does not hand its arguments on"):
        prepared.rows(_like, name="Anne")


def test_unknown_kind_of_argument_is_refused():
    with pytest.raises(TypeError, match="name is a float"):
        prepared.rows(_named, name=1.5)
