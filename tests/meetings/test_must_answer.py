"""Whoever takes part in an application answers about habilitet before leading its case, and before voting in it."""

import pytest
from django.urls import reverse

from evaluation.assessment.models import Habilitet
from evaluation.meetings.models import Ballot, Case, Vote
from evaluation.meetings.queries.habilitet import why_not_whole
from evaluation.meetings.services import balloting, habilitet, resolving
from evaluation.meetings.services.balloting import VoteRefusedError
from evaluation.meetings.services.locking import MeetingConflictError, MeetingError
from portal.communities.models import User
from portal.communities.queries import standing_at
from portal.journal.models import LogEntry
from tests import factories
from tests.harness import worlds
from tests.meetings import world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock"), pytest.mark.fault("A1", "A2")]

ASKED = "Du er med på «Prosjekt 1» og har ikke svart på om du er habil. Åpne søknaden og svar først."
NO = {"is_recused": False, "reason": "Signerte ikke denne."}


@worlds.world
def in_case(house):
    """A meeting on the case of an application that a voting member signs for, who has not been asked."""
    meeting, cases, at = world.list_meeting(house, 1)
    Habilitet.objects.all().delete()
    meeting = world.opened(house, meeting, at, *world.everybody(house))
    return meeting, [Case.objects.get(pk=case.pk) for case in cases], at


def press(client, name, *args, **words):
    return client.post(reverse(f"meetings:{name}", args=args), words)


def test_the_body_decides_nothing_before_each_voter_with_a_tie_has_answered(house, in_case):
    _meeting, cases, at = in_case
    sentence = "har ikke svart på om de er habile: Rita Recused"
    with pytest.raises(MeetingError, match=sentence):
        world.ballot_on(house, cases[0], at, outcome="granted", amount=450_000, proposal="1. 450 000 kr innvilges.")
    with pytest.raises(MeetingError, match=sentence):
        resolving.adopt_as_proposed(cases[0], by=house.chair, at=at)
    question = habilitet.answer_habil(cases[0], by=house.recused_member, at=at)
    assert (question.has_tie, question.is_pending) == (False, True)
    habilitet.decide_question(cases[0], question, **NO, by=house.chair, at=at)
    assert resolving.adopt_as_proposed(cases[0], by=house.chair, at=at).amount == 450_000


def test_an_officer_who_votes_answers_before_the_ballot_whatever_the_tie(house, in_case):
    """Else the ballot is opened, and the officer's vote is refused."""
    _meeting, cases, at = in_case
    house.recused_member.affiliations.update(may_sign=False)
    words = {"outcome": "granted", "amount": 450_000, "proposal": "1. 450 000 kr innvilges."}
    factories.affiliation(house.chair, house.lead)
    factories.seat(house.secretariat, house.chair)
    with pytest.raises(MeetingError, match=f"har ikke svart på om de er habile: {house.chair}"):
        world.ballot_on(house, cases[0], at, **words)
    habilitet.answer_habil(cases[0], by=house.chair, at=at)
    ballot = world.ballot_on(house, cases[0], at, **words)
    assert balloting.cast(ballot, choice="for", by=house.chair, at=at).choice == "for"


def test_one_who_comes_while_it_is_voted_answers_before_voting(house, in_case):
    _meeting, cases, at = in_case
    house.recused_member.affiliations.update(may_sign=False)
    ballot = world.ballot_on(
        house, cases[0], at, outcome="granted", amount=450_000, proposal="1. 450 000 kr innvilges."
    )
    house.recused_member.affiliations.update(may_sign=True)
    with pytest.raises(VoteRefusedError, match="Du har en tilknytning til saken"):
        balloting.cast(ballot, choice="for", by=house.recused_member, at=at)
    balloting.cast(ballot, choice="for", by=house.chair, at=at)
    assert [vote.seat.user for vote in Vote.objects.all()] == [house.chair]


@pytest.mark.parametrize(
    ("role", "may_sign", "is_asked"),
    [
        ("secretary", False, True),
        ("secretary", True, True),
        # A member is sent by an employer that takes part in nearly everything.
        ("chair", False, False),
        ("chair", True, True),
    ],
)
def test_who_leads_answers_first(role, may_sign, is_asked, house, in_case, sign_in):
    meeting, cases, at = in_case
    person = getattr(house, role)
    factories.affiliation(person, house.lead, may_sign=may_sign)
    client, case = sign_in(person), cases[0]
    for name, words in {"postpone": {}, "note": {}, "move": {"to": 2}, "edit_paper": {}, "open_ballot": {}}.items():
        if (role, name) not in {("chair", "move"), ("chair", "edit_paper")}:
            page = press(client, name, case.pk, **words)
            assert (page.status_code == 403 and ASKED in page.content.decode()) is is_asked, name
    line = world.line(meeting, house.member)
    assert (press(client, "attend", meeting.pk, line.pk, act="leave").status_code == 403) is is_asked
    whole = Case.objects.get(application=None)
    assert (press(client, "rewrite_allocation", whole.pk).status_code == 403) is is_asked
    said = why_not_whole(standing_at(User.objects.get(pk=person.pk), at), whole)
    assert ("det er ikke avgjort om du er det, eller du har ikke svart på det." in said) is is_asked


def test_a_list_is_put_up_when_the_officer_has_answered(house, sign_in):
    priority_list, at = world.deciding_list(house, 1)
    meeting = world.planned(house, at)
    factories.affiliation(house.secretary, house.lead)
    client, application = sign_in(house.secretary), priority_list.recommendations.get().application
    page = press(client, "add_list", meeting.pk, priority_list.pk)
    assert (page.status_code, ASKED in page.content.decode()) == (403, True)
    client.post(reverse("assessment:habilitet", args=[application.code]), {"has_tie": "no"})
    assert press(client, "add_list", meeting.pk, priority_list.pk).status_code == 302
    assert meeting.cases.count() == 2


def test_the_answer_is_given_on_the_page_of_the_case(house, in_case, sign_in):
    _meeting, cases, _at = in_case
    factories.affiliation(house.secretary, house.lead)
    client, case = sign_in(house.secretary), cases[0]
    assert "Jeg er habil i saken" in client.get(reverse("meetings:raise_habilitet", args=[case.pk])).content.decode()
    page = client.post(reverse("meetings:answer_habil", args=[case.pk]), follow=True).content.decode()
    assert "Svaret ditt er lagret. Du er med i saken." in page
    assert LogEntry.objects.filter(act="habilitet.answered").count() == 1
    again = client.get(reverse("meetings:raise_habilitet", args=[case.pk])).content.decode()
    assert "Jeg er habil i saken" not in again
    page = client.post(reverse("meetings:answer_habil", args=[case.pk]), follow=True).content.decode()
    assert "Du har allerede svart" in page
    assert press(client, "postpone", case.pk, reason="Mer tid.").status_code == 302


def test_a_strong_tie_goes_to_the_body(house, in_case, sign_in):
    _meeting, cases, _at = in_case
    client = sign_in(house.recused_member)
    page = client.post(reverse("meetings:answer_habil", args=[cases[0].pk]), follow=True).content.decode()
    assert "så utvalget avgjør om du er habil" in page
    assert Habilitet.objects.get(person=house.recused_member).is_pending


@pytest.mark.parametrize(("role", "expected"), [("member", 302), ("user_member", 302), ("far_secretary", 404)])
def test_those_in_the_meeting_answer(role, expected, house, in_case, sign_in):
    _meeting, cases, _at = in_case
    assert press(sign_in(getattr(house, role)), "answer_habil", cases[0].pk).status_code == expected
    assert Habilitet.objects.filter(person=getattr(house, role)).exists() is (expected == 302)


def test_a_case_about_no_application_has_nothing_to_answer(house, in_case):
    _meeting, _cases, at = in_case
    with pytest.raises(MeetingError, match="Saken gjelder ingen søknad"):
        habilitet.answer_habil(Case.objects.get(application=None), by=house.member, at=at)
    assert not Ballot.objects.exists()


def test_who_was_asked_answers_no_more(house, in_case):
    meeting, cases, at = in_case
    words = {"ground": "other", "explanation": "Søsken."}
    habilitet.raise_question(cases[0], world.line(meeting, house.member), **words, by=house.chair, at=at)
    with pytest.raises(MeetingConflictError, match="noen har meldt fra for deg"):
        habilitet.answer_habil(cases[0], by=house.member, at=at)
    assert Habilitet.objects.get().declared_at is None


@pytest.mark.fault("A3")
def test_a_member_with_a_strong_tie_reads_the_papers_after_the_answer(house, in_case, sign_in):
    """The paper, its document and the allocation hold the recommendation of the own application."""
    _meeting, cases, at = in_case
    client, case, whole = sign_in(house.recused_member), cases[0], Case.objects.get(application=None)
    closed = [client.get(reverse(f"meetings:{name}", args=[case.pk])) for name in ("case", "paper_pdf")]
    closed.append(client.get(reverse("meetings:case", args=[whole.pk])))
    assert [page.status_code for page in closed] == [403, 403, 403]
    assert reverse("meetings:raise_habilitet", args=[case.pk]) in closed[0].content.decode()
    assert "Svarer godt" not in closed[0].content.decode()
    question = habilitet.answer_habil(case, by=house.recused_member, at=at)
    habilitet.decide_question(case, question, **NO, by=house.chair, at=at)
    assert "Svarer godt" in client.get(reverse("meetings:case", args=[case.pk])).content.decode()
    assert client.get(reverse("meetings:case", args=[whole.pk])).status_code == 200
