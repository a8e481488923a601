"""At the deadline: what came to the house before it is taken, also when a worker first takes it up afterwards."""

from datetime import timedelta

import pytest
from django.urls import reverse

from applications.models import Application, Signature
from applications.services import correcting, signing
from applications.workflow import Status
from portal.clock import local_date
from portal.journal.models import LogEntry
from rounds.answering.models import Answer
from tests.applications import world

pytestmark = [pytest.mark.django_db, pytest.mark.fault("D5")]
BEFORE, AFTER = timedelta(seconds=-2), timedelta(seconds=7)
ARRIVALS = [(BEFORE, True), (timedelta(0), False), (None, False)]


def url(name, application, *more):
    return reverse(f"applications:{name}", args=[application.code, *more])


def fresh(application):
    return Application.objects.get(pk=application.pk)


@pytest.fixture
def press(sign_in, clock, settings):
    """Post as a person, so that a worker takes it up seven seconds after the deadline; ``arrival`` is the proxy's."""
    settings.REQUEST_START_HEADER = "X-Request-Start"

    def post(person, address, data=None, *, deadline, arrival):
        clock.move_to(deadline + AFTER)
        client = sign_in(person)
        stamp = {} if arrival is None else {"X-Request-Start": f"t={(deadline + arrival).timestamp():.3f}"}
        return client.post(address, data or {}, headers=stamp)

    return post


@pytest.mark.parametrize(("arrival", "is_taken"), ARRIVALS)
def test_sending(house, application, northern, press, arrival, is_taken):
    deadline = northern.closes_at
    press(house.applicant, url("submit", application), deadline=deadline, arrival=arrival)
    sent = fresh(application)
    assert (sent.status == Status.SUBMITTED) == is_taken
    if is_taken:
        assert (sent.submitted_at, sent.receipt) == (deadline + BEFORE, f"20250301-{application.code}")
        assert LogEntry.objects.filter(actor=house.applicant).latest("pk").at == deadline + BEFORE


@pytest.mark.parametrize(("arrival", "is_taken"), ARRIVALS)
def test_signing(house, unsigned, northern, press, arrival, is_taken):
    partner, deadline = unsigned.partners.get(role="lead"), northern.closes_at
    form = {
        "seen": signing.content_sha(unsigned),
        "title": "Direktør",
        "agreement_date": f"{local_date(deadline + BEFORE)}",
    }
    press(house.signatory, url("sign", unsigned, partner.pk), form, deadline=deadline, arrival=arrival)
    assert Signature.objects.filter(partner=partner).exists() == is_taken


@pytest.mark.parametrize(("arrival", "is_taken"), ARRIVALS)
def test_saving_while_somebody_types(house, draft, northern, press, arrival, is_taken):
    body, address = {"description": "Et mål", "description--version": "0"}, url("answer", draft, "description")
    answer = press(house.applicant, address, body, deadline=northern.closes_at, arrival=arrival)
    assert (answer.status_code == 200) == is_taken
    assert Answer.objects.filter(question="description").exists() == is_taken


@pytest.mark.parametrize(("arrival", "is_taken"), ARRIVALS)
def test_answering_a_correction(house, sent_application, at, press, arrival, is_taken):
    due = at + timedelta(days=5)
    correcting.request_correction(sent_application, ["plan"], "Mangler", due, by=house.secretary, at=at)
    world.sign_all(house, fresh(sent_application), at)
    press(house.applicant, url("submit", sent_application), deadline=due, arrival=arrival)
    assert (fresh(sent_application).submissions.count() == 2) == is_taken
