"""Which of the sent versions counts."""

from datetime import timedelta

import pytest

from applications.models import Submission
from tests import documents
from tests.applications import world
from tests.applications.test_views_sent import correct

pytestmark = pytest.mark.django_db


def test_the_version_that_was_sent_last_counts(house, sent_application, at):
    first = sent_application.submissions.current()
    second = correct(house, sent_application, at + timedelta(hours=1), "En ny plan")
    assert (first.version, second.version) == (1, 2)
    assert sent_application.submissions.newest() == sent_application.submissions.current() == second


def test_of_each_application_its_own_newest(house, northern, sent_application, at):
    second = correct(house, sent_application, at + timedelta(hours=1), "En ny plan")
    other = documents.submission(world.draft(house, northern, at=at), {}, at=at)
    assert set(Submission.objects.newest_of_each()) == {second, other}


def test_nothing_sent_has_no_version(draft):
    assert draft.submissions.newest() is None
    with pytest.raises(Submission.DoesNotExist):
        draft.submissions.current()
