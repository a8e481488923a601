"""Two persons with one name are two persons."""

import pytest
from django.urls import reverse

from evaluation.meetings.queries.proposed import latest_ballot
from portal.communities.models import User
from tests.meetings.test_resolving import of_consensus

pytestmark = pytest.mark.django_db


@pytest.mark.fault("B3")
def test_of_two_objectors_with_one_name_each_withdraws_the_own_objection(house, now, client):
    """One tick withdrew both."""
    User.objects.filter(pk=house.vice_chair.pk).update(name=house.member.name)
    case = of_consensus(house, now, sees_votes=True, chair="for", member="against", vice_chair="against")
    client.force_login(house.chair)
    url, name = reverse("meetings:resolve", args=[case.pk]), house.member.name
    data = {"seen": latest_ballot(case).pk, "withdrawn_by": name}
    answer = client.post(url, data)
    assert (answer.status_code, f"{name} hadde også innvendinger" in answer.text) == (422, True)
    assert client.post(url, {**data, "withdrawn_by": [name, name]}).status_code == 302
