"""The vote and the paper of a stage that forwards say «Prioriteres», and of one that decides «Innvilges»."""

from datetime import timedelta

import pytest
from django.urls import reverse

from evaluation.assessment.queries import turns
from evaluation.meetings.forms import ProposalForm
from evaluation.meetings.queries.proposed import outcome_label
from evaluation.meetings.services import from_list
from rounds.outcomes import Outcome
from tests.applications import world as applications
from tests.assessment import world as assessments
from tests.meetings import world

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("code", "choices"),
    [
        ("helse-nord-2025", ["Prioriteres", "Prioriteres med lavere beløp", "Avslås", "Utsettes", "Prioriteres ikke"]),
        ("troms-ofoten-2024", ["Innvilges", "Innvilges delvis", "Avslås", "Utsettes"]),
    ],
)
def test_the_body_votes_in_the_words_of_its_stage(house, sign_in, code, choices):
    round_ = applications.real_round(code)
    at = round_.closes_at + timedelta(days=1)
    turn = assessments.turn(round_, community=house.community)
    sent = assessments.sent(house, round_, at, title="Hvor er samhandlingsrommet?")
    assessments.frozen(turn, house.secretary, at)
    world.answered(house.secretary, sent, at)
    cases = from_list.add_cases(world.planned(house, at), turns.priority_list_of(turn), by=house.secretary, at=at)
    whole, one = (next(case for case in cases if case.is_allocation is both) for both in (True, False))
    assert [str(label) for value, label in ProposalForm(case=one).fields["outcome"].choices if value] == choices
    assert [outcome_label(one, value) for value in (Outcome.GRANTED, "")] == [choices[0], ""]
    page = sign_in(house.secretary).get(reverse("meetings:case", args=[whole.pk])).content.decode()
    assert f">{choices[0]}</td>" in page
