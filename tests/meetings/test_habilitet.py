"""Habilitet in a case: raised, decided by the others, and what it shuts a person out of."""

import re

import pytest
from django.urls import reverse
from django.utils import translation

from evaluation.assessment.habilitet import State
from evaluation.assessment.models import Habilitet
from evaluation.assessment.queries.habilitet import state_of
from evaluation.assessment.services import declaring
from evaluation.meetings.models import Case
from evaluation.meetings.permissions import can_lead_case, can_read_papers
from evaluation.meetings.queries.electorate import roll_of
from evaluation.meetings.queries.minutes import minutes_content
from evaluation.meetings.queries.papers import ties_of
from evaluation.meetings.services import balloting, habilitet, live, resolving
from evaluation.meetings.services.locking import MeetingConflictError, MeetingError
from evaluation.meetings.services.planning import fill_roll
from portal.clock import local_date
from tests import factories
from tests.habilitet import decide_about
from tests.harness import worlds
from tests.meetings import world

pytestmark = pytest.mark.django_db

TIE = {"ground": "represents", "explanation": "Jeg har signert."}
REJECTION = "1. SSU avslår søknaden."


@worlds.world
def on_application(house):
    """A meeting going on, on the case of the first of two applications; meeting, cases, time."""
    meeting, cases, at = world.list_meeting(house)
    meeting = world.opened(house, meeting, at, *world.everybody(house))
    return meeting, [Case.objects.get(pk=case.pk) for case in cases], at


def raised(house, meeting, case, person, at, by=None):
    return habilitet.raise_question(case, world.line(meeting, person), **TIE, by=by or person, at=at)


def test_member_who_raises_the_own_habilitet_also_declares_it(house, on_application):
    meeting, cases, at = on_application
    raised(house, meeting, cases[0], house.member, at)
    declared = Habilitet.objects.get(application=cases[0].application, person=house.member)
    assert (declared.has_tie, declared.ground, declared.is_pending) == (True, "represents", True)


def test_chair_who_raises_it_for_another_declares_nothing(house, on_application):
    meeting, cases, at = on_application
    raised(house, meeting, cases[0], house.member, at, by=house.chair)
    row = Habilitet.objects.get(person=house.member)
    assert (row.has_tie, row.declared_at, row.raised_by, row.is_pending) == (None, None, house.chair, True)


def test_question_is_raised_once_and_not_in_a_case_that_is_settled(house, on_application):
    meeting, cases, at = on_application
    raised(house, meeting, cases[0], house.member, at)
    with pytest.raises(MeetingConflictError, match="Habiliteten til Mona Member er allerede meldt"):
        raised(house, meeting, cases[0], house.member, at)
    resolving.postpone(cases[0], reason="Mer forankring.", by=house.chair, at=at)
    with pytest.raises(MeetingError, match="ferdig behandlet"):
        raised(house, meeting, cases[0], house.chair, at)


def test_nothing_is_voted_on_or_agreed_before_habilitet_is_decided(house, on_application):
    meeting, cases, at = on_application
    raised(house, meeting, cases[0], house.member, at)
    with pytest.raises(MeetingError, match="Avgjør habiliteten til Mona Member først"):
        world.ballot_on(house, cases[0], at, outcome="rejected")
    with pytest.raises(MeetingError, match="Avgjør habiliteten til Mona Member først"):
        resolving.adopt_as_proposed(cases[0], by=house.chair, at=at)


def filled_buttons(page):
    """The ids of the filled buttons on a page."""
    buttons = re.findall(r'<(?:a|button) class="ds-button"[^>]*>', page)
    return [re.search(r'id="([^"]+)"', one).group(1) for one in buttons if "data-variant" not in one]


def test_chair_is_led_to_the_habilitet_before_anything_else(house, on_application, frozen_clock, sign_in):
    meeting, cases, at = on_application
    question = raised(house, meeting, cases[0], house.member, at)
    client, room = sign_in(house.chair), reverse("meetings:room", args=[meeting.pk])
    page = client.get(room).content.decode()
    assert filled_buttons(page) == ["decide-habilitet"]
    assert f'href="{reverse("meetings:decide_habilitet", args=[cases[0].pk, question.pk])}"' in page
    assert not [name for name in ("agree", "open-ballot", "other-ballot") if f'id="{name}"' in page]
    habilitet.decide_question(cases[0], question, is_recused=False, reason="Bare ansatt.", by=house.chair, at=at)
    assert filled_buttons(client.get(room).content.decode()) == ["agree"]


def test_decision_shuts_the_person_out_of_vote_papers_and_application(house, on_application):
    meeting, cases, at = on_application
    question = raised(house, meeting, cases[0], house.member, at)
    assert not can_read_papers(house.member, cases[0], now=at)
    habilitet.decide_question(cases[0], question, is_recused=True, reason="Har signert.", by=house.chair, at=at)
    recusal = Habilitet.objects.get(person=house.member)
    assert (recusal.application, recusal.is_recused, recusal.body) == (cases[0].application, True, house.ssu)
    roll = roll_of(meeting, cases[0])
    assert (roll.is_recused(house.member), roll.voters.size, roll.quorum.base) == (True, 3, 3)
    assert not can_read_papers(house.member, cases[0], now=at)
    assert can_read_papers(house.member, cases[1], now=at)


def test_paper_tells_what_was_asked_and_decided_in_the_language_of_the_page(house, on_application):
    meeting, cases, at = on_application
    for person, is_recused in ((house.member, True), (house.recused_member, False)):
        question = raised(house, meeting, cases[0], person, at)
        habilitet.decide_question(cases[0], question, is_recused=is_recused, reason="Fordi.", by=house.chair, at=at)
    raised(house, meeting, cases[0], house.vice_chair, at)
    recused, habil, asked = house.member, house.recused_member, house.vice_chair
    assert set(ties_of(cases[0])) == {
        f"{recused}: inhabil. Fordi.",
        f"{habil}: habil. Fordi.",
        f"Det er ikke avgjort om {asked} er inhabil.",
    }
    with translation.override("en"):
        assert set(ties_of(cases[0])) == {
            f"{recused}: disqualified. Fordi.",
            f"{habil}: impartial. Fordi.",
            f"It is not decided whether {asked} is disqualified.",
        }
    assert ties_of(cases[1]) == []


def test_member_found_habil_takes_part(house, on_application):
    meeting, cases, at = on_application
    question = raised(house, meeting, cases[0], house.member, at)
    habilitet.decide_question(cases[0], question, is_recused=False, reason="Bare ansatt.", by=house.chair, at=at)
    assert roll_of(meeting, cases[0]).voters.size == 4
    assert can_read_papers(house.member, cases[0], now=at)


def test_deputy_steps_in_for_an_inhabil_member_and_counts(house, on_application):
    meeting, cases, at = on_application
    live.arrive(world.line(meeting, house.deputy), by=house.chair, at=at)
    question = raised(house, meeting, cases[0], house.member, at)
    habilitet.decide_question(cases[0], question, is_recused=True, reason="Har signert.", by=house.chair, at=at)
    roll = roll_of(meeting, cases[0])
    assert (roll.of(house.deputy).seat_id in roll.voters.sides, roll.quorum.base) == (True, 4)


def test_nobody_decides_the_own_habilitet(house, on_application):
    meeting, cases, at = on_application
    question = raised(house, meeting, cases[0], house.chair, at)
    with pytest.raises(MeetingError, match="Ingen avgjør sin egen habilitet"):
        habilitet.decide_question(cases[0], question, is_recused=False, reason="Nei.", by=house.chair, at=at)
    assert not can_lead_case(house.chair, cases[0], now=at)
    assert can_lead_case(house.vice_chair, cases[0], now=at)


def test_who_has_an_unconfirmed_seat_from_somebody_does_not_decide_about_that_one(house, on_application):
    """The chair is no second person beside a member who alone has given the chair a seat in the secretariat."""
    meeting, cases, at = on_application
    question = raised(house, meeting, cases[0], house.member, at)
    seat = factories.seat(house.secretariat, house.chair, given_alone_by=house.member)
    decision = {"is_recused": False, "reason": "Nei.", "by": house.chair, "at": at}
    with pytest.raises(MeetingError, match="ingen kollega har bekreftet den"):
        habilitet.decide_question(cases[0], question, **decision)
    type(seat).objects.filter(pk=seat.pk).update(given_alone_by=None)
    assert habilitet.decide_question(cases[0], question, **decision).is_recused is False


def test_the_vote_is_held_again_on_what_was_voted_on(house, on_application, sign_in, frozen_clock):
    """Not on the paper's proposal, which the body had left."""
    meeting, cases, at = on_application
    frozen_clock.move_to(at)
    text = "Utvalget innvilger 300 000 kroner."
    ballot = world.ballot_on(house, cases[0], at, proposal=text, outcome="partly_granted", amount=300_000)
    world.vote(ballot, at, of=house, member="for", chair="for", vice_chair="for")
    balloting.close_ballot(ballot, by=house.chair, at=at)
    question = raised(house, meeting, cases[0], house.member, at)
    habilitet.decide_question(cases[0], question, is_recused=True, reason="Har signert.", by=house.chair, at=at)
    room = sign_in(house.chair).get(reverse("meetings:room", args=[meeting.pk]))
    screen = room.context["screen"]
    assert (screen.next_step, screen.ballot_shown) == ("Neste steg: stem på nytt", ballot)
    assert text in room.text
    sign_in(house.chair).post(reverse("meetings:ballot_as_proposed", args=[cases[0].pk]), world.as_shown(cases[0]))
    again = cases[0].ballots.get(status="open")
    assert (again.proposal, again.outcome, again.amount) == (text, "partly_granted", 300_000)


def test_decision_during_a_ballot_sets_the_vote_aside(house, on_application):
    meeting, cases, at = on_application
    ballot = world.ballot_on(house, cases[0], at, outcome="rejected")
    world.vote(ballot, at, of=house, member="against", chair="for")
    question = raised(house, meeting, cases[0], house.member, at)
    habilitet.decide_question(cases[0], question, is_recused=True, reason="Har signert.", by=house.chair, at=at)
    result = balloting.close_ballot(ballot, by=house.chair, at=at).result
    assert (result["is_adopted"], len(result["set_aside"])) == (True, 1)


def test_question_raised_by_mistake_is_taken_back_until_decided(house, on_application):
    meeting, cases, at = on_application
    question = raised(house, meeting, cases[0], house.member, at, by=house.chair)
    habilitet.withdraw_question(cases[0], question, reason="Feil person.", by=house.chair, at=at)
    assert not Habilitet.objects.filter(person=house.member).exists()
    question = raised(house, meeting, cases[0], house.member, at, by=house.chair)
    habilitet.decide_question(cases[0], question, is_recused=False, reason="Nei.", by=house.chair, at=at)
    with pytest.raises(MeetingConflictError, match="allerede avgjort"):
        habilitet.withdraw_question(cases[0], question, reason="Feil person.", by=house.chair, at=at)


def test_what_was_declared_and_decided_before_the_meeting_stands_in_the_case(house):
    meeting, cases, at = world.list_meeting(house)
    application = cases[1].application
    declaring.declare(application, has_tie=True, **TIE, by=house.member, at=at)
    declaring.declare(application, has_tie=False, by=house.chair, at=at)
    decided = {"is_recused": True, "ground": "party", "reason": "Part.", "by": house.secretary, "at": at}
    decide_about(application, house.recused_member, **decided)
    decide_about(application, house.assessor, **decided)
    meeting = world.opened(house, meeting, at, *world.everybody(house))
    questions = {
        row.person: (row.ground_label, row.is_pending, row.is_recused) for row in roll_of(meeting, cases[1]).questions
    }
    assert questions == {
        house.member: ("Signerer for, eier eller leder prosjektet", True, None),
        house.recused_member: ("Er selv part, eller i nær familie med en part", False, True),
    }
    assert Habilitet.objects.filter(application=application).count() == 4


def test_member_decided_before_the_meeting_may_raise_it_again(house, on_application):
    meeting, cases, at = on_application
    decide_about(cases[0].application, house.member, is_recused=False, reason="Nei.", by=house.secretary, at=at)
    question = raised(house, meeting, cases[0], house.member, at)
    assert (question.is_pending, question.is_recused) == (True, False)


def test_allocation_leads_to_the_question_about_each_of_them(house, on_application, frozen_clock, sign_in):
    meeting, cases, at = on_application
    question = raised(house, meeting, cases[0], house.member, at)
    habilitet.decide_question(cases[0], question, is_recused=True, reason="Har signert.", by=house.chair, at=at)
    live.go_to(meeting, cases[-1], by=house.chair, at=at)
    client, room = sign_in(house.chair), reverse("meetings:room", args=[meeting.pk])
    line = world.line(meeting, house.member)
    ask = f"{reverse('meetings:raise_habilitet', args=[cases[-1].pk])}?attendance={line.pk}"
    assert f'href="{ask}"' in client.get(room).content.decode()
    assert f'<option value="{line.pk}" selected>' in client.get(ask).content.decode()
    raised(house, meeting, cases[-1], house.member, at, by=house.chair)
    page = client.get(room).content.decode()
    assert (ask in page, filled_buttons(page)) == (False, ["decide-habilitet"])


# --- one row, whoever asks ---------------------------------------------------------------------------


def test_what_the_body_decides_shuts_the_person_out_of_the_pages_of_the_assessment(house, on_application, sign_in):
    meeting, cases, at = on_application
    page = f"/assessment/application/{cases[0].application.code}/"
    assert sign_in(house.secretary).get(page).status_code == 200
    factories.seat(house.ssu, house.secretary, "user", right="speak")
    fill_roll(meeting, local_date(at))
    question = raised(house, meeting, cases[0], house.secretary, at, by=house.chair)
    assert state_of(house.secretary.pk, cases[0].application) == State.PENDING
    habilitet.decide_question(cases[0], question, is_recused=True, reason="Har skrevet.", by=house.chair, at=at)
    assert state_of(house.secretary.pk, cases[0].application) == State.RECUSED
    answer = sign_in(house.secretary).get(page)
    assert "Du er inhabil i denne saken" in answer.text


def test_what_the_secretariat_decides_bars_in_a_case_that_is_in_hand(house, on_application, sign_in):
    meeting, cases, at = on_application
    ballot = world.ballot_on(house, cases[0], at, outcome="rejected")
    world.vote(ballot, at, of=house, member="against", chair="for")
    decided = {"is_recused": True, "ground": "party", "reason": "Part.", "by": house.secretary, "at": at}
    decide_about(cases[0].application, house.member, **decided)
    roll = roll_of(meeting, cases[0])
    assert (
        roll.is_recused(house.member),
        roll.voters.size,
        can_read_papers(house.member, cases[0], now=at).reason,
    ) == (
        True,
        3,
        "Du er inhabil i sak 1/24 og kan ikke lese sakspapirene.",
    )
    screen = sign_in(house.member).get(reverse("meetings:room", args=[meeting.pk])).text
    assert "Du er inhabil i denne saken" in screen
    assert len(balloting.close_ballot(ballot, by=house.chair, at=at).result["set_aside"]) == 1


def test_tie_declared_while_the_case_is_in_hand_waits_for_the_body(house, on_application):
    meeting, cases, at = on_application
    declaring.declare(cases[0].application, has_tie=True, **TIE, by=house.member, at=at)
    assert [row.person for row in roll_of(meeting, cases[0]).undecided] == [house.member]
    with pytest.raises(MeetingError, match="Avgjør habiliteten til Mona Member først"):
        world.ballot_on(house, cases[0], at, outcome="rejected")


def test_a_question_raised_during_the_ballot_stops_the_vote_and_the_resolution(house, on_application):
    """The screen did not offer the vote; the act took it, and what had carried could be adopted at once."""
    meeting, cases, at = on_application
    ballot = world.ballot_on(house, cases[0], at, outcome="rejected", proposal=REJECTION)
    declaring.declare(cases[0].application, has_tie=True, **TIE, by=house.member, at=at)
    with pytest.raises(balloting.VoteRefusedError, match="ikke avgjort om du er habil i saken"):
        world.vote(ballot, at, of=house, member="for")
    world.vote(ballot, at, of=house, chair="for", vice_chair="for", recused_member="for")
    ballot = balloting.close_ballot(ballot, by=house.chair, at=at)
    words = {"reason": "Annet er viktigere.", "by": house.chair, "at": at}
    for leaves in (False, True):
        if leaves:
            live.leave(world.line(meeting, house.member), by=house.member, at=at)
        with pytest.raises(MeetingError, match="Avgjør habiliteten til Mona Member først"):
            resolving.adopt_ballot(ballot, **words)
    question = Habilitet.objects.get(person=house.member)
    habilitet.decide_question(cases[0], question, is_recused=False, reason="Nei.", by=house.chair, at=at)
    assert resolving.adopt_ballot(ballot, **words).ballot == ballot


def test_what_a_body_has_decided_only_a_body_decides_again(house, on_application):
    meeting, cases, at = on_application
    question = raised(house, meeting, cases[0], house.member, at)
    habilitet.decide_question(cases[0], question, is_recused=True, reason="Part.", by=house.chair, at=at)
    with pytest.raises(declaring.HabilitetError, match="SSU Troms og Ofoten har avgjort dette i møte"):
        decide_about(cases[0].application, house.member, is_recused=False, reason="Nei.", by=house.secretary, at=at)
    with pytest.raises(MeetingConflictError, match="allerede meldt"):
        raised(house, meeting, cases[0], house.member, at)
    habilitet.decide_question(cases[0], question, is_recused=False, reason="Ny kunnskap.", by=house.chair, at=at)
    assert state_of(house.member.pk, cases[0].application) == State.CLEAR


def test_question_taken_back_leaves_the_earlier_decision_as_it_was(house, on_application):
    meeting, cases, at = on_application
    decide_about(cases[0].application, house.member, is_recused=False, reason="Nei.", by=house.secretary, at=at)
    question = raised(house, meeting, cases[0], house.member, at, by=house.chair)
    assert state_of(house.member.pk, cases[0].application) == State.PENDING
    habilitet.withdraw_question(cases[0], question, reason="Feil person.", by=house.chair, at=at)
    row = Habilitet.objects.get(person=house.member)
    assert (row.is_pending, row.is_recused, row.reason, row.raised_by) == (False, False, "Nei.", house.member)


def test_answer_no_does_not_take_back_what_another_has_raised(house, on_application):
    meeting, cases, at = on_application
    raised(house, meeting, cases[0], house.member, at, by=house.chair)
    row = declaring.declare(cases[0].application, has_tie=False, by=house.member, at=at)
    assert (row.is_pending, row.has_tie, row.raised_by, row.ground) == (True, False, house.chair, "represents")


def test_the_minutes_tell_the_question_and_the_answer_each_in_its_words(house, on_application):
    meeting, cases, at = on_application
    raised(house, meeting, cases[0], house.member, at, by=house.chair)
    declaring.declare(
        cases[0].application, has_tie=True, ground="other", explanation="Er nabo.", by=house.member, at=at
    )
    question = Habilitet.objects.get(person=house.member)
    decision = {"is_recused": True, "reason": "Part.", "by": house.chair, "at": at}
    habilitet.decide_question(cases[0], question, **decision)
    assert Habilitet.objects.get(person=house.member).decided_ground == "represents"
    resolving.postpone(cases[0], reason="Mer arbeid.", by=house.chair, at=at)
    content = minutes_content(meeting, "")
    assert [line["sentence"] for line in content["cases"][0]["habilitet"]] == [
        (
            "Kari Chair reiste spørsmål om habiliteten til Mona Member: Signerer for, eier eller leder prosjektet "
            "(«Jeg har signert.»). Meldte selv: Andre særegne forhold («Er nabo.»). "
            "Mona Member er inhabil og deltok ikke i behandlingen av saken. Begrunnelse: Part."
        )
    ]


def test_minutes_of_a_no_to_a_question_of_another(house, on_application):
    meeting, cases, at = on_application
    raised(house, meeting, cases[0], house.member, at, by=house.chair)
    declaring.declare(cases[0].application, has_tie=False, explanation="Ingen.", by=house.member, at=at)
    frozen = minutes_content(meeting, "")["cases"][0]["habilitet"][0]["sentence"]
    assert "(«Jeg har signert.»). Svarte selv nei («Ingen.»). Habiliteten ble ikke avgjort." in frozen


def test_the_page_that_decides_tells_both_too(house, on_application, sign_in, frozen_clock):
    meeting, cases, at = on_application
    question = raised(house, meeting, cases[0], house.member, at, by=house.chair)
    declaring.declare(
        cases[0].application, has_tie=True, ground="other", explanation="Er nabo.", by=house.member, at=at
    )
    frozen_clock.move_to(at)
    url = reverse("meetings:decide_habilitet", args=[cases[0].pk, question.pk])
    page = " ".join(sign_in(house.chair).get(url).content.decode().split())
    told = ("Jeg har signert.", "Meldt av Kari Chair", "Meldte selv: Andre særegne forhold.", "<p>Er nabo.</p>")
    assert [words for words in told if words not in page] == []


def test_case_without_an_application_has_a_row_of_its_own(house, now, meeting, case):
    question = raised(house, meeting, case, house.member, now)
    assert (question.application, question.case_id, question.is_pending) == (None, case.pk, True)
    habilitet.decide_question(case, question, is_recused=True, reason="Part.", by=house.chair, at=now)
    assert (roll_of(meeting, case).is_recused(house.member), can_read_papers(house.member, case, now=now).reason) == (
        True,
        "Du er inhabil i sak 1/25 og kan ikke lese sakspapirene.",
    )
    other = world.own_case(house, meeting, now)
    assert not roll_of(meeting, other).is_recused(house.member)


def test_minutes_keep_what_was_decided_in_the_case_whatever_is_decided_later(house, on_application):
    meeting, cases, at = on_application
    question = raised(house, meeting, cases[0], house.member, at)
    habilitet.decide_question(cases[0], question, is_recused=False, reason="Bare ansatt.", by=house.chair, at=at)
    resolving.postpone(cases[0], reason="Mer arbeid.", by=house.chair, at=at)
    Habilitet.objects.filter(person=house.member).update(is_recused=True, decided_ground="party", reason="Senere.")
    content = minutes_content(meeting, "")
    assert [line["sentence"] for line in content["cases"][0]["habilitet"]] == [
        (
            "Mona Member: Signerer for, eier eller leder prosjektet («Jeg har signert.»). "
            "Mona Member er habil i saken. Begrunnelse: Bare ansatt."
        )
    ]
