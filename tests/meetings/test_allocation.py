"""The allocation as a whole says what the cases of the list have come to, and nothing else."""

import pytest
from django.urls import reverse

from evaluation.assessment.services import declaring
from evaluation.meetings.models import Case, Resolution
from evaluation.meetings.queries.papers import paper_page
from evaluation.meetings.queries.proposed import proposal_of
from evaluation.meetings.services import balloting, live, minutes, planning, resolving
from evaluation.meetings.services.locking import MeetingError
from portal.communities.queries import standing_at
from tests import factories
from tests.assessment import world as assessment
from tests.harness import worlds
from tests.meetings import world

pytestmark = [pytest.mark.django_db, pytest.mark.fault("B4")]

ALLOCATED = """1. SSU Troms og Ofoten fordeler til sammen 400 000 kr slik:
   a) Prosjekt 1: 400 000 kr
2. SSU Troms og Ofoten ber sekretariatet sende tilskuddsbrev og avslagsbrev."""


def spaced(text):
    return text.replace("\N{NO-BREAK SPACE}", " ")


def whole():
    return Case.objects.select_related("paper", "meeting__body", "priority_list").get(application=None)


@worlds.world
def at_the_end(house):
    """Of two recommended 450 000 kr each one got 400 000, one is postponed, and the allocation is in hand; the time."""
    meeting, cases, at = world.list_meeting(house, 2)
    world.opened(house, meeting, at, *world.everybody(house))
    text = "1. SSU innvilger 400 000 kr."
    cut = {"outcome": "partly_granted", "amount": 400_000, "reason": "Det første året."}
    resolving.adopt_agreed(cases[0], text=text, **cut, by=house.chair, at=at)
    live.go_to(meeting, cases[1], by=house.chair, at=at)
    resolving.postpone(cases[1], reason="Mer tid.", by=house.chair, at=at)
    live.go_to(meeting, cases[2], by=house.chair, at=at)
    return at


def test_the_proposal_is_written_from_the_cases_and_adopted_with_one_press(house, at_the_end, sign_in):
    assert "900 000" in spaced(whole().paper.proposal)
    assert spaced(proposal_of(whole()).text) == ALLOCATED
    form = sign_in(house.chair).get(reverse("meetings:resolve", args=[whole().pk])).context["form"]
    assert spaced(form.initial["text"]) == ALLOCATED
    assert spaced(resolving.adopt_as_proposed(whole(), by=house.chair, at=at_the_end).text) == ALLOCATED


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (None, "400.000.kr i 1 sak. Utsatt: Prosjekt 2. Punkt 1 må si dette"),
        ("1. SSU fordeler 2 170 000 kr.", "Punkt 1 må si dette"),
        ("", "Punkt 1 må si dette"),
        (f"{ALLOCATED}\n3. Av dette går 450 000 kr til Prosjekt 2.", "nevner 450.000.kr, som ikke er vedtatt i noen"),
    ],
)
def test_what_contradicts_the_cases_is_neither_voted_on_nor_adopted(text, sentence, house, at_the_end):
    text = whole().paper.proposal if text is None else text
    words = {"by": house.chair, "at": at_the_end}
    with pytest.raises(MeetingError, match=sentence):
        balloting.open_ballot(whole(), proposal=text, **words)
    with pytest.raises(MeetingError, match=sentence):
        resolving.adopt_agreed(whole(), text=text, **words)
    assert Resolution.objects.filter(case=whole()).count() == 0


def test_other_points_and_known_amounts_are_the_bodys_own(house, at_the_end):
    text = f"{ALLOCATED}\n3. De 400 000 kr utbetales i mars."
    assert resolving.adopt_agreed(whole(), text=text, by=house.chair, at=at_the_end).text == text


def test_nothing_is_allocated_before_every_case_is_settled(house, at_the_end):
    first = Case.objects.get(number=1)
    resolving.reopen(first, why="Feil.", by=house.chair, at=at_the_end)
    assert proposal_of(whole()).text == whole().paper.proposal
    with pytest.raises(MeetingError, match="Sak 1/24 er ikke avgjort"):
        resolving.adopt_as_proposed(whole(), by=house.chair, at=at_the_end)


def test_a_case_is_opened_again_after_the_allocation_is(house, at_the_end):
    first = Case.objects.get(number=1)
    resolving.adopt_as_proposed(whole(), by=house.chair, at=at_the_end)
    with pytest.raises(MeetingError, match=r"Fordelingen i sak 3/24 er vedtatt\. Åpne den igjen først"):
        resolving.reopen(first, why="Feil.", by=house.chair, at=at_the_end)
    resolving.reopen(whole(), why="Feil.", by=house.chair, at=at_the_end)
    assert resolving.reopen(first, why="Feil.", by=house.chair, at=at_the_end) == first


def test_a_ballot_on_what_the_cases_said_before_is_not_adopted(house, at_the_end):
    ballot = world.ballot_on(house, whole(), at_the_end, proposal=proposal_of(whole()).text)
    world.vote(ballot, at_the_end, of=house, chair="for", vice_chair="for")
    balloting.close_ballot(ballot, by=house.chair, at=at_the_end)
    Resolution.objects.filter(case__number=1).update(amount=300_000)
    with pytest.raises(MeetingError, match="Punkt 1 må si dette"):
        resolving.adopt_as_proposed(whole(), by=house.chair, at=at_the_end)


def test_minutes_in_which_the_allocation_contradicts_the_cases_are_not_adopted(house, at_the_end):
    resolving.adopt_as_proposed(whole(), by=house.chair, at=at_the_end)
    record = live.close_meeting(whole().meeting, by=house.chair, at=at_the_end)
    Resolution.objects.filter(case__number=1).update(amount=300_000, text="1. SSU innvilger 300 000 kr.")
    with pytest.raises(MeetingError, match="Punkt 1 må si dette"):
        minutes.adopt(record, by=house.chair, at=at_the_end)


def of_another_round(house, cases, at):
    """An application in another round under the frame of the cases."""
    data = {**cases[0].application.round.spec.to_data(), "code": "troms-ofoten-2024-host"}
    return assessment.sent(house, factories.round_of(type(cases[0].application.round.spec).model_validate(data)), at)


@pytest.mark.fault("A3")
def test_what_is_left_of_the_frame_is_not_written_either_by_one_who_may_not_read_it(house, frozen_clock, sign_in):
    _meeting, cases, at = world.list_meeting(house, 2)
    frozen_clock.move_to(at)
    facts = whole().paper.facts
    client, url = sign_in(house.secretary), reverse("meetings:edit_paper", args=[whole().pk])
    assert ("facts" in client.get(url).context["form"].fields, "Igjen av rammen: " in facts) == (True, True)
    words = {"ground": "other", "explanation": "Nabo."}
    declaring.declare(of_another_round(house, cases, at), has_tie=True, **words, by=house.secretary, at=at)
    answer = client.get(url)
    page = answer.content.decode()
    assert ("Igjen av rammen: " in page, "Fakta er ikke vist" in page, 'name="facts"' in page) == (False, True, False)
    version = answer.context["form"]["version"].value()
    sent = {"title": whole().title, "background": "Ny.", "facts": "Gjettet.", "version": version}
    assert client.post(url, sent).status_code == 302
    assert (whole().paper.background, whole().paper.facts) == ("Ny.", facts)
    by = {"by": house.secretary, "at": at}
    with pytest.raises(MeetingError, match="En annen må skrive fakta"):
        planning.write_paper(whole(), texts={"facts": "Gjettet."}, **by)
    assert planning.write_paper(whole(), texts={"facts": "Rettet."}, by=house.hospital_secretary, at=at).changes


@pytest.mark.fault("A3")
def test_what_is_left_of_the_frame_is_not_read_by_one_to_whom_a_case_in_another_round_is_closed(
    house, frozen_clock, sign_in
):
    meeting, cases, at = world.list_meeting(house, 2)
    planning.call(meeting, by=house.secretary, at=at)
    frozen_clock.move_to(at)
    other = of_another_round(house, cases, at)
    url = reverse("meetings:case", args=[whole().pk])

    def told():
        page = sign_in(house.member).get(url).content.decode()
        return ("<dt>Igjen av rammen</dt>" in page, "Fakta er ikke vist" in page, "900\u00a0000" in page)

    before = told()
    declaring.declare(other, has_tie=True, ground="other", explanation="Nabo.", by=house.member, at=at)
    assert (before, told()) == ((True, False, True), (False, True, True))
    papers = paper_page(whole(), standing_at(house.member, at))
    assert [section.label for section in papers.sections] == ["Bakgrunn", "Vurderinger"]
