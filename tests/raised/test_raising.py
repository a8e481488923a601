"""Who raises a case with whom, and for whom (R134)."""

from functools import partial

import pytest
from django.urls import reverse

from evaluation.actions.queries.owners import Owner
from evaluation.raised import services
from evaluation.raised.models import RaisedCase
from evaluation.raised.services import RaisedConflictError, RaisedError
from portal.journal.models import LogEntry
from tests.raised import world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]

NEW = reverse("raised:raise")


def typed(house, **changed):
    """What a person of Senja kommune types."""
    sender = Owner("organisation", house.partner.pk).code
    return {"body": house.ssu.pk, "sender": sender, "kind": "decision", **world.TEXTS, **changed}


@pytest.mark.requirement("R134")
def test_a_partner_raises_a_case_and_the_secretariat_finds_it(house, client):
    client.force_login(house.co_applicant)
    assert "Meld inn en sak" in client.get("/").text
    answer = client.post(NEW, typed(house))
    raised = RaisedCase.objects.get()
    assert (answer.status_code, answer.url) == (302, raised.get_absolute_url())
    assert (raised.body, raised.sender, raised.raised_by) == (house.ssu, house.partner, house.co_applicant)
    page = client.get(answer.url).text
    assert "Saken er meldt inn. Dere får svar på e-post" in page
    assert "Trekk saken" in page
    assert "Sett opp i et møte" not in page
    assert LogEntry.objects.filter(act="raised.raised").count() == 1
    client.force_login(house.secretary)
    assert "Se på innmeldt sak: Felles legevakt i Midt-Troms" in client.get("/").text
    assert "Én innmeldt sak venter" in client.get(reverse("raised:list")).text


@pytest.mark.requirement("R134")
@pytest.mark.parametrize(
    ("role", "sender"),
    [
        ("member", ("body", "ssu")),
        ("user_member", ("body", "ssu")),
        ("fsu_leader", ("body", "fsu")),
        ("fsu_leader", ("organisation", "trust")),
        ("applicant", ("organisation", "lead")),
    ],
)
def test_members_fsus_and_partners_raise_cases(house, now, role, sender):
    kind, name = sender
    raised = world.raised(house, now, getattr(house, role), sender=Owner(kind, getattr(house, name).pk))
    assert raised.sender == getattr(house, name)


@pytest.mark.parametrize(
    ("role", "body", "sender"),
    [
        ("stranger", "ssu", ("organisation", "far_municipality")),  # of another helsefellesskap
        ("stranger", "ssu", ("organisation", "partner")),
        ("nobody", "ssu", ("organisation", "partner")),
        ("co_applicant", "ssu", ("organisation", "lead")),  # for an organisation that is not the person's
        ("co_applicant", "ssu", ("body", "ssu")),
        ("co_applicant", "far_ssu", ("organisation", "partner")),
        ("co_applicant", "secretariat", ("organisation", "partner")),
        ("co_applicant", "committee", ("organisation", "partner")),
        ("committee_member", "ssu", ("body", "committee")),
        ("secretary", "ssu", ("body", "secretariat")),  # puts cases up itself
    ],
)
def test_nobody_raises_a_case_elsewhere_or_for_others(house, now, role, body, sender):
    kind, name = sender
    with pytest.raises(RaisedError):
        world.raised(house, now, getattr(house, role), getattr(house, body), Owner(kind, getattr(house, name).pk))
    assert not RaisedCase.objects.exists()


@pytest.mark.parametrize("field", ["body", "sender", "kind", "title", "background", "wish"])
def test_what_is_missing_is_told_at_its_field_and_the_rest_is_kept(house, client, field):
    client.force_login(house.co_applicant)
    answer = client.post(NEW, typed(house, **{field: ""}))
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    kept = world.TEXTS["wish" if field == "background" else "background"]
    assert kept in answer.text
    assert not RaisedCase.objects.exists()


@pytest.mark.parametrize("sender", ["organisation:", "organisation:x", "x:1", "body:9999999999999999999999"])
def test_a_sender_that_is_none_gets_a_sentence(house, client, sender):
    client.force_login(house.co_applicant)
    answer = client.post(NEW, typed(house, sender=sender))
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["sender"]


@pytest.mark.parametrize("role", ["nobody", "secretary", "committee_member"])
def test_who_has_no_body_to_ask_is_told_so(house, client, role):
    client.force_login(getattr(house, role))
    assert client.get(NEW).status_code == 403
    page = client.get(reverse("raised:list"))
    assert page.status_code == 200
    assert NEW not in page.text


def test_a_body_that_has_ended_takes_no_cases(house, now):
    house.ssu.last_day = now.date()
    house.ssu.save(update_fields=["last_day"])
    with pytest.raises(RaisedError, match="Velg et organ"):
        world.raised(house, now)


def test_they_who_raised_it_together_read_it_and_nobody_else(house, raised, client):
    url = raised.get_absolute_url()
    for role, status in (
        ("co_applicant", 200),
        ("partner_signatory", 200),  # of the same municipality
        ("secretary", 200),
        ("hospital_secretary", 200),
        ("chair", 404),  # sits on the body for the municipality; reads it when it is a case
        ("applicant", 404),
        ("far_secretary", 404),
        ("regional_secretary", 404),
        ("nobody", 404),
    ):
        client.force_login(getattr(house, role))
        assert (role, client.get(url).status_code) == (role, status)
        listed = raised.title in client.get(reverse("raised:list")).text
        assert (role, listed) == (role, status == 200)


def test_it_is_taken_back_by_those_who_raised_it_while_it_waits(house, raised, now, client):
    url = reverse("raised:take_back", args=[raised.pk])
    for role, status in (("secretary", 403), ("applicant", 404), ("partner_signatory", 302)):
        client.force_login(getattr(house, role))
        assert (role, client.post(url).status_code) == (role, status)
    assert "Trukket" in client.get(raised.get_absolute_url()).text
    # A second press, and the secretariat's that came too late.
    assert client.post(url).status_code == 403
    for late in (services.take_back, partial(services.answer, text="Nei.")):
        with pytest.raises(RaisedConflictError, match="Pia Signatory trakk saken"):
            late(raised, by=house.secretary, at=now)


def test_what_is_sent_twice_is_raised_once(house, now):
    first, second = world.raised(house, now), world.raised(house, now)
    assert (first, RaisedCase.objects.count()) == (second, 1)
    assert world.raised(house, now, title="En annen sak") != first
