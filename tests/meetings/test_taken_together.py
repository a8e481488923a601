"""Several cases are resolved in one press: each is a resolution of its own, under its own conditions."""

import re

import pytest
from django.db import connection
from django.urls import reverse

from evaluation.assessment.habilitet import Ground
from evaluation.meetings.models import Case, CaseKind, DiscussionRequest, Meeting, Resolution
from evaluation.meetings.queries.minutes import minutes_content
from evaluation.meetings.queries.together import lines_together
from evaluation.meetings.services import habilitet, live, planning, resolving, together
from evaluation.meetings.services.locking import MeetingError
from portal.errors import ChangedError
from portal.journal import services as journal
from portal.journal.models import LogEntry
from portal.snapshots import sums
from tests import world as base
from tests.harness import images
from tests.harness.interleaving import MOMENTS, interleave
from tests.meetings import world
from tests.world import NOW

pytestmark = pytest.mark.django_db
on_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")


def three_cases(home, at):
    """A meeting that is called and set, everybody there, with three cases of its own."""
    meeting = world.planned(home, at)
    for number in (1, 2, 3):
        world.own_case(home, meeting, at, f"Sak om {number}", proposal=f"1. SSU godkjenner punkt {number}.")
    return world.opened(home, meeting, at, *world.everybody(home))


def take(meeting, at, by, chosen=None):
    """Resolve together what the page of the person shows, or the chosen of it."""
    lines = [line for line in lines_together(meeting, by, now=at) if not line.why]
    shown = sums({line.key: line.shown for line in lines})
    chosen = [line.key for line in lines] if chosen is None else [str(case.pk) for case in chosen]
    return together.resolve_together(meeting, chosen, shown=shown, by=by, at=at)


def why(meeting, user, at):
    return {line.case.reference: line.why for line in lines_together(meeting, user, now=at)}


@pytest.fixture
def meeting(house, now):
    return three_cases(house, now)


def test_each_case_gets_its_own_resolution_and_the_minutes_say_together(house, now, meeting):
    done = take(meeting, now, house.chair)
    assert ([case.reference for case in done.done], done.left) == (["1/25", "2/25", "3/25"], ())
    first = Resolution.objects.get(case__number=1)
    assert (first.text, first.rules["rule"], len(first.electorate["entitled"])) == (
        "1. SSU godkjenner punkt 1.",
        "consensus",
        4,
    )
    assert first.manner == (
        "Vedtatt samlet med sak 2/25 og 3/25, ved konsensus og uten votering. "
        "Vedtaksført: 4 av 4 stemmeberettigede var til stede."
    )
    told = [case["manner"] for case in minutes_content(meeting, "")["cases"]]
    assert all(sentence.startswith("Vedtatt samlet med sak ") for sentence in told)
    assert LogEntry.objects.filter(act="case.decided").count() == 3


def test_one_alone_is_not_together(house, now, meeting):
    take(meeting, now, house.chair, chosen=[meeting.cases.get(number=2)])
    assert Resolution.objects.get().manner.startswith("Vedtatt ved konsensus uten votering.")
    assert set(why(meeting, house.chair, now)) == {"1/25", "3/25"}


def test_what_is_left_out_says_why(house, now, meeting):
    first, second, third = meeting.cases.order_by("number")
    recused = world.line(meeting, house.recused_member)
    habilitet.raise_question(first, recused, ground=Ground.OTHER, explanation="Slekt.", by=house.chair, at=now)
    together.ask_to_discuss(second, by=house.member, at=now)
    planning.write_paper(third, texts={"proposal": ""}, by=house.secretary, at=now)
    talk = world.own_case(house, meeting, now, "Om året", kind=CaseKind.DISCUSSION)
    expected = {"1/25": "habilitet", "2/25": "discussed", "3/25": "no_proposal", talk.reference: "not_for_decision"}
    assert why(meeting, house.chair, now) == expected
    # One who is asked about is told no more.
    assert why(meeting, house.recused_member, now)["1/25"] == "closed"
    done = take(meeting, now, house.chair, chosen=[first, second, third, talk])
    assert (done.done, len(done.left), Resolution.objects.count()) == ((), 4, 0)
    assert done.left[1][1] == "Noen vil ha saken drøftet."


def test_who_is_out_of_a_case_does_not_resolve_it_with_others(house, now, meeting):
    first = meeting.cases.get(number=1)
    chair = world.line(meeting, house.chair)
    habilitet.raise_question(first, chair, ground=Ground.OTHER, explanation="Slekt.", by=house.chair, at=now)
    done = take(meeting, now, house.chair, chosen=meeting.cases.all())
    assert [case.reference for case in done.done] == ["2/25", "3/25"]
    assert [(case.reference, sentence) for case, sentence in done.left] == [("1/25", "Saken er stengt for deg.")]


def test_a_case_that_was_voted_on_is_left_out(house, now, meeting):
    case = meeting.current_case
    world.ballot_on(house, case, now, proposal="1. Noe annet.")
    with pytest.raises(MeetingError, match="Lukk voteringen først"):
        take(meeting, now, house.chair)
    assert why(meeting, house.chair, now)[case.reference] == "voted"


def test_a_meeting_that_is_not_quorate_resolves_nothing(house, now, meeting):
    for person in (house.vice_chair, house.member):
        live.leave(world.line(meeting, person), by=house.chair, at=now)
    done = take(meeting, now, house.chair)
    assert (done.done, Resolution.objects.count()) == ((), 0)
    assert "Ikke vedtaksført" in done.left[0][1]


def test_cases_of_a_list_are_taken_with_their_amounts_and_the_allocation_is_left(house):
    meeting, cases, at = world.list_meeting(house, 2)
    meeting = world.opened(house, meeting, at, *world.everybody(house))
    assert why(meeting, house.chair, at)[cases[-1].reference] == "whole_list"
    done = take(meeting, at, house.chair)
    granted = {row.case_id: (row.outcome, row.amount, row.reason) for row in Resolution.objects.all()}
    for case in done.done:
        asked = case.recommendation
        assert granted[case.pk] == (asked.outcome, asked.amount, asked.reason)
    assert len(done.done) + len(done.left) == 2


def test_a_proposal_that_was_changed_since_is_not_resolved_unseen(house, now, meeting):
    lines = lines_together(meeting, house.chair, now=now)
    shown = sums({line.key: line.shown for line in lines})
    planning.write_paper(lines[1].case, texts={"proposal": "1. Nytt."}, by=house.secretary, at=now)
    chosen = [line.key for line in lines]
    with pytest.raises(ChangedError, match="Forslaget i sak 2/25 er endret"):
        together.resolve_together(meeting, chosen, shown=shown, by=house.chair, at=now)
    assert not Resolution.objects.exists()


@pytest.mark.parametrize("chosen", [[], ["0", "x"]])
def test_nothing_chosen_or_a_case_that_is_dealt_with_is_said(house, now, meeting, chosen):
    with pytest.raises(MeetingError, match="Velg minst én sak"):
        together.resolve_together(meeting, chosen, shown="", by=house.chair, at=now)


def test_not_before_the_meeting_is_set_nor_after_it(house, now):
    meeting = world.planned(house, now)
    case = world.own_case(house, meeting, now)
    with pytest.raises(MeetingError, match="ikke satt ennå"):
        take(meeting, now, house.chair, chosen=[case])


# --- a member's wish --------------------------------------------------------------------------------


def test_a_member_asks_and_takes_it_back(house, now, meeting):
    case = meeting.cases.get(number=3)
    for _press in (1, 2):
        together.ask_to_discuss(case, by=house.member, at=now)
    assert DiscussionRequest.objects.count() == 1
    for _press in (1, 2):
        together.take_back_request(case, by=house.member, at=now)
    acts = LogEntry.objects.filter(act__startswith="case.discussion").order_by("pk").values_list("act", flat=True)
    assert list(acts) == ["case.discussion_asked", "case.discussion_taken_back"]
    assert why(meeting, house.chair, now)["3/25"] is None


def test_who_is_out_of_the_case_or_the_body_asks_nothing(house, now, meeting):
    case = meeting.current_case
    recused = world.line(meeting, house.recused_member)
    habilitet.raise_question(case, recused, ground=Ground.OTHER, explanation="Slekt.", by=house.chair, at=now)
    with pytest.raises(MeetingError, match="Før det er avgjort, kan du ikke be om at den drøftes"):
        together.ask_to_discuss(case, by=house.recused_member, at=now)
    with pytest.raises(MeetingError, match="Bare de som har plass i utvalget"):
        together.ask_to_discuss(case, by=house.secretary, at=now)
    resolving.postpone(case, reason="Senere.", by=house.chair, at=now)
    with pytest.raises(MeetingError, match="allerede ferdig behandlet"):
        together.ask_to_discuss(case, by=house.member, at=now)


# --- the page ---------------------------------------------------------------------------------------


def test_the_chair_takes_the_ticked_cases_in_one_press(house, now, meeting, sign_in, frozen_clock):
    frozen_clock.move_to(now)
    client, address = sign_in(house.chair), reverse("meetings:together", args=[meeting.pk])
    page = client.get(address)
    text = page.content.decode()
    shown = re.search(r'name="shown" value="([^"]*)"', text)[1]
    ticked = [case.pk for case in meeting.cases.exclude(number=2)]
    assert text.count("checked") == 3
    answer = client.post(address, {"case": ticked, "shown": shown}, follow=True)
    assert "2 saker er vedtatt samlet, som foreslått." in answer.content.decode()
    assert Case.objects.filter(status="decided").count() == 2


def test_a_member_asks_on_the_page_and_cannot_resolve(house, now, meeting, sign_in, frozen_clock):
    frozen_clock.move_to(now)
    client, address = sign_in(house.member), reverse("meetings:together", args=[meeting.pk])
    case = meeting.cases.get(number=2)
    press = reverse("meetings:discussion", args=[case.pk])
    answer = client.post(press, {"act": "ask"}, follow=True).content.decode()
    assert "Saken tas for seg i møtet" in answer
    assert str(house.member) in answer
    assert "Trekk ønsket" in answer
    assert (client.post(address, {"case": case.pk}).status_code, client.post(press).status_code) == (403, 404)


def test_the_page_says_when_there_is_nothing_to_take(house, now, meeting, sign_in, frozen_clock):
    frozen_clock.move_to(now)
    take(meeting, now, house.chair)
    address = reverse("meetings:together", args=[meeting.pk])
    assert "Ingen saker kan vedtas samlet" in sign_in(house.chair).get(address).content.decode()


# --- at once ----------------------------------------------------------------------------------------


class Open:
    """A meeting with three cases, and what can be done with them at one time."""

    def __init__(self):
        self.house = base.house()
        self.meeting = three_cases(self.house, NOW)
        self.lines = lines_together(self.meeting, self.house.chair, now=NOW)

    def take(self):
        shown = sums({line.key: line.shown for line in self.lines})
        chosen = [line.key for line in self.lines]
        together.resolve_together(self.meeting, chosen, shown=shown, by=self.house.chair, at=NOW)

    def ask(self):
        together.ask_to_discuss(self.lines[1].case, by=self.house.member, at=NOW)


@pytest.mark.slow
@on_postgresql
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("first", ["take", "ask"])
def test_a_wish_comes_before_the_press_or_too_late(first, moment):
    setting = images.world("three cases", Open)
    second = {"take": "ask", "ask": "take"}[first]
    ends = interleave(getattr(setting, first), getattr(setting, second), moment)
    decided = Case.objects.filter(meeting=Meeting.objects.get(), status="decided").count()
    assert (ends, decided) in [(("done", "MeetingError"), 3), (("done", "done"), 2)]
    assert journal.verify() is None
