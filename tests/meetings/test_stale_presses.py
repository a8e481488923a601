"""One press adopts a proposal, or puts it to the vote: the one that the page showed, and no other."""

import re

import pytest
from django.urls import reverse

from evaluation.assessment.habilitet import Ground
from evaluation.assessment.models import HabilitetStep
from evaluation.meetings.models import Ballot, Case, Resolution
from evaluation.meetings.services import balloting, habilitet, planning, resolving
from evaluation.meetings.voting import Choice
from portal.errors import ChangedError
from portal.journal.models import LogEntry
from tests.meetings import world

pytestmark = [pytest.mark.django_db, pytest.mark.fault("B1"), pytest.mark.usefixtures("frozen_clock")]
NEW = "Forslaget er endret siden du så det. Les det slik det er nå, og trykk på nytt."
SHOWN = re.compile(r'name="shown" value="([^"]+)"')


def carried(client, meeting):
    """What each press of the page carries: all the same."""
    (shown,) = set(SHOWN.findall(client.get(reverse("meetings:room", args=[meeting.pk])).text))
    return {"shown": shown}


def press(client, name, case, data):
    return client.post(reverse(f"meetings:{name}", args=[case.pk]), data, follow=True).text


@pytest.mark.parametrize("name", ["resolve_as_proposed", "ballot_as_proposed"])
@pytest.mark.parametrize("quietly", [True, False], ids=["saved on the way", "saved"])
def test_a_proposal_that_was_rewritten_since_is_read_first(house, now, meeting, case, sign_in, name, quietly):
    """What the script saves of a paper changes no screen: the press adopted a half-written sentence."""
    client = sign_in(house.chair)
    before = carried(client, meeting)
    text = {"proposal": "1. SSU godkjenner ret"}
    planning.write_paper(Case.objects.get(pk=case.pk), texts=text, quietly=quietly, by=house.secretary, at=now)
    page = press(client, name, case, before)
    assert (NEW in page, text["proposal"][3:] in page) == (True, True)
    assert (Resolution.objects.count(), Ballot.objects.count()) == (0, 0)
    press(client, name, case, carried(client, meeting))
    made = Resolution.objects.first() or Ballot.objects.get()
    assert (getattr(made, "text", "") or made.proposal) == text["proposal"]


@pytest.mark.parametrize("name", ["resolve_as_proposed", "ballot_as_proposed"])
def test_a_press_that_carries_nothing_is_refused(house, case, sign_in, name):
    assert NEW in press(sign_in(house.chair), name, case, {})
    assert (Resolution.objects.count(), Ballot.objects.count()) == (0, 0)


def test_a_ballot_held_since_is_seen_before_its_proposal_is_adopted(house, now, meeting, case, sign_in):
    client = sign_in(house.chair)
    before = carried(client, meeting)
    ballot = world.ballot_on(house, case, now, proposal="1. Noe annet.")
    balloting.cast(ballot, choice=Choice.FOR, by=house.chair, at=now)
    balloting.close_ballot(ballot, by=house.secretary, at=now)
    assert NEW in press(client, "resolve_as_proposed", case, before)
    assert not Resolution.objects.exists()
    press(client, "resolve_as_proposed", case, carried(client, meeting))
    assert Resolution.objects.get().text == "1. Noe annet."


def test_the_act_itself_compares(house, now, case):
    with pytest.raises(ChangedError):
        resolving.adopt_as_proposed(case, shown="x", by=house.chair, at=now)
    assert resolving.adopt_as_proposed(case, by=house.chair, at=now).text


@pytest.mark.fault("C12")
def test_who_moves_a_meeting_sees_first_where_another_has_moved_it(house, now, sign_in):
    """A new time put an old place back, and the call went out with it."""
    meeting = world.planned(house, now)
    url, client = reverse("meetings:reschedule", args=[meeting.pk]), sign_in(house.secretary)
    form = client.get(url).context["form"]
    later = {"starts_at_0": "2025-02-20", "starts_at_1": "09:00", "location": meeting.location}
    planning.reschedule(meeting, starts_at=meeting.starts_at, location="Rådhuset", by=house.hospital_secretary, at=now)
    answer = client.post(url, {**later, "shown": form["shown"].value()})
    assert (answer.status_code, "Rådhuset. Se over tid og sted." in answer.text) == (422, True)
    meeting.refresh_from_db()
    assert meeting.location == "Rådhuset"
    posted = {**later, "location": "Rådhuset", "shown": answer.context["form"]["shown"].value()}
    assert client.post(url, posted).status_code == 302


def test_a_double_press_that_moves_a_meeting_is_one(house, now, sign_in):
    """The second was told that the meeting had been moved meanwhile, by the first."""
    meeting = world.planned(house, now)
    url, client = reverse("meetings:reschedule", args=[meeting.pk]), sign_in(house.secretary)
    posted = {"starts_at_0": "2025-02-20", "starts_at_1": "09:00", "location": "Rådhuset"}
    posted |= {"shown": client.get(url).context["form"]["shown"].value()}
    assert [client.post(url, posted).status_code for _press in range(2)] == [302, 302]
    assert LogEntry.objects.filter(act="meeting.rescheduled").count() == 1


def test_who_votes_again_sees_first_that_it_is_on_the_ballots_proposal(house, now, meeting, case, sign_in):
    """A vote no longer counts since the page was opened: the press put to the vote another proposal than it showed."""
    client = sign_in(house.chair)
    ballot = world.ballot_on(house, case, now, proposal="1. Noe annet.")
    world.vote(ballot, now, of=house, member="against", chair="against")
    balloting.close_ballot(ballot, by=house.secretary, at=now)
    before = carried(client, meeting)
    question = habilitet.raise_question(
        case, world.line(meeting, house.member), ground=Ground.OTHER, explanation="Nabo.", by=house.chair, at=now
    )
    habilitet.decide_question(case, question, is_recused=True, reason="Nabo.", by=house.chair, at=now)
    page = press(client, "ballot_as_proposed", case, before)
    assert (NEW in page, "Noe annet." in page, Ballot.objects.count()) == (True, True, 1)
    press(client, "ballot_as_proposed", case, carried(client, meeting))
    assert Ballot.objects.latest("pk").proposal == "1. Noe annet."


def test_a_double_press_records_one_decision_on_habilitet(house, now, meeting, case, sign_in):
    """The person got the mail twice, and the log had two decisions."""
    question = habilitet.raise_question(
        case, world.line(meeting, house.member), ground=Ground.OTHER, explanation="Nabo.", by=house.secretary, at=now
    )
    url, client = reverse("meetings:decide_habilitet", args=[case.pk, question.pk]), sign_in(house.chair)
    typed = {"is_recused": "no", "reason": "Bare nabo.", "version": client.get(url).context["form"]["version"].value()}
    assert [client.post(url, typed).status_code for _press in range(2)] == [302, 302]
    told = [LogEntry.objects.filter(act=habilitet.DECIDED, subject_type="meetings.case").count()]
    told.append(HabilitetStep.objects.filter(person=house.member, kind="decided").count())
    assert told == [1, 1]
    assert client.post(url, {**typed, "version": client.get(url).context["form"]["version"].value(), "reason": "Nei."})
    assert HabilitetStep.objects.filter(person=house.member, kind="decided").count() == 2


@pytest.mark.fault("C12")
def test_who_decides_habilitet_sees_first_what_another_leader_recorded(house, now, meeting, case, sign_in):
    """The page that was opened before turned the decision round, unseen."""
    question = habilitet.raise_question(
        case, world.line(meeting, house.member), ground=Ground.OTHER, explanation="Nabo.", by=house.chair, at=now
    )
    url = reverse("meetings:decide_habilitet", args=[case.pk, question.pk])
    client = sign_in(house.chair)
    form = client.get(url).context["form"]
    typed = {"is_recused": "no", "reason": "Bare nabo.", "version": form["version"].value()}
    habilitet.decide_question(case, question, is_recused=True, reason="Nabo.", by=house.secretary, at=now)
    answer = client.post(url, typed)
    told = f"{house.secretary.name} har endret «Hva avgjorde utvalget?» mens du skrev."
    assert (answer.status_code, told in answer.text) == (409, True)
    question.refresh_from_db()
    assert question.is_recused is True
    again = {name: answer.context["form"][name].value() for name in ("version",)}
    kept = {f"{one.name}--choice": "mine" for one in answer.context["form"].conflicts}
    kept |= {f"{one.name}--theirs": one.version for one in answer.context["form"].conflicts}
    assert client.post(url, {**typed, **again, **kept}).status_code == 302
    question.refresh_from_db()
    assert (question.is_recused, question.reason) == (False, "Bare nabo.")
