"""A meeting is closed after a question, and opened again until its minutes are adopted if it was closed by mistake."""

from datetime import timedelta

import pytest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import strip_tags

from evaluation.assessment.models import Habilitet
from evaluation.assessment.services import declaring
from evaluation.meetings.models import Attendance, Case, Meeting, MeetingStatus, Resolution
from evaluation.meetings.queries.electorate import roll_of
from evaluation.meetings.queries.minutes import extract, minutes_content, shown
from evaluation.meetings.services import corrections, live, minutes, resolving
from evaluation.meetings.services.locking import MeetingConflictError, MeetingError
from portal.clock import local, local_date
from portal.communities.models import Seat
from portal.formats import date_no, datetime_no
from portal.journal.models import LogEntry
from portal.mail.models import Message
from tests.harness import worlds
from tests.meetings import world

pytestmark = pytest.mark.django_db

WHY = "Medlemmene var ikke ferdige."


@worlds.world
def closed(house):
    """A meeting on one application, resolved as proposed, postponed the rest, and closed; its minutes and the time."""
    meeting, cases, at = world.list_meeting(house, 1)
    meeting = world.opened(house, meeting, at, *world.everybody(house))
    resolving.adopt_as_proposed(cases[0], by=house.chair, at=at)
    resolving.postpone_rest(meeting, reason="Tiden var ute.", by=house.chair, at=at)
    return live.close_meeting(meeting, by=house.chair, at=at + timedelta(hours=1)), at + timedelta(hours=2)


def content_of(meeting):
    return minutes_content(Meeting.objects.select_related("body__community").get(pk=meeting.pk), "")


def test_the_page_asks_before_the_meeting_is_closed(house, now, meeting, case, frozen_clock, sign_in):
    frozen_clock.move_to(now)
    resolving.postpone_rest(meeting, reason="Tiden var ute.", by=house.chair, at=now)
    client, url = sign_in(house.chair), reverse("meetings:close", args=[meeting.pk])
    page = client.get(url).content.decode()
    assert ("Vil du heve møtet?" in page, "kan det åpnes igjen" in page) == (True, True)
    assert Meeting.objects.get(pk=meeting.pk).status == MeetingStatus.OPEN
    client.post(url)
    assert Meeting.objects.get(pk=meeting.pk).status == MeetingStatus.CLOSED


@pytest.mark.fault("B6")
def test_a_meeting_closed_by_mistake_goes_on_and_the_minutes_tell_why(house, closed):
    record, at = closed
    meeting = live.reopen_meeting(record.meeting, why=WHY, by=house.chair, at=at)
    assert (meeting.status, meeting.closed_at, meeting.current_case) == (
        MeetingStatus.OPEN,
        None,
        Case.objects.get(meeting=meeting, application=None),
    )
    assert LogEntry.objects.get(act="meeting.reopened").data["why"] == WHY
    with pytest.raises(MeetingError, match="Hev møtet før"):
        minutes.adopt(record, by=house.chair, at=at)
    record = live.close_meeting(meeting, by=house.secretary, at=at + timedelta(hours=1))
    read = shown(minutes.adopt(record, by=house.chair, at=at + timedelta(hours=2)).snapshot, ())
    sentence = f"Møtet ble hevet {read['meeting_reopenings'][0]['closed']}, og åpnet igjen"
    drawn = " ".join(
        strip_tags(render_to_string("letters/minutes.html", {"minutes": read, "document": record})).split()
    )
    assert (" ".join(sentence.split()) in drawn, f"av Kari Chair. {WHY}" in drawn) == (True, True)


def test_a_case_is_opened_again_in_the_meeting_and_its_correction_is_kept(house, closed):
    record, at = closed
    resolution = Resolution.objects.exclude(case__application=None).get()
    right = {"text": resolution.text, "outcome": resolution.outcome, "amount": resolution.amount}
    words = {"reason": "Ny grunn.", "why": "Skrivefeil.", "by": house.chair, "at": at}
    corrections.correct(resolution, **right, **words)
    meeting = live.reopen_meeting(record.meeting, why=WHY, by=house.chair, at=at)
    case = resolution.case
    resolving.reopen(case, why="Feil beløp.", by=house.chair, at=at)
    told = shown(content_of(meeting), ())["cases"][0]["reopenings"][0]
    assert (told["reason"], [(row["why"], row["reason"]) for row in told["corrections"]]) == (
        "Ny grunn.",
        [("Skrivefeil.", case.recommendation.reason)],
    )
    look = {"points_template": "meetings/_points.html", "rules_template": "meetings/_rules.html"}
    context = {"case": shown(content_of(meeting), ())["cases"][0], **look}
    drawn = render_to_string("meetings/_minutes_case.html", context)
    assert "Skrivefeil." in drawn


@pytest.mark.parametrize(("why", "words"), [("", "Skriv hvorfor møtet åpnes igjen"), ("  ", "Skriv hvorfor")])
def test_the_reason_is_asked_for(house, closed, why, words):
    with pytest.raises(MeetingError, match=words):
        live.reopen_meeting(closed[0].meeting, why=why, by=house.chair, at=closed[1])
    assert Meeting.objects.get().status == MeetingStatus.CLOSED


def test_a_meeting_is_not_opened_again_when_its_minutes_are_adopted_or_it_goes_on(house, closed):
    record, at = closed
    live.reopen_meeting(record.meeting, why=WHY, by=house.chair, at=at)
    with pytest.raises(MeetingConflictError, match="allerede åpnet igjen"):
        live.reopen_meeting(record.meeting, why=WHY, by=house.secretary, at=at)
    live.close_meeting(record.meeting, by=house.chair, at=at)
    minutes.adopt(record, by=house.chair, at=at)
    with pytest.raises(MeetingError, match="til protokollen er godkjent"):
        live.reopen_meeting(record.meeting, why=WHY, by=house.chair, at=at)


def test_a_meeting_of_a_body_that_has_ended_is_not_opened_again(house, closed):
    record, at = closed
    type(house.ssu).objects.filter(pk=house.ssu.pk).update(last_day=at.date())
    with pytest.raises(MeetingError, match="er avsluttet"):
        live.reopen_meeting(record.meeting, why=WHY, by=house.chair, at=at)


@pytest.fixture
def later(house, closed):
    """Twenty days after: a member's seat has ended, another has got one, and a case is closed to the vice chair."""
    record, at = closed
    at += timedelta(days=20)
    Seat.objects.filter(body=house.ssu, user=house.member).update(to_date=local_date(at) - timedelta(days=1))
    Seat.objects.create(body=house.ssu, user=house.nobody, side="hospital", from_date=local_date(at))
    words = {"has_tie": True, "ground": "friend", "explanation": "Venn."}
    application = record.meeting.cases.exclude(application=None).get().application
    Habilitet.objects.filter(application=application, person=house.vice_chair).delete()
    declaring.declare(application, by=house.vice_chair, at=at, **words)
    Message.objects.all().delete()
    return record.meeting, at


def test_on_another_day_it_is_asked_about_first(house, later, frozen_clock, sign_in):
    meeting, at = later
    with pytest.raises(live.OtherDayError, match="Møtet ble hevet"):
        live.reopen_meeting(meeting, why=WHY, by=house.secretary, at=at)
    frozen_clock.move_to(at)
    client, url = sign_in(house.secretary), reverse("meetings:reopen_meeting", args=[meeting.pk])
    assert f"Møtet går videre i dag, {date_no(at)}." in client.get(url).content.decode()
    answer = client.post(url, {"why": WHY})
    assert (answer.status_code, "Kryss av for at det går videre i dag." in answer.content.decode()) == (422, True)
    assert not Message.objects.exists()
    client.post(url, {"why": WHY, "is_today": "on"})
    assert Meeting.objects.get().status == MeetingStatus.OPEN


def test_everybody_left_when_it_was_closed_and_the_roll_is_that_of_the_day(house, later):
    meeting, at = later
    closed_at = meeting.closed_at
    case = meeting.cases.exclude(application=None).get()
    meeting = live.reopen_meeting(meeting, why=WHY, on_day=local_date(at), by=house.secretary, at=at)
    assert {line.left_at for line in meeting.attendances.exclude(arrived_at=None)} == {closed_at}
    roll = roll_of(meeting, case)
    people = {line.seat.user for line in roll.attendances}
    assert (house.member in people, house.nobody in people) == (False, True)
    assert not any(line.is_present for line in roll.attendances)
    with pytest.raises(MeetingError, match="har ikke lenger plass i utvalget"):
        live.arrive(world.line(meeting, house.member), by=house.secretary, at=at)
    Habilitet.objects.filter(is_pending=True).delete()
    resolving.reopen(case, why="Feil.", by=house.secretary, at=at)
    live.go_to(meeting, case, by=house.secretary, at=at)
    words = {"text": "1. Nei.", "outcome": "rejected", "amount": None, "reason": "Nei."}
    with pytest.raises(MeetingError, match="Ikke vedtaksført: 0 av"):
        resolving.adopt_agreed(case, **words, by=house.chair, at=at)


def test_all_are_told_why_but_not_one_to_whom_a_case_is_closed(house, later):
    meeting, at = later
    live.reopen_meeting(meeting, why=WHY, on_day=local_date(at), by=house.secretary, at=at)
    mails = {mail.recipient: mail.body_text for mail in Message.objects.filter(kind="meeting_reopened")}
    on_roll = {line.seat.user.email for line in Attendance.objects.filter(has_ended=False)}
    assert (set(mails), house.member.email in mails, house.nobody.email in mails) == (on_roll, False, True)
    assert (WHY in mails[house.chair.email], WHY in mails[house.vice_chair.email]) == (True, False)


def test_the_minutes_tell_both_days_and_who_was_there_on_each(house, later):
    meeting, at = later
    opened_at, closed_at = meeting.opened_at, meeting.closed_at
    meeting = live.reopen_meeting(meeting, why=WHY, on_day=local_date(at), by=house.secretary, at=at)
    live.arrive(world.line(meeting, house.chair), by=house.secretary, at=at)
    live.arrive(world.line(meeting, house.nobody), by=house.secretary, at=at)
    record = live.close_meeting(meeting, by=house.secretary, at=at + timedelta(hours=1))
    content = minutes.adopt(record, by=house.secretary, at=at + timedelta(hours=2)).snapshot
    first = f"{datetime_no(opened_at)}–{local(closed_at):%H.%M}"
    second = f"{datetime_no(at)}–{local(at + timedelta(hours=1)):%H.%M}"
    assert shown(content, ())["when"].startswith(f"{first} og {second}")
    assert shown(extract(content, content["cases"][0]["reference"]))["when"].startswith(f"{first} og {second}")
    notes = {row["name"]: row["note"] for row in (*content["present"], *content["absent"], *content["observers"])}
    assert notes[house.chair.name].endswith(f"igjen fra {datetime_no(at)}")
    assert notes[house.member.name] == f"til {datetime_no(closed_at)}"
    assert notes[house.nobody.name] == f"fra {datetime_no(at)}"


def test_a_planned_meeting_is_not_opened_again(house, now):
    with pytest.raises(MeetingError, match="fra det er hevet"):
        live.reopen_meeting(world.planned(house, now), why=WHY, by=house.chair, at=now)


@pytest.mark.parametrize(("role", "expected"), [("chair", 200), ("secretary", 200), ("member", 403), ("stranger", 404)])
def test_those_who_lead_close(role, expected, house, now, sign_in):
    meeting, _case = world.in_session(house, now)
    assert sign_in(getattr(house, role)).get(reverse("meetings:close", args=[meeting.pk])).status_code == expected


@pytest.mark.parametrize(("role", "expected"), [("chair", 200), ("secretary", 200), ("member", 403), ("stranger", 404)])
@pytest.mark.parametrize("page", ["adopt_minutes", "reopen_meeting"])
def test_those_who_lead_open_again_and_adopt(page, role, expected, house, closed, frozen_clock, sign_in):
    frozen_clock.move_to(closed[1])
    url = reverse(f"meetings:{page}", args=[closed[0].meeting_id])
    assert sign_in(getattr(house, role)).get(url).status_code == expected


def test_the_page_opens_it_again_and_the_minutes_cannot_be_adopted_from_it_meanwhile(
    house, closed, frozen_clock, sign_in
):
    record, at = closed
    frozen_clock.move_to(at)
    client, read = sign_in(house.chair), reverse("meetings:minutes", args=[record.meeting_id])
    url = reverse("meetings:reopen_meeting", args=[record.meeting_id])
    assert url in client.get(read).content.decode()
    assert client.post(url, {"why": ""}).status_code == 422
    assert client.post(url, {"why": WHY}, follow=True).redirect_chain[-1][0] == reverse(
        "meetings:room", args=[record.meeting_id]
    )
    page = client.get(read).content.decode()
    assert (WHY in page, "Se over og godkjenn" in page, url in page) == (True, False, False)
    assert client.get(reverse("meetings:adopt_minutes", args=[record.meeting_id])).url == read


def test_adopting_asks_first_and_says_that_it_is_final(house, closed, frozen_clock, sign_in):
    record, at = closed
    frozen_clock.move_to(at)
    client, url = sign_in(house.chair), reverse("meetings:adopt_minutes", args=[record.meeting_id])
    page = client.get(reverse("meetings:minutes", args=[record.meeting_id])).content.decode()
    assert (f'href="{url}"' in page, f'action="{url}"' in page) == (True, False)
    asks = " ".join(client.get(url).content.decode().split())
    assert "Når den er godkjent, er den låst" in asks
    assert all(f"{case.reference} {case.title}" in asks for case in record.meeting.cases.all())
    assert ("Ingenting er rettet" in asks, "Ingen merknader er skrevet." in asks) == (True, True)
    resolution = Resolution.objects.filter(case__meeting=record.meeting_id).first()
    said, remarks = {"statements": "Narvik mener noe annet."}, {"remarks": "Lyden falt ut."}
    resolving.write_statements(resolution, texts=said, by=house.chair, at=at)
    minutes.write_remarks(record, texts=remarks, by=house.chair, at=at)
    asks = " ".join(client.get(url).content.decode().split())
    assert ("Narvik mener noe annet." in asks, "Lyden falt ut." in asks) == (True, True)
    record.refresh_from_db()
    assert not record.is_adopted


def test_nothing_is_locked_that_was_not_on_the_page(house, closed, frozen_clock, sign_in):
    record, at = closed
    frozen_clock.move_to(at)
    client, url = sign_in(house.chair), reverse("meetings:adopt_minutes", args=[record.meeting_id])
    asked = client.get(url).context["url"]
    resolution = Resolution.objects.filter(case__meeting=record.meeting_id).select_related("case").first()
    said = {"statements": "Narvik mener noe annet."}
    resolving.write_statements(resolution, texts=said, by=house.secretary, at=at)
    minutes.write_remarks(record, texts={"remarks": "Lyden falt ut."}, by=house.secretary, at=at)
    for pressed, why in (
        (asked, f"Protokollen er endret siden du så den: sak {resolution.case.reference}, merknadene."),
        (url, "Se over protokollen slik den er nå, før du godkjenner den."),
    ):
        answer = client.post(pressed)
        page = answer.content.decode()
        assert (answer.status_code, why in page, "Narvik mener noe annet." in page) == (409, True, True)
        record.refresh_from_db()
        assert not record.is_adopted
    client.post(answer.context["url"])
    record.refresh_from_db()
    assert record.is_adopted


def test_the_reason_is_not_told_where_a_case_is_closed_nor_in_an_extract(house, closed):
    record, at = closed
    meeting = live.reopen_meeting(record.meeting, why=WHY, by=house.chair, at=at)
    content = content_of(meeting)
    closed_case = content["cases"][0]
    assert shown(content, {closed_case["id"]})["meeting_reopenings"][0]["why"] == ""
    assert extract(content, closed_case["reference"])["meeting_reopenings"] == []


def test_the_sum_of_what_is_shown_tells_nothing_of_what_may_name_a_closed_case():
    content = {"cases": [{"id": 1}, {"id": 2}], "remarks": "Om sak 1.", "meeting_reopenings": ["Sak 1."], "place": "x"}
    assert minutes.parts(content, {1}) == {"2": {"id": 2}, "meeting": {"place": "x"}}
    assert minutes.parts(content, ()).keys() == {"1", "2", "remarks", "meeting"}
