"""How a case ends, and that it ends once."""

import pytest
from django.db import IntegrityError, transaction
from django.forms import MultipleChoiceField
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from evaluation.assessment.models import Recommendation
from evaluation.meetings.models import Case, CaseKind, Meeting, Resolution
from evaluation.meetings.queries.live import meetings_on_screen, screen
from evaluation.meetings.queries.minutes import minutes_content, shown
from evaluation.meetings.queries.proposed import latest_ballot
from evaluation.meetings.services import balloting, corrections, live, minutes, resolving
from evaluation.meetings.services.locking import MeetingConflictError, MeetingError
from evaluation.meetings.services.reasoning import ReasonError
from portal.communities.models import BodyKind, SeatRole, Side
from portal.journal.models import LogEntry
from tests import factories
from tests.harness import worlds
from tests.meetings import world

pytestmark = pytest.mark.django_db

LOOK = {"points_template": "meetings/_points.html", "rules_template": "meetings/_rules.html"}


def carried(house, case, at, **proposal):
    ballot = world.ballot_on(house, case, at, **proposal)
    world.vote(ballot, at, of=house, chair="for", vice_chair="for")
    return balloting.close_ballot(ballot, by=house.chair, at=at)


def test_carried_proposal_becomes_the_resolution(house, now):
    _meeting, case = world.in_session(house, now, "double_majority")
    ballot = carried(house, case, now)
    resolution = resolving.adopt_ballot(ballot, statements="Nei.", by=house.chair, at=now)
    assert (resolution.text, resolution.ballot, resolution.statements) == (ballot.proposal, ballot, "Nei.")
    assert resolution.manner == ballot.result["sentence"]
    assert Case.objects.get(pk=case.pk).status == "decided"


@pytest.mark.requirement("R3")
def test_application_gets_the_outcome_and_amount_that_were_voted_on(house):
    meeting, cases, at = world.list_meeting(house, 1)
    world.opened(house, meeting, at, *world.everybody(house))
    whole = "1. SSU innvilger 450 000 kr."
    fallen = world.ballot_on(house, cases[0], at, outcome="granted", amount=450_000, proposal=whole)
    world.vote(fallen, at, of=house, member="against")
    balloting.close_ballot(fallen, by=house.chair, at=at)
    text = "1. SSU innvilger 300 000 kr."
    ballot = carried(house, cases[0], at, outcome="partly_granted", amount=300_000, proposal=text)
    resolution = resolving.adopt_ballot(ballot, reason="Det første året.", by=house.chair, at=at)
    assert (resolution.outcome, resolution.amount, resolution.text, resolution.reason) == (
        "partly_granted",
        300_000,
        text,
        "Det første året.",
    )
    assert list(Resolution.objects.all()) == [resolution]


# --- the reason -----------------------------------------------------------------------------------------


@worlds.world
def on_list(house):
    """A meeting going on, on an application that is recommended 450 000 kr; the case and the time."""
    meeting, cases, at = world.list_meeting(house, 1)
    world.opened(house, meeting, at, *world.everybody(house))
    Recommendation.objects.update(conditions="Rapporter hvert halvår.")
    return Case.objects.select_related("recommendation", "paper", "application").get(pk=cases[0].pk), at


OTHER = {
    "rejected": {"outcome": "rejected", "proposal": "1. SSU avslår søknaden."},
    "cut": {"outcome": "partly_granted", "amount": 300_000, "proposal": "1. SSU innvilger 300 000 kr."},
}


@pytest.mark.fault("B1")
@pytest.mark.parametrize("other", OTHER)
def test_what_departs_from_the_recommendation_is_not_entered_with_its_reason(other, house, on_list, client):
    case, at = on_list
    ballot = carried(house, case, at, **OTHER[other])
    asked = "Et avslag må begrunnes" if other == "rejected" else "Vedtaket avviker fra innstillingen"
    with pytest.raises(ReasonError, match=asked):
        resolving.adopt_as_proposed(case, by=house.chair, at=at)
    for reason, sentence in ((" ", asked), ("Svarer  godt.", "fortsatt den fra innstillingen om «Innvilges»")):
        with pytest.raises(ReasonError, match=sentence):
            resolving.adopt_ballot(ballot, reason=reason, by=house.chair, at=at)
    assert not Resolution.objects.exists()
    client.force_login(house.chair)
    page = client.post(reverse("meetings:resolve_as_proposed", args=[case.pk]), world.as_shown(case), follow=True)
    assert page.redirect_chain == [(reverse("meetings:resolve", args=[case.pk]), 302)]
    assert (asked in page.content.decode(), "reason" in page.context["form"].initial) == (True, False)
    words = {"reason": "Et annet hensyn.", "conditions": "Ett."}
    resolution = resolving.adopt_ballot(ballot, **words, by=house.chair, at=at)
    assert (resolution.reason, resolution.conditions) == ("Et annet hensyn.", "" if other == "rejected" else "Ett.")


@pytest.mark.fault("B1")
def test_what_follows_the_recommendation_takes_its_reason_and_its_conditions(house, on_list, client):
    case, at = on_list
    client.force_login(house.chair)
    initial = client.get(reverse("meetings:resolve", args=[case.pk])).context["form"].initial
    assert (initial["reason"], initial["conditions"]) == ("Svarer godt.", "Rapporter hvert halvår.")
    resolution = resolving.adopt_as_proposed(case, by=house.chair, at=at)
    assert (resolution.reason, resolution.conditions) == ("Svarer godt.", "Rapporter hvert halvår.")


@pytest.mark.fault("B1")
def test_the_reason_cannot_be_emptied_afterwards_and_minutes_without_one_are_not_adopted(house, on_list):
    case, at = on_list
    resolution = resolving.adopt_as_proposed(case, by=house.chair, at=at)
    resolving.postpone_rest(case.meeting, reason="Tiden var ute.", by=house.chair, at=at)
    record = live.close_meeting(case.meeting, by=house.chair, at=at)
    with pytest.raises(ReasonError, match="Skriv begrunnelsen for vedtaket"):
        corrections.correct(
            resolution,
            text=resolution.text,
            reason="",
            why="Feil.",
            outcome=resolution.outcome,
            amount=resolution.amount,
            by=house.chair,
            at=at,
        )
    Resolution.objects.filter(case=case).update(reason="")
    with pytest.raises(MeetingError, match=f"Sak {case.reference}: Skriv begrunnelsen for vedtaket."):
        minutes.adopt(record, by=house.chair, at=at)


WRONG = [("lent", None), ("withdrawn", None), ("granted", None), ("rejected", 1), ("", 1)]


def test_database_refuses_a_vote_and_a_resolution_with_an_unknown_outcome_or_the_wrong_amount(house, now):
    _meeting, case = world.in_session(house, now, "double_majority")
    ballot = carried(house, case, now)
    resolution = resolving.adopt_ballot(ballot, by=house.chair, at=now)
    for row, name in ((ballot, "ballot"), (resolution, "resolution")):
        for outcome, amount in WRONG:
            with pytest.raises(IntegrityError, match=f"meetings_{name}_amount_when_awarded"), transaction.atomic():
                type(row).objects.filter(pk=row.pk).update(outcome=outcome, amount=amount)


def test_wording_with_another_amount_or_outcome_is_refused(house):
    meeting, cases, at = world.list_meeting(house, 1)
    world.opened(house, meeting, at, *world.everybody(house))
    proposed = cases[0].paper.proposal
    another = r"Teksten nevner et annet beløp enn 300.000.kr. Skriv samme beløp"
    with pytest.raises(MeetingError, match=another):
        world.ballot_on(
            house, cases[0], at, outcome="partly_granted", amount=300_000, proposal="1. SSU gir 250 000 kr."
        )
    with pytest.raises(MeetingError, match="Teksten er fortsatt skrevet for «Innvilges»"):
        world.ballot_on(house, cases[0], at, outcome="rejected", proposal=proposed)
    with pytest.raises(MeetingError, match="Teksten er fortsatt skrevet for «Innvilges»"):
        resolving.adopt_agreed(cases[0], text=proposed, outcome="partly_granted", amount=300_000, by=house.chair, at=at)
    words = {"outcome": "granted", "amount": 450_000, "reason": "Godt.", "by": house.chair, "at": at}
    for text, sentence in (
        ("1. SSU innvilger 900 000 kr.", r"Teksten nevner et annet beløp enn 450.000.kr"),
        ("1. SSU innvilger søknaden.", r"Teksten nevner ikke beløpet\. Skriv 450.000.kr"),
        ("1. SSU avslår søknaden om 450 000 kr.", "Teksten sier noe annet enn «Innvilges»"),
    ):
        with pytest.raises(MeetingError, match=sentence):
            resolving.adopt_agreed(cases[0], text=text, **words)
    assert not Resolution.objects.exists()


def test_wording_of_a_case_without_a_recommendation_goes_with_the_outcome_that_it_says(house):
    meeting, cases, at = world.list_meeting(house, 1)
    world.opened(house, meeting, at, *world.everybody(house))
    Case.objects.filter(pk=cases[0].pk).update(priority_list=None, recommendation=None)
    case = Case.objects.get(pk=cases[0].pk)
    with pytest.raises(MeetingError, match="Velg utfallet som forslaget gir"):
        resolving.adopt_as_proposed(case, by=house.chair, at=at)
    words = {"text": case.paper.proposal, "reason": "Godt.", "by": house.chair, "at": at}
    with pytest.raises(MeetingError, match="Teksten sier noe annet enn «Avslås»"):
        resolving.adopt_agreed(case, **words, outcome="rejected")
    resolution = resolving.adopt_agreed(case, **words, outcome="granted", amount=450_000)
    assert (resolution.outcome, resolution.text) == ("granted", case.paper.proposal)


def test_what_carried_is_adopted_as_it_was_voted_on_and_stays_so(house, on_list, client):
    """G1: a text that nobody voted on was entered for a carried ballot, and in its correction."""
    case, at = on_list
    text = "1. SSU innvilger 450 000 kr til drift."
    ballot = carried(house, case, at, outcome="granted", amount=450_000, proposal=text)
    client.force_login(house.chair)
    url = reverse("meetings:resolve", args=[case.pk])
    page = client.get(url)
    assert {"text", "outcome", "amount"}.isdisjoint(page.context["form"].fields)
    assert "SSU innvilger 450 000 kr til drift." in page.content.decode()
    other = {"text": "SSU avslår søknaden.", "outcome": "rejected", "reason": "Annet.", "seen": ballot.pk}
    assert client.post(url, other).status_code == 302
    resolution = Resolution.objects.get()
    assert (resolution.text, resolution.outcome, resolution.amount) == (text, "granted", 450_000)
    resolving.postpone_rest(case.meeting, reason="Tiden var ute.", by=house.chair, at=at)
    record = live.close_meeting(case.meeting, by=house.chair, at=at)
    url = reverse("meetings:correct", args=[case.pk])
    assert {"text", "outcome", "amount"}.isdisjoint(client.get(url).context["form"].fields)
    words = {"text": "Tilskudd gis ikke.", "why": "Feil."}
    after = corrections.correct(resolution, **words, reason="Rett.", by=house.chair, at=at)
    assert (after.text, after.reason) == (text, "Rett.")
    Resolution.objects.filter(pk=after.pk).update(text="Tilskudd gis ikke.")
    with pytest.raises(MeetingError, match=f"Sak {case.reference}: Teksten sier noe annet enn «Innvilges»"):
        minutes.adopt(record, by=house.chair, at=at)


def test_all_agree_without_a_ballot(house):
    meeting, cases, at = world.list_meeting(house, 1)
    world.opened(house, meeting, at, *world.everybody(house))
    # The minutes are in bokmål, whatever language the chair's pages are in.
    with translation.override("en"):
        resolution = resolving.adopt_as_proposed(cases[0], by=house.chair, at=at)
    assert (resolution.outcome, resolution.amount, resolution.ballot) == ("granted", 450_000, None)
    assert resolution.manner == (
        "Vedtatt ved konsensus uten votering. Vedtaksført: 4 av 4 stemmeberettigede var til stede."
    )
    assert len(resolution.electorate["entitled"]) == 4


def test_majority_body_agrees_without_a_ballot(house, now):
    _meeting, case = world.in_session(house, now, "simple_majority")
    resolution = resolving.adopt_as_proposed(case, by=house.chair, at=now)
    assert resolution.manner.startswith("Enstemmig vedtatt uten votering.")


def test_nothing_is_adopted_without_quorum_under_a_ballot_or_without_words(house, now, meeting, case):
    ballot = world.ballot_on(house, case, now)
    with pytest.raises(MeetingError, match="Lukk voteringen"):
        resolving.adopt_agreed(case, text="x", by=house.chair, at=now)
    with pytest.raises(MeetingError, match="Lukk voteringen"):
        resolving.adopt_ballot(ballot, by=house.chair, at=now)
    balloting.close_ballot(ballot, by=house.chair, at=now)
    for person in world.everybody(house)[1:]:
        live.leave(world.line(meeting, person), by=house.chair, at=now)
    with pytest.raises(MeetingError, match="1 av 4 stemmeberettigede er til stede, og det kreves minst 2"):
        resolving.adopt_agreed(case, text="x", by=house.chair, at=now)


def test_case_without_a_proposal_is_not_adopted_with_one_press(house, now, case):
    case.paper.proposal = " "
    case.paper.save()
    with pytest.raises(MeetingError, match="ikke noe forslag"):
        resolving.adopt_as_proposed(case, by=house.chair, at=now)


def test_case_ends_once(house, now, case):
    resolving.adopt_agreed(case, text="x", by=house.chair, at=now)
    for act in (
        lambda: resolving.adopt_agreed(case, text="y", by=house.vice_chair, at=now),
        lambda: resolving.postpone(case, reason="Nei.", by=house.vice_chair, at=now),
    ):
        with pytest.raises(MeetingConflictError, match="allerede ferdig behandlet: avgjort"):
            act()
    assert Resolution.objects.get().text == "x"


def test_case_settled_between_check_and_write_is_settled_once(house, now, case):
    stale = Case.objects.select_related("meeting__body").get(pk=case.pk)
    resolving.adopt_agreed(case, text="x", by=house.chair, at=now)
    with pytest.raises(MeetingConflictError, match="Sak 1/25 er allerede ferdig behandlet"):
        resolving._settle(stale, "decided", text="y", by=house.vice_chair, at=now)


def test_only_the_outcomes_of_the_round_are_voted_on_and_resolved(house):
    meeting, (case, *_rest), at = world.list_meeting(house, 1)
    world.opened(house, meeting, at, *world.everybody(house))
    text = "1. SSU prioriterer ikke søknaden."
    for act in (
        lambda: world.ballot_on(house, case, at, outcome="not_prioritised", proposal=text),
        lambda: resolving.adopt_agreed(case, text=text, outcome="not_prioritised", by=house.chair, at=at),
        lambda: resolving.adopt_agreed(case, text=text, outcome="not_admitted", by=house.chair, at=at),
    ):
        with pytest.raises(MeetingError, match="Runden har ikke dette utfallet"):
            act()
    ballot = carried(house, case, at, outcome="rejected", proposal="1. SSU avslår søknaden.")
    # A ballot from before the round's outcomes were asked for.
    type(ballot).objects.filter(pk=ballot.pk).update(outcome="not_prioritised")
    with pytest.raises(MeetingError, match="Runden har ikke dette utfallet"):
        resolving.adopt_ballot(ballot, by=house.chair, at=at)
    assert not Resolution.objects.exists()


@pytest.mark.requirement("R132")
def test_application_is_postponed_with_its_outcome(house):
    meeting, cases, at = world.list_meeting(house, 1)
    world.opened(house, meeting, at, *world.everybody(house))
    with translation.override("en"):
        resolution = resolving.postpone(cases[0], reason="Mer forankring.", by=house.chair, at=at)
    assert (resolution.outcome, resolution.text) == ("postponed", "Saken utsettes. Mer forankring.")


def test_discussion_is_noted_and_a_decision_is_not(house, now, meeting, case):
    with pytest.raises(MeetingError, match="er en beslutningssak"):
        resolving.note(case, text="x", by=house.chair, at=now)
    talk = world.own_case(house, meeting, now, kind=CaseKind.DISCUSSION)
    live.go_to(meeting, talk, by=house.chair, at=now)
    resolving.note(talk, text="SSU drøftet saken.", by=house.chair, at=now)
    assert str(Case.objects.get(pk=talk.pk).get_status_display()) == "Drøftet"
    assert Case.objects.get(pk=talk.pk).status == "noted"


@pytest.mark.requirement("R131")
def test_partnership_meeting_takes_a_case_for_information_without_a_decision(house, now):
    body = factories.body(house.community, BodyKind.PM)
    factories.seat(body, house.chair, role=SeatRole.CHAIR)
    factories.seat(body, house.vice_chair, Side.HOSPITAL)
    meeting = world.planned(house, now, body)
    case = world.own_case(house, meeting, now, kind=CaseKind.INFORMATION, proposal="PM tar saken til orientering.")
    world.opened(house, meeting, now, house.chair, house.vice_chair)
    with pytest.raises(MeetingError):
        world.ballot_on(house, case, now)
    resolution = resolving.note(case, text="PM tok saken til orientering.", by=house.chair, at=now)
    assert (case.reference, Case.objects.get(pk=case.pk).status, resolution.outcome) == ("1/25", "noted", "")


def test_case_ended_by_mistake_is_taken_back(house, now, case):
    resolving.adopt_agreed(case, text="x", by=house.chair, at=now)
    words = {"by": house.chair, "at": now}
    with pytest.raises(MeetingError, match="Skriv hvorfor saken åpnes igjen"):
        resolving.reopen(case, why=" ", **words)
    resolving.reopen(case, why="Feil.", **words)
    with pytest.raises(MeetingConflictError, match="allerede åpen"):
        resolving.reopen(case, why="Feil.", **words)
    assert resolving.adopt_agreed(case, text="y", by=house.chair, at=now).text == "y"


def test_the_minutes_tell_what_a_case_had_come_to_before_it_was_opened_again(house, on_list, client):
    """M1: a resolution that was taken back left no trace."""
    case, at = on_list
    first = resolving.adopt_as_proposed(case, by=house.chair, at=at)
    client.force_login(house.chair)
    url = reverse("meetings:reopen", args=[case.pk])
    assert client.post(url, {"why": ""}).status_code == 422
    assert client.post(url, {"why": "Beløpet var feil."}).status_code == 302
    cut = {"text": "1. SSU innvilger 300 000 kr.", "outcome": "partly_granted", "amount": 300_000}
    resolving.adopt_agreed(case, **cut, reason="Det første året.", by=house.chair, at=at)
    told = LogEntry.objects.get(act="case.reopened").data
    assert (told["why"], told["before"]["amount"], told["before"]["text"]) == (
        "Beløpet var feil.",
        450_000,
        first.text,
    )
    content = shown(minutes_content(Meeting.objects.get(), ""))
    page = render_to_string("meetings/_minutes_case.html", {"case": content["cases"][0], **LOOK})
    page = page.replace("\N{NO-BREAK SPACE}", " ")
    assert f"Åpnet igjen av {house.chair.name}" in page
    assert "Beløpet var feil." in page
    before = page.split("Det var da bestemt:")[1].split("<h3>Vedtak</h3>")[0]
    assert ("Innvilges, 450 000 kr." in before, "Svarer godt." in before, first.manner in before) == (True,) * 3
    # Minutes that were frozen before they told of it are shown without.
    old = {
        **content,
        "cases": [{name: case[name] for name in case if name != "reopenings"} for case in content["cases"]],
    }
    assert [case["reopenings"] for case in shown(old)["cases"]] == [[], []]


def fallen(house, case, at, **proposal):
    ballot = world.ballot_on(house, case, at, **proposal)
    world.vote(ballot, at, of=house, chair="for", member="against", vice_chair="against")
    return balloting.close_ballot(ballot, by=house.chair, at=at)


def test_proposal_that_carried_later_is_the_one_that_can_be_adopted(house, now):
    meeting, case = world.in_session(house, now, "simple_majority")
    first = carried(house, case, now, proposal="1. Først.")
    second = carried(house, case, now, proposal="1. Så.")
    page = screen(meetings_on_screen(house.chair, now=now).get(pk=meeting.pk), house.chair, now=now)
    assert (page.adopted_ballot, page.can_be_agreed) == (second, False)
    with pytest.raises(MeetingError, match="Det er stemt over et nytt forslag etterpå"):
        resolving.adopt_ballot(first, by=house.chair, at=now)
    with pytest.raises(MeetingError, match="Det er holdt votering i saken"):
        resolving.adopt_agreed(case, text="1. Noe annet.", by=house.chair, at=now)
    resolution = resolving.adopt_as_proposed(case, by=house.chair, at=now)
    assert (resolution.ballot, resolution.text) == (second, "1. Så.")


def test_proposal_that_fell_later_leaves_nothing_carried_and_a_majority_votes_again(house, now):
    _meeting, case = world.in_session(house, now, "simple_majority")
    first = carried(house, case, now, proposal="1. Først.")
    second = fallen(house, case, now, proposal="1. Så.")
    for act, reason in (
        (lambda: resolving.adopt_ballot(first, by=house.chair, at=now), "stemt over et nytt forslag etterpå"),
        (lambda: resolving.adopt_ballot(second, by=house.chair, at=now), "ikke vedtatt i voteringen"),
        (lambda: resolving.adopt_as_proposed(case, by=house.chair, at=now), "ikke vedtatt i voteringen"),
        (lambda: resolving.adopt_agreed(case, text="x", by=house.chair, at=now), "holdt votering i saken"),
    ):
        with pytest.raises(MeetingError, match=reason):
            act()
    third = carried(house, case, now, proposal="1. Til slutt.")
    assert resolving.adopt_as_proposed(case, by=house.chair, at=now).ballot == third


@pytest.mark.parametrize("rule", ["consensus", "double_majority"])
def test_case_can_be_postponed_after_a_proposal_carried_and_another_fell(house, now, rule):
    _meeting, case = world.in_session(house, now, rule)
    carried(house, case, now)
    fallen(house, case, now)
    assert resolving.postpone(case, reason="Mer forankring.", by=house.chair, at=now).ballot is None


def of_consensus(house, at, *, sees_votes, **choices):
    """A case on which a body of consensus has voted so."""
    _meeting, case = world.in_session(house, at, "consensus", members_see_votes=sees_votes)
    ballot = world.ballot_on(house, case, at)
    world.vote(ballot, at, of=house, **choices)
    balloting.close_ballot(ballot, by=house.chair, at=at)
    return case


@pytest.mark.fault("B3")
def test_an_objection_stands_until_those_who_made_it_have_withdrawn_it(house, now):
    case = of_consensus(house, now, sees_votes=True, chair="for", member="against", vice_chair="against")
    names = (house.member.name, house.vice_chair.name)
    for withdrawn_by, sentence in (((), "Noen hadde innvendinger i siste votering"), (names[:1], names[1])):
        with pytest.raises(MeetingError, match=sentence):
            resolving.adopt_ballot(latest_ballot(case), withdrawn_by=withdrawn_by, by=house.chair, at=now)
    resolution = resolving.adopt_ballot(latest_ballot(case), withdrawn_by=names, by=house.chair, at=now)
    assert (resolution.ballot, resolution.text) == (latest_ballot(case), latest_ballot(case).proposal)
    assert resolution.manner == (
        f"Innvendingen fra {names[0]} og {names[1]} ble trukket. Vedtatt ved konsensus uten ny votering. "
        "Vedtaksført: 4 av 4 stemmeberettigede var til stede."
    )


@pytest.mark.fault("B3")
@pytest.mark.parametrize("sees_votes", [True, False])
def test_the_form_asks_who_withdrew_and_the_minutes_say_it(sees_votes, house, now, client):
    case = of_consensus(house, now, sees_votes=sees_votes, chair="for", member="against")
    client.force_login(house.chair)
    url = reverse("meetings:resolve", args=[case.pk])
    form = client.get(url).context["form"]
    assert isinstance(form.fields["withdrawn_by"], MultipleChoiceField) is sees_votes
    data = {"seen": form.initial["seen"]}
    assert client.post(url, data).status_code == 422
    assert client.post(url, {**data, "withdrawn_by": house.member.name}).status_code == 302
    content = shown(minutes_content(Meeting.objects.get(), ""))
    page = render_to_string("meetings/_minutes_case.html", {"case": content["cases"][0], **LOOK})
    assert f"Innvendingen fra {house.member.name} ble trukket." in page


@pytest.mark.fault("B3")
@pytest.mark.parametrize("choices", [{}, {"member": "for"}])
def test_a_body_that_was_silent_or_had_carried_votes_again(choices, house, now):
    case = of_consensus(house, now, sees_votes=True, **choices)
    with pytest.raises(MeetingError, match="holdt votering i saken"):
        resolving.adopt_agreed(case, text="1. Enige.", by=house.chair, at=now)
    words = {"withdrawn_by": ["Kari"], "by": house.chair, "at": now}
    if choices:
        assert "trukket" not in resolving.adopt_ballot(latest_ballot(case), **words).manner
    else:
        with pytest.raises(MeetingError, match="ikke vedtatt i voteringen"):
            resolving.adopt_ballot(latest_ballot(case), **words)


@pytest.mark.fault("B3")
def test_a_withdrawn_objection_serves_only_what_was_voted_on(house, on_list, client):
    """G2: consensus was told for another text, outcome and amount than the body had voted on."""
    case, at = on_list
    text = "1. SSU innvilger 450 000 kr."
    ballot = world.ballot_on(house, case, at, outcome="granted", amount=450_000, proposal=text)
    world.vote(ballot, at, of=house, chair="for", member="against")
    balloting.close_ballot(ballot, by=house.chair, at=at)
    other = {"text": "1. SSU innvilger 300 000 kr.", "outcome": "partly_granted", "amount": 300_000}
    with pytest.raises(MeetingError, match="holdt votering i saken"):
        resolving.adopt_agreed(case, **other, reason="Del.", by=house.chair, at=at)
    client.force_login(house.chair)
    url = reverse("meetings:resolve", args=[case.pk])
    form = client.get(url).context["form"]
    assert {"text", "outcome", "amount"}.isdisjoint(form.fields)
    data = {**other, "reason": "Godt.", "seen": form.initial["seen"], "withdrawn_by": house.member.name}
    assert client.post(url, data).status_code == 302
    resolution = Resolution.objects.get()
    assert (resolution.text, resolution.outcome, resolution.amount) == (text, "granted", 450_000)
    assert resolution.manner.startswith(f"Innvendingen fra {house.member.name} ble trukket.")
    resolving.postpone_rest(case.meeting, reason="Tiden var ute.", by=house.chair, at=at)
    live.close_meeting(case.meeting, by=house.chair, at=at)
    after = corrections.correct(resolution, **other, reason="Godt nok.", why="Feil.", by=house.chair, at=at)
    assert (after.text, after.outcome, after.amount) == (text, "granted", 450_000)


@pytest.mark.fault("B3")
def test_an_objection_is_not_withdrawn_in_a_body_that_is_no_longer_quorate(house, now):
    case = of_consensus(house, now, sees_votes=True, chair="for", member="against")
    for person in world.everybody(house)[1:]:
        live.leave(world.line(case.meeting, person), by=house.chair, at=now)
    words = {"withdrawn_by": [house.member.name], "by": house.chair, "at": now}
    with pytest.raises(MeetingError, match="1 av 4 stemmeberettigede er til stede"):
        resolving.adopt_ballot(latest_ballot(case), **words)
