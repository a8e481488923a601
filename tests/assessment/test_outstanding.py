"""What may still come onto a list stops its lock; what only others can settle is left out by somebody who says so."""

from datetime import timedelta

import pytest
from django.utils import translation

from applications.models import Application
from applications.services import correcting
from applications.services.status import TransitionError
from evaluation.assessment import home
from evaluation.assessment.queries import turns
from evaluation.assessment.queries.outstanding import outstanding
from evaluation.assessment.services import admission, forwarding, freezing, prioritising
from evaluation.assessment.turn import turn_url
from portal.communities.queries import standing_at
from portal.formats import deadline_in_words, deadline_no
from portal.journal.models import LogEntry
from tests import factories
from tests.assessment import world
from tests.harness import worlds

pytestmark = pytest.mark.django_db


@worlds.world
def asked(house, northern, secretary, at):
    """An application that is out for correction for a week."""
    application = world.sent(house, northern, at, title="Mangelfull", status="submitted")
    correcting.request_correction(application, ["plan"], "Planen mangler.", at + timedelta(days=7), by=secretary, at=at)
    return application


@worlds.world
def ready(application, local, secretary, at):
    """A list with everything written on it."""
    prioritising.set_up(local, by=secretary, at=at)
    world.recommend(local, application, secretary, at)
    world.do_tasks(local, secretary, at)
    return application


def keys(turn, now):
    return [(item.key, item.may_be_left_out) for item in outstanding(turn, now)]


def test_nothing_is_waited_for_when_all_is_settled(local, application, at):
    assert outstanding(local, at) == []


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [(-1, [("deadline", False)]), (0, [("settling", False)]), (119, [("settling", False)]), (120, [])],
)
def test_open_round_stops_the_lock_to_the_second(northern, local, seconds, expected):
    assert keys(local, northern.closes_at + timedelta(seconds=seconds)) == expected


def test_draft_with_a_later_deadline_is_waited_for(house, northern, local, at):
    draft = world.sent(house, northern, at)
    later = at + timedelta(days=3)
    Application.objects.filter(pk=draft.pk).update(status="draft", submitted_at=None, extended_until=later)
    (item,) = outstanding(local, at)
    assert item.sentence == (
        f"Søknad {draft.code} har utsatt frist til {deadline_no(later)}. Vent med å låse til fristen er ute."
    )
    assert keys(local, later + timedelta(minutes=2)) == []


def test_unchecked_applications_are_counted(house, northern, local, at):
    for _number in range(2):
        world.sent(house, northern, at, status="submitted")
    (item,) = outstanding(local, at)
    assert (item.sentence, item.url) == (
        "2 søknader er ikke kontrollert. Ta dem til vurdering, be om retting eller avvis dem.",
        f"{turn_url(local, 'turn')}?status=submitted",
    )


def test_correction_is_waited_for_and_then_settled(asked, local, at):
    due_at = at + timedelta(days=7)
    before, after = outstanding(local, at)[0], outstanding(local, due_at)[0]
    assert before.sentence == f"«Mangelfull» er ute til retting med frist {deadline_no(due_at)}. Vent på rettelsen."
    assert after.sentence == (
        f"«Mangelfull» ble ikke rettet innen {deadline_no(due_at)}. Gi utsatt frist, eller avvis søknaden."
    )
    assert after.url == f"/assessment/application/{asked.code}/correction/"


def test_lock_is_refused_while_a_correction_is_out(ready, asked, local, secretary, at):
    with pytest.raises(freezing.NotReadyError, match="«Mangelfull» er ute til retting"):
        freezing.freeze(local, by=secretary, at=at)
    assert not turns.priority_list_of(local).is_frozen


def test_lock_is_refused_while_the_round_is_open(ready, northern, local, secretary):
    with pytest.raises(freezing.NotReadyError, match="Søknadsfristen er"):
        freezing.freeze(local, by=secretary, at=northern.closes_at - timedelta(seconds=1))


def test_page_says_why_with_the_way_to_settle_it(ready, asked, local, secretary, client, frozen_clock, at):
    frozen_clock.move_to(at)
    client.force_login(secretary)
    page = client.get(turn_url(local, "freeze")).content.decode()
    assert f'href="/assessment/application/{asked.code}/correction/"' in page
    assert client.post(turn_url(local, "freeze")).status_code == 422


# --- what was not put right -------------------------------------------------------------------------


def test_unanswered_correction_is_closed_after_its_date(ready, asked, local, secretary, at):
    due_at = at + timedelta(days=7)
    with pytest.raises(admission.AdmissionError, match="Søkerne kan rette til"):
        admission.close_unanswered(asked, reason="Kom ikke.", by=secretary, at=due_at - timedelta(seconds=1))
    admission.close_unanswered(asked, reason="Rettelsen kom ikke.", by=secretary, at=due_at)
    asked.refresh_from_db()
    assert (asked.status, asked.admissions.get().reason) == ("not_admitted", "Rettelsen kom ikke.")
    assert freezing.freeze(local, by=secretary, at=due_at).snapshot["left_out"] == []


def test_late_correction_says_so_and_leads_to_a_new_deadline_before_the_rejection(
    asked, secretary, client, frozen_clock, at
):
    url = f"/assessment/application/{asked.code}/correction/"
    late = at + timedelta(days=8)
    lead = asked.partners.get(role="lead")
    for moment, heading, is_folded in (
        (at, f"{lead.name} retter, 7 dager igjen", False),
        (late, "Rettelsen kom ikke innen fristen", True),
    ):
        frozen_clock.move_to(moment)
        client.force_login(secretary)
        page = client.get(url).content.decode()
        assert (f">{heading}</h1>" in page, '<details class="fold">' in page) == (True, is_folded)
        assert ('data-color="danger"' in page) is is_folded
    case = client.get(f"/assessment/application/{asked.code}/").content.decode()
    assert ("Rettelsen kom ikke innen fristen" in case, "Gi utsatt frist eller avvis" in case) == (True, True)
    assert '<details class="fold" open>' in client.post(url, {"reason": ""}).content.decode()


def test_correction_that_came_is_not_closed(asked, secretary, at):
    stale = Application.objects.get(pk=asked.pk)
    Application.objects.filter(pk=asked.pk).update(status="submitted")
    asked.correction_requests.update(answered_at=at)
    with pytest.raises(TransitionError):
        admission.close_unanswered(stale, reason="Kom ikke.", by=secretary, at=at + timedelta(days=8))


def test_page_of_a_correction(asked, secretary, client, frozen_clock, at):
    frozen_clock.move_to(at)
    client.force_login(secretary)
    base = f"/assessment/application/{asked.code}"
    page = client.get(f"{base}/admission/", follow=True)
    assert page.redirect_chain == [(f"{base}/correction/", 302)]
    title = asked.round.spec.section("plan").title
    for words in (deadline_in_words(at + timedelta(days=7), at).capitalize(), title, "kommer søknaden tilbake hit"):
        assert words in page.content.decode(), words
    assert client.post(f"{base}/correction/", {"reason": "Nei."}).status_code == 403
    frozen_clock.move_to(at + timedelta(days=7))
    client.force_login(secretary)
    assert client.post(f"{base}/correction/", {"reason": ""}).status_code == 422
    assert client.post(f"{base}/correction/", {"reason": "Kom ikke."}).status_code == 302
    assert client.get(f"{base}/correction/").status_code == 403


# --- the region -------------------------------------------------------------------------------------


@worlds.world
def region(house, ready, local, regional, northern, secretary, at):
    """The house's helsefellesskap has forwarded; another of the round has not."""
    other = northern.communities.exclude(pk=house.community.pk).first() or factories.community(region=house.region)
    northern.round_communities.get_or_create(community=other, defaults={"position": 9})
    world.sent(house, northern, at, community=other)
    freezing.freeze(local, by=secretary, at=at)
    forwarding.forward(local, by=secretary, at=at)
    boss = house.regional_secretary
    prioritising.set_up(regional, by=boss, at=at)
    world.recommend(regional, ready, boss, at)
    world.do_tasks(regional, boss, at)
    return other


@pytest.mark.requirement("R15")
def test_region_waits_for_the_lists_and_then_goes_on_without_them(region, house, northern, regional, client):
    boss, due = house.regional_secretary, northern.forward_by
    assert keys(regional, due - timedelta(seconds=1)) == [(region.code, False)]
    assert keys(regional, due) == [(region.code, True)]
    with pytest.raises(freezing.NotReadyError, match=f"{region.name} har søknader som ikke ble oversendt"):
        freezing.freeze(regional, by=boss, at=due)
    # What is frozen is in bokmål, whatever language its maker's pages are in.
    with translation.override("en"):
        priority_list = freezing.freeze(regional, by=boss, at=due, left_out=[region.code])
    sentence = f"{region.name} har søknader som ikke ble oversendt innen {deadline_no(due)}."
    assert priority_list.snapshot["left_out"] == [sentence]
    assert LogEntry.objects.filter(act="priority.frozen").last().data["left_out"] == [region.code]


def test_region_ticks_what_is_left_out(region, house, northern, regional, client, frozen_clock):
    frozen_clock.move_to(northern.forward_by)
    client.force_login(house.regional_secretary)
    answer = client.post(turn_url(regional, "freeze"))
    assert (answer.status_code, "Kryss av for at listen låses uten dette" in answer.content.decode()) == (422, True)
    chosen = {f"without-{region.code}": "on", "shown": answer.context["shown"]}
    answer = client.post(turn_url(regional, "freeze"), chosen, follow=True)
    assert "Låst uten dette" in answer.content.decode()


def test_open_round_stops_the_region_too(regional, northern):
    assert keys(regional, northern.closes_at - timedelta(seconds=1)) == [("deadline", False)]


def test_front_page_of_the_secretariat_counts_what_has_come_in(asked, secretary, client, at, frozen_clock):
    frozen_clock.move_to(at)
    client.force_login(secretary)
    page = client.get("/").content.decode()
    chips = page[page.index('id="rounds-title"') :]
    assert f"/assessment/round/{asked.round.code}/?status=correction" in chips


def test_the_rounds_of_the_front_page_cost_what_their_own_page_does(asked, secretary, at, django_assert_num_queries):
    standing_at(secretary, at)
    with django_assert_num_queries(5):
        assert home.rounds(secretary, at)["lines"]
