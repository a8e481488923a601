"""The lead decides who is the lead, and whether the draft is thrown away; both can be undone."""

from datetime import timedelta

import pytest
from django.urls import reverse

from applications.models import Application
from applications.services import partners, submitting
from applications.services.status import TransitionError
from applications.workflow import Status
from portal.journal.models import LogEntry
from portal.mail.models import Message
from tests.applications import world

pytestmark = [pytest.mark.django_db, pytest.mark.fault("A6"), pytest.mark.usefixtures("clock")]


def url(name, application, *more):
    return reverse(f"applications:{name}", args=[application.code, *more])


def lead_of(application):
    return application.partners.get(role="lead").organisation


def told(kind):
    return sorted(Message.objects.filter(kind=kind).values_list("recipient", flat=True))


# Who began the draft, and the contacts.
WRITERS = [
    "anne.applicant@example.org",
    "kontakt.kommune@example.org",
    "kontakt.partner@example.org",
    "kontakt.sykehus@example.org",
]
SIGNERS = ["pia.signatory@example.org", "siri.signatory@example.org", "tor.signatory@example.org"]


# --- the lead ----------------------------------------------------------------------------------------------


def test_a6_another_partner_does_not_take_over(house, draft, sign_in):
    partner = draft.partners.get(organisation=house.partner)
    client, before = sign_in(house.partner_signatory), LogEntry.objects.count()
    page = client.get(url("partners", draft)).content.decode()
    assert url("partner_lead", draft, partner.pk) not in page
    for method in ("get", "post"):
        answer = getattr(client, method)(url("partner_lead", draft, partner.pk))
        assert answer.status_code == 403
        assert "Det er ansvarlig søker som gir ansvaret til en annen partner." in answer.content.decode()
    assert (lead_of(draft), Message.objects.count(), LogEntry.objects.count()) == (house.lead, 0, before)


def test_a6_the_lead_is_asked_and_both_are_told(house, draft, sign_in):
    house.partner.email = "post@senja.example.org"
    house.partner.save()
    partner = draft.partners.get(organisation=house.partner)
    client = sign_in(house.applicant)
    page = client.get(url("partner_lead", draft, partner.pk)).content.decode()
    assert "Skal Senja kommune være ansvarlig søker?" in page
    assert lead_of(draft) == house.lead
    client.post(url("partner_lead", draft, partner.pk))
    assert lead_of(draft) == house.partner
    # Tromsø has no address of its own: the helsefellesskap gets the mail.
    assert told("lead_changed") == sorted([*WRITERS, house.community.post_address, "post@senja.example.org"])
    body = Message.objects.filter(kind="lead_changed").first().body_text
    assert "Anne Applicant har gjort Senja kommune til ansvarlig søker" in body
    assert "Til nå var Tromsø kommune ansvarlig." in body
    assert client.post(url("partner_lead", draft, draft.partners.get(organisation=house.lead).pk)).status_code == 403


def test_a6_the_same_lead_again_tells_nobody(house, draft, at):
    partners.make_lead(draft.partners.get(role="lead"), by=house.applicant, at=at)
    assert not Message.objects.exists()


def test_a6_where_nobody_is_left_at_the_lead_a_signatory_of_a_partner_decides(house, draft, sign_in, at):
    for affiliation in house.lead.affiliations.all():
        affiliation.user.is_active = False
        affiliation.user.save()
    partner = draft.partners.get(organisation=house.partner)
    assert sign_in(house.co_applicant).post(url("partner_lead", draft, partner.pk)).status_code == 403
    assert sign_in(house.partner_signatory).post(url("partner_lead", draft, partner.pk)).status_code == 302
    assert lead_of(draft) == house.partner


# --- throwing the draft away ---------------------------------------------------------------------------------


def test_a6_only_the_lead_throws_the_draft_away(house, draft, sign_in):
    for person in (house.co_applicant, house.partner_signatory, house.hospital_applicant):
        client = sign_in(person)
        assert url("withdraw", draft) not in client.get(draft.get_absolute_url()).content.decode()
        assert client.post(url("withdraw", draft)).status_code == 403
    assert Application.objects.get().status == Status.DRAFT


def test_a6_a_sent_application_is_not_withdrawn_by_one_who_began_it_and_left_the_lead(house, sent_application, sign_in):
    affiliation = house.applicant.affiliations.get()
    affiliation.organisation = house.partner
    affiliation.save()
    assert sign_in(house.applicant).post(url("withdraw", sent_application)).status_code == 403


def test_a6_a_draft_that_was_thrown_away_is_had_back(house, application, sign_in, clock, at):
    client = sign_in(house.applicant)
    page = client.post(url("withdraw", application), follow=True).content.decode()
    assert "Utkastet er kastet. Dere kan hente det tilbake til" in page
    assert url("bring_back", application) in page
    other = sign_in(house.co_applicant)
    assert url("bring_back", application) not in other.get(application.get_absolute_url()).content.decode()
    assert other.post(url("bring_back", application)).status_code == 403
    client = sign_in(house.applicant)
    before = application.answers.count(), application.partners.count(), application.benefits.count()
    assert client.post(url("bring_back", application)).status_code == 302
    again = Application.objects.get()
    assert (again.status, again.is_editable) == (Status.DRAFT, True)
    assert (again.answers.count(), again.partners.count(), again.benefits.count()) == before
    assert told("draft_brought_back") == sorted([*WRITERS, *SIGNERS])
    assert LogEntry.objects.latest("number").act == "application.bring_back"
    # Thrown away once more, they are told once more.
    clock.move_to(at + timedelta(minutes=1))
    client.post(url("withdraw", application))
    assert told("application_withdrawn") == sorted([*WRITERS, *SIGNERS] * 2)


@pytest.mark.parametrize(("days", "status"), [(30, 302), (31, 403)])
def test_a6_it_is_kept_for_thirty_days(house, draft, clock, at, sign_in, days, status):
    submitting.withdraw(draft, by=house.applicant, at=at)
    clock.move_to(at + timedelta(days=days) - timedelta(seconds=1))
    assert sign_in(house.applicant).post(url("bring_back", draft)).status_code == status


def test_a6_what_was_sent_or_not_thrown_away_is_not_brought_back(house, application, at):
    with pytest.raises(TransitionError):
        submitting.bring_back(application, by=house.applicant, at=at)
    submitting.withdraw(application, by=house.applicant, at=at)
    with pytest.raises(TransitionError, match="Utkastet kunne hentes tilbake til"):
        submitting.bring_back(application, by=house.applicant, at=at + timedelta(days=30))
    submitting.bring_back(application, by=house.applicant, at=at)
    world.sign_all(house, Application.objects.get(), at)
    submitting.submit(application, by=house.applicant, at=at)
    submitting.withdraw(Application.objects.get(), by=house.applicant, at=at)
    with pytest.raises(TransitionError, match="Bare et utkast som er kastet"):
        submitting.bring_back(application, by=house.applicant, at=at)


def test_a6_a_partner_that_is_removed_is_told(house, draft, at):
    house.partner.email = "post@senja.example.org"
    house.partner.save()
    partner = draft.partners.get(organisation=house.partner)
    partners.remove(partner, by=house.applicant, at=at)
    assert told("partner_removed") == ["kontakt.partner@example.org", "post@senja.example.org"]
    body = Message.objects.filter(kind="partner_removed").first().body_text
    assert "Anne Applicant har fjernet Senja kommune fra søknaden" in body
    assert "ta det opp med Tromsø kommune, som er ansvarlig søker" in body


def test_a_row_of_a_partner_has_one_link_and_its_page_the_seldom_acts(house, draft, sign_in):
    client = sign_in(house.applicant)
    partner, lead = draft.partners.get(organisation=house.partner), draft.partners.get(role="lead")
    partner.contacts.all().delete()
    roster = client.get(url("partners", draft)).text
    cell = roster.split(f'href="{url("partner", draft, partner.pk)}"')[1].split("</td>")[0]
    assert ("Legg til kontaktperson" in cell, cell.count("href=")) == (True, 0)
    page, of_lead = (client.get(url("partner", draft, item.pk)).text for item in (partner, lead))
    for act in ("partner_lead", "partner_remove"):
        assert url(act, draft, partner.pk) not in roster
        assert url(act, draft, partner.pk) in page
        assert url(act, draft, lead.pk) not in of_lead
