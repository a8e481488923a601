"""Bodies are dissolved and replaced: who goes on with their cases, and what is refused until the work is done."""

from datetime import timedelta

import pytest
from django.urls import reverse

from evaluation.meetings.models import Case, CaseStatus, Meeting
from evaluation.meetings.queries.agenda import bodies_planned_by, lists_ready_for, postponed_in
from evaluation.meetings.services import from_list, planning, resolving
from evaluation.meetings.services.locking import MeetingError
from portal.clock import local_date
from portal.communities.models import Body, BodyKind, BodySuccession, Right, SeatRole, Side
from portal.communities.queries import standing_on
from portal.communities.services import bodies, succession
from portal.communities.services.people import Invited
from portal.communities.services.places import OwnRightError
from portal.journal.models import LogEntry
from portal.journal.sentences import sentence
from portal.mail.models import Message
from tests import factories
from tests.meetings import world
from tests.world import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]


def after(house, kind=BodyKind.SSU, owner=None, **fields):
    """The body that replaces one of the house's, with a chair of its own."""
    body = factories.body(owner or house.community, kind, name="Nytt utvalg", abbreviation="NYTT", **fields)
    body.chair = factories.user("Ny Leder", email="ny.leder@example.org")
    factories.seat(body, body.chair, role=SeatRole.CHAIR)
    return body


def end(house, body, successor, at=NOW, days=1, by=None):
    day = local_date(at) - timedelta(days=days)
    return succession.end_body(body, day, successor, by=by or house.secretary, at=at)


def has_ended(body):
    return Body.objects.get(pk=body.pk).last_day is not None


# --- what follows ------------------------------------------------------------------------------------------


def test_its_seats_end_and_who_sits_on_the_next_sits_on_it(house):
    successor = after(house)
    end(house, house.ssu, successor)
    today = local_date(NOW)
    assert not house.ssu.seats.current(today).exists()
    standing = standing_on(successor.chair, today)
    assert standing.body_ids == {successor.pk, house.ssu.pk}
    assert standing.chaired_body_ids == {successor.pk}
    assert house.ssu.pk not in standing_on(successor.chair, today - timedelta(days=1)).body_ids
    assert house.ssu.pk not in standing_on(type(house.chair).objects.get(pk=house.chair.pk), today).body_ids
    assert house.chair.email in Message.objects.filter(kind="place_changed").values_list("recipient", flat=True)


def test_a_planned_meeting_is_the_next_bodys_with_its_members_and_numbers(house):
    meeting, _cases, at = world.list_meeting(house, 1)
    planning.call(meeting, by=house.secretary, at=at)
    successor = after(house)
    world.own_case(house, world.planned(house, at, successor), at)
    end(house, house.ssu, successor, at)
    moved = Meeting.objects.get(pk=meeting.pk)
    assert (moved.body, moved.is_called) == (successor, False)
    assert [line.seat.user for line in moved.attendances.all()] == [successor.chair]
    assert [(case.body, case.reference) for case in moved.cases.all()] == [(successor, "2/24"), (successor, "3/24")]
    entry = LogEntry.objects.get(act="meeting.handed_over")
    assert sentence(entry) == (
        "Møtet ble overtatt fra SSU Troms og Ofoten, som er avsluttet. Sakene fikk nye numre: 1/24 → 2/24, 2/24 → 3/24."
    )


def test_the_next_body_takes_the_locked_list(house):
    priority_list, at = world.deciding_list(house, 1)
    successor = after(house)
    end(house, house.ssu, successor, at)
    assert list(lists_ready_for(successor)) == [priority_list]
    cases = from_list.add_cases(world.planned(house, at, successor), priority_list, by=house.secretary, at=at)
    assert len(cases) == 2


def test_the_next_body_takes_up_a_case_that_was_put_off(house):
    meeting, case = world.in_session(house, NOW)
    resolving.postpone(case, reason="Mangler tall.", by=house.chair, at=NOW)
    Meeting.objects.filter(pk=meeting.pk).update(status="adopted", opened_at=NOW - timedelta(days=3))
    successor, case = after(house), Case.objects.get(pk=case.pk)
    end(house, house.ssu, successor)
    assert list(postponed_in(successor)) == [case]
    again = planning.take_up_again(case, world.planned(house, NOW, successor), by=house.secretary, at=NOW)
    assert (again.body, again.follows, again.status) == (successor, case, CaseStatus.PREPARED)
    assert Case.objects.get(pk=case.pk).body == house.ssu


@pytest.mark.parametrize("stage", [0, -1])
def test_a_stage_that_names_it_is_the_next_bodys(house, stage):
    round_ = factories.round_of(factories.definition())
    row = round_.stages.order_by("position")[len(round_.spec.stages) - 1 if stage else 0]
    body = row.body_for(house.community)
    owner = body.community or body.region
    successor = after(house, body.kind, owner)
    by = house.secretary if body.community else house.regional_secretary
    end(house, body, successor, round_.closes_at + timedelta(days=1), by=by)
    row.refresh_from_db()
    assert row.body_for(house.community) == successor
    assert row.is_at(successor, house.community.pk)
    assert row.is_at(body, house.community.pk)


def test_evaluations_go_to_the_next_body(house):
    round_ = factories.round_of(factories.definition("troms-ofoten-2024"))
    assert round_.report_body(house.community) == house.ssu
    successor = after(house)
    end(house, house.ssu, successor)
    assert round_.report_body(house.community) == successor


def test_a_chain_is_followed_to_its_end_and_it_is_taken_back(house):
    second, third = after(house), factories.body(house.community, name="Tredje")
    end(house, house.ssu, second, days=3)
    end(house, second, third)
    assert set(third.line) == {house.ssu, second, third}
    assert Body.objects.get(pk=house.ssu.pk).in_force == third
    second.refresh_from_db()
    succession.take_back_end_of_body(second, by=house.secretary, at=NOW)
    assert (has_ended(second), Body.objects.get(pk=house.ssu.pk).in_force) == (False, second)
    with pytest.raises(succession.SuccessionError, match="er ikke avsluttet"):
        succession.take_back_end_of_body(second, by=house.secretary, at=NOW)


def test_one_with_nothing_left_ends_without_a_successor(house):
    end(house, house.fsu, None)
    told = [sentence(entry) for entry in LogEntry.objects.filter(act__startswith="body.")]
    assert told == ["Organet ble avsluttet. Siste dag var 09.02.2025."]
    assert not BodySuccession.objects.exists()


def test_both_logs_tell_it(house):
    end(house, house.ssu, after(house))
    told = [sentence(entry) for entry in LogEntry.objects.filter(act__startswith="body.")]
    assert told == [
        "Organet ble avsluttet. Siste dag var 09.02.2025, og arbeidet føres videre av Nytt utvalg.",
        "Organet fører videre arbeidet til SSU Troms og Ofoten, fra 10.02.2025.",
    ]


# --- what is refused ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "successor", "words"),
    [
        ("secretariat", None, "av dem som drifter portalen"),
        ("ssu", "fsu", "samme type"),
        ("ssu", "far_ssu", "samme type"),
        ("ssu", "ssu", "samme type"),
    ],
)
def test_what_cannot_follow_is_refused(house, body, successor, words):
    body, successor = getattr(house, body), getattr(house, successor) if successor else None
    with pytest.raises(succession.SuccessionError, match=words):
        end(house, body, successor)
    assert not has_ended(body)


def test_a_day_to_come_is_refused_with_what_to_do(house):
    with pytest.raises(succession.SuccessionError, match="kom tilbake dagen etter"):
        end(house, house.ssu, after(house), days=0)
    assert not has_ended(house.ssu)


def test_a_body_that_is_in_a_meeting_or_met_later_is_refused(house):
    meeting, _case = world.in_session(house, NOW)
    with pytest.raises(succession.SuccessionError, match=r"er i møte\. Hev møtet først"):
        end(house, house.ssu, after(house))
    Meeting.objects.filter(pk=meeting.pk).update(status="adopted")
    with pytest.raises(succession.SuccessionError, match=r"hadde møte 10\.02\.2025\. Siste dag kan ikke være før det"):
        end(house, house.ssu, None)
    assert not has_ended(house.ssu)


def test_without_a_successor_what_is_left_is_told(house):
    _list, at = world.deciding_list(house, 1)
    world.planned(house, at)
    with pytest.raises(succession.SuccessionError) as told:
        end(house, house.ssu, None, at)
    sentences = str(told.value)
    assert "SSU Troms og Ofoten har planlagt møte" in sentences
    assert "er ikke ferdig. Velg organet som fører arbeidet videre, eller gjør det ferdig først." in sentences
    assert not has_ended(house.ssu)


def test_an_ended_body_gets_neither_seats_nor_meetings(house):
    end(house, house.ssu, after(house))
    house.ssu.refresh_from_db()
    fields = {"side": Side.MUNICIPALITY, "right": Right.VOTE, "from_date": local_date(NOW)}
    with pytest.raises(bodies.SeatError, match=r"har 09\.02\.2025 som siste dag"):
        bodies.add_seat(house.ssu, Invited("ny@example.org", "Ny"), fields, by=house.secretary, at=NOW)
    with pytest.raises(MeetingError, match="er avsluttet"):
        world.planned(house, NOW)
    assert house.ssu not in bodies_planned_by(house.secretary, now=NOW)


@pytest.mark.fault("A1")
def test_nobody_gives_oneself_what_a_body_had(house):
    successor = after(house)
    factories.seat(successor, house.secretary)
    with pytest.raises(OwnRightError, match="Be en kollega"):
        end(house, house.ssu, successor)
    assert not has_ended(house.ssu)


# --- the pages ---------------------------------------------------------------------------------------------


def test_the_secretariat_ends_it_on_its_page_and_takes_it_back(house, sign_in):
    successor, client = after(house), sign_in(house.secretary)
    page = reverse("portal:body_end", args=[house.fsu.code])
    other = factories.body(house.community, BodyKind.FSU, name="FSU nytt")
    assert page in client.get(house.fsu.get_absolute_url()).content.decode()
    assert "Avslutt FSU PHR" in client.get(page).content.decode()
    assert client.post(page, {"last_day": "09.02.2025", "successor": successor.pk}).status_code == 422
    told = client.post(page, {"last_day": "09.02.2025", "successor": other.pk}, follow=True).content.decode()
    words = " ".join(told.split())
    assert "FSU PHR er avsluttet. Siste dag var 09.02.2025." in words
    assert "FSU nytt" in words
    assert "Fører videre" in client.get(other.get_absolute_url()).content.decode()
    assert "avsluttet 09.02.2025" in client.get(reverse("portal:body_list")).content.decode()
    client.post(reverse("portal:body_take_back_end", args=[house.fsu.code]))
    assert not has_ended(house.fsu)


@pytest.mark.parametrize(
    ("role", "code"), [("secretary", 302), ("far_secretary", 404), ("fsu_leader", 403), ("nobody", 404)]
)
def test_only_its_secretariat_ends_it(house, sign_in, role, code):
    client = sign_in(getattr(house, role))
    answer = client.post(reverse("portal:body_end", args=[house.fsu.code]), {"last_day": "09.02.2025"})
    assert (answer.status_code, has_ended(house.fsu)) == (code, code == 302)
