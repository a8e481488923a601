"""Organisations end, merge and split: who goes on with what they had, from which day, and who may say so."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from portal.communities.models import Affiliation, OrganisationKind, Succession
from portal.communities.queries import signatories, standing_on
from portal.communities.services import succession
from portal.communities.services.places import OwnRightError
from portal.journal.models import LogEntry
from portal.journal.sentences import sentence
from portal.mail.models import Message
from tests import factories
from tests.world import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]

LAST_DAY = date(2025, 2, 8)
NEXT_DAY = LAST_DAY + timedelta(days=1)
TODAY = date(2025, 2, 10)


@pytest.fixture
def merged(house):
    """The municipality that Senja goes on in, with one person who signs for it."""
    merged = factories.organisation(name="Nye Senja kommune", community=house.community)
    merged.signer = factories.user("Nye Signatar", email="nye.signatar@example.org")
    factories.affiliation(merged.signer, merged, may_sign=True)
    return merged


def end(house, organisation, *successors, **options):
    return succession.end_organisation(organisation, LAST_DAY, successors, by=house.secretary, at=NOW, **options)


def organisations_of(person, day=TODAY):
    return standing_on(type(person).objects.get(pk=person.pk), day).organisation_ids


def test_who_belongs_to_the_successor_belongs_to_what_it_goes_on_from(house, merged):
    end(house, house.partner, merged)
    assert organisations_of(merged.signer, LAST_DAY) == {merged.pk}
    assert organisations_of(merged.signer, NEXT_DAY) == {merged.pk, house.partner.pk}
    assert standing_on(merged.signer, TODAY).signs_for_ids == {merged.pk, house.partner.pk}
    assert [row.user for row in signatories(house.partner.pk, TODAY)] == [merged.signer]


def test_those_who_belonged_to_it_belong_to_it_until_the_last_day(house, merged):
    end(house, house.partner, merged)
    assert organisations_of(house.co_applicant, LAST_DAY) == {house.partner.pk}
    assert organisations_of(house.co_applicant, NEXT_DAY) == set()


def test_its_people_move_without_the_authority_to_sign(house, merged):
    end(house, house.partner, merged, moves_people=True)
    moved = Affiliation.objects.filter(organisation=merged, from_date=NEXT_DAY).order_by("user__name")
    assert [(row.user, row.may_sign) for row in moved] == [
        (house.co_applicant, False),
        (house.partner_signatory, False),
    ]
    assert organisations_of(house.partner_signatory) == {merged.pk, house.partner.pk}
    assert house.partner.pk not in standing_on(house.partner_signatory, TODAY).signs_for_ids
    told = set(Message.objects.filter(kind="place_changed").values_list("recipient", flat=True))
    assert told == {house.co_applicant.email, house.partner_signatory.email}


def test_two_go_on_when_it_is_split_and_a_chain_is_followed_to_its_end(house, merged):
    other = factories.organisation(name="Ytre Senja kommune", community=house.community)
    last = factories.organisation(name="Midtre Hålogaland kommune", community=house.community)
    person = factories.user("Siste Person", email="siste@example.org")
    factories.affiliation(person, last)
    end(house, house.partner, merged, other)
    succession.end_organisation(merged, NEXT_DAY, [last], by=house.secretary, at=NOW)
    assert organisations_of(person) == {last.pk, merged.pk, house.partner.pk}
    after = Succession.objects.filter(predecessor=house.partner).values_list("successor__name", flat=True)
    assert set(after) == {"Nye Senja kommune", "Ytre Senja kommune", "Midtre Hålogaland kommune"}


def test_it_is_taken_back_and_nobody_goes_on_from_it(house, merged):
    end(house, house.partner, merged)
    succession.take_back_end(house.partner, by=house.secretary, at=NOW)
    house.partner.refresh_from_db()
    assert (house.partner.last_day, organisations_of(merged.signer)) == (None, {merged.pk})
    with pytest.raises(succession.SuccessionError, match="er ikke avsluttet"):
        succession.take_back_end(house.partner, by=house.secretary, at=NOW)


def test_both_logs_tell_it(house, merged):
    end(house, house.partner, merged)
    told = [
        sentence(entry) for entry in LogEntry.objects.filter(act__in=("organisation.ended", "organisation.continues"))
    ]
    assert told == [
        "Organisasjonen ble avsluttet. Siste dag er 08.02.2025, og den føres videre av Nye Senja kommune.",
        "Organisasjonen fører videre det som var Senja kommune, fra 09.02.2025.",
    ]


# --- what is refused ---------------------------------------------------------------------------------------


def nothing_changed(house):
    return not Succession.objects.exists() and type(house.partner).objects.get(pk=house.partner.pk).last_day is None


@pytest.mark.parametrize(
    ("successor", "words"),
    [
        ("trust", "samme type"),
        ("partner", "samme type"),
        ("ended", "har en siste dag"),
        ("coming", "begynner etter siste dag"),
    ],
)
def test_what_cannot_go_on_is_refused(house, merged, successor, words):
    chosen = {"trust": house.trust, "partner": house.partner}.get(successor, merged)
    if successor == "ended":
        merged.last_day = LAST_DAY
        merged.save()
    if successor == "coming":
        factories.affiliation(house.stranger, house.partner, from_date=TODAY)
    with pytest.raises(succession.SuccessionError, match=words):
        end(house, house.partner, chosen)
    assert nothing_changed(house)


def test_a_regional_authority_is_not_ended_here(house):
    with pytest.raises(succession.SuccessionError, match="dem som drifter"):
        end(house, house.region)


def test_people_move_to_one_organisation_alone(house, merged):
    other = factories.organisation(name="Ytre Senja kommune", community=house.community)
    with pytest.raises(succession.SuccessionError, match="én organisasjon"):
        end(house, house.partner, merged, other, moves_people=True)


@pytest.mark.fault("A1")
@pytest.mark.parametrize("begins_in", [-1, 1])
def test_nobody_gives_oneself_what_an_organisation_had(begins_in, house, merged):
    factories.affiliation(house.secretary, merged, from_date=NOW.date() + timedelta(days=begins_in))
    with pytest.raises(OwnRightError, match="Be en kollega"):
        end(house, house.partner, merged)
    assert nothing_changed(house)


# --- the pages ---------------------------------------------------------------------------------------------


def test_the_secretariat_ends_it_on_its_page_and_takes_it_back(house, merged, sign_in):
    client = sign_in(house.secretary)
    page = reverse("portal:organisation_end", args=[house.partner.pk])
    assert "Avslutt Senja kommune" in client.get(page).content.decode()
    answer = client.post(page, {"last_day": "08.02.2025", "first": merged.pk}, follow=True)
    words = answer.content.decode()
    assert "Senja kommune er avsluttet. Siste dag var 08.02.2025." in " ".join(words.split())
    assert "Nye Senja kommune" in words
    of_successor = client.get(merged.get_absolute_url()).content.decode()
    assert "Fører videre" in of_successor
    client.post(reverse("portal:organisation_take_back_end", args=[house.partner.pk]))
    assert nothing_changed(house)


def test_a_wrong_choice_is_told_on_the_page(house, sign_in):
    client = sign_in(house.secretary)
    page = reverse("portal:organisation_end", args=[house.partner.pk])
    answer = client.post(page, {"last_day": "", "first": house.trust.pk})
    assert answer.status_code == 422
    assert nothing_changed(house)


@pytest.mark.parametrize(
    ("role", "code"), [("secretary", 200), ("far_secretary", 404), ("co_applicant", 403), ("nobody", 404)]
)
def test_only_its_secretariat_ends_it(house, merged, sign_in, role, code):
    client = sign_in(getattr(house, role))
    page = reverse("portal:organisation_end", args=[house.partner.pk])
    assert client.get(page).status_code == code
    answer = client.post(page, {"last_day": "08.02.2025", "first": merged.pk})
    assert (answer.status_code == 302, nothing_changed(house)) == (code == 200, code != 200)


def test_what_has_ended_is_offered_no_more(house, merged):
    end(house, house.partner, merged)
    kinds = {OrganisationKind.MUNICIPALITY}
    current = type(merged).objects.current(TODAY).filter(kind__in=kinds)
    assert house.partner not in current
    assert house.partner in type(merged).objects.current(LAST_DAY)


@pytest.mark.parametrize("kind", ["organisation", "body"])
def test_the_page_offers_those_that_have_ended_last_with_their_last_day(kind, house, merged, sign_in):
    if kind == "organisation":
        end(house, merged)
        page = reverse("portal:organisation_end", args=[house.partner.pk])
    else:
        ended = factories.body(house.community, house.fsu.kind, name="Nye Senja kommune", last_day=LAST_DAY)
        factories.body(house.community, house.fsu.kind, name="Annet utvalg", abbreviation="AU")
        assert ended.last_day == LAST_DAY
        page = reverse("portal:body_end", args=[house.fsu.code])
    shown = sign_in(house.secretary).get(page).content.decode()
    options = shown.split("</select>")[0].split("<option")
    assert "Nye Senja kommune (siste dag 08.02.2025)" in options[-1]
