"""What a leader of the meeting tries in a case where the leader may be inhabil."""

import pytest
from django.urls import reverse

from evaluation.assessment.habilitet import Ground
from evaluation.assessment.services import declaring
from evaluation.meetings.models import CaseRecusal, Meeting
from evaluation.meetings.queries.papers import list_rows, shown_to
from evaluation.meetings.services import habilitet, resolving, room
from tests.meetings import world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]


def test_chair_does_not_take_back_the_question_about_the_chair(house, now, sign_in):
    meeting, case = world.in_session(house, now)
    line = world.line(meeting, house.chair)
    words = {"ground": Ground.OTHER, "explanation": "Leder enheten."}
    question = habilitet.raise_question(case, line, **words, by=house.secretary, at=now)
    address = reverse("meetings:withdraw_habilitet", args=[question.pk])
    assert sign_in(house.chair).post(address).status_code == 403
    assert CaseRecusal.objects.filter(pk=question.pk).exists()
    assert sign_in(house.vice_chair).post(address).status_code == 302
    assert not CaseRecusal.objects.filter(pk=question.pk).exists()


def test_inhabil_chair_does_not_write_the_reason_afterwards(house, now, sign_in):
    meeting, case = world.in_session(house, now)
    words = {"ground": Ground.OTHER, "explanation": "Leder enheten."}
    line = world.line(meeting, house.chair)
    question = habilitet.raise_question(case, line, **words, by=house.secretary, at=now)
    words = {"is_recused": True, "reason": "Leder enheten."}
    habilitet.decide_question(question, **words, by=house.vice_chair, at=now)
    resolving.adopt_agreed(case, text="Godkjent.", by=house.vice_chair, at=now)
    room.close_meeting(Meeting.objects.get(pk=meeting.pk), by=house.vice_chair, at=now)
    address = reverse("meetings:write_statements", args=[case.pk])
    posted = {"reason": "Chairens egen begrunnelse.", "statements": ""}
    assert sign_in(house.chair).post(address, posted).status_code == 403
    assert sign_in(house.vice_chair).post(address, {"reason": "Utvalgets.", "statements": ""}).status_code == 302


def test_list_hides_a_case_while_the_tie_is_undecided(house, now):
    _meeting, cases, at = world.list_meeting(house)
    first = cases[0].application
    declaring.declare(first, has_tie=True, ground=Ground.OTHER, explanation="Søsken.", by=house.member, at=at)
    rows = shown_to(house.member, list(list_rows(cases[-1])))
    assert [row.is_hidden for row in rows] == [True, False]
