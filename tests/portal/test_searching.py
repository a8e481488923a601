"""Search finds a text however it is written, on both databases."""

import pytest

from portal.communities.models import HealthCommunity

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

STORED = "Ålesund, TROMSØ og Áltá 100 %_\\"


@pytest.fixture
def renamed(house):
    HealthCommunity.objects.filter(pk=house.community.pk).update(name=STORED)


@pytest.mark.fault("C17")
@pytest.mark.parametrize(
    "typed",
    ["tromsø", "TROMSØ", "Tromsø", "\u00c5LESUND", "a\u030alesund", "áltá", "ÁLTÁ", "100 %_\\", "ø", " og ", ""],
)
def test_it_is_found(renamed, typed):
    assert HealthCommunity.objects.filter(name__holds=typed).get(name=STORED)


@pytest.mark.parametrize("typed", ["tromso", "%tromsø", "t_omsø", "x" * 300_000, "\x01tromsøx", "100%"])
def test_it_is_not_found(renamed, typed):
    assert not HealthCommunity.objects.filter(name__holds=typed).exists()


def test_what_nobody_sees_is_not_searched_for(renamed):
    assert HealthCommunity.objects.filter(name__holds="\x00trom\u200bsø").exists()
