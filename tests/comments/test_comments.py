"""A case is sent for comments, those asked answer, and the paper has what they wrote (R138)."""

import io
from datetime import timedelta

import pytest
from django.urls import reverse
from pypdf import PdfReader

from evaluation.actions.models import OwnerKind
from evaluation.comments import reminders, services, waiting
from evaluation.comments.models import Asked, Comment, CommentRound
from evaluation.comments.services import CommentConflictError, CommentError
from evaluation.meetings.models import Case
from portal.mail.models import Message
from tests.comments import world
from tests.meetings import world as meetings

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]


# Everybody of the municipality, and who leads the FSU.
ASKED = {"carl.coapplicant@example.org", "pia.signatory@example.org", "fred.fsuleader@example.org"}


def url_of(name, row):
    return reverse(f"comments:{name}", args=[row.pk])


def typed(text, asked, seen=""):
    """What somebody posts for the one asked."""
    return {f"asked-{asked.pk}-sentence": text, f"asked-{asked.pk}-seen": seen}


# --- sent out ---------------------------------------------------------------------------------------------


@pytest.mark.requirement("R138")
def test_a_case_is_sent_for_comments_with_a_date_and_those_asked_are_told(house, now, client):
    case = world.case(house, now)
    client.force_login(house.secretary)
    page = client.get(case.get_absolute_url()).text
    assert url_of("ask", case) in page
    due = (now + timedelta(days=4)).date()
    posted = {
        "question": world.QUESTION,
        "due_date": f"{due:%d.%m.%Y}",
        "asked": [world.code(house.partner), world.code(house.fsu, OwnerKind.BODY)],
    }
    assert client.post(url_of("ask", case), posted).url == case.get_absolute_url()
    of_round = CommentRound.objects.get()
    assert (of_round.question, of_round.due_date) == (world.QUESTION, due)
    page = client.get(case.get_absolute_url()).text
    assert "Til innspill til og med" in page
    assert "Har ikke svart: Senja kommune, FSU PHR." in page
    assert set(Message.objects.values_list("recipient", flat=True)) == ASKED
    assert world.QUESTION in Message.objects.first().body_text


def test_the_form_says_what_is_missing_or_wrong_at_its_field(house, now, client):
    case = world.case(house, now)
    client.force_login(house.secretary)
    good = {"question": "Hva mener dere?", "due_date": f"{now + timedelta(days=4):%d.%m.%Y}"}
    good["asked"] = [world.code(house.partner)]
    for field, value in (
        ("question", " "),
        ("due_date", ""),
        ("due_date", "31.02.2027"),
        ("due_date", f"{now - timedelta(days=1):%d.%m.%Y}"),
        ("due_date", f"{now + timedelta(days=7):%d.%m.%Y}"),  # the day of the meeting
        ("asked", []),
        ("asked", [world.code(house.far_municipality)]),
        ("asked", [world.code(house.secretariat, OwnerKind.BODY)]),
        ("asked", [world.code(house.ssu, OwnerKind.BODY)]),  # has the case itself
    ):
        answer = client.post(url_of("ask", case), {**good, field: value})
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field]), (field, value)
    assert not CommentRound.objects.exists()


def test_only_the_secretariat_sends_out(house, now, client):
    case = world.case(house, now)
    for role, status in (("chair", 403), ("co_applicant", 404), ("far_secretary", 404), ("nobody", 404)):
        client.force_login(getattr(house, role))
        assert (role, client.get(url_of("ask", case)).status_code) == (role, status)


def test_a_case_about_an_application_or_a_list_is_not_sent_out(house, client):
    _meeting, cases, at = meetings.list_meeting(house)
    client.force_login(house.secretary)
    for case in cases:
        assert client.get(url_of("ask", case)).status_code == 404
        with pytest.raises(CommentError, match="sendes ikke til innspill"):
            world.out(house, at, of_case=case)


def test_it_is_sent_out_once_and_not_when_the_meeting_is_set(house, of_round, now, client):
    with pytest.raises(CommentConflictError, match="allerede sendt"):
        world.out(house, now, of_case=of_round.case)
    meetings.opened(house, of_round.case.meeting, now, *meetings.everybody(house))
    client.force_login(house.secretary)
    assert url_of("round", of_round) not in client.get(of_round.case.get_absolute_url()).text
    for act in (services.close, services.move_date):
        more = {"due_date": of_round.due_date} if act is services.move_date else {}
        with pytest.raises(CommentError, match="Møtet er satt"):
            act(of_round, by=house.secretary, at=now, **more)
    with pytest.raises(CommentError, match="Møtet er satt"):
        world.written(house, of_round, now)


# --- answered ---------------------------------------------------------------------------------------------


@pytest.mark.requirement("R138")
def test_those_asked_read_the_paper_and_their_comments_stand_in_it(house, of_round, now, client):
    asked = world.asked_of(of_round, house.partner)
    client.force_login(house.co_applicant)
    assert "Gi innspill til sak 1/25" in client.get("/").text
    page = client.get(of_round.get_absolute_url())
    assert "Sak 1/25 til innspill: 0 av 2 har svart" in page.text
    assert "SSU godkjenner retningslinjene." in page.text
    assert page.text.count("Send innspillet") == 1
    assert client.post(url_of("write", asked), typed("Grensen er for høy.", asked)).url == of_round.get_absolute_url()
    page = client.get(of_round.get_absolute_url()).text
    assert "Sak 1/25 til innspill: 1 av 2 har svart" in page
    assert "Gi innspill til sak" not in client.get("/").text
    client.force_login(house.secretary)
    case = client.get(of_round.case.get_absolute_url()).text
    assert "Grensen er for høy." in case
    assert "Carl Coapplicant" in case
    assert "Har ikke svart: FSU PHR." in case
    document = client.get(reverse("meetings:paper_pdf", args=[of_round.case_id]))
    text = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(document.content)).pages)
    assert "Grensen er for høy." in text
    assert "Har ikke svart: FSU PHR." in text


def test_a_comment_is_written_anew_until_the_date_and_the_earlier_is_kept(house, of_round, now, client):
    first = world.written(house, of_round, now)
    asked = world.asked_of(of_round, house.partner)
    client.force_login(house.partner_signatory)  # a colleague
    assert first.text in client.get(of_round.get_absolute_url()).text
    assert client.post(url_of("write", asked), typed("Grensen er passe.", asked, first.pk)).status_code == 302
    assert [row.text for row in Comment.objects.all()] == [first.text, "Grensen er passe."]
    # The first one's page has not seen that.
    client.force_login(house.co_applicant)
    answer = client.post(url_of("write", asked), typed("Vi ombestemte oss.", asked, first.pk))
    assert answer.status_code in {409, 422}
    assert "Pia Signatory har skrevet et innspill i mellomtiden: «Grensen er passe.»" in answer.text
    assert "Vi ombestemte oss." in answer.text
    seen = Comment.objects.last().pk
    assert client.post(url_of("write", asked), typed("Vi ombestemte oss.", asked, seen)).status_code == 302


def test_who_writes_for_those_asked_and_who_reads(house, of_round, client):
    for role, status, forms in (
        ("co_applicant", 200, 1),
        ("fsu_leader", 200, 1),
        ("secretary", 200, 0),
        ("chair", 404, 0),  # reads the comments in the paper
        ("applicant", 404, 0),
        ("far_secretary", 404, 0),
        ("nobody", 404, 0),
    ):
        client.force_login(getattr(house, role))
        page = client.get(of_round.get_absolute_url())
        assert (role, page.status_code, page.text.count("Send innspillet")) == (role, status, forms)
        for asked in Asked.objects.all():
            allowed = (role, asked.name) in {("co_applicant", "Senja kommune"), ("fsu_leader", "FSU PHR")}
            code = 422 if allowed else 404 if status == 404 else 403
            assert (role, client.post(url_of("write", asked), typed(" ", asked)).status_code) == (role, code)


def test_nothing_is_written_after_the_date_and_the_secretariat_may_move_it(house, of_round, now, client):
    late = now + timedelta(days=5)
    with pytest.raises(CommentError, match="Fristen for innspill er ute"):
        world.written(house, of_round, late)
    # At 23.59 on the day it is in time.
    assert world.written(house, of_round, late.replace(hour=22, minute=59) - timedelta(days=1)).text
    client.force_login(house.secretary)
    assert client.post(url_of("move_date", of_round), {"due_date": f"{late:%d.%m.%Y}"}).status_code == 302
    assert CommentRound.objects.get().due_date == late.date()
    told = Message.objects.filter(title__startswith="Ny frist for innspill").values_list("recipient", flat=True)
    assert set(told) == ASKED
    answer = client.post(url_of("move_date", of_round), {"due_date": f"{now - timedelta(days=3):%d.%m.%Y}"})
    assert (answer.status_code, list(answer.context["date_form"].errors)) == (422, ["due_date"])
    for name in ("move_date", "close"):
        client.force_login(house.co_applicant)
        assert client.post(url_of(name, of_round), {"due_date": f"{late:%d.%m.%Y}"}).status_code == 403


@pytest.mark.requirement("R138")
def test_the_secretariat_is_asked_to_take_the_comments_in_and_closes_the_round(house, of_round, now, client):
    late = now + timedelta(days=5)
    assert waiting.to_close(house.secretary, now) == []
    (task,) = waiting.to_close(house.secretary, late)
    assert task.title == "Ta inn innspillene til sak 1/25"
    assert waiting.to_close(house.far_secretary, late) == []
    client.force_login(house.secretary)
    assert client.post(url_of("close", of_round)).url == of_round.case.get_absolute_url()
    assert waiting.to_close(house.secretary, late) == []
    assert waiting.to_write(house.co_applicant, now) == []
    assert client.post(url_of("close", of_round)).status_code == 403
    with pytest.raises(CommentConflictError, match="hentet inn"):
        services.close(of_round, by=house.hospital_secretary, at=now)


def test_those_who_have_not_answered_are_reminded_three_days_before(house, of_round, now):
    world.written(house, of_round, now)
    day = of_round.due_date - timedelta(days=3)
    reminded = [(row.subject.name, row.recipients) for row in reminders.comments(day)]
    assert reminded == [("FSU PHR", ("fred.fsuleader@example.org",))]
    assert list(reminders.comments(of_round.due_date + timedelta(days=1))) == []


def test_a_page_costs_the_same_however_many_are_asked(house, now, client, django_assert_num_queries):
    first = world.out(house, now, asked=[world.code(house.partner)])
    client.force_login(house.secretary)
    client.get(first.get_absolute_url())
    with django_assert_num_queries(7):
        client.get(first.get_absolute_url())
    CommentRound.objects.all().delete()
    everybody = [world.code(row) for row in (house.partner, house.lead, house.trust)]
    second = world.out(house, now, asked=everybody, of_case=Case.objects.get(pk=first.case_id))
    for row in (house.partner, house.lead):
        services.write(world.asked_of(second, row), "Ja.", seen=None, by=house.co_applicant, at=now)
    with django_assert_num_queries(7):
        client.get(second.get_absolute_url())
