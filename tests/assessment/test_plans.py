"""Twenty thousand applications in a round: how PostgreSQL reads for the lists and for the front page.

The rows are copies of one application that went through the services, made by the database. What a page asks is taken
from the page itself and explained. No table of many rows may be read in sequence, and where more than a few rows are
read, an index alone is read: to count, to sum, or to come to a late page.
"""

import ast
import json
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

import pytest
from django.conf import settings
from django.db import connection
from django.urls import reverse
from time_machine import travel

from applications.models import Application, Partner, StageEntry
from evaluation.assessment.models import Assessment, Assignment, Habilitet, Recommendation, Result
from evaluation.assessment.queries import turns
from evaluation.assessment.services import prioritising
from evaluation.assessment.turn import turn_url
from rounds.answering.models import Response
from tests import factories
from tests.assessment import world
from tests.habilitet import decide_about

MANY, ASSESSORS = 20_000, 50
# A page has fifty rows, of each of which some more are read; and there are people, of whom some have a thousand rows.
FEW = 2_000
MODELS = (Application, Partner, StageEntry, Assignment, Assessment, Habilitet, Recommendation, Result, Response)
BIG = {model._meta.db_table for model in MODELS}
AFTER_THE_LAST = "?page=100000"

# Each list by the function that parts it into pages: the pages to ask for, by who asks, and where they are.
LISTS = {
    "evaluation/assessment/views/secretariat.py:_page": {
        "list": ("secretary", "turn", ""),
        "last page": ("secretary", "turn", AFTER_THE_LAST),
        "oldest first": ("secretary", "turn", "?sort=submitted"),
        "by points": ("secretary", "turn", "?sort=-total"),
        "by amount": ("secretary", "turn", "?sort=amount"),
        "by status": ("secretary", "turn", "?sort=status"),
        "of one status": ("secretary", "turn", "?status=admitted"),
        "list, with a tie": ("hospital_secretary", "turn", ""),
    },
    "evaluation/assessment/views/board_page.py:_ranking": {
        "ranking": ("secretary", "board", ""),
        "ranking, last page": ("secretary", "board", AFTER_THE_LAST),
        "ranking, with a tie": ("hospital_secretary", "board", ""),
    },
    "evaluation/assessment/views/board_page.py:_board": {
        "recommendation": ("secretary", "board", ""),
        "recommendation, last page": ("secretary", "board", AFTER_THE_LAST),
        "recommendation, with a tie": ("hospital_secretary", "board", ""),
    },
    "evaluation/assessment/views/assessor.py:desk": {
        "desk": ("assessor", "assessment:desk", ""),
        "desk, last page": ("assessor", "assessment:desk", AFTER_THE_LAST),
    },
    "applications/views/drafts.py:application_list": {
        "«Mine søknader»": ("applicant", "applications:list", ""),
        "«Mine søknader», last page": ("applicant", "applications:list", AFTER_THE_LAST),
    },
    # These are parted by the cases of one meeting and by meetings, which no round has many thousands of.
    "evaluation/meetings/views/cases.py:paper": {},
    "evaluation/meetings/views/planning.py:meeting_list": {},
    "evaluation/meetings/views/planning.py:case_list": {},
    "evaluation/meetings/views/planning.py:agenda": {},
    "evaluation/meetings/views/relating.py:earlier": {},
}
# They are no lists, and count what the lists hold.
OTHERS = {
    "front page of the secretariat": ("secretary", "portal:home", ""),
    "front page of an assessor": ("assessor", "portal:home", ""),
    "rounds": ("secretary", "assessment:rounds", ""),
}
# What reads many rows of a table itself, by an index of the stage: the rows are narrow, and the sum is of all of them.
WHOLE = {
    ("by amount", StageEntry),
    ("by points", StageEntry),
    ("ranking", StageEntry),
    ("ranking, last page", StageEntry),
    ("ranking, with a tie", StageEntry),
    ("front page of the secretariat", Assignment),
}
PAGES = {name: page for pages in (*LISTS.values(), OTHERS) for name, page in pages.items()}

on_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="it is PostgreSQL that is asked")


def copies(row, **changes):
    """Write MANY rows like this one; ``changes`` are expressions in SQL, where ``n`` is the number of the copy."""
    columns = [field.column for field in row._meta.concrete_fields if not field.generated]
    changes = {"id": "1000000 + n", **changes}
    values = (changes.get(column, f'"{column}"') for column in columns)
    table, names = row._meta.db_table, ", ".join(f'"{column}"' for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f'INSERT INTO "{table}" ({names}) SELECT {", ".join(values)} '
            f'FROM "{table}", generate_series(1, {MANY}) AS n WHERE id = {row.pk}'
        )


@pytest.fixture
def crowded(house, northern, local, at):
    """The first stage of a round with MANY applications, each assessed by one of ASSESSORS and on the list."""
    people = [house.assessor, *(factories.user() for _number in range(ASSESSORS - 1))]
    application = world.sent(house, northern, at)
    assessment = world.deliver(application, local, people[0], at, by=house.secretary)
    prioritising.set_up(local, by=house.secretary, at=at)
    with connection.cursor() as cursor:
        # The copies point to each other as the first ones do: without a trigger for each reference, they take a tenth.
        cursor.execute("SET LOCAL session_replication_role = replica")
    of_application, assessor = "1000000 + n", f"(ARRAY{[person.pk for person in people]})[1 + n % {ASSESSORS}]"
    sent, amount, points = "submitted_at - n * interval '1 second'", "200000 + n * 7919 % 1300000", "n % 9973 / 100.0"
    copies(Response.objects.get(pk=application.response_id))
    copies(
        application,
        code="'X' || lpad(n::text, 7, '0')",
        response_id=of_application,
        submitted_at=sent,
        updated_at="updated_at - n * interval '1 second'",
        requested_amount=amount,
    )
    entry = application.stage_entries.get()
    copies(entry, application_id=of_application, submitted_at=sent, requested_amount=amount, total=points)
    for row in (application.partners.get(role="lead"), application.results.get(), world.row(local, application)):
        figures = {"total": points} if isinstance(row, Result) else {"rank": "1 + n"}
        copies(row, application_id=of_application, **figures)
    for row in (assessment, Assignment.objects.get()):
        copies(row, application_id=of_application, assessor_id=assessor)
    copies(Habilitet.objects.get(), application_id=of_application, person_id=assessor)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
    # One officer writes one of the applications, and is inhabil in another.
    world.sent(house, northern, at, created_by=house.hospital_secretary)
    words = {"is_recused": True, "ground": "party", "reason": "Part."}
    decide_about(world.sent(house, northern, at), house.hospital_secretary, **words, by=house.secretary, at=at)
    prioritising.set_up(local, by=house.secretary, at=at)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        # All rows are of one round here, and to read a small table whole is as quick as its index. Asked is whether an
        # index serves; where none does, the table is read in sequence even so.
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL random_page_cost = 1.1")
        # No vacuum can run in a test's transaction. After one, an index can be read without its table.
        cursor.execute("UPDATE pg_class SET relallvisible = relpages WHERE relname = ANY(%s)", [sorted(BIG)])
    return local


def no_list(_turn):
    """What the page of the list finds before there is one: it shows the ranking."""


def scans(plan):
    """Each reading of a table in the plan: how, of which table, and the number of rows that were read."""
    if "Relation Name" in plan:
        removed = sum(plan.get(name, 0) for name in ("Rows Removed by Filter", "Rows Removed by Index Recheck"))
        yield plan["Node Type"], plan["Relation Name"], (plan["Actual Rows"] + removed) * plan["Actual Loops"]
    for part in plan.get("Plans", ()):
        yield from scans(part)


def explained(statements):
    """The readings of all the statements, each as the page asked it.

    They are planned as in production; the settings of the tests have the server weigh fewer plans.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET join_collapse_limit = 8")
        cursor.execute("SET from_collapse_limit = 8")
        cursor.execute("SET plan_cache_mode = auto")
    for sql, params in statements:
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {sql}", params)
            (content,) = cursor.fetchone()
        for how, table, rows in scans((json.loads(content) if isinstance(content, str) else content)[0]["Plan"]):
            yield how, table, rows, sql


def too_much(page, how, table, rows):
    """Whether more is read than the page needs: many rows, and of the table itself."""
    if table not in BIG or rows <= FEW or how == "Index Only Scan":
        return False
    return how == "Seq Scan" or (page, table) not in {(name, model._meta.db_table) for name, model in WHOLE}


@on_postgresql
@pytest.mark.release
@pytest.mark.timeout(300)
@pytest.mark.fault("D22")
def test_d22_no_list_reads_a_table_in_sequence_with_20_000_applications(house, crowded, at, sign_in):
    asked = {}

    def keep(execute, sql, params, many, context):
        if sql.startswith(("SELECT", "(SELECT")):
            asked[name].append((sql, params))
        return execute(sql, params, many, context)

    for name, (person, page, query) in PAGES.items():
        asked[name] = []
        url = reverse(page) if ":" in page else turn_url(crowded, page)
        client = sign_in(getattr(house, person))
        with (
            travel(at + timedelta(hours=1), tick=False),
            connection.execute_wrapper(keep),
            patch.object(turns, "priority_list_of", turns.priority_list_of if "ranking" not in name else no_list),
        ):
            answer = client.get(url + query)
        assert answer.status_code == 200, name
    faults = {
        f"{name}: {how} of {table}, {rows:.0f} rows: {sql[sql.find(' WHERE ') :][:160]}"
        for name, statements in asked.items()
        for how, table, rows, sql in explained(statements)
        if too_much(name, how, table, rows)
    }
    assert sorted(faults) == []


@pytest.mark.sqlite
def test_every_list_has_its_row():
    folder = Path(settings.BASE_DIR)
    parted = set()
    for room in (
        "applications",
        "evaluation/assessment",
        "evaluation/meetings",
        "evaluation/decisions",
        "evaluation/followup",
    ):
        for file in sorted((folder / room).glob("views*/**/*.py")) + sorted((folder / room).glob("views.py")):
            for function in ast.walk(ast.parse(file.read_text())):
                if isinstance(function, ast.FunctionDef) and _parts(function):
                    parted.add(f"{file.relative_to(folder)}:{function.name}")
    assert parted == set(LISTS)


def _parts(function):
    calls = (node.func for node in ast.walk(function) if isinstance(node, ast.Call))
    return any(isinstance(call, ast.Name) and call.id in {"Paginator", "page_of", "page_by_keys"} for call in calls)
