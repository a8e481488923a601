"""An FSU is told when a draft names it as the owner of the project."""

import pytest

from applications.services import drafts
from applications.services.drafts import ApplicationOwner
from portal.communities.models import SeatRole, Side
from portal.mail.models import Message
from tests import factories
from tests.applications import world

pytestmark = [pytest.mark.django_db, pytest.mark.fault("A1")]


def told():
    return sorted(Message.objects.filter(kind="owner_named").values_list("recipient", flat=True))


@pytest.fixture
def opened(house):
    round_ = world.real_round("helse-nord-2025")
    return round_, round_.opens_at


def start(house, opened, by, **owner):
    round_, at = opened
    return drafts.start(round_, house.community, "Rommet", house.lead, by=by, at=at, **owner)


def test_those_who_lead_the_fsu_are_told_by_the_first_draft(house, opened):
    factories.seat(house.fsu, house.hospital_applicant, Side.HOSPITAL)
    draft = start(house, opened, house.applicant, owner_body=house.fsu)
    assert told() == [house.fsu_leader.email]
    mail = Message.objects.get(kind="owner_named")
    assert mail.title == "«Rommet»: FSU PHR er satt opp som eier"
    assert "Anne Applicant begynte på det, og ansvarlig søker er Tromsø kommune." in mail.body_text
    assert draft.get_absolute_url() in mail.body_text


def test_whoever_named_it_is_not_told(house, opened):
    start(house, opened, house.fsu_leader, owner_body=house.fsu)
    assert told() == []


def test_an_fsu_that_nobody_leads_is_told_by_all_its_members(house, opened):
    house.fsu.seats.update(role=SeatRole.MEMBER)
    factories.seat(house.fsu, house.hospital_applicant, Side.HOSPITAL)
    start(house, opened, house.applicant, owner_body=house.fsu)
    assert told() == sorted([house.fsu_leader.email, house.hospital_applicant.email])


def test_an_fsu_that_is_named_in_the_form_is_told_once(house, opened):
    draft = start(house, opened, house.applicant)
    assert told() == []
    question = next(item.code for item in draft.round.spec.questions if item.type == "owners")
    for body in ("", house.fsu.code, "", house.fsu.code):
        values = {question: [{"name": "FSU PHR", "body": body}]}
        ApplicationOwner(draft).saved(values, at=opened[1])
    assert told() == [house.fsu_leader.email]
