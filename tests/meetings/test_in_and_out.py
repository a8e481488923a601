"""The minutes tell who was out and when they were back, for whatever reason, and who was secretary."""

import itertools
from datetime import timedelta

import pytest
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse

from evaluation.meetings.models import Absence, Meeting
from evaluation.meetings.queries.minutes import minutes_content, shown
from evaluation.meetings.services import habilitet, live, minutes, resolving
from evaluation.meetings.services.locking import MeetingError
from portal.journal.models import LogEntry
from tests.meetings import world

pytestmark = [pytest.mark.django_db, pytest.mark.fault("B11")]


def minute(at, minutes):
    return at + timedelta(minutes=minutes)


def content_of(meeting):
    return minutes_content(Meeting.objects.select_related("body__community", "secretary").get(pk=meeting.pk), "")


def note_of(meeting, person):
    (note,) = [row["note"] for row in content_of(meeting)["present"] if row["name"] == person.name]
    return note


def test_a_member_who_was_out_and_back_is_told_of_with_the_times(house, now):
    meeting, case = world.in_session(house, now)
    for left, back in ((10, 20), (30, 75)):
        live.leave(world.line(meeting, house.member), by=house.chair, at=minute(now, left))
        live.arrive(world.line(meeting, house.member), by=house.chair, at=minute(now, back))
    live.leave(world.line(meeting, house.member), by=house.chair, at=minute(now, 80))
    resolving.postpone(case, reason="Mer arbeid.", by=house.chair, at=minute(now, 85))
    live.close_meeting(meeting, by=house.chair, at=minute(now, 90))
    assert note_of(meeting, house.member) == "ute kl. 10.10–10.20, ute kl. 10.30–11.15, til kl. 11.20"


def test_who_went_while_people_gathered_was_not_out(house, now):
    meeting = world.planned(house, now)
    Meeting.objects.filter(pk=meeting.pk).update(starts_at=now)
    world.own_case(house, meeting, now)
    live.arrive(world.line(meeting, house.member), by=house.chair, at=minute(now, -20))
    live.leave(world.line(meeting, house.member), by=house.chair, at=minute(now, -15))
    live.arrive(world.line(meeting, house.member), by=house.chair, at=minute(now, -5))
    meeting = world.opened(house, meeting, now, house.chair)
    assert note_of(meeting, house.member) == ""


def ask(house, case, at, person):
    words = {"ground": "party", "explanation": "Leder tjenesten.", "by": person, "at": at}
    return habilitet.raise_question(case, world.line(case.meeting, person), **words)


def test_the_inhabil_are_out_from_the_decision_until_the_meeting_moves_on(house, now):
    meeting, case = world.in_session(house, now)
    following = world.own_case(house, meeting, now, title="Neste sak")
    question = ask(house, case, now, house.recused_member)
    later = ask(house, following, now, house.member)
    habilitet.decide_question(case, question, is_recused=True, reason="Ja.", by=house.chair, at=minute(now, 12))
    resolving.postpone(case, reason="Mer arbeid.", by=house.chair, at=minute(now, 20))
    live.go_to(meeting, following, by=house.chair, at=minute(now, 31))
    habilitet.decide_question(following, later, is_recused=True, reason="Ja.", by=house.chair, at=minute(now, 32))
    live.go_to(meeting, case, by=house.chair, at=minute(now, 40))
    live.go_to(meeting, following, by=house.chair, at=minute(now, 41))
    resolving.postpone(following, reason="Mer arbeid.", by=house.chair, at=minute(now, 45))
    live.close_meeting(meeting, by=house.chair, at=minute(now, 50))
    first, second = content_of(meeting)["cases"]
    spans = [(row.left_at, row.returned_at) for row in Absence.objects.filter(case=case)]
    assert spans == [(minute(now, 12), minute(now, 31)), (minute(now, 40), minute(now, 41))]
    spans = [(row.left_at, row.returned_at) for row in Absence.objects.filter(case=following)]
    assert spans == [(minute(now, 32), minute(now, 40)), (minute(now, 41), minute(now, 50))]
    # Nobody has seen either of them go.
    assert (first["stepped_aside"], second["stepped_aside"]) == ([], [])
    text = render_to_string("letters/minutes.html", {"minutes": shown(content_of(meeting))})
    assert "Rita Recused er inhabil og deltok ikke i behandlingen av saken." in text
    assert "fratrådte" not in text
    assert note_of(meeting, house.recused_member) == ""
    assert not Absence.objects.filter(returned_at=None).exists()


def test_the_first_officer_who_leads_a_step_is_the_secretary(house, now):
    meeting, case = world.in_session(house, now)
    assert content_of(meeting)["secretary"] == ""
    resolving.postpone(case, reason="Mer arbeid.", by=house.chair, at=now)
    record = live.close_meeting(meeting, by=house.hospital_secretary, at=minute(now, 30))
    minutes.adopt(record, by=house.secretary, at=minute(now, 60))
    record.refresh_from_db()
    assert record.snapshot["secretary"] == house.hospital_secretary.name
    assert "Sekretær" in render_to_string("letters/minutes.html", {"minutes": shown(record.snapshot)})


def test_the_secretary_is_chosen_and_not_whoever_pressed(house, now, sign_in):
    meeting, case = world.in_session(house, now)
    url = reverse("meetings:secretary", args=[meeting.pk])
    client = sign_in(house.secretary)
    assert client.post(url, {"person": house.nobody.pk}).status_code == 422
    assert client.post(url, {"person": house.hospital_secretary.pk}).status_code == 302
    live.go_to(meeting, case, by=house.secretary, at=now)
    assert content_of(meeting)["secretary"] == house.hospital_secretary.name
    assert LogEntry.objects.get(act="meeting.secretary_chosen").data["name"] == house.hospital_secretary.name
    with pytest.raises(MeetingError, match="verken i sekretariatet eller på møtet"):
        live.choose_secretary(meeting, house.nobody, by=house.secretary, at=now)
    resolving.adopt_agreed(case, text="1. Ja.", by=house.chair, at=now)
    record = live.close_meeting(meeting, by=house.secretary, at=now)
    assert url in client.get(reverse("meetings:minutes", args=[meeting.pk])).content.decode()
    minutes.adopt(record, by=house.chair, at=now)
    with pytest.raises(MeetingError, match="Protokollen er godkjent"):
        live.choose_secretary(meeting, house.secretary, by=house.secretary, at=now)


@pytest.mark.parametrize(("role", "expected"), [("chair", 200), ("member", 403), ("far_secretary", 404)])
def test_those_who_lead_choose_the_secretary(role, expected, house, now, sign_in):
    meeting, _case = world.in_session(house, now)
    assert sign_in(getattr(house, role)).get(reverse("meetings:secretary", args=[meeting.pk])).status_code == expected


def test_the_minutes_tell_who_was_out_when_a_case_was_noted(house, now):
    meeting = world.planned(house, now)
    case = world.own_case(house, meeting, now, kind="information")
    meeting = world.opened(house, meeting, now, *world.everybody(house))
    live.leave(world.line(meeting, house.member), by=house.chair, at=now)
    resolving.note(case, text="Tatt til etterretning.", by=house.chair, at=now)
    (told,) = content_of(meeting)["cases"]
    assert told["away"] == [house.member.name]
    page = render_to_string("letters/minutes.html", {"minutes": shown(content_of(meeting))})
    assert "Ikke til stede da saken ble behandlet:" in page


# --- the roll, the cases and the minutes agree ----------------------------------------------------------


def test_who_leaves_while_out_of_a_case_is_not_back_in_it(house, now):
    meeting, case = world.in_session(house, now)
    following = world.own_case(house, meeting, now, title="Neste sak")
    question = ask(house, case, now, house.recused_member)
    habilitet.decide_question(case, question, is_recused=True, reason="Ja.", by=house.chair, at=now)
    live.leave(world.line(meeting, house.recused_member), by=house.chair, at=minute(now, 1))
    resolving.adopt_agreed(case, text="1. Ja.", by=house.chair, at=minute(now, 1))
    live.go_to(meeting, following, by=house.chair, at=minute(now, 2))
    resolving.adopt_agreed(following, text="1. Ja.", by=house.chair, at=minute(now, 3))
    first, second = content_of(meeting)["cases"]
    assert first["stepped_aside"] == ["Rita Recused fratrådte kl. 10.01."]
    assert second["away"] == ["Rita Recused"]
    assert note_of(meeting, house.recused_member) == "til kl. 10.01"
    live.arrive(world.line(meeting, house.recused_member), by=house.chair, at=minute(now, 20))
    told = content_of(meeting)
    assert told["cases"][0]["stepped_aside"] == ["Rita Recused fratrådte kl. 10.01 og tiltrådte kl. 10.20."]
    assert told["cases"][0]["stepped_aside"][0] in render_to_string("letters/minutes.html", {"minutes": shown(told)})
    assert note_of(meeting, house.recused_member) == "ute kl. 10.01–10.20"


def told(meeting, person):
    """From the rows: the spans in which the person was in, aside and out, in minutes after ten."""
    line = world.line(meeting, person)
    spans = [(row.left_at, row.returned_at, "aside" if row.case_id else "out") for row in line.absences.all()]
    if line.left_at:
        spans.append((line.left_at, None, "out"))
    return sorted(spans, key=lambda span: span[0])


def states(spans, moments):
    """What the spans say of each moment; two things at once are told as both."""
    return [
        "+".join(what for left, back, what in spans if left <= at and (back is None or at < back)) or "in"
        for at in moments
    ]


STEPS = ("leaves", "comes", "moves on")


def test_the_rows_and_the_sentences_agree_whatever_the_order(house, now):
    meeting, case = world.in_session(house, now)
    following = world.own_case(house, meeting, now, title="Neste sak")
    question = ask(house, case, now, house.recused_member)
    habilitet.decide_question(case, question, is_recused=True, reason="Ja.", by=house.chair, at=now)
    for steps in itertools.product(STEPS, repeat=3):
        with transaction.atomic():
            expected, aside = walked(house, meeting, (case, following), steps, now)
            moments = [minute(now, number) + timedelta(seconds=30) for number in range(len(steps) + 1)]
            assert states(told(meeting, house.recused_member), moments) == expected, steps
            assert content_of(meeting)["cases"][0]["stepped_aside"] == aside, steps
            transaction.set_rollback(True)


def walked(house, meeting, cases, steps, now):
    """Walk the steps, one a minute; what the person is after each, and what the first case tells of who left it."""
    present, current, after = True, 0, ["aside"]
    for number, step in enumerate(steps, start=1):
        at, line = minute(now, number), world.line(meeting, house.recused_member)
        if step == "moves on":
            current = 1 - current
            live.go_to(meeting, cases[current], by=house.chair, at=at)
        else:
            present = step == "comes"
            (live.arrive if present else live.leave)(line, by=house.chair, at=at)
        after.append("out" if not present else "in" if current else "aside")
    name, sentences = house.recused_member.name, []
    for number, state in enumerate(after):
        if state == "out" and after[number - 1] == "aside":
            ends = next((end for end in range(number, len(after)) if after[end] != "out"), None)
            back = f" og tiltrådte kl. 10.0{ends}" if ends else ""
            sentences.append(f"{name} fratrådte kl. 10.0{number}{back}.")
    return after, sentences
