"""One truth of how a body decides: the round's stage in a case of a round, the body's own in every other."""

from datetime import timedelta

import pytest
from django.template.loader import render_to_string
from django.urls import reverse

from evaluation.meetings.models import Ballot, Case, CaseKind, Meeting
from evaluation.meetings.queries.minutes import minutes_content, shown
from evaluation.meetings.services import balloting, live, planning, resolving
from evaluation.meetings.services.locking import MeetingError
from portal.clock import local_date
from portal.communities.models import Body
from portal.communities.services import bodies
from portal.communities.services.people import Invited
from rounds.models import Round
from rounds.services import RoundInSessionError, load_round
from tests import factories
from tests.harness import worlds
from tests.meetings import world

pytestmark = pytest.mark.django_db

STRICT = {"decision_rule": "double_majority", "quorum": {"share": "all", "both_sides": True}}
SET_BY_ROUND = (
    "Flertall på begge sider: Forslaget er vedtatt når flere stemmer for enn mot både på kommunesiden og på "
    "helseforetakssiden. Vedtaksført når alle stemmeberettigede er til stede, og noen fra begge sider. "
    "Dette er fastsatt i utlysningen under «Behandling i SSU»."
)
OWN = (
    "Konsensus: Forslaget er vedtatt når ingen har innvendinger. Vedtaksført når minst halvparten av de "
    "stemmeberettigede er til stede, og noen fra begge sider. Dette er den vanlige regelen i SSU Troms og Ofoten."
)


@worlds.world
def strict(house):
    """A meeting of a body that decides by consensus, on the list of a round that asks for more; cases and time."""
    meeting, cases, at = world.list_meeting(house, 1, stage={**STRICT, "name": "Behandling i SSU"})
    return meeting, cases, at


def offered(house, case, at):
    return world.ballot_on(house, case, at, proposal=case.paper.proposal, outcome="granted", amount=450_000)


def with_stage(round_, **fields):
    """The round's definition with other fields of its deciding stage."""
    data = round_.spec.to_data()
    data["stages"][-1].update(fields)
    return type(round_.spec).model_validate(data)


# --- which rules ----------------------------------------------------------------------------------


def test_round_that_asks_for_all_and_a_majority_on_both_sides_gets_it(house, strict):
    meeting, cases, at = strict
    meeting = world.opened(house, meeting, at, house.chair, house.recused_member, house.vice_chair)
    with pytest.raises(MeetingError, match="3 av 4 stemmeberettigede er til stede, og det kreves minst 4"):
        offered(house, cases[0], at)
    assert Ballot.objects.count() == 0
    live.arrive(world.line(meeting, house.member), by=house.chair, at=at)
    ballot = offered(house, cases[0], at)
    # One against of two is no majority on the hospitals' side, though three of four are in favour.
    world.vote(ballot, at, of=house, chair="for", recused_member="for", vice_chair="for", member="against")
    closed = balloting.close_ballot(ballot, by=house.chair, at=at)
    assert (closed.is_carried, closed.result["sentence"]) == (
        False,
        (
            "Forslaget falt. Det fikk 3 mot 1 stemme, men ikke flertall på begge sider. "
            "Kommunesiden: 2 for, 0 mot. Helseforetakssiden: 1 for, 1 mot."
        ),
    )
    again = offered(house, cases[0], at)
    world.vote(again, at, of=house, chair="for", recused_member="against", vice_chair="for", member="for")
    assert not balloting.close_ballot(again, by=house.chair, at=at).is_carried
    last = offered(house, cases[0], at)
    world.vote(last, at, of=house, chair="for", recused_member="abstain", vice_chair="for", member="abstain")
    assert balloting.close_ballot(last, by=house.chair, at=at).is_carried


def test_allocation_is_decided_by_the_rules_of_the_stage_too(house, strict):
    meeting, cases, at = strict
    meeting = world.opened(house, meeting, at, *world.everybody(house))
    resolving.adopt_as_proposed(cases[0], by=house.chair, at=at)
    live.go_to(meeting, cases[1], by=house.chair, at=at)
    ballot = world.ballot_on(house, cases[1], at, proposal=cases[1].paper.proposal)
    assert ballot.rules_text == SET_BY_ROUND


@pytest.mark.parametrize("kind", CaseKind)
def test_other_cases_are_decided_by_the_rules_of_the_body(house, strict, kind):
    meeting, _cases, at = strict
    case = world.own_case(house, meeting, at, kind=kind)
    meeting = world.opened(house, meeting, at, house.chair, house.vice_chair)
    live.go_to(meeting, case, by=house.chair, at=at)
    if kind == CaseKind.DECISION:
        resolution = resolving.adopt_as_proposed(case, by=house.chair, at=at)
    else:
        resolution = resolving.note(case, text="Notert.", by=house.chair, at=at)
    assert resolution.rules_text == OWN


def test_case_of_an_application_without_a_list_follows_the_stage_at_the_body(house, strict):
    meeting, cases, at = strict
    Case.objects.filter(pk=cases[0].pk).update(priority_list=None, recommendation=None)
    world.opened(house, meeting, at, *world.everybody(house))
    case = Case.objects.get(pk=cases[0].pk)
    ballot = world.ballot_on(house, case, at, proposal="450 000 kr innvilges.", outcome="granted", amount=450_000)
    assert ballot.rules_text == SET_BY_ROUND
    cases[0].application.stage_entries.all().delete()
    assert resolving.rules_of(Case.objects.get(pk=cases[0].pk), house.ssu).stage == ""


def test_case_of_an_application_without_a_list_follows_no_stage_at_another_body(house, strict):
    _meeting, cases, _at = strict
    Case.objects.filter(pk=cases[0].pk).update(priority_list=None, recommendation=None)
    Case.objects.filter(pk=cases[0].pk).update(body=house.fsu)
    assert resolving.rules_of(Case.objects.get(pk=cases[0].pk), house.ssu).stage == ""


def test_case_taken_up_again_keeps_the_rules_of_its_stage(house, strict):
    meeting, cases, at = strict
    meeting = world.opened(house, meeting, at, *world.everybody(house))
    resolving.postpone(cases[0], reason="Mer arbeid.", by=house.chair, at=at)
    later = world.planned(house, at)
    again = planning.take_up_again(Case.objects.get(pk=cases[0].pk), later, by=house.secretary, at=at)
    assert resolving.rules_of(again, house.ssu).terms == resolving.rules_of(cases[0], house.ssu).terms


def test_double_majority_of_the_round_is_not_agreed_on_after_a_ballot(house, strict):
    meeting, cases, at = strict
    world.opened(house, meeting, at, *world.everybody(house))
    ballot = offered(house, cases[0], at)
    world.vote(ballot, at, of=house, chair="for", recused_member="for", vice_chair="against", member="against")
    balloting.close_ballot(ballot, by=house.chair, at=at)
    with pytest.raises(MeetingError, match="Det er holdt votering i saken"):
        resolving.adopt_agreed(cases[0], text="Enige.", outcome="rejected", by=house.chair, at=at)


# --- kept and shown -------------------------------------------------------------------------------


def test_rules_stand_at_the_case_at_the_ballot_and_in_the_minutes(house, strict, sign_in):
    meeting, cases, at = strict
    client = sign_in(house.chair)
    paper, screen = reverse("meetings:case", args=[cases[0].pk]), reverse("meetings:room", args=[meeting.pk])
    meeting = world.opened(house, meeting, at, *world.everybody(house))
    assert (SET_BY_ROUND in client.get(paper).text, SET_BY_ROUND in client.get(screen).text) == (True, True)
    ballot = offered(house, cases[0], at)
    assert client.get(screen).text.count(SET_BY_ROUND) == 1
    world.vote(ballot, at, of=house, chair="for", recused_member="for", vice_chair="for", member="for")
    balloting.close_ballot(ballot, by=house.chair, at=at)
    resolving.adopt_as_proposed(cases[0], by=house.chair, at=at)
    live.go_to(meeting, cases[1], by=house.chair, at=at)
    resolving.adopt_as_proposed(Case.objects.get(pk=cases[1].pk), by=house.chair, at=at)
    live.close_meeting(meeting, by=house.chair, at=at + timedelta(hours=1))
    # What is in force afterwards changes nothing that was decided.
    Body.objects.update(decision_rule="simple_majority", quorum_percent=100)
    load_round(with_stage(Round.objects.get(), decision_rule="consensus", quorum=None), by=None, at=at)
    assert [case.resolution.rules_text for case in Case.objects.order_by("position")] == [SET_BY_ROUND, SET_BY_ROUND]
    content = minutes_content(Meeting.objects.select_related("body__community").get(), "")
    assert ("rule" in content, [ballot["rules"] for ballot in content["cases"][0]["ballots"]]) == (
        False,
        [SET_BY_ROUND],
    )
    page = client.get(reverse("meetings:minutes", args=[meeting.pk])).text
    document = render_to_string("letters/minutes.html", {"minutes": shown(content)})
    assert (page.count(SET_BY_ROUND), document.count(SET_BY_ROUND)) == (2, 2)


def test_projector_shows_the_rules_before_the_ballot_in_it_and_after_the_resolution(house, strict, sign_in):
    meeting, cases, at = strict
    address = reverse("meetings:projector", args=[meeting.pk])
    client = sign_in(house.chair)
    meeting = world.opened(house, meeting, at, *world.everybody(house))
    # Who set them is told on the pages.
    rules, source = SET_BY_ROUND.split(" Dette er ")

    def told():
        page = client.get(address).text
        return page.count(rules), source in page

    seen = [told()]
    ballot = offered(house, cases[0], at)
    seen.append(told())
    world.vote(ballot, at, of=house, chair="for", recused_member="for", vice_chair="for", member="for")
    balloting.close_ballot(ballot, by=house.chair, at=at)
    resolving.adopt_as_proposed(cases[0], by=house.chair, at=at)
    seen.append(told())
    assert seen == [(1, False)] * 3


def test_projector_shows_no_rules_in_a_case_that_asks_for_no_decision(house, now, sign_in):
    meeting = world.planned(house, now)
    world.own_case(house, meeting, now, kind=CaseKind.INFORMATION)
    world.opened(house, meeting, now, *world.everybody(house))
    page = sign_in(house.chair).get(reverse("meetings:projector", args=[meeting.pk])).text
    assert (OWN in page, "Konsensus:" in page) == (False, False)


def test_what_was_decided_before_the_rules_were_kept_reads_well(house, now, case):
    ballot = world.ballot_on(house, case, now)
    world.vote(ballot, now, of=house, chair="for", recused_member="for", vice_chair="for", member="for")
    balloting.close_ballot(ballot, by=house.chair, at=now)
    resolving.adopt_as_proposed(case, by=house.chair, at=now)
    old = {**ballot.rules, "share": None, "both_sides": None}
    Ballot.objects.update(rules=old)
    Case.objects.get().resolution.__class__.objects.update(rules=None)
    content = minutes_content(Meeting.objects.select_related("body__community").get(), "")
    assert (content["cases"][0]["ballots"][0]["rules"], content["cases"][0]["rules"]) == (
        (
            "Konsensus: Forslaget er vedtatt når ingen har innvendinger. "
            "Dette er den vanlige regelen i SSU Troms og Ofoten."
        ),
        "",
    )
    # Minutes adopted before said the rule once, in the head.
    frozen = {**content, "rule": "Konsensus"}
    for part in (frozen["cases"][0], frozen["cases"][0]["ballots"][0]):
        del part["rules"]
    html = render_to_string("letters/minutes.html", {"minutes": shown(frozen)})
    assert (html.count("Beslutningsregel"), html.count("Konsensus")) == (1, 1)


# --- not while the meeting is open ------------------------------------------------------------------


@pytest.mark.fault("A7")
@pytest.mark.parametrize(
    "fields",
    [
        {"decision_rule": "simple_majority"},
        {"quorum_percent": 75},
        {"quorum_needs_both_sides": False},
        {"chair_breaks_ties": True},
        {"members_see_votes": False},
    ],
)
def test_how_a_body_decides_is_not_changed_while_its_meeting_is_open(house, now, meeting, case, fields):
    with pytest.raises(bodies.BodyInSessionError, match="SSU Troms og Ofoten er i møte"):
        bodies.change_body(house.ssu, fields, by=house.secretary, at=now)
    bodies.change_body(house.ssu, {"mandate": "Nytt mandat"}, by=house.secretary, at=now)
    resolving.postpone(case, reason="Nei.", by=house.chair, at=now)
    live.close_meeting(meeting, by=house.chair, at=now)
    bodies.change_body(Body.objects.get(pk=house.ssu.pk), fields, by=house.secretary, at=now)
    after = Body.objects.get(pk=house.ssu.pk)
    assert {name: getattr(after, name) for name in fields} == fields


def test_another_body_may_change_meanwhile(house, now, meeting):
    bodies.change_body(house.far_ssu, {"quorum_percent": 75}, by=house.far_secretary, at=now)
    assert Body.objects.get(pk=house.far_ssu.pk).quorum_percent == 75


def test_register_s_form_says_why_and_keeps_what_was_typed(house, now, meeting, sign_in):
    fields = {"name": "SSU", "mandate": "Nytt", "decision_rule": "double_majority", "quorum_percent": "60"}
    client, url = sign_in(house.secretary), reverse("portal:body_edit", args=[house.ssu.code])
    version = client.get(url).context["form"]["version"].value()
    answer = client.post(url, {**fields, "version": version})
    assert (answer.status_code, "kan ikke endres før møtet er hevet" in answer.text) == (422, True)
    assert 'value="60"' in answer.text


@pytest.mark.parametrize("fields", [{"side": "user"}, {"right": "speak"}, {"deputy_for": "chair"}])
def test_who_votes_is_not_changed_while_the_meeting_is_open(house, now, meeting, fields):
    seat = house.ssu.seats.get(user=house.member)
    fields = {
        name: house.ssu.seats.get(user=house.chair) if name == "deputy_for" else value for name, value in fields.items()
    }
    with pytest.raises(bodies.SeatError, match="SSU Troms og Ofoten er i møte"):
        bodies.change_seat(seat, fields, by=house.secretary, at=now)
    bodies.change_seat(house.ssu.seats.get(pk=seat.pk), {"title": "Klinikksjef"}, by=house.secretary, at=now)


@pytest.mark.fault("A7")
def test_who_leads_is_not_changed_while_the_meeting_is_open(house, now, meeting):
    def seat_of(person):
        return house.ssu.seats.get(user=person)

    by_secretary, yesterday = {"by": house.secretary, "at": now}, local_date(now) - timedelta(days=1)
    new = {"side": "user", "right": "speak", "from_date": local_date(now), "to_date": None}
    invited = Invited(house.stranger.email, "")
    for act in (
        lambda: bodies.change_seat(seat_of(house.member), {"role": "vice_chair"}, **by_secretary),
        lambda: bodies.change_seat(seat_of(house.chair), {"role": "member"}, **by_secretary),
        lambda: bodies.change_seat(seat_of(house.chair), {"to_date": yesterday}, **by_secretary),
        lambda: bodies.add_seat(house.ssu, invited, {**new, "role": "chair"}, **by_secretary),
        lambda: bodies.end_seat(seat_of(house.member), yesterday, **by_secretary),
    ):
        with pytest.raises(bodies.SeatError, match="SSU Troms og Ofoten er i møte"):
            act()
    bodies.add_seat(house.ssu, invited, {**new, "role": "member"}, **by_secretary)
    bodies.end_seat(seat_of(house.member), local_date(now), **by_secretary)


@pytest.mark.parametrize(
    "fields", [{"decision_rule": "consensus"}, {"quorum": {"share": "half"}}, {"quorum": None}, {"decision_rule": None}]
)
def test_round_is_not_loaded_with_other_rules_while_a_body_is_on_its_cases(house, strict, fields):
    meeting, _cases, at = strict
    world.opened(house, meeting, at, *world.everybody(house))
    round_ = Round.objects.get()
    with pytest.raises(RoundInSessionError, match="SSU Troms og Ofoten er i møte"):
        load_round(with_stage(round_, **fields), by=None, at=at)
    assert Round.objects.get().version == 1
    load_round(factories.changed(round_.spec, title="Ny tittel"), by=None, at=at)
    resolving.postpone_rest(meeting, reason="Nei.", by=house.chair, at=at)
    live.close_meeting(meeting, by=house.chair, at=at)
    assert load_round(with_stage(Round.objects.get(), **fields), by=None, at=at).version == 3
