"""What sets equals apart, in a database from before it had a field: it is in the reason, and is said once."""

from importlib import import_module

import pytest
from django.apps import apps
from django.urls import reverse

from evaluation.decisions.services.deciding import _words_of
from evaluation.meetings.models import CaseStatus, Meeting, Resolution
from evaluation.meetings.queries.minutes import shown
from evaluation.meetings.reasons import ends_alike
from evaluation.meetings.services import corrections, live, minutes, resolving
from evaluation.meetings.services.reasoning import ReasonError
from tests.harness import worlds
from tests.harness.carried import versions
from tests.meetings import world
from tests.meetings.test_equal_points import NO, score

marking = import_module("evaluation.meetings.migrations.0020_differences_in_reasons")
GLUED = "Uklare mål.\n\nIngen plan for drift."
SAME = {name: NO[name] for name in ("text", "outcome")}

pytestmark = [pytest.mark.django_db, pytest.mark.fault("B1")]


@worlds.world
def upgraded(house):
    """Two with the same points, the first refused with the difference behind its reason, the other granted."""
    meeting, cases, at = world.list_meeting(house, 2)
    for case in cases[:2]:
        score(case, 80)
    meeting = world.opened(house, meeting, at, *world.everybody(house))
    no = {**NO, "reason": GLUED}
    resolving.adopt_agreed(cases[0], **no, difference="Planen.", by=house.chair, at=at)
    live.go_to(meeting, cases[1], by=house.chair, at=at)
    yes = {"text": "1. SSU innvilger 450 000 kr.", "outcome": "granted", "amount": 450_000, "reason": "Har en plan."}
    resolving.adopt_agreed(cases[1], **yes, difference="Planen.", by=house.chair, at=at)
    resolving.postpone_rest(meeting, reason="Tiden var ute.", by=house.chair, at=at)
    record = live.close_meeting(meeting, by=house.chair, at=at)
    # As the migration that made the field left them.
    Resolution.objects.filter(case__in=cases[:2]).update(difference="")
    marking.mark(apps, None)
    return record, Resolution.objects.get(case=cases[0]), at


def test_it_is_neither_asked_for_nor_told_once_more(house, upgraded):
    record, resolution, at = upgraded
    record = minutes.adopt(record, by=house.chair, at=at)
    case = shown(record.snapshot, ())["cases"][0]
    assert (case["reason"], case["difference"]) == (GLUED, "")
    assert _words_of(resolution)["reason"] == GLUED


@pytest.mark.parametrize(
    ("status", "meeting", "outcome", "difference", "expected"),
    [
        (CaseStatus.DECIDED, "closed", "rejected", "", None),
        (CaseStatus.DECIDED, "open", "rejected", "", None),
        (CaseStatus.DECIDED, "closed", "rejected", "Planen.", "Planen."),
        (CaseStatus.DECIDED, "closed", "", "", ""),
        (CaseStatus.POSTPONED, "closed", "", "", ""),
        (CaseStatus.DECIDED, "adopted", "rejected", "", ""),
    ],
)
def test_what_the_migration_marks(upgraded, status, meeting, outcome, difference, expected):
    record, resolution, _at = upgraded
    Meeting.objects.filter(pk=record.meeting_id).update(status=meeting)
    Resolution.objects.exclude(pk=resolution.pk).update(difference="")
    Resolution.objects.filter(pk=resolution.pk).update(difference=difference, outcome=outcome)
    resolution.case.status = status
    resolution.case.save(update_fields=["status"])
    marking.mark(apps, None)
    assert Resolution.objects.get(pk=resolution.pk).difference == expected
    marking.unmark(apps, None)
    assert Resolution.objects.get(pk=resolution.pk).difference == (expected or "")


def test_a_correction_elsewhere_asks_nothing(house, upgraded):
    record, resolution, at = upgraded
    reason = GLUED.replace("Uklare", "Uklare og få")
    text = "1. SSU avslår søknaden om tilskudd."
    corrections.correct(resolution, **{**SAME, "text": text}, reason=reason, why="Trykkfeil.", by=house.chair, at=at)
    minutes.adopt(record, by=house.chair, at=at)
    resolution.refresh_from_db()
    assert (resolution.text, resolution.reason, resolution.difference) == (text, reason, None)


def test_nothing_changed_is_nothing_corrected(house, upgraded):
    _record, resolution, at = upgraded
    with pytest.raises(minutes.MeetingError, match="Du har ikke endret noe i vedtaket"):
        corrections.correct(resolution, **SAME, reason=GLUED, why="Trykkfeil.", by=house.chair, at=at)
    assert resolution.versions.count() == 0


def test_an_end_that_is_taken_out_is_asked_for_again(house, upgraded):
    _record, resolution, at = upgraded
    right = {**SAME, "reason": NO["reason"], "why": "Skal stå for seg.", "by": house.chair, "at": at}
    with pytest.raises(ReasonError, match="Hvorfor får denne avslag når «Prosjekt 2»"):
        corrections.correct(resolution, **right)
    after = corrections.correct(resolution, **right, difference="Ingen plan for drift.")
    assert (after.reason, after.difference) == (NO["reason"], "Ingen plan for drift.")
    assert _words_of(after)["reason"] == GLUED


def test_another_outcome_asks_for_it(house, upgraded):
    _record, resolution, at = upgraded
    Resolution.objects.filter(case__application__title="Prosjekt 2").update(outcome="rejected", amount=None)
    text = "1. SSU innvilger 450 000 kr."
    yes = {"text": text, "outcome": "granted", "amount": 450_000, "reason": GLUED, "why": "Feil utfall."}
    with pytest.raises(ReasonError, match="Hvorfor får denne tilskudd når «Prosjekt 2»"):
        corrections.correct(resolution, **yes, by=house.chair, at=at)


def test_the_page_says_where_the_answer_is(house, upgraded, frozen_clock, sign_in):
    _record, resolution, at = upgraded
    frozen_clock.move_to(at)
    client, url = sign_in(house.secretary), reverse("meetings:correct", args=[resolution.case_id])
    assert "Er det svart på dette før, står svaret sist i begrunnelsen." in client.get(url).content.decode()
    posted = {**NO, "reason": NO["reason"], "difference": "Ingen plan for drift.", "why": "Skal stå for seg."}
    assert client.post(url, {**posted, **versions(client, url)}).status_code == 302
    resolution.refresh_from_db()
    assert (resolution.reason, resolution.difference) == (NO["reason"], "Ingen plan for drift.")


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("Mål.\n\nPlan.", "Andre mål.\n\nPlan.", True),
        ("Mål.\n\nPlan.", "Mål.\n \n Plan. \n", True),
        ("Mål.\n\nPlan.", "Mål.", False),
        ("Mål.", "Mål.", True),
        ("", "Mål.", False),
    ],
)
def test_whether_a_reason_ends_as_before(before, after, expected):
    assert ends_alike(before, after) is expected
