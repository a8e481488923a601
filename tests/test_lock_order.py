"""Every act takes its locks in the order of docs/decisions.md, «Lock order»; read from the statements it sends.

For PostgreSQL: SQLite has one writer, and its statements hold no rows.
"""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from evaluation.followup.services import reporting
from evaluation.meetings.models import Case
from evaluation.meetings.services import live, planning
from portal.communities.services import bodies
from portal.reminders.services import remind
from tests import world as base
from tests.followup.world import written
from tests.meetings import world as meetings
from tests.test_interleaving import World
from tests.world import NOW

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.slow,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time"),
]

# The tables of the page, from the first that is held to the last; what is not named belongs to an application.
ORDER = (
    {"communities_body"},
    {"rounds_round", "rounds_frame"},
    {"assessment_prioritylist"},
    {"meetings_meeting"},
    {"applications_application"},
    None,
    {"mail_message", "jobs_job"},
)
HELD = re.compile(r'FROM "(\w+)".* FOR (?:NO KEY )?UPDATE|^UPDATE "(\w+)"')


def held_by(act):
    """The tables in which the act holds rows that others may want, in the order in which it takes the first of each."""
    with CaptureQueriesContext(connection) as sent:
        act()
    found = (HELD.search(query["sql"]) for query in sent.captured_queries)
    return list(dict.fromkeys(match[1] or match[2] for match in found if match))


def place(table):
    """Where the table stands in the order."""
    named = next((number for number, tables in enumerate(ORDER) if tables and table in tables), None)
    return ORDER.index(None) if named is None else named


def evaluation_with_a_meeting_planned():
    house = base.house()
    meetings.planned(house, NOW)
    report = written(house)
    return lambda: reporting.submit(report, by=house.applicant, at=NOW)


def evaluation_without_a_meeting():
    house = base.house()
    report = written(house)
    return lambda: reporting.submit(report, by=house.applicant, at=NOW)


def meeting_that_is_opened():
    house = base.house()
    meeting, _cases, at = meetings.list_meeting(house, 1)
    planning.call(meeting, by=house.secretary, at=at)
    return lambda: live.open_meeting(meeting, by=house.chair, at=at)


def body_that_is_changed():
    house = base.house()
    return lambda: bodies.change_body(house.ssu, {"quorum_percent": 100}, by=house.secretary, at=NOW)


def reminders():
    base.house()
    return lambda: remind(NOW)


def of_the_world(name):
    return lambda: getattr(World({name}), name)


ACTS = {
    "evaluation sent": (evaluation_with_a_meeting_planned, ["communities_body", "meetings_meeting"]),
    "evaluation sent without a meeting": (evaluation_without_a_meeting, ["communities_body"]),
    "meeting opened": (meeting_that_is_opened, ["communities_body", "meetings_meeting"]),
    "body changed": (body_that_is_changed, ["communities_body"]),
    "reminders": (reminders, []),
    "list frozen": (of_the_world("freeze"), ["assessment_prioritylist"]),
    "list forwarded": (of_the_world("forward"), ["assessment_prioritylist", "applications_application"]),
    "decided from minutes": (of_the_world("decide"), ["applications_application"]),
    "letters sent": (of_the_world("send"), []),
    "application submitted": (of_the_world("submit"), []),
    "vote cast": (of_the_world("vote"), ["meetings_meeting"]),
}


@pytest.mark.parametrize("name", ACTS)
def test_act_takes_its_locks_in_the_order_of_the_page(name):
    prepare, begins = ACTS[name]
    tables = held_by(prepare())
    assert tables[: len(begins)] == begins
    places = [place(table) for table in tables]
    assert places == sorted(places), tables


def test_case_of_the_evaluation_is_put_up_under_the_locks():
    evaluation_with_a_meeting_planned()()
    assert Case.objects.filter(title__startswith="Evaluering").exists()
