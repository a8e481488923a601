"""No answer to an applicant tells of an outcome before the letter does: each is the same before and after each act."""

import re

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from applications.models import Application
from applications.services import correcting
from applications.urls import urlpatterns
from applications.workflow import Status
from evaluation.assessment.services import admission
from evaluation.decisions.models import Letter
from evaluation.meetings.models import Meeting
from portal.journal.models import LogEntry
from tests import calls, factories
from tests.decisions.walk import Walk

pytestmark = [pytest.mark.django_db, pytest.mark.fault("A4"), pytest.mark.timeout(400)]

# What differs between two answers to the same request: the token of the forms, and the key of a row that is not saved.
CHANGING = re.compile(r"\b[A-Za-z0-9]{64}\b|[0-9a-f]{32}")


@pytest.fixture
def walk(house, frozen_clock):
    return Walk(house, frozen_clock, factories.round_of(calls.regional_alone()))


def addresses(application):
    """The addresses that an applicant may try: the front page, the list, and every page of the application."""
    values = {
        "code": application.code,
        "section": application.round.spec.sections[0].code,
        "question": application.round.spec.questions[0].code,
        "pk": application.partners.get(role="lead").pk,
        "number": 1,
        "attachment": 1,
    }
    of_application = [pattern for pattern in urlpatterns if "code" in pattern.pattern.converters]
    pages = {
        pattern.name: reverse(
            f"applications:{pattern.name}",
            kwargs={name: values[name] for name in pattern.pattern.converters},
        )
        for pattern in of_application
        if pattern.name != "start"
    }
    follow_up = {
        name: reverse(f"followup:{name}", args=[application.code])
        for name in ("project", "accept", "decline", "start", "evaluation")
    }
    return {"front page": "/", "list": reverse("applications:list"), "log": reverse("portal:log"), **pages, **follow_up}


def answers(person, application):
    """All that the person gets, read and posted to: status, headers, and the words. Nothing that is posted stays."""
    given = {}
    for name, address in addresses(application).items():
        for method in ("get", "post"):
            client = Client()
            client.force_login(person)
            with transaction.atomic():
                answer = getattr(client, method)(address)
                content = b"".join(answer.streaming_content) if answer.streaming else answer.content
                transaction.set_rollback(True)
            words = CHANGING.sub("", content.decode(errors="replace"))
            headers = {key: value for key, value in answer.items() if key != "Content-Length"}
            messages = [str(message) for message in answer.wsgi_request._messages]
            given[name, method] = (answer.status_code, headers, messages, words)
    return given


def differing(before, after):
    """The answers that are not the same, by page and method, in one line."""
    return " ".join("/".join(page) for page in before if before[page] != after[page])


def test_a4_two_answers_to_the_same_request_are_equal(house, walk):
    """Else the tests below would prove nothing."""
    walk.send()
    first = answers(house.applicant, walk.application)
    assert differing(first, answers(house.applicant, walk.application)) == ""
    assert first["receipt", "get"][0] == 200
    assert (first["submit", "post"][0], first["withdraw", "post"][0]) == (302, 302)


def test_a4_an_untold_refusal_is_told_by_no_answer(house, walk):
    walk.send()
    before = answers(house.applicant, walk.application)
    admission.refuse(
        walk.application,
        checklist={"items": [], "gates": {}},
        reason="Ikke et samarbeid.",
        by=house.secretary,
        at=walk.at,
    )
    application = Application.objects.get(pk=walk.application.pk)
    assert (application.status, application.known_status) == (Status.NOT_ADMITTED, Status.SUBMITTED)
    assert differing(before, answers(house.applicant, application)) == ""


@pytest.mark.release
def test_a4_nor_that_a_correction_was_closed_without_an_answer(house, walk, frozen_clock):
    walk.send()
    section = walk.round.spec.sections[0].code
    asked = correcting.request_correction(
        walk.application,
        sections=[section],
        reason="Rett opp.",
        due_at=walk.at.replace(hour=walk.at.hour + 1),
        by=house.regional_secretary,
        at=walk.at,
    )
    frozen_clock.move_to(asked.due_at)
    application = Application.objects.get(pk=walk.application.pk)
    before = answers(house.applicant, application)
    admission.close_unanswered(application, reason="Ikke rettet.", by=house.regional_secretary, at=asked.due_at)
    application = Application.objects.get(pk=application.pk)
    assert (application.status, application.known_status) == (Status.NOT_ADMITTED, Status.CORRECTION)
    assert differing(before, answers(house.applicant, application)) == ""


def test_a4_nothing_from_the_assessment_to_the_approved_letter_is_told(house, walk):
    officer = house.regional_secretary
    walk.send()
    walk.check(officer)
    before = answers(house.applicant, walk.application)
    told = {}

    def after(act):
        told[act] = differing(before, answers(house.applicant, Application.objects.get(pk=walk.application.pk)))

    walk.assess(officer, [house.committee_member], "Fordel 1 søknad til vurdering")
    walk.lock(officer)
    after("locked")
    walk.meet(officer, house.committee_chair, house.committee)
    after("resolved")
    code = walk.round.code
    walk.press(officer, reverse("decisions:decide_meeting", args=[code, Meeting.objects.get().pk]))
    walk.press(officer, reverse("decisions:prepare_all", args=[code]))
    number = Letter.objects.get().number
    assert walk.as_person(officer).get(reverse("decisions:preview", args=[number])).status_code == 200
    shown = Letter.objects.get().sha256
    walk.press(officer, f"{reverse('decisions:approve', args=[number])}?shown={shown}")
    after("approved")
    assert told == dict.fromkeys(told, "")
    assert LogEntry.objects.filter(act="application.grant").exists()
    walk.press(officer, f"{reverse('decisions:send', args=[number])}?shown={shown}")
    after("sent")
    assert {"list/get", "project/get"} <= set(told["sent"].split())
