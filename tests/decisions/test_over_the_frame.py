"""More than the frame: told at the case, granted only with a word of the body's own, and no letter before that."""

import re

import pytest
from django.urls import reverse

from evaluation.assessment.services import declaring
from evaluation.decisions.models import Letter
from evaluation.decisions.services import letters
from evaluation.decisions.services.deciding import decide_from_minutes
from evaluation.meetings.models import Case, Meeting, Resolution
from evaluation.meetings.queries.minutes import minutes_content
from evaluation.meetings.queries.proposed import is_passed_with_words
from evaluation.meetings.services import corrections, live, minutes, resolving
from evaluation.meetings.services.framing import OverFrameError
from evaluation.meetings.services.locking import MeetingError
from portal.journal.models import LogEntry
from rounds.models import Frame
from rounds.questions import frame_state
from tests.decisions.world import adopted, approve
from tests.harness import worlds
from tests.meetings import world
from tests.world import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.fault("B5")]


@worlds.world
def in_hand(house):
    """A meeting on two recommended 450 000 kr each under a frame of 500 000; the cases and the time."""
    meeting, cases, at = world.list_meeting(house, 2)
    Frame.objects.update(amount=500_000)
    meeting = world.opened(house, meeting, at, *world.everybody(house))
    return meeting, cases, at


def test_those_who_lead_see_what_is_left_before_and_after_and_the_others_do_not(house, in_hand, frozen_clock, sign_in):
    meeting, cases, at = in_hand
    frozen_clock.move_to(at)
    url = reverse("meetings:room", args=[meeting.pk])

    def told(person):
        page = sign_in(person).get(url).content.decode().replace("\N{NO-BREAK SPACE}", " ")
        return re.findall(r"<dt>(Igjen [^<]+)</dt><dd>([^<]+)</dd>", page)

    now, after = "Igjen av rammen nå", "Igjen etter dette forslaget"
    assert told(house.chair) == [(now, "500 000 kr"), (after, "50 000 kr")]
    assert told(house.member) == []
    resolving.adopt_as_proposed(cases[0], by=house.chair, at=at)
    live.go_to(meeting, cases[1], by=house.chair, at=at)
    assert told(house.chair) == [(now, "50 000 kr"), (after, "\N{MINUS SIGN}400 000 kr")]
    live.go_to(meeting, cases[2], by=house.chair, at=at)
    assert told(house.chair) == [(now, "50 000 kr")]


def test_the_award_that_passes_the_frame_takes_a_reason_that_is_kept(house, in_hand, frozen_clock, sign_in):
    meeting, cases, at = in_hand
    frozen_clock.move_to(at)
    resolving.adopt_as_proposed(cases[0], by=house.chair, at=at)
    live.go_to(meeting, cases[1], by=house.chair, at=at)
    with pytest.raises(OverFrameError, match=r"^Vedtaket går over rammen\. Skriv hvorfor"):
        resolving.adopt_as_proposed(cases[1], by=house.chair, at=at)
    client = sign_in(house.chair)
    page = client.post(
        reverse("meetings:resolve_as_proposed", args=[cases[1].pk]), world.as_shown(cases[1]), follow=True
    )
    assert page.redirect_chain == [(reverse("meetings:resolve", args=[cases[1].pk]), 302)]
    form = page.context["form"]
    assert "over_frame_reason" in form.fields
    data = {name: form.initial[name] for name in ("text", "outcome", "amount", "reason")}
    url = reverse("meetings:resolve", args=[cases[1].pk])
    again = client.post(url, data)
    assert (again.status_code, "over_frame_reason" in again.context["form"].fields) == (422, True)
    assert client.post(url, {**data, "over_frame_reason": "Rammen øker i mars."}).status_code == 302
    assert Resolution.objects.get(case=cases[1]).over_frame_reason == "Rammen øker i mars."
    assert minutes_content(meeting, "")["cases"][1]["over_frame_reason"] == "Rammen øker i mars."
    told = [entry.data.get("over_frame") for entry in LogEntry.objects.filter(act="case.decided").order_by("number")]
    assert told == [None, "Rammen øker i mars."]
    assert (frame_state(Case.objects.first().application.round).over) == 400_000


def test_a_page_with_another_fault_does_not_ask_why_the_frame_is_passed(house, in_hand, frozen_clock, sign_in):
    _meeting, cases, at = in_hand
    frozen_clock.move_to(at)
    part = {"text": "1. SSU innvilger 100 000 kr.", "outcome": "partly_granted", "amount": 100_000, "reason": ""}
    page = sign_in(house.chair).post(reverse("meetings:resolve", args=[cases[0].pk]), part)
    assert (page.status_code, "Hvorfor går utvalget over rammen?" in page.content.decode()) == (422, False)


def test_a_word_that_is_not_needed_is_not_kept(house, in_hand):
    _meeting, cases, at = in_hand
    words = {"text": "1. SSU innvilger 450 000 kr.", "outcome": "granted", "amount": 450_000, "reason": "Godt."}
    made = resolving.adopt_agreed(cases[0], **words, over_frame_reason="Nei.", by=house.chair, at=at)
    assert made.over_frame_reason == ""


def test_a_correction_counts_what_the_case_has_already(house, in_hand):
    meeting, cases, at = in_hand
    text = "1. SSU innvilger 100 000 kr."
    part = {"text": text, "outcome": "partly_granted", "amount": 100_000, "reason": "Del."}
    resolving.adopt_agreed(cases[0], **part, by=house.chair, at=at)
    resolving.postpone_rest(meeting, reason="Tid.", by=house.chair, at=at)
    live.close_meeting(meeting, by=house.chair, at=at)
    whole = {
        "text": "1. SSU innvilger 450 000 kr.",
        "outcome": "granted",
        "amount": 450_000,
        "reason": "Godt.",
        "why": "Feil.",
    }
    made = Resolution.objects.get(case=cases[0])
    assert corrections.correct(made, **whole, by=house.chair, at=at).amount == 450_000
    Frame.objects.update(amount=400_000)
    with pytest.raises(OverFrameError, match=r"^Vedtaket går over rammen"):
        corrections.correct(made, **whole, by=house.chair, at=at)


@pytest.mark.usefixtures("frozen_clock")
def test_no_letter_of_an_award_goes_before_somebody_has_said_it(house):
    made = decide_from_minutes(
        adopted(house, [("granted", 10), ("rejected", None)]).meeting, by=house.secretary, at=NOW
    )
    award, refusal = (letters.prepare(decision, by=house.secretary, at=NOW) for decision in made)

    def again(letter):
        return Letter.objects.get(pk=letter.pk)

    Frame.objects.update(amount=7)
    approve(again(refusal), by=house.hospital_secretary)
    with pytest.raises(letters.LetterError, match=r"det er vedtatt 3.kr mer enn rammen"):
        approve(again(award), by=house.hospital_secretary)
    Frame.objects.update(amount=10)
    approve(again(award), by=house.hospital_secretary)
    Frame.objects.update(amount=7)
    with pytest.raises(letters.LetterError, match="Utvalget må si at det går over"):
        letters.send(again(award), by=house.secretary, at=NOW)
    Resolution.objects.filter(amount=10).update(over_frame_reason="Rammen øker.")
    letters.send(again(award), by=house.secretary, at=NOW)


@pytest.mark.usefixtures("frozen_clock")
def test_what_a_meeting_has_resolved_counts_once_before_and_after_it_is_decided(house, sign_in):
    world_ = adopted(house, [("granted", 300_000), ("rejected", None)])
    other = {"granted_here": 300_000, "granted_elsewhere": 0, "amount": 18_000_000}
    for _step in range(2):
        state = frame_state(world_.round)
        assert {name: getattr(state, name) for name in other} == other
        decide_from_minutes(world_.meeting, by=house.secretary, at=NOW)
    page = sign_in(house.secretary).get(reverse("decisions:overview", args=[world_.round.code])).content.decode()
    assert "17 700 000 kr igjen" in page.replace("\N{NO-BREAK SPACE}", " ")


@pytest.fixture
def with_closed(house, in_hand):
    """The first of two cases is granted 450 000; the chair is out of it, and may lead the second."""
    meeting, cases, at = in_hand
    resolving.adopt_as_proposed(cases[0], by=house.vice_chair, at=at)
    words = {"has_tie": True, "ground": "other", "explanation": "Nabo."}
    declaring.declare(cases[0].application, **words, by=house.chair, at=at)
    live.go_to(meeting, cases[1], by=house.chair, at=at)
    return meeting, cases, at


@pytest.mark.fault("A3")
@pytest.mark.parametrize("amount", [50_000, 50_001, 450_000])
def test_one_to_whom_a_case_is_closed_learns_nothing_by_trying_amounts(
    amount, house, with_closed, frozen_clock, sign_in
):
    """What is left is 50 000: a refusal over that, and none under it, would tell what the closed case got."""
    meeting, cases, at = with_closed
    frozen_clock.move_to(at)
    client = sign_in(house.chair)
    part = {"text": f"1. SSU innvilger {amount} kr.", "outcome": "partly_granted", "reason": "Del."}
    if amount == 450_000:
        part |= {"outcome": "granted", "reason": "Svarer godt på utlysningen."}
    page = client.get(reverse("meetings:resolve", args=[cases[1].pk]))
    assert "over_frame_reason" not in page.context["form"].fields
    assert "Igjen av rammen" not in client.get(reverse("meetings:room", args=[meeting.pk])).content.decode()
    broken = client.post(reverse("meetings:resolve", args=[cases[1].pk]), {**part, "amount": amount, "reason": ""})
    assert (broken.status_code, "rammen" in broken.content.decode()) == (422, False)
    answer = client.post(reverse("meetings:resolve", args=[cases[1].pk]), {**part, "amount": amount})
    assert answer.status_code == 302
    made = Resolution.objects.get(case=cases[1])
    assert (made.amount, made.over_frame_reason) == (amount, "")


@pytest.mark.fault("A3")
def test_the_next_who_sees_the_frame_says_why_before_the_minutes_are_adopted(house, with_closed):
    meeting, cases, at = with_closed
    resolving.adopt_as_proposed(cases[1], by=house.chair, at=at)
    resolving.postpone_rest(meeting, reason="Tid.", by=house.vice_chair, at=at)
    live.close_meeting(meeting, by=house.vice_chair, at=at)
    record = Meeting.objects.get(pk=meeting.pk).minutes
    with pytest.raises(MeetingError, match=rf"Vedtakene går over rammen\. Rett vedtaket i sak {cases[1].reference}"):
        minutes.adopt(record, by=house.secretary, at=at)
    made = Resolution.objects.get(case=cases[1])
    kept = {name: getattr(made, name) for name in ("text", "outcome", "amount", "reason", "conditions")}
    words = {"over_frame_reason": "Rammen øker i mars.", "why": "Manglet."}
    corrections.correct(made, **kept, **words, by=house.secretary, at=at)
    assert minutes.adopt(record, by=house.secretary, at=at).is_adopted


@pytest.mark.fault("A3")
@pytest.mark.usefixtures("frozen_clock")
def test_a_letter_tells_nothing_of_the_frame_to_one_to_whom_a_case_is_closed(house):
    made = decide_from_minutes(adopted(house, [("granted", 10), ("granted", 9)]).meeting, by=house.secretary, at=NOW)
    letter = letters.prepare(made[0], by=house.secretary, at=NOW)
    Frame.objects.update(amount=7)
    words = {"has_tie": True, "ground": "other", "explanation": "Nabo."}
    with pytest.raises(letters.LetterError, match=r"det er vedtatt 12.kr mer enn rammen"):
        approve(Letter.objects.get(pk=letter.pk), by=house.hospital_secretary)
    declaring.declare(made[1].application, **words, by=house.hospital_secretary, at=NOW)
    approve(Letter.objects.get(pk=letter.pk), by=house.hospital_secretary)
    assert Letter.objects.get(pk=letter.pk).approved_by == house.hospital_secretary


def test_a_refusal_keeps_no_word_of_the_frame_and_counts_as_none(house, in_hand):
    """Corrected from an award by one who does not see the frame, since a case under it is closed to her."""
    meeting, cases, at = in_hand
    resolving.adopt_as_proposed(cases[0], by=house.vice_chair, at=at)
    live.go_to(meeting, cases[1], by=house.vice_chair, at=at)
    words = {"over_frame_reason": "Rammen øker i mars.", "reason": "Svarer godt på utlysningen."}
    award = {"text": "1. SSU innvilger 450 000 kr.", "outcome": "granted", "amount": 450_000}
    made = resolving.adopt_agreed(cases[1], **award, **words, by=house.vice_chair, at=at)
    of_round = cases[1].application.round
    assert is_passed_with_words(of_round)
    declared = {"has_tie": True, "ground": "other", "explanation": "Nabo."}
    declaring.declare(cases[0].application, **declared, by=house.chair, at=at)
    resolving.postpone_rest(meeting, reason="Tid.", by=house.vice_chair, at=at)
    live.close_meeting(meeting, by=house.vice_chair, at=at)
    refusal = {"text": "1. SSU avslår søknaden.", "outcome": "rejected", "reason": "Uklare mål.", "why": "Feil."}
    over = {"over_frame_reason": "Rammen øker i mars.", "difference": "Ingen plan."}
    corrected = corrections.correct(made, **refusal, **over, by=house.chair, at=at)
    assert (corrected.amount, corrected.over_frame_reason) == (None, "")
    # As it may have been kept by earlier versions.
    Resolution.objects.filter(pk=made.pk).update(over_frame_reason="Rammen øker i mars.")
    assert not is_passed_with_words(of_round)
