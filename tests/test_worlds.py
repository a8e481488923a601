"""Worlds are built once for tests that follow each other, and no test sees what another did to them."""

import pytest
from django.core.signals import request_finished
from django.db import DEFAULT_DB_ALIAS, connections

from portal.communities.models import HealthCommunity, User
from tests import factories
from tests.harness import worlds
from tests.harness.frozen import Frozen
from tests.harness.worlds import Source, Worlds

BUILT = []


def home():
    BUILT.append("home")
    return factories.community(code="hjemme", name="Hjemme")


def person(home):
    BUILT.append("person")
    return {"user": factories.user(home.name), "home": home}


def other(home):
    return factories.community(code="borte", region=home.region)


HOME = Source(home, True, ())
NAME = Source(lambda home: home.name, False, (("home", HOME),))
PERSON = Source(person, True, (("home", HOME),))
OTHER = Source(other, True, (("home", HOME),))


@pytest.fixture
def opened(db):
    """Worlds of this test's own, inside its transaction."""
    BUILT.clear()
    worlds_of_this_test = Worlds()
    yield worlds_of_this_test
    worlds_of_this_test.enter([])


def communities():
    return set(HealthCommunity.objects.values_list("code", flat=True))


def test_world_is_built_once_while_it_is_needed(opened):
    for _test in range(3):
        opened.enter([HOME, PERSON])
    assert BUILT == ["home", "person"]


def test_every_test_gets_new_instances_and_worlds_share_theirs(opened):
    opened.enter([HOME, PERSON])
    first = opened.values
    first[home].name = "Endret"
    opened.enter([HOME, PERSON])
    again = opened.values
    assert (again[home].name, again[home] == first[home], again[home] is first[home]) == ("Hjemme", True, False)
    assert again[person]["home"] is again[home]


def test_only_what_the_next_test_does_not_need_is_undone(opened):
    opened.enter([HOME, OTHER])
    assert communities() == {"hjemme", "borte"}
    opened.enter([HOME, PERSON])
    assert (communities(), User.objects.count()) == ({"hjemme"}, 1)
    opened.enter([])
    assert (communities(), User.objects.count(), opened.values) == (set(), 0, {})
    assert BUILT == ["home", "person"]


def test_world_that_fails_leaves_nothing_open(opened):
    def broken(home):
        factories.user()
        raise ValueError

    with pytest.raises(ValueError):
        opened.enter([HOME, Source(broken, True, (("home", HOME),))])
    assert User.objects.count() == 0
    opened.enter([HOME])
    assert BUILT == ["home"]


def test_part_is_made_of_the_worlds_instances(db):
    community = factories.community(name="Hjemme")
    greeting = Source(lambda name: f"Hei, {name}", True, (("name", NAME),))
    assert greeting.make({home: community}) == "Hei, Hjemme"
    assert [source.build for source in greeting.all()] == [home, NAME.build, greeting.build]


def test_definition_of_a_round_is_shared():
    spec = factories.definition()
    assert Frozen({home: {"spec": spec}}).instances()[home]["spec"] is spec


# --- as pytest runs them; in any order ----------------------------------------------------------------


@pytest.mark.parametrize("time", range(3))
def test_rows_and_attributes_are_as_they_were_built(house, time):
    assert (house.lead.name, User.objects.filter(name="Ny").count()) == ("Tromsø kommune", 0)
    house.lead.name = "Endret kommune"
    house.lead.save()
    factories.user("Ny")


def test_a_world_may_need_only_worlds_and_their_parts(request, monkeypatch):
    def lonely(tmp_path):
        return tmp_path

    monkeypatch.setitem(worlds._WORLDS, worlds._WORLDS and next(iter(worlds._WORLDS)), lonely)
    definition = type("Definition", (), {"func": next(iter(worlds._WORLDS))})
    item = type("Item", (), {"fixturenames": ["lonely"], "_fixtureinfo": type("Info", (), {})})
    item._fixtureinfo.name2fixturedefs = {"lonely": [definition]}
    with pytest.raises(pytest.UsageError, match="lonely needs tmp_path: neither a world nor a part"):
        worlds.chain_of(item)


def test_rows_stay_where_they_are_when_a_test_commits(request):
    item = request.node
    assert not worlds.is_transactional(item)
    item.add_marker(pytest.mark.django_db(transaction=True))
    assert worlds.is_transactional(item)


def test_the_end_of_a_request_leaves_the_connection_of_the_worlds_open(house):
    """Django's test client says this with the signal taken away; a client in another thread may put it back."""
    assert request_finished.has_listeners()
    request_finished.send(sender=None)
    house.ssu.refresh_from_db()


@pytest.mark.django_db(transaction=True)
def test_worlds_are_closed_on_the_connection_that_they_lie_on():
    """From the first browser test on, the thread has an event loop, and Django gives it another connection."""
    worlds = Worlds()
    first = connections[DEFAULT_DB_ALIAS]
    worlds.enter([HOME])
    connections[DEFAULT_DB_ALIAS] = first.copy()
    try:
        worlds.enter([])
        assert not connections[DEFAULT_DB_ALIAS].in_atomic_block
        assert first.connection is None
    finally:
        connections[DEFAULT_DB_ALIAS].close()
        connections[DEFAULT_DB_ALIAS] = first
    assert communities() == set()
