"""A meeting that is held on another day than it was planned for: everything says the day on which it was held."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.text import capfirst

from evaluation.decisions.letter_content import build
from evaluation.decisions.services.deciding import decide_from_minutes
from evaluation.meetings.documents import MINUTES
from evaluation.meetings.models import Meeting
from evaluation.meetings.queries.minutes import minutes_content, shown
from evaluation.meetings.services import live, minutes, planning, resolving
from portal.clock import local_date
from portal.communities.models import Seat
from portal.formats import date_no, day_in_words
from portal.jobs.services import run_all_due
from portal.journal.models import LogEntry
from tests.harness import worlds
from tests.meetings import world

pytestmark = [pytest.mark.django_db, pytest.mark.fault("B2")]


@worlds.world
def called(house):
    """A meeting with a list of one application, called for a week from now; its cases and the time now."""
    meeting, cases, at = world.list_meeting(house, 1)
    planning.call(meeting, by=house.secretary, at=at)
    return meeting, cases, at


@worlds.world
def held(house, called):
    """The same meeting, held in the next year with one case postponed, and its minutes adopted."""
    meeting, cases, at = called
    held_at = at + timedelta(days=400)
    live.open_meeting(meeting, on_day=local_date(held_at), by=house.chair, at=held_at)
    for person in world.everybody(house):
        live.arrive(world.line(meeting, person), by=house.chair, at=held_at)
    resolving.adopt_as_proposed(cases[0], by=house.chair, at=held_at)
    live.go_to(meeting, cases[1], by=house.chair, at=held_at)
    resolving.postpone(cases[1], reason="Mer tid.", by=house.chair, at=held_at)
    record = live.close_meeting(meeting, by=house.chair, at=held_at + timedelta(minutes=45))
    minutes.adopt(record, by=house.chair, at=held_at + timedelta(days=1))
    return Meeting.objects.get(), held_at


def test_another_day_is_asked_about_and_said_first(house, called, frozen_clock, sign_in):
    meeting, _cases, at = called
    frozen_clock.move_to(at)
    client, url = sign_in(house.chair), reverse("meetings:open", args=[meeting.pk])
    planned, today = local_date(meeting.starts_at), local_date(at)
    for said in ({}, {"on_day": planned.isoformat()}, {"on_day": "nå"}):
        page = client.post(url, said).content.decode()
        assert f"Møtet er planlagt {date_no(planned)}, og i dag er det {date_no(today)}." in page
        assert f'value="{today.isoformat()}"' in page or f'value="{date_no(today)}"' in page
        assert Meeting.objects.get().status == "planned"
    assert client.post(url, {"on_day": today.isoformat()}).status_code == 302
    assert Meeting.objects.get().opened_at == at
    assert LogEntry.objects.get(act="meeting.opened").data["planned"] == planned.isoformat()


def test_the_planned_day_is_not_asked_about_whatever_the_hour(house, called):
    meeting = live.open_meeting(called[0], by=house.chair, at=called[0].starts_at + timedelta(hours=2))
    assert meeting.is_open


def test_letter_minutes_lists_and_following_cases_say_the_day_it_was_held(house, held, frozen_clock, sign_in):
    meeting, held_at = held
    later = held_at + timedelta(days=2)
    frozen_clock.move_to(later)
    day, planned = date_no(held_at), date_no(meeting.starts_at)
    (decision,) = decide_from_minutes(meeting, by=house.secretary, at=later)
    letter = build(decision, number="1", language="nb", on=local_date(later))
    assert (day in str(letter), planned in str(letter)) == (True, False)
    run_all_due(later)
    record = Meeting.objects.get().minutes
    assert record.pdf.name == f"Protokoll SSU {day}.pdf"
    assert shown(record.snapshot)["when"].startswith(day)
    assert f"(innkalt til {planned} kl." in shown(record.snapshot)["when"]
    again = world.planned(house, later)
    client = sign_in(house.secretary)
    in_words = capfirst(day_in_words(local_date(held_at), local_date(later)))
    for name, key, said in (
        ("minutes", meeting.pk, day), ("agenda", again.pk, day), ("list", None, in_words), ("cases", None, day)
    ):  # fmt: skip
        page = client.get(reverse(f"meetings:{name}", args=[key] if key else [])).content.decode()
        assert (name, said in page) == (name, True)


def test_minutes_from_before_keep_their_title_and_their_time(held):
    content = {**minutes_content(held[0], ""), "date": local_date(held[0].starts_at).isoformat()}
    del content["planned_at"]
    assert MINUTES.title(content) == f"Protokoll SSU {date_no(held[0].starts_at)}"
    assert "innkalt" not in shown(content)["when"]


def test_the_roll_is_that_of_the_day_it_is_held(house, called):
    meeting, _cases, at = called
    on_day = local_date(at) + timedelta(days=1)
    Meeting.objects.filter(pk=meeting.pk).update(starts_at=at)
    live.arrive(world.line(meeting, house.vice_chair), by=house.chair, at=at)
    Seat.objects.filter(body=house.ssu, user__in=[house.member, house.vice_chair]).update(to_date=on_day)
    Seat.objects.create(
        body=house.ssu, user=house.nobody, role="member", side="municipality", right="vote", from_date=on_day
    )
    live.open_meeting(meeting, on_day=on_day + timedelta(days=1), by=house.chair, at=at + timedelta(days=2))
    names = {line.seat.user.name for line in meeting.attendances.select_related("seat__user")}
    assert house.nobody.name in names
    assert {house.member.name, house.vice_chair.name} & names == set()
