"""A resolution that was entered wrongly is put right between the meeting and the adopted minutes."""

import pytest
from django.urls import reverse

from evaluation.assessment.models import Recommendation, Result
from evaluation.meetings.models import Case, Resolution, ResolutionVersion
from evaluation.meetings.services import corrections, live, minutes, resolving
from evaluation.meetings.services.locking import MeetingError
from portal.journal.models import LogEntry
from tests.assessment import world as assessments
from tests.harness import worlds
from tests.harness.carried import versions
from tests.meetings import world

pytestmark = [pytest.mark.django_db, pytest.mark.fault("B6")]

RIGHT = {
    "text": "1. SSU innvilger 400 000 kr.",
    "outcome": "partly_granted",
    "amount": 400_000,
    "reason": "Det første året.",
    "conditions": "Rapporter.",
    "why": "Feil beløp ble ført.",
}


@worlds.world
def closed(house):
    """The minutes of a closed meeting with a list of one, all as recommended (450 000 kr); and the time."""
    meeting, cases, at = world.list_meeting(house, 1)
    meeting = world.opened(house, meeting, at, *world.everybody(house))
    resolving.adopt_as_proposed(cases[0], by=house.chair, at=at)
    live.go_to(meeting, cases[1], by=house.chair, at=at)
    resolving.adopt_as_proposed(Case.objects.get(application=None), by=house.chair, at=at)
    return live.close_meeting(meeting, by=house.chair, at=at), at


def resolution(number=1):
    return Resolution.objects.select_related("case").get(case__number=number)


def test_what_was_wrong_is_put_right_and_the_old_is_kept_and_told(house, closed, frozen_clock, sign_in):
    record, at = closed
    frozen_clock.move_to(at)
    before = resolution()
    client, url = sign_in(house.secretary), reverse("meetings:correct", args=[before.case_id])
    assert client.get(url).context["form"].initial["text"] == before.text
    assert client.post(url, {**RIGHT, "why": ""}).status_code == 422
    assert client.post(url, {**RIGHT, **versions(client, url)}).status_code == 302
    after = resolution()
    assert [getattr(after, name) for name in corrections.FIELDS] == [
        {**RIGHT, "over_frame_reason": "", "difference": ""}[name] for name in corrections.FIELDS
    ]
    kept = ResolutionVersion.objects.get()
    assert (kept.content["text"], kept.content["amount"], kept.changed_by) == (before.text, 450_000, house.secretary)
    entry = LogEntry.objects.get(act="case.corrected")
    assert (entry.data["why"], entry.data["before"]["amount"]) == (RIGHT["why"], 450_000)
    page = client.get(reverse("meetings:minutes", args=[record.meeting_id])).content.decode()
    assert f"Rettet av {house.secretary.name}" in page
    assert RIGHT["why"] in page
    assert "450\N{NO-BREAK SPACE}000\N{NO-BREAK SPACE}kr" in page.split("Det sto:")[1]


def test_minutes_wait_until_the_allocation_says_what_the_corrected_case_does(house, closed, sign_in):
    record, at = closed
    corrections.correct(resolution(), **RIGHT, by=house.secretary, at=at)
    with pytest.raises(MeetingError, match="Punkt 1 må si dette"):
        minutes.adopt(record, by=house.chair, at=at)
    whole = resolution(2)
    url = reverse("meetings:correct", args=[whole.case_id])
    text = sign_in(house.secretary).get(url).context["form"].initial["text"]
    assert "400\N{NO-BREAK SPACE}000" in text
    corrections.correct(whole, text=text, why="Beløpet i sak 1.", by=house.secretary, at=at)
    adopted = minutes.adopt(record, by=house.chair, at=at)
    assert [len(case["corrections"]) for case in adopted.snapshot["cases"]] == [1, 1]


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"why": " "}, "Skriv hva som var feil"),
        ({"amount": 900_000, "text": "1. SSU innvilger 900 000 kr."}, "høyere enn det er søkt om"),
        ({"text": "1. SSU innvilger 300 000 kr."}, "Teksten nevner et annet beløp"),
        ({"text": "Tilskudd gis ikke."}, "Teksten sier noe annet enn «Innvilges delvis»"),
        ({"reason": "Svarer godt."}, "fortsatt den fra innstillingen"),
        ({"outcome": "rejected", "reason": "", "text": "1. SSU avslår søknaden."}, "Et avslag må begrunnes"),
        ({"outcome": ""}, "Velg utfallet som forslaget gir"),
    ],
)
def test_a_correction_keeps_the_rules_of_a_resolution(changed, sentence, house, closed):
    with pytest.raises(MeetingError, match=sentence):
        corrections.correct(resolution(), **{**RIGHT, **changed}, by=house.secretary, at=closed[1])
    assert not ResolutionVersion.objects.exists()


def test_a_correction_that_changes_nothing_is_refused(house, closed):
    same = {name: getattr(resolution(), name) for name in corrections.FIELDS}
    with pytest.raises(MeetingError, match="Du har ikke endret noe i vedtaket"):
        corrections.correct(resolution(), **same, why="Feil.", by=house.secretary, at=closed[1])
    assert not ResolutionVersion.objects.exists()


def test_what_was_voted_on_keeps_its_outcome_and_amount(house, closed):
    first = resolution()
    ballot = first.case.ballots.create(
        proposal=first.text, outcome="granted", amount=450_000, rules=first.rules, status="closed",
        opened_at=closed[1], opened_by=house.chair, closed_at=closed[1], electorate={"entitled": []}, result={},
    )  # fmt: skip
    Resolution.objects.filter(pk=first.pk).update(ballot=ballot)
    right = {**RIGHT, "reason": "Svarer svært godt."}
    after = corrections.correct(resolution(), **right, by=house.secretary, at=closed[1])
    assert (after.outcome, after.amount, after.text) == ("granted", 450_000, first.text)


def test_nothing_is_corrected_in_an_open_meeting_or_in_adopted_minutes(house, closed):
    record, at = closed
    minutes.adopt(record, by=house.chair, at=at)
    with pytest.raises(MeetingError, match="når møtet er hevet og protokollen ikke er godkjent"):
        corrections.correct(resolution(), **RIGHT, by=house.secretary, at=at)


@pytest.mark.parametrize(("role", "expected"), [("chair", 200), ("secretary", 200), ("member", 403), ("stranger", 404)])
def test_those_who_lead_correct(role, expected, house, closed, frozen_clock, sign_in):
    frozen_clock.move_to(closed[1])
    url = reverse("meetings:correct", args=[resolution().case_id])
    assert sign_in(getattr(house, role)).get(url).status_code == expected


def test_two_who_correct_do_not_overwrite_each_other(house, closed, frozen_clock, sign_in):
    frozen_clock.move_to(closed[1])
    url = reverse("meetings:correct", args=[resolution().case_id])
    carried = {"version": sign_in(house.chair).get(url).context["form"].initial["version"]}
    assert sign_in(house.secretary).post(url, {**RIGHT, **carried}).status_code == 302
    answer = sign_in(house.chair).post(url, {**RIGHT, **carried, "reason": "Svarer på samhandling."})
    text = answer.content.decode()
    assert (answer.status_code, f"{house.secretary.name} har endret «Begrunnelse»" in text) == (409, True)
    assert "Svarer på samhandling." in text
    assert (resolution().reason, ResolutionVersion.objects.count()) == (RIGHT["reason"], 1)


@pytest.mark.fault("B1")
def test_a_correction_asks_again_what_sets_equals_apart(house, closed, frozen_clock, sign_in):
    _record, at = closed
    frozen_clock.move_to(at)
    first = resolution()
    others = {"stage": first.case.priority_list.stage, "community": house.community, "delivered": 2, "total": 80}
    refused = assessments.sent(house, first.case.application.round, at, title="Prosjekt to")
    for application in (first.case.application, refused):
        Result.objects.create(application=application, **others)
    Recommendation.objects.create(
        priority_list=first.case.priority_list,
        application=refused,
        rank=2,
        outcome="rejected",
        updated_at=at,
        updated_by=house.secretary,
    )
    client, url = sign_in(house.secretary), reverse("meetings:correct", args=[first.case_id])
    assert "like mange poeng og motsatt utfall" in client.get(url).content.decode()
    carried = versions(client, url)
    page = client.post(url, {**RIGHT, **carried})
    assert (page.status_code, resolution().amount) == (422, 450_000)
    assert "når «Prosjekt to» med like mange poeng får avslag?" in page.content.decode()
    assert client.post(url, {**RIGHT, **carried, "difference": "Bare dette har plan for drift."}).status_code == 302
    assert (resolution().reason, resolution().difference) == (RIGHT["reason"], "Bare dette har plan for drift.")
    same = {
        **RIGHT,
        "difference": resolution().difference,
        "text": "1. SSU innvilger 400 000 kroner.",
        "why": "Skrivefeil.",
    }
    corrections.correct(resolution(), **{**same, "why": "Skrivefeil."}, by=house.secretary, at=at)
    assert resolution().difference == same["difference"]
