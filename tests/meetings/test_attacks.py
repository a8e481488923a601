"""What a leader of the meeting tries in a case where the leader may be inhabil."""

import re

import pytest
from django.urls import reverse

from evaluation.assessment.habilitet import Ground
from evaluation.assessment.models import Habilitet, HabilitetStep, PriorityList
from evaluation.assessment.services import declaring
from evaluation.meetings.models import Case, CasePaper, Meeting
from evaluation.meetings.queries.habilitet import closed_lines
from evaluation.meetings.queries.papers import list_rows, shown_without
from evaluation.meetings.services import balloting, from_list, habilitet, live, resolving
from evaluation.meetings.services.locking import MeetingConflictError, MeetingError
from portal.communities.queries import standing_at
from portal.mail.models import Message
from rounds.models import Frame
from tests.meetings import world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]


def test_chair_does_not_take_back_the_question_about_the_chair(house, now, meeting, case, sign_in):
    line = world.line(meeting, house.chair)
    words = {"ground": Ground.OTHER, "explanation": "Leder enheten."}
    question = habilitet.raise_question(case, line, **words, by=house.secretary, at=now)
    address = reverse("meetings:withdraw_habilitet", args=[case.pk, question.pk])
    posted = {"reason": "Feil person."}
    assert sign_in(house.chair).post(address, posted).status_code == 403
    assert sign_in(house.vice_chair).post(address, posted).status_code == 403
    with pytest.raises(MeetingError, match="Bare den som har reist spørsmålet"):
        habilitet.withdraw_question(case, question, reason="Feil.", by=house.vice_chair, at=now)
    assert Habilitet.objects.filter(pk=question.pk).exists()
    assert sign_in(house.secretary).post(address, posted).status_code == 302
    assert not Habilitet.objects.filter(pk=question.pk).exists()


def test_question_is_taken_back_with_a_reason_that_is_kept_and_the_person_is_told(house, now, meeting, case, sign_in):
    words = {"ground": Ground.OTHER, "explanation": "Leder enheten."}
    question = habilitet.raise_question(case, world.line(meeting, house.member), **words, by=house.chair, at=now)
    chair, address = sign_in(house.chair), reverse("meetings:withdraw_habilitet", args=[case.pk, question.pk])
    assert address in chair.get(reverse("meetings:decide_habilitet", args=[case.pk, question.pk])).text
    assert "Mona Member får e-post om at du har tatt spørsmålet tilbake." in chair.get(address).text
    assert chair.post(address, {"reason": " "}).status_code == 422
    with pytest.raises(MeetingError, match="Skriv hvorfor spørsmålet tas tilbake"):
        habilitet.withdraw_question(case, question, reason=" ", by=house.chair, at=now)
    assert chair.post(address, {"reason": "Feil person."}).status_code == 302
    last = HabilitetStep.objects.last()
    assert (last.kind, last.by, last.words) == ("taken_back", house.chair, "Feil person.")
    message = Message.objects.get(kind="habilitet_taken_back")
    assert message.recipient == house.member.email
    said = f"Kari Chair har tatt tilbake spørsmålet om du er habil i «{case.title}»."
    assert (said in message.body_text, "Saken er åpen for deg igjen." in message.body_text) == (True, True)


def test_who_another_asks_about_in_a_meeting_is_told_of_the_question_and_of_the_decision(house, now, meeting, case):
    words = {"ground": Ground.OTHER, "explanation": "Leder enheten."}
    question = habilitet.raise_question(case, world.line(meeting, house.member), **words, by=house.chair, at=now)
    habilitet.decide_question(case, question, is_recused=True, reason="Hemmelig.", by=house.chair, at=now)
    raised, decided = Message.objects.order_by("pk").filter(kind__startswith="habilitet")
    assert {raised.recipient, decided.recipient} == {house.member.email}
    assert f"Kari Chair har reist spørsmål om du er habil i «{case.title}»." in raised.body_text
    assert f"{meeting.body.name} har avgjort at du er inhabil i «{case.title}»." in decided.body_text
    assert ("Bare et utvalg i møte" in decided.body_text, "Hemmelig" in decided.body_text) == (True, False)


def test_who_speaks_up_alone_needs_no_mail_of_it(house, now, meeting, case):
    words = {"ground": Ground.OTHER, "explanation": "Leder enheten."}
    question = habilitet.raise_question(case, world.line(meeting, house.member), **words, by=house.member, at=now)
    habilitet.decide_question(case, question, is_recused=True, reason="Ja.", by=house.chair, at=now)
    assert not Message.objects.filter(kind__startswith="habilitet").exists()


def test_question_that_is_taken_back_is_not_decided(house, now, meeting, case, sign_in):
    words = {"ground": Ground.OTHER, "explanation": "Leder enheten."}
    question = habilitet.raise_question(case, world.line(meeting, house.member), **words, by=house.chair, at=now)
    habilitet.withdraw_question(case, question, reason="Feil person.", by=house.chair, at=now)
    with pytest.raises(MeetingConflictError, match="Spørsmålet er tatt tilbake"):
        habilitet.decide_question(case, question, is_recused=True, reason="Ja.", by=house.vice_chair, at=now)
    assert not Habilitet.objects.exists()


def test_inhabil_chair_is_not_told_by_the_heading_how_the_ballot_went(house, sign_in):
    meeting, cases, at = world.list_meeting(house)
    world.opened(house, meeting, at, *world.everybody(house))
    case = Case.objects.get(pk=cases[0].pk)
    row = Habilitet(application=case.application, person=house.chair)
    words = {"ground": Ground.OTHER, "reason": "Søsken."}
    question = declaring.raise_question(row, ground=Ground.OTHER, explanation="Søsken.", by=house.secretary, at=at)
    declaring.decide_question(question, is_recused=True, **words, by=house.secretary, at=at, body=None)
    room = reverse("meetings:room", args=[meeting.pk])

    def heading(person):
        return re.search(r'id="chair-title">([^<]+)<', sign_in(person).get(room).text)[1].strip()

    assert heading(house.vice_chair) == "Neste steg: er alle enige?"
    assert heading(house.chair) == "Andre leder saken"
    ballot = balloting.open_ballot(case, proposal="1. Avslås.", outcome="rejected", by=house.vice_chair, at=at)
    world.vote(ballot, at, of=house, member="for", vice_chair="for")
    assert "har stemt" in sign_in(house.vice_chair).get(room).text
    page = sign_in(house.chair).get(room).text
    assert ("har stemt" in page, "data-votes" in page) == (False, False)
    balloting.close_ballot(ballot, by=house.vice_chair, at=at)
    assert heading(house.vice_chair) == "Neste steg: registrer vedtaket"
    assert heading(house.chair) == "Andre leder saken"


def test_inhabil_chair_writes_nothing_in_the_minutes(house, now, meeting, case, sign_in):
    words = {"ground": Ground.OTHER, "explanation": "Leder enheten."}
    line = world.line(meeting, house.chair)
    question = habilitet.raise_question(case, line, **words, by=house.secretary, at=now)
    words = {"is_recused": True, "reason": "Leder enheten."}
    habilitet.decide_question(case, question, **words, by=house.vice_chair, at=now)
    resolving.adopt_agreed(case, text="Godkjent.", by=house.vice_chair, at=now)
    live.close_meeting(Meeting.objects.get(pk=meeting.pk), by=house.vice_chair, at=now)
    address = reverse("meetings:write_statements", args=[case.pk])
    posted = {"statements": "Chairens egne ord."}
    assert sign_in(house.chair).post(address, posted).status_code == 403
    assert sign_in(house.vice_chair).post(address, {"statements": "Utvalgets."}).status_code == 302


def test_list_hides_a_case_while_the_tie_is_undecided(house, now):
    _meeting, cases, at = world.list_meeting(house)
    first = cases[0].application
    declaring.declare(first, has_tie=True, ground=Ground.OTHER, explanation="Søsken.", by=house.member, at=at)
    allocation = cases[-1]
    closed = closed_lines(standing_at(house.member, at), allocation)
    rows = shown_without(closed, allocation, list(list_rows(allocation)))
    assert [row.is_hidden for row in rows] == [True, False]


def test_nobody_waves_aside_what_a_member_has_said(house):
    meeting, cases, at = world.list_meeting(house)
    words = {"ground": Ground.OTHER, "explanation": "Søsken."}
    declaring.declare(cases[1].application, has_tie=True, **words, by=house.member, at=at)
    world.opened(house, meeting, at, *world.everybody(house))
    raised = habilitet.raise_question(cases[0], world.line(meeting, house.member), **words, by=house.member, at=at)
    live.go_to(meeting, cases[1], by=house.chair, at=at)
    before = Habilitet.objects.get(application=cases[1].application, person=house.member)
    for case, question in ((cases[0], raised), (cases[1], before)):
        with pytest.raises(MeetingError, match="Mona Member har selv meldt fra"):
            habilitet.withdraw_question(case, question, reason="Feil.", by=house.chair, at=at)
    assert Habilitet.objects.filter(is_pending=True).count() == 2


def test_vote_that_counted_somebody_found_inhabil_afterwards_is_taken_anew(house):
    meeting, cases, at = world.list_meeting(house)
    world.opened(house, meeting, at, *world.everybody(house))
    case = Case.objects.get(pk=cases[0].pk)

    def voted():
        ballot = world.ballot_on(house, case, at, outcome="rejected")
        world.vote(ballot, at, of=house, chair="for", vice_chair="for")
        return balloting.close_ballot(ballot, by=house.chair, at=at)

    first = voted()
    line = world.line(meeting, house.member)
    words = {"ground": Ground.OTHER, "explanation": "Leder enheten."}
    question = habilitet.raise_question(case, line, **words, by=house.chair, at=at)
    habilitet.decide_question(case, question, is_recused=True, reason="Leder enheten.", by=house.chair, at=at)
    with pytest.raises(MeetingError, match="Mona Member var med i voteringen, og er inhabil i saken"):
        resolving.adopt_ballot(first, by=house.chair, at=at)
    again = resolving.adopt_ballot(voted(), reason="Uklare mål.", by=house.chair, at=at)
    assert again.outcome == "rejected"


@pytest.mark.fault("B5")
@pytest.mark.parametrize(
    ("frame", "lines"),
    [
        (1_000_000, ["Ramme: 1 000 000 kr", "Igjen av rammen: 100 000 kr"]),
        (800_000, ["Ramme: 800 000 kr", "Over rammen: 100 000 kr"]),
        (None, []),
    ],
)
def test_allocation_is_held_against_the_frame_as_it_is_now(house, frame, lines):
    priority_list, at = world.deciding_list(house)
    Frame.objects.update(amount=frame)
    priority_list = PriorityList.objects.get(pk=priority_list.pk)
    cases = from_list.add_cases(world.planned(house, at), priority_list, by=house.secretary, at=at)
    facts = CasePaper.objects.get(case=cases[-1]).facts.replace("\N{NO-BREAK SPACE}", " ")
    assert facts.splitlines()[3:] == lines
