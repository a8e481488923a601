"""The officers of another body that receives the applications: one mail for many, and none of a case that is closed."""

from datetime import timedelta

import pytest
from django.conf import settings

from applications.models import Application
from applications.services import notices, submitting
from evaluation.assessment.habilitet import Ground
from evaluation.assessment.models import Habilitet
from portal.communities.models import User
from portal.mail.models import Message
from rounds.models import Round

pytestmark = pytest.mark.django_db


@pytest.fixture
def officers(house, monkeypatch):
    """The round names the region's body for its first stage: two are in its secretariat."""
    both = [house.regional_secretary.pk, house.far_secretary.pk]
    told = User.objects.filter(pk__in=both).order_by("pk")
    monkeypatch.setattr(Round, "receiving_officers", lambda _round, _day: told)
    return list(told)


def recuse(house, application, person, at):
    Habilitet.objects.create(
        application=application,
        person=person,
        is_recused=True,
        decided_ground=Ground.OTHER,
        reason="Leder enheten.",
        decided_by=house.secretary,
        decided_at=at,
    )


def mails(kind="applications_received"):
    return Message.objects.filter(kind=kind).order_by("recipient")


@pytest.mark.fault("C16")
def test_many_applications_within_minutes_are_one_mail_to_each(officers, sent_application, at):
    mails().delete()
    submission = sent_application.submissions.get()
    Application.objects.update(title="Første")
    submission.application.title = "Første"
    notices.submission_received(submission, at=at)
    submission.application.title = "Andre"
    notices.submission_received(submission, at=at + settings.MAIL_WAIT / 2)
    assert [mail.recipient for mail in mails()] == [
        person.email for person in sorted(officers, key=lambda one: one.email)
    ]
    mail = mails().first()
    assert mail.title.startswith("2 nye søknader i «")
    assert [f"- {title}, " in mail.body_text for title in ("Første", "Andre")] == [True, True]
    notices.submission_received(submission, at=at + settings.MAIL_WAIT + timedelta(minutes=1))
    assert mails().count() == 4


@pytest.mark.fault("A3")
def test_an_officer_who_is_out_of_the_case_is_told_nothing_of_it(house, officers, sent_application, at):
    recuse(house, sent_application, officers[0], at)
    Message.objects.all().delete()
    notices.submission_received(sent_application.submissions.get(), at=at)
    submitting.withdraw(sent_application, by=house.applicant, at=at)
    told = Message.objects.filter(recipient=officers[0].email)
    assert not told.exists()
    assert set(Message.objects.filter(recipient=officers[1].email).values_list("kind", flat=True)) == {
        "applications_received",
        "application_withdrawn",
    }
