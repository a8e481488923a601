"""Who is inhabil in a case on a list has no vote on the whole, and what the body and the minutes say of it."""

import re
from datetime import timedelta

import pytest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import strip_tags

from applications.models import Application
from applications.services import submitting
from evaluation.assessment.services import declaring
from evaluation.meetings.models import Case
from evaluation.meetings.queries.electorate import roll_of
from evaluation.meetings.queries.habilitet import closed_lines, habilitet_told, rows_of, why_not_whole
from evaluation.meetings.queries.minutes import minutes_content, shown
from evaluation.meetings.queries.proposed import allocation_of
from evaluation.meetings.services import balloting, habilitet, live, resolving
from evaluation.meetings.services.locking import MeetingError
from evaluation.meetings.voting import CannotVote
from portal.communities.models import User
from portal.communities.queries import standing_at
from tests.harness import worlds
from tests.meetings import world

pytestmark = pytest.mark.django_db

LEFT_OUT = "Mona Member er inhabil i en sak på listen og deltok ikke i avgjørelsen om samlet fordeling."
TIE = {"ground": "represents", "explanation": "Jeg har signert."}


@worlds.world
def on_application(house):
    """A meeting going on, on the first of two applications, in which the member is inhabil; meeting, cases, time."""
    meeting, cases, at = world.list_meeting(house)
    meeting = world.opened(house, meeting, at, *world.everybody(house))
    cases = [Case.objects.get(pk=case.pk) for case in cases]
    decide(house, meeting, cases[0], at, is_recused=True)
    return meeting, cases, at


def decide(house, meeting, case, at, *, is_recused, by=None):
    question = habilitet.raise_question(case, world.line(meeting, house.member), **TIE, by=by or house.member, at=at)
    habilitet.decide_question(case, question, is_recused=is_recused, reason="Har signert.", by=house.chair, at=at)


def test_who_is_inhabil_in_a_case_on_the_list_has_no_vote_on_the_whole(house, on_application, sign_in):
    meeting, cases, at = on_application
    roll, line = roll_of(meeting, cases[-1]), world.line(meeting, house.member)
    assert [line.seat.user for line in roll.left_out] == [house.member]
    assert (roll.voters.size, roll.quorum.base) == (3, 3)
    assert roll.voters.cannot_vote[line.seat_id] == CannotVote.RECUSED_IN_PART
    assert roll_of(meeting, cases[1]).voters.size == 4
    live.go_to(meeting, cases[-1], by=house.chair, at=at)
    room = reverse("meetings:room", args=[meeting.pk])
    assert "inhabil i en sak på listen" in sign_in(house.chair).get(room).content.decode()


def test_the_deputy_votes_on_the_whole_for_who_is_inhabil_in_a_case_on_the_list(house, on_application):
    meeting, cases, at = on_application
    live.arrive(world.line(meeting, house.deputy), by=house.chair, at=at)
    roll = roll_of(meeting, cases[-1])
    assert world.line(meeting, house.deputy).seat_id in roll.voters.sides
    assert (roll.voters.size, roll.quorum.base) == (4, 4)


def test_the_body_may_decide_that_a_member_is_habil_in_the_whole(house, on_application):
    meeting, cases, at = on_application
    live.go_to(meeting, cases[-1], by=house.chair, at=at)
    decide(house, meeting, cases[-1], at, is_recused=False, by=house.chair)
    roll = roll_of(meeting, cases[-1])
    assert (roll.left_out, roll.voters.size) == ([], 4)


def test_habil_in_the_whole_holds_for_what_was_known_then(house, on_application):
    meeting, cases, at = on_application
    later = at + timedelta(minutes=5)
    live.go_to(meeting, cases[-1], by=house.chair, at=at)
    decide(house, meeting, cases[-1], at, is_recused=False, by=house.chair)
    live.go_to(meeting, cases[1], by=house.chair, at=later)
    decide(house, meeting, cases[1], later, is_recused=True)
    roll = roll_of(meeting, cases[-1])
    assert ([line.seat.user for line in roll.left_out], roll.voters.size) == ([house.member], 3)
    # The body can decide it anew.
    live.go_to(meeting, cases[-1], by=house.chair, at=later)
    decide(house, meeting, cases[-1], later, is_recused=False, by=house.chair)
    assert roll_of(meeting, cases[-1]).voters.size == 4


def test_a_withdrawn_application_keeps_nobody_from_voting_on_the_whole(house, on_application):
    meeting, cases, at = on_application
    submitting.withdraw(Application.objects.get(pk=cases[0].application_id), by=house.applicant, at=at)
    roll = roll_of(meeting, cases[-1])
    assert (roll.left_out, roll.voters.size) == ([], 4)


def settled(house, meeting, cases, at):
    """All cases but the last are postponed, and the meeting is on the last."""
    for case in cases[:-1]:
        live.go_to(meeting, case, by=house.chair, at=at)
        resolving.postpone(case, reason="Mer arbeid.", by=house.chair, at=at)
    live.go_to(meeting, cases[-1], by=house.chair, at=at)


def voted(house, case, at, *roles):
    """A closed ballot on the allocation."""
    text = allocation_of(case).proposal(case.meeting.body.name)
    ballot = balloting.open_ballot(case, proposal=text, by=house.chair, at=at)
    world.vote(ballot, at, of=house, **dict.fromkeys(roles, "for"))
    return balloting.close_ballot(ballot, by=house.chair, at=at)


def test_a_ballot_that_counted_who_is_inhabil_since_is_held_again(house, sign_in, frozen_clock):
    meeting, cases, at = world.list_meeting(house)
    frozen_clock.move_to(at)
    meeting = world.opened(house, meeting, at, *world.everybody(house))
    cases = [Case.objects.get(pk=case.pk) for case in cases]
    settled(house, meeting, cases, at)
    ballot = voted(house, cases[-1], at, "chair", "member", "vice_chair")
    live.go_to(meeting, cases[0], by=house.chair, at=at)
    resolving.reopen(cases[0], why="Et nytt spørsmål.", by=house.chair, at=at)
    decide(house, meeting, cases[0], at, is_recused=True)
    resolving.postpone(cases[0], reason="Mer arbeid.", by=house.chair, at=at)
    live.go_to(meeting, cases[-1], by=house.chair, at=at)
    page = sign_in(house.chair).get(reverse("meetings:room", args=[meeting.pk]))
    told = "Mona Member var med i voteringen, og er inhabil i en sak på listen. Stem på nytt."
    html = page.content.decode()
    assert (page.context["screen"].next_step, told in html) == ("Neste steg: stem på nytt", True)
    assert ('id="resolve"' in html, 'id="other-ballot"' in html) == (False, True)
    assert re.search(r'<button class="ds-button" type="submit" id="open-ballot"\s*>', html)
    with pytest.raises(MeetingError, match=re.escape(told)):
        resolving.adopt_ballot(ballot, by=house.chair, at=at)
    resolving.adopt_ballot(voted(house, cases[-1], at + timedelta(minutes=1), "chair"), by=house.chair, at=at)
    # The page on which the minutes are adopted tells the ballot that counts, and who had no part in it.
    live.close_meeting(meeting, by=house.chair, at=at)
    page = sign_in(house.chair).get(reverse("meetings:adopt_minutes", args=[meeting.pk]))
    text = " ".join(strip_tags(page.content.decode()).split())
    assert ("Votering 2 av 2: " in text, "Votering 1 av 2" in text, text.count("Vedtatt ")) == (True, False, 1)
    assert LEFT_OUT in text


def test_the_minutes_say_who_had_no_part_in_the_whole(house, on_application):
    meeting, cases, at = on_application
    settled(house, meeting, cases, at)
    text = allocation_of(cases[-1]).proposal(meeting.body.name)
    ballot = balloting.open_ballot(cases[-1], proposal=text, by=house.chair, at=at)
    with pytest.raises(balloting.VoteRefusedError, match="Du er inhabil i en sak på listen"):
        world.vote(ballot, at, of=house, member="for")
    world.vote(ballot, at, of=house, chair="for")
    ballot = balloting.close_ballot(ballot, by=house.chair, at=at)
    assert (ballot.result["is_adopted"], ballot.result["total"]["entitled"]) == (True, 3)
    resolving.adopt_ballot(ballot, by=house.chair, at=at)
    told = minutes_content(meeting, "")["cases"][-1]
    assert told["left_out"] == [LEFT_OUT]
    assert LEFT_OUT in render_to_string("letters/minutes.html", {"minutes": shown(minutes_content(meeting, ""))})


def test_an_older_answer_that_one_is_habil_in_the_whole_is_told_with_what_came_after(house, on_application):
    meeting, cases, at = on_application
    later = at + timedelta(minutes=5)
    live.go_to(meeting, cases[-1], by=house.chair, at=at)
    decide(house, meeting, cases[-1], at, is_recused=False, by=house.chair)
    live.go_to(meeting, cases[1], by=house.chair, at=later)
    decide(house, meeting, cases[1], later, is_recused=True)
    settled(house, meeting, cases, later)
    resolving.adopt_ballot(voted(house, cases[-1], later, "chair"), by=house.chair, at=later)
    told = shown(minutes_content(meeting, ""))["cases"][-1]["habilitet_told"]
    about = [sentence for sentence in told if "Mona Member" in sentence]
    assert len(about) == 1
    assert about[0].endswith(f"Mona Member er habil i saken. Begrunnelse: Har signert. Senere avgjort: {LEFT_OUT}")


@pytest.mark.parametrize("is_kept", [True, False], ids=["now", "resolved before the person was kept"])
def test_two_persons_with_one_name_are_told_apart(house, on_application, is_kept):
    """Each was found habil in the whole; one became inhabil in a part. The other's answer stood with it, too."""
    meeting, cases, at = on_application
    later = at + timedelta(minutes=5)
    User.objects.filter(pk=house.vice_chair.pk).update(name=house.member.name)
    live.go_to(meeting, cases[-1], by=house.chair, at=at)
    for person, reason in ((house.vice_chair, "Er nabo."), (house.member, "Har signert.")):
        question = habilitet.raise_question(cases[-1], world.line(meeting, person), **TIE, by=person, at=at)
        habilitet.decide_question(cases[-1], question, is_recused=False, reason=reason, by=house.chair, at=at)
    live.go_to(meeting, cases[1], by=house.chair, at=later)
    decide(house, meeting, cases[1], later, is_recused=True)
    settled(house, meeting, cases, later)
    resolution = resolving.adopt_ballot(voted(house, cases[-1], later, "chair", "vice_chair"), by=house.chair, at=later)
    if not is_kept:
        for row in resolution.habilitet:
            del row["person"]
        resolution.save()
    told = shown(minutes_content(meeting, ""))["cases"][-1]["habilitet_told"]
    changed = ["Senere avgjort" in line for line in told if "Mona Member er habil" in line]
    assert changed == ([False, True] if is_kept else [True, False])
    assert not [line for line in told if line == LEFT_OUT]


def test_minutes_of_before_they_kept_who_was_habil_first_are_read_by_the_names():
    row = {"name": "Mona Member", "is_recused": False, "sentence": "Mona Member er habil i saken."}
    case = {"habilitet": [row], "left_out": [LEFT_OUT]}
    assert habilitet_told(case) == [f"Mona Member er habil i saken. Senere avgjort: {LEFT_OUT}"]
    assert habilitet_told({"habilitet": [row]}) == ["Mona Member er habil i saken."]


def test_a_withdrawn_application_is_still_closed_to_who_leads_the_whole(house, on_application):
    """It keeps nobody from voting, but the paper of the whole names what was recommended for it."""
    _meeting, cases, at = on_application
    submitting.withdraw(Application.objects.get(pk=cases[0].application_id), by=house.applicant, at=at)
    assert closed_lines(standing_at(house.member, at), cases[-1]) == {cases[0].application_id}
    assert why_not_whole(standing_at(house.member, at), cases[-1])


# --- who waits for a decision ---------------------------------------------------------------------------


@worlds.world
def undecided(house):
    """The allocation in hand: the member waits for a decision in the first case, which is postponed."""
    meeting, cases, at = world.list_meeting(house)
    meeting = world.opened(house, meeting, at, *world.everybody(house))
    cases = [Case.objects.get(pk=case.pk) for case in cases]
    habilitet.raise_question(cases[0], world.line(meeting, house.member), **TIE, by=house.member, at=at)
    settled(house, meeting, cases, at)
    return meeting, cases, at


WAITS = "Avgjør habiliteten til Mona Member i «"


def allocated(case):
    return {"text": allocation_of(case).proposal(case.meeting.body.name)}


def test_the_whole_waits_for_the_habilitet_of_who_would_vote(house, undecided, sign_in, frozen_clock):
    """To postpone the case does not walk round the rule."""
    meeting, cases, at = undecided
    frozen_clock.move_to(at)
    whole = cases[-1]
    text = allocated(whole)["text"]
    with pytest.raises(MeetingError, match=WAITS):
        balloting.open_ballot(whole, proposal=text, by=house.chair, at=at)
    with pytest.raises(MeetingError, match=WAITS):
        resolving.adopt_agreed(whole, text=text, by=house.chair, at=at)
    page = sign_in(house.chair).get(reverse("meetings:room", args=[meeting.pk]))
    question = rows_of(cases[0]).get(person=house.member)
    url = reverse("meetings:decide_habilitet", args=[cases[0].pk, question.pk])
    assert page.context["screen"].next_step == "Neste steg: avgjør habiliteten"
    html = page.content.decode()
    told = f"Avgjør om Mona Member er habil i «{cases[0].application.title}» før fordelingen behandles."
    assert (told in html, f'id="decide-habilitet" href="{url}"' in html, 'id="agree"' in html) == (True, True, False)
    wall = sign_in(house.chair).get(reverse("meetings:projector", args=[meeting.pk])).content.decode()
    assert ("Habilitet skal avgjøres." in wall, cases[0].application.title in wall) == (True, False)
    answer = sign_in(house.chair).post(url, {"is_recused": "no", "reason": "Signerte ikke."})
    assert answer["Location"] == reverse("meetings:room", args=[meeting.pk])
    assert balloting.open_ballot(whole, proposal=text, by=house.chair, at=at).pk


@pytest.mark.parametrize("change", ["leaves", "withdrawn", "inhabil", "habil in the whole"])
def test_the_whole_waits_for_nobody_who_does_not_vote_on_it(house, undecided, change):
    meeting, cases, at = undecided
    later = at + timedelta(minutes=5)
    if change == "leaves":
        live.leave(world.line(meeting, house.member), by=house.member, at=at)
    elif change == "withdrawn":
        submitting.withdraw(Application.objects.get(pk=cases[0].application_id), by=house.applicant, at=at)
    elif change == "inhabil":
        question = rows_of(cases[0]).get(person=house.member)
        habilitet.decide_question(cases[0], question, is_recused=True, reason="Har signert.", by=house.chair, at=at)
    else:
        decide(house, meeting, cases[-1], later, is_recused=False, by=house.chair)
    assert roll_of(meeting, cases[-1]).undecided_on_list() == []
    assert balloting.open_ballot(cases[-1], proposal=allocated(cases[-1])["text"], by=house.chair, at=later).pk


def test_what_is_raised_during_the_ballot_stops_the_vote_and_the_resolution(house):
    meeting, cases, at = world.list_meeting(house)
    meeting = world.opened(house, meeting, at, *world.everybody(house))
    cases = [Case.objects.get(pk=case.pk) for case in cases]
    settled(house, meeting, cases, at)
    ballot = balloting.open_ballot(cases[-1], proposal=allocated(cases[-1])["text"], by=house.chair, at=at)
    declaring.declare(cases[0].application, has_tie=True, **TIE, by=house.member, at=at)
    with pytest.raises(balloting.VoteRefusedError, match="ikke avgjort om du er habil i en sak på listen"):
        world.vote(ballot, at, of=house, member="for")
    world.vote(ballot, at, of=house, chair="for", vice_chair="for")
    ballot = balloting.close_ballot(ballot, by=house.chair, at=at)
    with pytest.raises(MeetingError, match=WAITS):
        resolving.adopt_ballot(ballot, by=house.chair, at=at)


def test_a_question_raised_by_mistake_is_taken_back_also_in_a_case_that_is_postponed(house, sign_in, frozen_clock):
    """The whole waits for it, and it was told to be decided, which it was not."""
    meeting, cases, at = world.list_meeting(house)
    frozen_clock.move_to(at)
    meeting = world.opened(house, meeting, at, *world.everybody(house))
    cases = [Case.objects.get(pk=case.pk) for case in cases]
    question = habilitet.raise_question(cases[0], world.line(meeting, house.member), **TIE, by=house.chair, at=at)
    settled(house, meeting, cases, at)
    assert roll_of(meeting, cases[-1]).undecided_on_list() == [question]
    url = reverse("meetings:withdraw_habilitet", args=[cases[0].pk, question.pk])
    client = sign_in(house.chair)
    assert url in client.get(reverse("meetings:decide_habilitet", args=[cases[0].pk, question.pk])).text
    assert client.post(url, {"reason": "Feil person."}).status_code == 302
    assert roll_of(meeting, cases[-1]).undecided_on_list() == []


def test_who_has_voted_and_left_is_waited_for_before_the_ballot_is_the_resolution(house, sign_in, frozen_clock):
    """The vote was counted, and the question was raised afterwards: to leave the room does not decide it."""
    meeting, cases, at = world.list_meeting(house)
    frozen_clock.move_to(at)
    meeting = world.opened(house, meeting, at, *world.everybody(house))
    cases = [Case.objects.get(pk=case.pk) for case in cases]
    settled(house, meeting, cases, at)
    ballot = voted(house, cases[-1], at, "chair", "member", "vice_chair")
    declaring.declare(cases[0].application, has_tie=True, **TIE, by=house.member, at=at)
    live.leave(world.line(meeting, house.member), by=house.member, at=at)
    with pytest.raises(MeetingError, match=WAITS):
        resolving.adopt_ballot(ballot, by=house.chair, at=at)
    screen = sign_in(house.chair).get(reverse("meetings:room", args=[meeting.pk])).context["screen"]
    assert (screen.next_step, bool(screen.decide_url)) == ("Neste steg: avgjør habiliteten", True)
    question = rows_of(cases[0]).get(person=house.member)
    habilitet.decide_question(cases[0], question, is_recused=False, reason="Nei.", by=house.chair, at=at)
    assert resolving.adopt_ballot(ballot, by=house.chair, at=at).pk


def test_a_question_of_an_earlier_meeting_is_decided_in_the_whole(house, undecided, sign_in, frozen_clock):
    meeting, cases, at = undecided
    frozen_clock.move_to(at)
    Case.objects.filter(pk=cases[0].pk).update(meeting=world.planned(house, at=at))
    page = sign_in(house.chair).get(reverse("meetings:room", args=[meeting.pk])).content.decode()
    line = world.line(meeting, house.member)
    address = f"{reverse('meetings:raise_habilitet', args=[cases[-1].pk])}?attendance={line.pk}"
    assert f'id="decide-habilitet" href="{address}"' in page


def test_what_is_asked_after_the_body_found_somebody_habil_is_asked_again(house, on_application):
    meeting, cases, at = on_application
    later = at + timedelta(minutes=5)
    live.go_to(meeting, cases[-1], by=house.chair, at=at)
    decide(house, meeting, cases[-1], at, is_recused=False, by=house.chair)
    habilitet.raise_question(cases[1], world.line(meeting, house.member), **TIE, by=house.member, at=later)
    assert [row.person for row in roll_of(meeting, cases[-1]).undecided_on_list()] == [house.member]
    decide(house, meeting, cases[-1], later + timedelta(minutes=1), is_recused=False, by=house.chair)
    assert roll_of(meeting, cases[-1]).undecided_on_list() == []
