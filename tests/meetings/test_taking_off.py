"""A case, or a list, is taken off an agenda until the meeting is set."""

import pytest
from django.urls import reverse

from evaluation.assessment.models import Habilitet
from evaluation.assessment.services import freezing
from evaluation.assessment.turn import Turn
from evaluation.meetings.models import Case
from evaluation.meetings.queries import agenda
from evaluation.meetings.services import from_list, habilitet, live, planning, resolving, taking_off
from evaluation.meetings.services.locking import MeetingConflictError, MeetingError
from portal.clock import local_date
from portal.journal.models import LogEntry
from portal.journal.sentences import sentence
from tests.habilitet import decide_about
from tests.harness import worlds
from tests.meetings import world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock"), pytest.mark.fault("B6")]

WHY = "Listen skal rettes."


@worlds.world
def planned(house):
    """A planned meeting with a case of its own, the cases of a list of two, and one more; cases and the time."""
    meeting, _cases, at = world.list_meeting(house, 2)
    world.own_case(house, meeting, at, title="Orientering")
    return meeting, at


def numbers(meeting):
    return list(meeting.cases.order_by("position").values_list("position", "number", "title"))


def test_a_list_goes_whole_and_can_be_unlocked_or_put_up_again(house, planned, frozen_clock, sign_in):
    meeting, at = planned
    frozen_clock.move_to(at)
    first = meeting.cases.get(position=1)
    client, url = sign_in(house.secretary), reverse("meetings:take_off", args=[first.pk])
    assert url in client.get(reverse("meetings:agenda", args=[meeting.pk])).content.decode()
    assert "Alle de 3 sakene fra listen" in client.get(url).content.decode()
    assert client.post(url, {"reason": ""}).status_code == 422
    assert client.post(url, {"reason": WHY}).url == reverse("meetings:agenda", args=[meeting.pk])
    assert numbers(meeting) == [(1, 4, "Orientering")]
    entry = LogEntry.objects.get(act="case.taken_off")
    assert sentence(entry) == "Sak 1/24, 2/24, 3/24 ble tatt av sakslisten («Listen skal rettes.»)."
    (waiting,) = agenda.lists_ready_for(house.ssu)
    freezing.unlock(Turn(waiting.round, waiting.stage, house.community), reason=WHY, by=house.secretary, at=at)
    assert not agenda.lists_ready_for(house.ssu).exists()


def test_a_number_that_was_given_is_not_given_again(house, planned):
    meeting, at = planned
    taking_off.take_off(meeting.cases.get(position=4), reason=WHY, by=house.secretary, at=at)
    assert world.own_case(house, meeting, at, title="En ny").number == 5
    taking_off.take_off(meeting.cases.get(position=1), reason=WHY, by=house.secretary, at=at)
    (waiting,) = agenda.lists_ready_for(house.ssu)
    assert [case.number for case in from_list.add_cases(meeting, waiting, by=house.secretary, at=at)] == [6, 7, 8]
    assert [position for position, _number, _title in numbers(meeting)] == [1, 2, 3, 4]


def test_a_case_alone_goes_with_what_was_raised_about_it(house, planned):
    meeting, at = planned
    case = meeting.cases.get(position=4)
    words = {"ground": "other", "explanation": "Søsken."}
    habilitet.raise_question(case, world.line(meeting, house.member), **words, by=house.chair, at=at)
    taking_off.take_off(case, reason=WHY, by=house.secretary, at=at)
    assert not Habilitet.objects.exclude(case_id=None).exists()
    assert len(numbers(meeting)) == 3
    with pytest.raises(MeetingConflictError, match="allerede tatt av"):
        taking_off.take_off(case, reason=WHY, by=house.secretary, at=at)


def test_a_case_that_was_taken_up_again_waits_as_before(house, planned):
    meeting, at = planned
    meeting = world.opened(house, meeting, at, *world.everybody(house))
    resolving.postpone(Case.objects.get(position=1), reason="Mer tid.", by=house.chair, at=at)
    later = world.planned(house, at)
    again = planning.take_up_again(Case.objects.get(meeting=meeting, position=1), later, by=house.secretary, at=at)
    taking_off.take_off(again, reason=WHY, by=house.secretary, at=at)
    assert list(agenda.postponed_in(house.ssu).values_list("title", flat=True)) == ["Prosjekt 1"]
    assert not later.cases.exists()


def test_a_called_meeting_is_called_again(house, planned, frozen_clock, sign_in):
    meeting, at = planned
    frozen_clock.move_to(at)
    planning.call(meeting, by=house.secretary, at=at)
    case = meeting.cases.get(position=4)
    url = reverse("meetings:take_off", args=[case.pk])
    page = sign_in(house.secretary).post(url, {"reason": WHY}, follow=True).content.decode()
    assert "Kall inn på nytt, så medlemmene får vite det." in page


def test_when_the_meeting_is_set_it_is_postponed_instead(house, planned, frozen_clock, sign_in):
    meeting, at = planned
    frozen_clock.move_to(at)
    case = meeting.cases.get(position=4)
    planning.call(meeting, by=house.secretary, at=at)
    live.open_meeting(meeting, by=house.chair, at=at, on_day=local_date(at))
    url = reverse("meetings:take_off", args=[case.pk])
    assert sign_in(house.secretary).post(url, {"reason": WHY}).status_code == 403
    with pytest.raises(MeetingError, match="Da utsettes saken i møtet i stedet"):
        taking_off.take_off(case, reason=WHY, by=house.secretary, at=at)
    with pytest.raises(MeetingError, match="Skriv hvorfor"):
        taking_off.take_off(case, reason=" ", by=house.secretary, at=at)


@pytest.mark.parametrize(("role", "expected"), [("hospital_secretary", 200), ("chair", 403), ("far_secretary", 404)])
def test_the_secretariat_takes_it_off(role, expected, house, planned, frozen_clock, sign_in):
    meeting, at = planned
    frozen_clock.move_to(at)
    planning.call(meeting, by=house.secretary, at=at)
    url = reverse("meetings:take_off", args=[meeting.cases.get(position=1).pk])
    assert sign_in(getattr(house, role)).get(url).status_code == expected


def test_who_is_out_of_a_case_takes_nothing_of_its_list_off(house, planned, frozen_clock, sign_in):
    meeting, at = planned
    frozen_clock.move_to(at)
    first, second = meeting.cases.order_by("position")[:2]
    words = {"is_recused": True, "ground": "party", "reason": "Bror.", "by": house.hospital_secretary, "at": at}
    decide_about(first.application, house.secretary, **words)
    client = sign_in(house.secretary)
    for case in (first, second):
        assert client.post(reverse("meetings:take_off", args=[case.pk]), {"reason": WHY}).status_code == 403
        with pytest.raises(MeetingError):
            taking_off.take_off(case, reason=WHY, by=house.secretary, at=at)
    assert len(numbers(meeting)) == 4
