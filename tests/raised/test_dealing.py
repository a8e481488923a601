"""What the secretariat does with a raised case: puts it up, sends it on, answers it (R134)."""

from datetime import timedelta

import pytest
from django.urls import reverse

from evaluation.meetings.models import Case, Meeting
from evaluation.meetings.services import live, minutes, planning, resolving, taking_off
from evaluation.raised import services
from evaluation.raised.models import RaisedCase, SentOn
from evaluation.raised.services import RaisedConflictError, RaisedError
from portal.communities.models import Affiliation, Body, BodySuccession
from portal.mail.models import Message
from tests import factories
from tests.meetings import world as meetings
from tests.raised import world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]


def url_of(name, raised):
    return reverse(f"raised:{name}", args=[raised.pk])


def mails():
    """The kinds of the queued mails with their recipients."""
    return list(Message.objects.order_by("pk").values_list("kind", "recipient"))


@pytest.mark.requirement("R134")
def test_it_becomes_a_case_of_a_planned_meeting(house, raised, now, client):
    meeting = meetings.planned(house, now)
    client.force_login(house.secretary)
    assert "Sett opp i et møte" in client.get(raised.get_absolute_url()).text
    assert client.post(url_of("put_up", raised), {"meeting": meeting.pk}).status_code == 302
    case = Case.objects.select_related("paper").get()
    assert (case.meeting, case.title, case.kind) == (meeting, raised.title, "decision")
    assert case.paper.requested_by == f"Senja kommune ved Carl Coapplicant, meldt inn {now:%d.%m.%Y}"
    assert case.paper.background == (
        "Tre kommuner mangler leger om natten.\n\nSenja kommune ber om dette:\n\nSSU ber FSU utrede en felles legevakt."
    )
    assert mails() == [("raised_case_put_up", house.co_applicant.email)]
    assert f"sak {case.reference} i SSU Troms og Ofoten" in Message.objects.get().body_text
    page = client.get(raised.get_absolute_url()).text
    assert case.get_absolute_url() in page
    assert "Send saken videre" not in page
    # They who raised it know the case, and read it only when they sit on the body.
    client.force_login(house.co_applicant)
    page = client.get(raised.get_absolute_url()).text
    assert f"Sak {case.reference}" in page
    assert case.get_absolute_url() not in page


def test_its_outcome_is_told_when_the_minutes_are_adopted(house, raised, now, client):
    meeting = meetings.planned(house, now)
    case = services.put_up(raised, meeting, by=house.secretary, at=now)
    planning.write_paper(case, texts={"proposal": "1. SSU ber FSU utrede det."}, by=house.secretary, at=now)
    meeting = meetings.opened(house, meeting, now, *meetings.everybody(house))
    live.go_to(meeting, case, by=house.chair, at=now)
    resolving.adopt_as_proposed(Case.objects.get(pk=case.pk), by=house.chair, at=now)
    live.close_meeting(Meeting.objects.get(pk=meeting.pk), by=house.chair, at=now)
    client.force_login(house.co_applicant)
    assert "avgjort" not in client.get(raised.get_absolute_url()).text
    minutes.adopt(Meeting.objects.get(pk=meeting.pk).minutes, by=house.chair, at=now)
    assert "avgjort" in client.get(raised.get_absolute_url()).text


def test_it_waits_again_when_the_case_is_taken_off_the_agenda(house, raised, now, client):
    case = services.put_up(raised, meetings.planned(house, now), by=house.secretary, at=now)
    taking_off.take_off(case, reason="Mangler tall.", by=house.secretary, at=now)
    client.force_login(house.secretary)
    assert "Se på innmeldt sak" in client.get("/").text
    assert RaisedCase.objects.get().is_waiting


def test_they_who_were_told_of_a_meeting_are_told_when_the_case_is_taken_off_it(house, raised, now):
    """They knew of the case and its day, and waited for a meeting that did not have it."""
    meeting = meetings.planned(house, now)
    other = meetings.own_case(house, meeting, now)
    case = services.put_up(raised, meeting, by=house.secretary, at=now)
    taking_off.take_off(other, reason="Ikke klar.", by=house.secretary, at=now)
    assert [kind for kind, _to in mails()] == ["raised_case_put_up"]
    taking_off.take_off(case, reason="Mangler tall fra Senja.", by=house.secretary, at=now)
    assert mails()[1:] == [("raised_case_taken_off", house.co_applicant.email)]
    told = Message.objects.get(kind="raised_case_taken_off").body_text
    assert f"kommer ikke opp som sak {case.reference} i SSU Troms og Ofoten" in told
    assert "Mangler tall fra Senja." in told


@pytest.mark.requirement("R134")
def test_it_is_sent_on_to_another_body_which_then_has_it(house, raised, now, client):
    client.force_login(house.secretary)
    posted = {"body": house.fsu.pk, "why": "Det er FSU som utreder."}
    assert client.post(url_of("send_on", raised), posted).status_code == 302
    assert RaisedCase.objects.get().body == house.fsu
    assert mails() == [("raised_case_sent_on", house.co_applicant.email)]
    client.force_login(house.co_applicant)
    page = client.get(raised.get_absolute_url()).text
    assert "Sendt videre fra SSU Troms og Ofoten til FSU PHR: Det er FSU som utreder." in page
    meeting = meetings.planned(house, now, body=house.fsu)
    case = services.put_up(RaisedCase.objects.get(), meeting, by=house.secretary, at=now)
    assert case.body == house.fsu


@pytest.mark.requirement("R134")
def test_it_is_answered_and_they_get_the_answer(house, raised, client):
    client.force_login(house.secretary)
    assert client.post(url_of("answer", raised), {"answer": "SSU har behandlet dette i sak 3/26."}).status_code == 302
    assert mails() == [("raised_case_answered", house.co_applicant.email)]
    assert "SSU har behandlet dette i sak 3/26." in Message.objects.get().body_text
    client.force_login(house.co_applicant)
    page = client.get(raised.get_absolute_url()).text
    assert "Svar fra sekretariatet" in page
    assert "Trekk saken" not in page


def test_who_has_left_the_sender_gets_no_mail_and_reads_no_more(house, raised, now, client):
    Affiliation.objects.filter(user=house.co_applicant).update(to_date=now.date() - timedelta(days=1))
    services.answer(raised, "Nei.", by=house.secretary, at=now)
    assert mails() == []
    client.force_login(house.co_applicant)
    assert client.get(raised.get_absolute_url()).status_code == 404


@pytest.mark.parametrize(
    ("name", "posted", "field"),
    [
        ("put_up", {"meeting": ""}, "meeting"),
        ("put_up", {"meeting": "999999"}, "meeting"),
        ("send_on", {"body": "", "why": "Hører til der."}, "body"),
        ("send_on", {"body": "999999", "why": "Hører til der."}, "body"),
        ("send_on", {"why": ""}, "why"),
        ("answer", {"answer": "  "}, "answer"),
    ],
)
def test_what_is_missing_gets_a_sentence_and_nothing_is_done(house, raised, now, client, name, posted, field):
    meetings.planned(house, now)
    posted = {"body": house.fsu.pk, **posted} if name == "send_on" else posted
    client.force_login(house.secretary)
    answer = client.post(url_of(name, raised), posted)
    assert answer.status_code == 422
    assert list(answer.context[name].errors) == [field]
    assert RaisedCase.objects.get().is_waiting
    assert mails() == []


def test_only_the_secretariat_of_the_body_deals_with_it(house, raised, now, client):
    meeting = meetings.planned(house, now)
    posts = (
        ("put_up", {"meeting": meeting.pk}),
        ("send_on", {"body": house.fsu.pk, "why": "x"}),
        ("answer", {"answer": "x"}),
    )
    for role, status in (("co_applicant", 403), ("chair", 404), ("far_secretary", 404), ("nobody", 404)):
        client.force_login(getattr(house, role))
        for name, posted in posts:
            assert (role, name, client.post(url_of(name, raised), posted).status_code) == (role, name, status)
    assert RaisedCase.objects.get().is_waiting


def test_the_act_takes_no_other_meeting_or_body(house, raised, now):
    how = {"by": house.secretary, "at": now}
    with pytest.raises(RaisedError, match="planlagt møte"):
        services.put_up(raised, meetings.planned(house, now, body=house.fsu), **how)
    for body in (house.ssu, house.far_ssu, house.secretariat):
        with pytest.raises(RaisedError, match="annet organ"):
            services.send_on(raised, body, "Hører til der.", **how)
    assert not SentOn.objects.exists()


def test_the_second_of_two_officers_is_told_what_the_first_did(house, raised, now):
    case = services.put_up(raised, meetings.planned(house, now), by=house.secretary, at=now)
    with pytest.raises(RaisedConflictError, match=f"Saken er satt opp som sak {case.reference}"):
        services.answer(raised, "Nei.", by=house.hospital_secretary, at=now)


def test_a_case_with_a_body_that_has_ended_comes_up_in_the_one_that_goes_on(house, raised, now, client):
    after = factories.body(house.community, code="ssu-nytt", name="SSU Nytt")
    BodySuccession.objects.create(predecessor=house.ssu, successor=after, from_date=now.date(), given_at=now)
    Body.objects.filter(pk=house.ssu.pk).update(last_day=now.date() - timedelta(days=1))
    client.force_login(house.secretary)
    assert "SSU Nytt har ingen planlagte møter" in client.get(raised.get_absolute_url()).text
    meeting = meetings.planned(house, now, body=after)
    client.post(url_of("put_up", raised), {"meeting": meeting.pk})
    assert Case.objects.get().body == after


def test_the_lists_cost_the_same_with_more_rows(house, now, client, django_assert_num_queries):
    client.force_login(house.secretary)
    world.raised(house, now)
    with django_assert_num_queries(7):
        client.get(reverse("raised:list"))
    for _more in range(2):
        services.answer(world.raised(house, now), "Nei.", by=house.secretary, at=now)
        world.raised(house, now)
    with django_assert_num_queries(8):
        client.get(reverse("raised:list"))
