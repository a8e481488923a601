"""Several persons at once, for real: threads with a connection each."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from applications.models import Application, Submission
from applications.services import submitting
from applications.services.status import TransitionError
from applications.workflow import Status
from portal.journal import services as journal
from portal.mail.models import Message

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def at_once(*acts):
    """Do the acts at the same time; what each gave, or the error's class."""
    barrier = Barrier(len(acts))

    def run(act):
        try:
            barrier.wait()
            return act()
        except TransitionError as error:
            return type(error)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_four_who_send_at_once_get_one_receipt(house, application, at):
    people = [house.applicant, house.co_applicant, house.hospital_applicant, house.signatory]
    seen = [Application.objects.get(pk=application.pk) for _person in people]
    given = at_once(
        *(
            lambda mine=mine, person=person: submitting.submit(mine, by=person, at=at)
            for mine, person in zip(seen, people, strict=True)
        )
    )
    assert given == [Submission.objects.get()] * 4
    assert Message.objects.count() == 4
    assert journal.verify() is None


def test_sending_and_taking_back_at_once_has_one_winner(house, application, at):
    mine, theirs = (Application.objects.get(pk=application.pk) for _person in range(2))
    given = at_once(
        lambda: submitting.submit(mine, by=house.applicant, at=at),
        lambda: submitting.withdraw(theirs, by=house.co_applicant, at=at),
    )
    status = Application.objects.get(pk=application.pk).status
    assert given.count(TransitionError) == 1
    assert (status == Status.SUBMITTED) == Submission.objects.exists()
    assert status in {Status.SUBMITTED, Status.WITHDRAWN}
