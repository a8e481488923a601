"""What somebody tries twice, or after leaving the office."""

from datetime import timedelta

import pytest
from django.urls import reverse

from applications.workflow import Status
from evaluation.assessment.models import Admission
from evaluation.decisions.models import Decision, LetterBatch
from portal.clock import local_date
from tests import factories
from tests.decisions.scene import application
from tests.scenarios import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]


@pytest.fixture
def round_(house):
    return factories.round_of(factories.definition("troms-ofoten-2024"), at=NOW)


def test_decision_without_a_meeting_is_made_once(house, round_, sign_in):
    found = application(house, round_, status=Status.NOT_ADMITTED)
    words = {"submission": found.submissions.get(), "reason": "Ikke et samarbeid.", "decided_by": house.secretary}
    Admission.objects.create(application=found, admitted=False, decided_at=NOW, **words)
    client = sign_in(house.secretary)
    for _press in range(2):
        client.post(reverse("decisions:decide_application", args=[found.code]))
    assert [decision.replaced_at for decision in Decision.objects.all()] == [None]


def test_packed_letters_stay_in_the_office(house, round_, sign_in):
    batch = LetterBatch.objects.create(round=round_, started_by=house.secretary, started_at=NOW)
    client = sign_in(house.secretary)
    assert client.get(batch.get_absolute_url()).status_code == 200
    house.secretary.seats.update(to_date=local_date(NOW) - timedelta(days=1))
    assert client.get(batch.get_absolute_url()).status_code == 404
