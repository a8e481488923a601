"""The world of a test that commits is built once, and its rows are as they were for every test that needs it."""

import pytest
from django.db import connection

from portal.communities.models import HealthCommunity, User
from tests import factories, world
from tests.harness import images
from tests.harness.emptying import empty, tables_with_rows
from tests.harness.worlds import Source, Worlds

pytestmark = pytest.mark.django_db(transaction=True)

on_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="on SQLite every world is built anew")


def everything():
    rows = {}
    with connection.cursor() as cursor:
        for table in tables_with_rows(connection):
            cursor.execute(f"SELECT row_to_json(t)::text FROM {table} t ORDER BY 1")
            rows[table] = cursor.fetchall()
    return rows


@on_postgresql
def test_every_row_comes_back_and_the_building_is_done_once():
    built = []

    def build():
        built.append(1)
        return world.house()

    house, rows = images.world("a house", build), everything()
    house.lead.name = "Endret kommune"
    HealthCommunity.objects.all().update(name="Endret")
    empty(connection)
    again = images.world("a house", build)
    assert (len(built), everything(), again.lead.name) == (1, rows, "Tromsø kommune")
    assert len(rows) > 5
    # The next row's number is free: sequences do not go back.
    factories.user("Ny")
    assert User.objects.filter(name="Ny").count() == 1


@on_postgresql
def test_another_key_is_another_world():
    images.world("one user", lambda: factories.user("En"))
    empty(connection)
    images.world("another user", lambda: factories.user("To"))
    assert list(User.objects.values_list("name", flat=True)) == ["To"]


def test_world_that_fails_leaves_no_rows():
    def home():
        return factories.community(code="hjemme")

    def broken(home):
        raise ValueError

    whole = Source(home, True, ())
    with pytest.raises(ValueError):
        Worlds().commit([whole, Source(broken, True, (("home", whole),))])
    assert tables_with_rows(connection) == []


@pytest.mark.parametrize("time", range(2))
def test_fixtures_that_are_worlds_have_their_rows_in_the_database(house, time):
    house.lead.refresh_from_db()
    assert house.lead.name == "Tromsø kommune"
    house.lead.name = "Endret kommune"
    house.lead.save()
