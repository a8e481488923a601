"""Every act takes its locks in the order of docs/decisions.md, «Lock order», and writes the log last.

tests/harness/locks.py looks at every act that any test runs on PostgreSQL. Here: that it sees what breaks the order,
that tests run every act, and what the acts on many things hold first. SQLite has one writer; nothing holds rows there.
"""

import ast

import pytest
from django.apps import apps
from django.db import connection

from evaluation.followup.services import reporting
from evaluation.meetings.models import Case
from evaluation.meetings.services import live, planning
from portal.acts import act, held
from portal.clock import local_date
from portal.communities.models import Body
from portal.communities.services import bodies, people
from portal.journal import services as journal
from portal.reminders.services import remind
from rounds import services as rounds
from rounds.models import Frame, Round
from tests import factories
from tests import world as base
from tests.applications import world as applications
from tests.followup.world import written
from tests.harness.locks import LOG, ORDER, Locks, problem_in, table_held_by
from tests.harness.pure_modules import ROOMS, ROOT
from tests.meetings import world as meetings
from tests.test_interleaving import world_of
from tests.world import NOW

on_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")


def held_by(act):
    """The tables of which the act holds rows that others may want, in the order in which it takes the first of each."""
    locks = Locks()
    with connection.execute_wrapper(locks):
        act()
    return list(dict.fromkeys(locks.tables))


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
    return lambda: live.open_meeting(meeting, on_day=local_date(at), by=house.chair, at=at)


def body_that_is_changed():
    house = base.house()
    return lambda: bodies.change_body(house.ssu, {"quorum_percent": 100}, by=house.secretary, at=NOW)


def round_that_is_changed():
    house = base.house()
    of_round = applications.real_round("helse-nord-2025")
    changed = factories.changed(of_round.spec, title="Et annet navn")
    return lambda: rounds.load_round(changed, by=house.secretary, at=NOW)


def frame_that_is_set():
    house = base.house()
    of_round = applications.real_round("helse-nord-2025")
    return lambda: rounds.set_frame(of_round, amount=1_000_000, provisional=False, by=house.secretary, at=NOW)


def of_the_world(name):
    return lambda: getattr(world_of({name}), name)


# What each holds, in order, before the parts of an application or a meeting; all of them write the log.
ROUND = ["communities_body", "rounds_round", "rounds_scheme", "rounds_frame", "assessment_prioritylist"]
ACTS = {
    "evaluation sent": (evaluation_with_a_meeting_planned, ["communities_body", "meetings_meeting"]),
    "evaluation sent without a meeting": (evaluation_without_a_meeting, ["communities_body"]),
    "meeting opened": (meeting_that_is_opened, ["communities_body", "meetings_meeting"]),
    "body changed": (body_that_is_changed, ["communities_body"]),
    "round changed": (round_that_is_changed, ROUND),
    "frame set": (frame_that_is_set, ["rounds_frame"]),
    "list frozen": (of_the_world("freeze"), ["assessment_prioritylist", "applications_application"]),
    "list forwarded": (of_the_world("forward"), ["assessment_prioritylist", "applications_application"]),
    "decided from minutes": (of_the_world("decide"), ["applications_application"]),
    "letters sent": (of_the_world("send"), ["applications_application"]),
    "application submitted": (of_the_world("submit"), ["applications_application"]),
    "vote cast": (of_the_world("vote"), ["meetings_meeting"]),
}


@on_postgresql
@pytest.mark.django_db(transaction=True)
@pytest.mark.slow
@pytest.mark.parametrize("name", ACTS)
def test_act_takes_its_locks_in_the_order_of_the_page_and_writes_the_log_last(name):
    prepare, begins = ACTS[name]
    tables = held_by(prepare())
    assert tables[: len(begins)] == begins
    assert problem_in(tables) == ""
    assert tables[-1] == LOG


@on_postgresql
@pytest.mark.django_db(transaction=True)
@pytest.mark.slow
def test_case_of_the_evaluation_is_put_up_under_the_locks():
    evaluation_with_a_meeting_planned()()
    assert Case.objects.filter(title__startswith="Evaluering").exists()


@on_postgresql
@pytest.mark.django_db(transaction=True)
@pytest.mark.slow
def test_reminders_hold_nothing_and_the_choice_of_language_the_person_alone():
    house = base.house()
    assert held_by(lambda: remind(NOW)) == []
    assert held_by(lambda: people.choose_language(house.applicant, "nn")) == ["communities_user"]


# --- that every act is looked at --------------------------------------------------------------------


def acts_of(path):
    """The names of the module's acts, and what each of its functions calls by name."""
    functions = [node for node in ast.parse(path.read_text()).body if isinstance(node, ast.FunctionDef)]
    acts = {node.name for node in functions if any(getattr(by, "id", "") == "act" for by in node.decorator_list)}
    called = {name.id for node in functions for name in ast.walk(node) if isinstance(name, ast.Name)}
    return acts, called


def named_in(path):
    """The dotted names of everything that the file imports, or takes from a module that it imports."""
    tree = ast.parse(path.read_text())
    imported = {
        alias.asname or alias.name: f"{node.module}.{alias.name}"
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    attributes = (
        node for node in ast.walk(tree) if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
    )
    taken = {f"{imported[node.value.id]}.{node.attr}" for node in attributes if node.value.id in imported}
    return taken | set(imported.values())


@pytest.mark.sqlite
def test_every_act_is_run_by_a_test():
    run = set().union(*map(named_in, (ROOT / "tests").rglob("*.py")))
    paths = [path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py"))]
    count, missing = 0, []
    for path in paths:
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        acts, called = acts_of(path)
        count += len(acts)
        # An act that another one of its module calls is run with that.
        missing += [f"{module}.{name}" for name in acts - called if f"{module}.{name}" not in run]
    assert count > 100
    assert missing == []


@pytest.mark.sqlite
def test_the_order_knows_every_table_of_ours_and_the_address_that_a_person_signs_in_with():
    rooms = {config.label for config in apps.get_app_configs() if config.name.split(".")[0] in ROOMS}
    tables = {
        model._meta.db_table for model in apps.get_models(include_auto_created=True) if model._meta.app_label in rooms
    }
    # Groups and permissions of Django's own user model, which nobody uses.
    unused = {"communities_user_groups", "communities_user_user_permissions"}
    tables = tables - unused | {"account_emailaddress"}
    assert set().union(*ORDER) == tables
    assert sum(map(len, ORDER)) == len(tables)


# --- that the look sees ------------------------------------------------------------------------------

SQL = 'SELECT "rounds_round"."id", (SELECT 1 FROM "rounds_stage") AS "x" FROM "rounds_round" WHERE "id" IN (SELECT 1 FROM "rounds_stage")'  # noqa: E501


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("sql", "table"),
    [
        (f'{SQL} ORDER BY 1 FOR NO KEY UPDATE OF "rounds_round"', "rounds_round"),
        (f"{SQL} FOR UPDATE", "rounds_round"),
        (SQL, None),
        ('SELECT COUNT(*) FROM "x" FOR UPDATE', "?"),
        ('UPDATE "rounds_round" SET "title" = %s', "rounds_round"),
        ('DELETE FROM "rounds_round" WHERE "id" IN (%s)', "rounds_round"),
        ('INSERT INTO "rounds_round" ("id") VALUES (%s)', None),
        ('INSERT INTO "journal_logentry" ("id") VALUES (%s)', LOG),
        ("SELECT pg_advisory_xact_lock(%s)", LOG),
    ],
)
def test_which_rows_a_statement_holds(sql, table):
    assert table_held_by(sql) == table


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("tables", "problem"),
    [
        ([], ""),
        (["communities_body", "rounds_round", "meetings_meeting", "jobs_job", LOG], ""),
        (["decisions_letter", "assessment_habilitet", "decisions_letter"], ""),
        (["rounds_round", "communities_body"], "rows are held in this order: rounds_round, communities_body"),
        ([LOG, "jobs_job"], f"rows are held after the log has begun: {LOG}, jobs_job"),
        (["jobs_job", LOG, "jobs_job"], f"rows are held after the log has begun: jobs_job, {LOG}, jobs_job"),
        (["jobs_job", LOG, LOG], ""),
        (["rounds_new"], "the order of tests/harness/locks.py does not know rounds_new"),
    ],
)
def test_what_breaks_the_order(tables, problem):
    assert problem_in(tables) == problem


@act
def frame_before_body():
    list(held(Frame.objects.all()))
    list(held(Body.objects.all()))


@act
def round_after_log(entry):
    journal._append([])
    entry()


@act
def round_then_body_of_an_act_inside():
    list(held(Round.objects.all()))
    bodies_alone()


@act
def bodies_alone():
    list(held(Body.objects.all()))


@on_postgresql
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("breaking", "words"),
    [
        (frame_before_body, "frame_before_body: rows are held in this order: rounds_frame, communities_body"),
        (round_then_body_of_an_act_inside, "inside: rows are held in this order: rounds_round, communities_body"),
        (lambda: round_after_log(bodies_alone), f"round_after_log: .*: {LOG}, communities_body"),
    ],
)
def test_an_act_that_breaks_the_order_fails_the_test_that_runs_it(breaking, words):
    with pytest.raises(AssertionError, match=words):
        breaking()
    bodies_alone()
