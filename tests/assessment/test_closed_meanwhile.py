"""Who becomes inhabil while a page is open writes nothing with it: the acts ask again when they hold the rows."""

from functools import partial

import pytest

from applications.models import Contact
from applications.workflow import Status
from evaluation.assessment.models import Assignment
from evaluation.assessment.services import admission, assigning, prioritising
from evaluation.assessment.services.admission import AdmissionError
from evaluation.assessment.services.assigning import AssigningError
from evaluation.assessment.services.declaring import raise_about
from evaluation.assessment.services.prioritising import RecommendationError
from tests.assessment import world
from tests.harness import worlds

pytestmark = pytest.mark.django_db


@worlds.world
def application(house, northern, local, at):
    """An application on the list, under assessment."""
    made = world.sent(house, northern, at)
    prioritising.set_up(local, by=house.secretary, at=at)
    return made


def tie(application, person, at):
    """The person is known to lead a party, and has not said whether it makes inhabil."""
    Contact.objects.create(partner=application.partners.first(), name=person.name, email=person.email)


def ask_about(application, person, by, at):
    raise_about(application, person, ground="party", explanation="Er i slekt med en part.", by=by, at=at)


def test_the_recommendation_is_not_written(house, local, application, at):
    row = world.row(local, application)
    ask_about(application, house.secretary, house.hospital_secretary, at)
    with pytest.raises(RecommendationError, match="Habiliteten din i denne saken må avgjøres"):
        prioritising.recommend(row, local, texts={"reason": "Et godt prosjekt."}, by=house.secretary, at=at)
    row.refresh_from_db()
    assert row.reason == ""


def test_nobody_is_given_the_application(house, local, application, at):
    ask_about(application, house.secretary, house.hospital_secretary, at)
    due, assessor = local.due_date(at), house.committee_member
    with pytest.raises(AssigningError, match="Habiliteten din i denne saken må avgjøres"):
        assigning.assign(application, local, assessor, due_date=due, by=house.secretary, at=at)
    assert not Assignment.objects.filter(application=application, assessor=assessor).exists()


CHECKS = [
    partial(admission.admit, checklist={}),
    partial(admission.refuse, checklist={}, reason="For sent."),
    partial(admission.close_unanswered, reason="Ikke rettet."),
    partial(admission.take_back, reason="Så feil."),
]


@pytest.mark.parametrize("act", CHECKS)
@pytest.mark.parametrize(
    ("close", "said"), [(True, "må avgjøres av andre"), (False, "har ikke svart på om du er habil")]
)
def test_the_application_is_not_checked(house, northern, at, act, close, said):
    sent = world.sent(house, northern, at, status=Status.SUBMITTED)
    if close:
        ask_about(sent, house.secretary, house.hospital_secretary, at)
    else:
        tie(sent, house.secretary, at)
    with pytest.raises(AdmissionError, match=said):
        act(sent, by=house.secretary, at=at)
    sent.refresh_from_db()
    assert (sent.status, sent.admissions.count()) == (Status.SUBMITTED, 0)
