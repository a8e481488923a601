"""«Mine søknader»: by whose turn it is, what comes next in each, until when, and the act that moves it."""

from datetime import timedelta

import pytest
from django.urls import reverse

from applications.models import Application
from applications.services import signing
from tests.applications import world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def listed(client):
    page = client.get(reverse("applications:list"))
    cards = [(label, [(card.following, card.act) for card in cards]) for label, cards in page.context["groups"]]
    return page.context["heading"], cards


def put(application, status, *, at, **fields):
    Application.objects.filter(pk=application.pk).update(status=status, submitted_at=at, announced_at=at, **fields)


@pytest.mark.parametrize(
    ("status", "group", "following"),
    [
        ("submitted", "Venter på andre", "Sekretariatet kontrollerer"),
        ("admitted", "Venter på andre", "Vurdering og vedtak"),
        ("postponed", "Venter på andre", "Vurdering og vedtak"),
        # An award that waits for nothing that the applicants do.
        ("granted", "Venter på andre", ""),
        ("rejected", "Avsluttet", ""),
        ("evaluated", "Avsluttet", ""),
        ("withdrawn", "Avsluttet", ""),
    ],
)
def test_what_others_have_has_no_act(house, draft, at, sign_in, status, group, following):
    put(draft, status, at=at)
    assert listed(sign_in(house.applicant)) == ("Ingenting venter på dere nå", [(group, [(following, "")])])


def test_what_waits_for_the_applicants_stands_first_with_its_act(house, northern, draft, at, sign_in):
    sent = world.draft(house, northern, at=at)
    put(sent, "submitted", at=at)
    heading, groups = listed(sign_in(house.applicant))
    assert heading == "Én ting venter på dere"
    assert [label for label, _cards in groups] == ["Venter på dere", "Venter på andre"]
    assert groups[0][1] == [("Dere skriver ferdig", "Fortsett")]
    put(draft, "correction", at=at)
    assert listed(sign_in(house.applicant))[1][0][1] == [("Dere retter", "Rett søknaden")]


def test_one_who_signs_is_led_to_the_signature_and_one_who_writes_to_all_of_them(house, draft, at, sign_in):
    Application.objects.filter(pk=draft.pk).update(signing_asked_at=at, signing_locked_at=at)
    assert listed(sign_in(house.signatory))[1][0][1] == [("Du signerer", "Les og signer")]
    assert listed(sign_in(house.applicant))[1][0][1] == [("Partnerne signerer", "Se signaturene")]


def test_a_draft_whose_deadline_is_out_has_ended(house, draft, clock, northern, sign_in):
    clock.move_to(northern.closes_at)
    assert listed(sign_in(house.applicant))[1] == [("Avsluttet", [("Fristen er ute", "")])]
    put(draft, "correction", at=northern.closes_at)
    assert listed(sign_in(house.applicant))[1] == [("Venter på andre", [("Fristen er ute", "")])]


def test_the_nearest_deadline_is_first(house, northern, draft, at, sign_in):
    later = world.draft(house, northern, at=at, extended_until=northern.closes_at + timedelta(days=3))
    page = sign_in(house.applicant).get(reverse("applications:list"))
    ((_label, cards),) = page.context["groups"]
    assert [card.application for card in cards] == [draft, later]


def test_a_part_of_the_list_counts_nothing(house, draft, sign_in):
    client = sign_in(house.applicant)
    headings = [
        client.get(reverse("applications:list"), {"show": show}).context["heading"] for show in ("", "editable", "sent")
    ]
    assert headings == ["Én ting venter på dere", "Mine søknader", "Mine søknader"]


def test_after_a_refusal_the_list_says_who_will_not_sign(house, unsigned, at, sign_in):
    signing.remind(unsigned, by=house.applicant, at=at)
    partner = unsigned.partners.get(organisation=house.trust)
    signing.decline(partner, by=house.trust_signatory, reason="Egeninnsatsen er for høy.", at=at)
    told = f"{partner.name} vil ikke signere"
    assert listed(sign_in(house.applicant))[1] == [("Venter på dere", [(told, "Se begrunnelsen")])]
    # The one who has refused waits for the others' answer.
    assert listed(sign_in(house.trust_signatory))[1] == [("Venter på andre", [(told, "")])]


def test_when_all_have_signed_the_list_leads_to_the_sending(house, application, at, sign_in):
    Application.objects.filter(pk=application.pk).update(signing_asked_at=at, signing_locked_at=at)
    told = [("Dere kontrollerer og sender", "Kontroller og send")]
    assert listed(sign_in(house.applicant))[1] == [("Venter på dere", told)]
