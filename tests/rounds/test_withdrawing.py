"""A round that nobody has begun to apply in can be taken away by its secretariat, and laid out again."""

import pytest
from django.urls import reverse

from applications.services import drafts
from portal.journal.models import LogEntry
from rounds import services
from rounds.models import Round
from tests import factories
from tests.applications import world
from tests.harness import worlds

pytestmark = [pytest.mark.django_db, pytest.mark.fault("D3")]
OUTSIDERS = ("secretary", "far_secretary", "applicant", "chair", "nobody")


@worlds.world
def nord(house):
    return factories.round_of(factories.definition("helse-nord-2025"))


@pytest.fixture
def at(nord, frozen_clock):
    """A week before the round closes."""
    moment = world.open_moment(nord)
    frozen_clock.move_to(moment)
    return moment


def url(name, round_):
    return reverse(f"rounds:{name}", args=[round_.code])


def fresh(round_):
    return Round.objects.get(pk=round_.pk)


@pytest.mark.parametrize("role", OUTSIDERS)
def test_only_the_owners_secretariat_takes_it_away(role, house, nord, at, sign_in):
    client = sign_in(getattr(house, role))
    assert client.get(url("withdraw", nord)).status_code == 403
    assert client.post(url("withdraw", nord)).status_code == 403
    assert client.post(url("bring_back", nord)).status_code == 403
    assert fresh(nord).withdrawn_at is None


def test_it_is_gone_for_all_others_until_it_is_laid_out_again(house, nord, at, sign_in, client):
    owner = sign_in(house.regional_secretary)
    assert "Ta bort runden" in owner.get(url("withdraw", nord)).content.decode()
    assert owner.post(url("withdraw", nord)).url == nord.get_absolute_url()
    assert fresh(nord).withdrawn_at == at
    page = owner.get(nord.get_absolute_url()).content.decode()
    assert "Bare dere i sekretariatet ser den." in page
    assert reverse("applications:start", args=[nord.code]) not in page
    for role in OUTSIDERS:
        other = sign_in(getattr(house, role))
        assert other.get(nord.get_absolute_url()).status_code == 404
        assert nord.title not in other.get(reverse("rounds:list")).content.decode()
    assert client.get(nord.get_absolute_url()).status_code == 404
    owner = sign_in(house.regional_secretary)
    owner.post(url("bring_back", nord))
    assert client.get(nord.get_absolute_url()).status_code == 200
    entries = LogEntry.objects.filter(act__in=("round.withdrawn", "round.brought_back")).order_by("pk")
    assert [(entry.act, entry.actor) for entry in entries] == [
        ("round.withdrawn", house.regional_secretary),
        ("round.brought_back", house.regional_secretary),
    ]


def test_twice_is_once(house, nord, at):
    for _time in range(2):
        services.withdraw_round(nord, by=house.regional_secretary, at=at)
    for _time in range(2):
        services.bring_back_round(nord, by=house.regional_secretary, at=at)
    assert LogEntry.objects.filter(act__in=("round.withdrawn", "round.brought_back")).count() == 2


def test_when_somebody_has_begun_it_stays(house, nord, at, sign_in):
    stale = fresh(nord)
    drafts.start(nord, house.community, "Utkast", house.lead, by=house.applicant, at=at)
    with pytest.raises(services.RoundLockedError, match=r"^Noen har begynt å søke, så runden kan ikke tas bort\.$"):
        services.withdraw_round(stale, by=house.regional_secretary, at=at)
    owner = sign_in(house.regional_secretary)
    assert url("withdraw", nord) not in owner.get(nord.get_absolute_url()).content.decode()
    assert "så runden kan ikke tas bort" in owner.post(url("withdraw", nord), follow=True).content.decode()
    assert fresh(nord).withdrawn_at is None


def test_nobody_begins_in_a_round_that_was_taken_away_meanwhile(house, nord, at):
    stale = fresh(nord)
    services.withdraw_round(nord, by=house.regional_secretary, at=at)
    with pytest.raises(services.RoundWithdrawnError, match=r"^Runden er tatt bort\. Ingen kan søke i den\.$"):
        drafts.start(stale, house.community, "Utkast", house.lead, by=house.applicant, at=at)
    assert fresh(nord).locked_at is None


def test_a_cancelled_round_is_not_laid_out_again(house, nord, at, sign_in):
    Round.objects.filter(pk=nord.pk).update(cancelled_at=at)
    page = sign_in(house.regional_secretary).post(url("bring_back", nord), follow=True).content.decode()
    assert "Utlysningen er trukket, og kan ikke legges ut igjen." in page
    assert "Runden er lagt ut igjen." not in page
    assert not LogEntry.objects.filter(act="round.brought_back").exists()
