"""Whoever is out of a case touches nothing of it: the chair, the deputy chair and the secretariat alike."""

import pytest
from django.contrib.messages import get_messages
from django.core import serializers
from django.urls import reverse

from evaluation.assessment.habilitet import Ground
from evaluation.assessment.models import Habilitet
from evaluation.assessment.services import declaring
from evaluation.meetings.models import (
    Attendance,
    Ballot,
    Case,
    CaseAttachment,
    CasePaper,
    Meeting,
    Reopening,
    Resolution,
    Vote,
)
from evaluation.meetings.services import (
    attachments,
    balloting,
    corrections,
    from_list,
    habilitet,
    live,
    planning,
    relating,
    resolving,
)
from evaluation.meetings.services.locking import MeetingError
from portal.files.models import StoredFile
from portal.journal.models import LogEntry
from portal.mail.models import Message
from tests.harness import worlds
from tests.meetings import world

pytestmark = [pytest.mark.django_db, pytest.mark.fault("A2"), pytest.mark.usefixtures("frozen_clock")]

WORDS = {"ground": Ground.OTHER, "explanation": "Søsken leder prosjektet."}
DECISION = {"ground": Ground.OTHER, "reason": "Søsken."}


def shut_out(case, person, by, at):
    """The person is inhabil in the application of the case."""
    row = Habilitet(application=case.application, person=person)
    question = declaring.raise_question(row, **WORDS, by=by, at=at)
    declaring.decide_question(question, is_recused=True, **DECISION, by=by, at=at, body=None)


@worlds.world
def closed_case(house, now):
    """A meeting on the first of two applications: chair and one secretary inhabil, deputy chair waits.

    Gives the meeting, its cases, and a question about a member.
    """
    meeting, cases, at = world.list_meeting(house)
    meeting = world.opened(house, meeting, at, *world.everybody(house))
    case = Case.objects.get(pk=cases[0].pk)
    line = world.line(meeting, house.member)
    question = habilitet.raise_question(case, line, **WORDS, by=house.secretary, at=at)
    for person in (house.chair, house.hospital_secretary):
        shut_out(case, person, house.secretary, at)
    waits = Habilitet(application=case.application, person=house.vice_chair)
    declaring.raise_question(waits, **WORDS, by=house.secretary, at=at)
    return meeting, [Case.objects.get(pk=one.pk) for one in cases], question, at


def rows():
    """All that an act in a meeting may change, and the log."""
    tables = (
        Attendance,
        Ballot,
        Case,
        CaseAttachment,
        CasePaper,
        Habilitet,
        LogEntry,
        Meeting,
        Message,
        Reopening,
        Resolution,
        Vote,
    )
    return [serializers.serialize("json", table.objects.order_by("pk")) for table in tables]


def presses(house, meeting, cases, question):
    """Every press on the first case that one who leads has: address and what is posted."""
    case = cases[0]
    of_case = {
        "raise_habilitet": {"attendance": world.line(meeting, house.user_member).pk, **WORDS},
        "ballot_as_proposed": {},
        "open_ballot": {"proposal": "1. Avslås.", "outcome": "rejected"},
        "resolve": {"text": "1. Avslås.", "outcome": "rejected", "reason": "Nei."},
        "resolve_as_proposed": {},
        "postpone": {"reason": "Mer tid."},
        "reopen": {"why": "Feil."},
    }
    addresses = {name: (reverse(f"meetings:{name}", args=[case.pk]), posted) for name, posted in of_case.items()}
    for name, posted in (
        ("decide_habilitet", {"is_recused": "yes", "reason": "Tvil."}),
        ("withdraw_habilitet", {"reason": "Feil."}),
    ):
        addresses[name] = (reverse(f"meetings:{name}", args=[case.pk, question.pk]), posted)
    for act in ("leave", "arrive", "apologise"):
        line = world.line(meeting, house.recused_member)
        addresses[act] = (reverse("meetings:attend", args=[meeting.pk, line.pk]), {"act": act})
    return addresses


@pytest.mark.parametrize("role", ["chair", "vice_chair", "hospital_secretary"])
def test_a2_who_is_out_of_the_case_in_hand_changes_nothing_of_it(house, closed_case, sign_in, role):
    meeting, cases, question, _at = closed_case
    client, before = sign_in(getattr(house, role)), rows()
    for name, (address, posted) in presses(house, meeting, cases, question).items():
        # Somebody else's line is not among those that the form of habilitet offers.
        expected = 422 if name == "raise_habilitet" else 403
        assert client.post(address, posted).status_code == expected, name
    assert rows() == before


def test_a2_a_colleague_does_what_they_cannot(house, closed_case, sign_in):
    meeting, cases, question, _at = closed_case
    addresses = presses(house, meeting, cases, question)
    client = sign_in(house.secretary)
    for name in ("raise_habilitet", "decide_habilitet", "leave", "arrive"):
        assert client.post(*addresses[name]).status_code == 302, name
    assert Habilitet.objects.get(pk=question.pk).is_recused is True


def test_a2_one_who_is_out_speaks_for_oneself_only(house, closed_case, sign_in):
    meeting, _cases, _question, _at = closed_case
    line = world.line(meeting, house.chair)
    assert sign_in(house.chair).post(reverse("meetings:attend", args=[meeting.pk, line.pk]), {"act": "leave"}).url
    assert Attendance.objects.get(pk=line.pk).left_at is not None
    page = sign_in(house.chair).get(reverse("meetings:room", args=[meeting.pk])).content.decode()
    assert "Registrer avgang" not in page
    assert "Nestleder eller sekretariatet leder behandlingen av saken." in page


def test_a2_one_who_is_out_is_told_to_leave_and_nothing_of_a_ballot(house, closed_case, sign_in):
    room = reverse("meetings:room", args=[closed_case[0].pk])
    waiting = "Åpner møteleder en votering, stemmer du her."
    is_told = waiting in sign_in(house.recused_member).get(room).text
    assert is_told
    page = sign_in(house.member).get(room).text
    assert ("du stemmer ikke. Gå ut" in page, waiting in page) == (True, False)


def test_a2_the_rest_is_postponed_without_the_cases_one_is_out_of(house, closed_case, sign_in):
    meeting, cases, _question, _at = closed_case
    answer = sign_in(house.chair).post(reverse("meetings:postpone_rest", args=[meeting.pk]))
    (told,) = get_messages(answer.wsgi_request)
    assert str(told) == (
        "1 sak er utsatt. Sakene 1/24, 3/24 er ikke rørt, fordi du er inhabil der, eller det ikke er avgjort om du er "
        "det. Nestleder eller en annen i sekretariatet må utsette dem."
    )
    statuses = Case.objects.filter(pk__in=[case.pk for case in cases]).order_by("position")
    assert list(statuses.values_list("status", flat=True)) == ["prepared", "postponed", "prepared"]


def test_a2_what_is_closed_is_not_moved_or_taken_up_again(house, closed_case, sign_in):
    meeting, cases, _question, at = closed_case
    move = reverse("meetings:move", args=[cases[0].pk])
    client = sign_in(house.hospital_secretary)
    assert client.post(move, {"to": 2}).status_code == 403
    agenda = client.get(reverse("meetings:agenda", args=[meeting.pk])).content.decode()
    assert [f'id="to-{case.pk}"' in agenda for case in cases] == [False, True, True]
    resolving.postpone_rest(meeting, reason="Tiden var ute.", by=house.secretary, at=at)
    later = world.planned(house, at)
    again = reverse("meetings:take_up_again", args=[later.pk])
    assert client.post(again, {"case": cases[0].pk}).status_code == 403
    assert client.post(again, {"case": cases[1].pk}).status_code == 302
    assert list(later.cases.values_list("follows", flat=True)) == [cases[1].pk]


def test_a2_a_list_is_put_up_by_one_who_is_out_of_nothing_on_it(house, now, sign_in):
    priority_list, at = world.deciding_list(house)
    meeting = world.planned(house, at)
    application = priority_list.recommendations.first().application
    declaring.declare(application, has_tie=True, **WORDS, by=house.hospital_secretary, at=at)
    add = reverse("meetings:add_list", args=[meeting.pk, priority_list.pk])
    assert sign_in(house.hospital_secretary).post(add).status_code == 403
    with pytest.raises(MeetingError, match="En annen i sekretariatet må sette den opp"):
        from_list.add_cases(meeting, priority_list, by=house.hospital_secretary, at=at)
    assert not meeting.cases.exists()
    assert sign_in(house.secretary).post(add).status_code == 302
    assert meeting.cases.count() == 3


# The acts themselves, for what was raised between the page and the press.
ACTS = {
    "open a ballot": lambda c: balloting.open_ballot(c.case, proposal="1. Avslås.", outcome="rejected", **c.by),
    "close a ballot": lambda c: balloting.close_ballot(Ballot(case=c.case), **c.by),
    "adopt a ballot": lambda c: resolving.adopt_ballot(Ballot(case=c.case), **c.by),
    "write statements": lambda c: resolving.write_statements(
        Resolution(case=c.case), texts={"statements": "Nei."}, **c.by
    ),
    "correct": lambda c: corrections.correct(Resolution(case=c.case), text="Nei.", why="Feil.", **c.by),
    "adopt": lambda c: resolving.adopt_agreed(c.case, text="1. Avslås.", outcome="rejected", **c.by),
    "postpone": lambda c: resolving.postpone(c.case, reason="Mer tid.", **c.by),
    "note": lambda c: resolving.note(c.case, text="Til orientering.", **c.by),
    "reopen": lambda c: resolving.reopen(c.case, why="Feil.", **c.by),
    "move": lambda c: planning.move(c.case, to=2, **c.by),
    "write the paper": lambda c: planning.write_paper(c.case, texts={"proposal": "Nei.", "title": "Nei"}, **c.by),
    "attach": lambda c: attachments.add(c.case, StoredFile(name="a.pdf"), **c.by),
    "take out": lambda c: attachments.remove(CaseAttachment(case=c.case), **c.by),
    "name an earlier case": lambda c: relating.name_earlier(c.case, c.case, **c.by),
    "leave out an earlier case": lambda c: relating.leave_out_earlier(c.case, c.case, **c.by),
    "take up again": lambda c: planning.take_up_again(c.case, c.meeting, **c.by),
    "raise": lambda c: habilitet.raise_question(c.case, c.line, **WORDS, **c.by),
    "decide": lambda c: habilitet.decide_question(c.case, c.question, is_recused=True, reason="Ja.", **c.by),
    "take back": lambda c: habilitet.withdraw_question(c.case, c.question, reason="Feil.", **c.by),
    "report as gone": lambda c: live.leave(c.line, **c.by),
    "report as come": lambda c: live.arrive(c.line, **c.by),
    "report as absent": lambda c: live.apologise(c.line, **c.by),
}


class Closed:
    """What the acts take."""

    def __init__(self, house, closed_case, person):
        self.meeting, cases, self.question, at = closed_case
        self.case, self.line = cases[0], world.line(self.meeting, house.recused_member)
        self.by = {"by": person, "at": at}


@pytest.mark.parametrize("role", ["chair", "vice_chair", "hospital_secretary"])
@pytest.mark.parametrize("name", ACTS)
def test_a2_the_act_refuses_too(house, closed_case, name, role):
    before = rows()
    sentence = "avgjort om du er inhabil i sak 1/24" if role == "vice_chair" else "Du er inhabil i sak 1/24 og kan ikke"
    with pytest.raises(MeetingError, match=sentence):
        ACTS[name](Closed(house, closed_case, getattr(house, role)))
    assert rows() == before
