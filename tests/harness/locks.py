"""On PostgreSQL, every act that any test runs takes its locks in the order of docs/decisions.md, «Lock order».

The order is read from the statements that the act sends. A table that the order does not know fails, too, and so does
an act that holds a row after it has begun to write the log. Of rows of one table the order is not seen: the raced acts
of tests/test_interleaving.py show it. SQLite has one writer, and its statements hold no rows.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from django.db import connection

from portal import acts
from portal.journal import services as journal

# The tables of which an act holds rows, from the first that is held to the last. Rows of a thing that is held further
# up (a part of an application, of a meeting, of a round) are held after all things, in any order.
ORDER = (
    {"communities_body"},
    {"rounds_round"},
    {"rounds_scheme"},
    {"rounds_frame"},
    {"assessment_prioritylist"},
    {"meetings_meeting"},
    {"applications_application"},
    {
        *(
            f"communities_{name}"
            for name in (
                "affiliation",
                "healthcommunity",
                "organisation",
                "seat",
                "bodysuccession",
                "succession",
                "user",
            )
        ),
        "communities_bodysuccession",
        *("communities_formeraddress", "account_emailaddress"),
        *(f"rounds_{name}" for name in ("roundcommunity", "stage", "criterion")),
        *(f"answering_{name}" for name in ("response", "answer", "answerfile", "cellwriter")),
        *(f"applications_{name}" for name in ("attachment", "benefit", "budgetline", "contact", "correctionrequest")),
        *(f"applications_{name}" for name in ("extension", "partner", "signature", "signaturerefusal")),
        *(f"applications_{name}" for name in ("stageentry", "submission")),
        *(f"assessment_{name}" for name in ("admission", "assessment", "assignment", "forwarding", "habilitet")),
        *(f"assessment_{name}" for name in ("recommendation", "result", "score", "stageact")),
        "assessment_habilitetstep",
        *(
            f"meetings_{name}"
            for name in ("absence", "attendance", "ballot", "case", "casepaper", "minutes", "resolution", "vote")
        ),
        *("meetings_caseattachment", "meetings_case_earlier", "meetings_discussionrequest", "meetings_memberremark"),
        *("meetings_resolutionversion", "meetings_numberseries", "meetings_reopening", "meetings_meetingreopening"),
        *(f"actions_{name}" for name in ("followupitem", "followupstep", "casereview")),
        *(f"plans_{name}" for name in ("plan", "area", "aim", "measure", "measureowner", "measurenews", "planversion")),
        "plans_statusreport",
        *("raised_raisedcase", "raised_senton"),
        *("comments_commentround", "comments_asked", "comments_comment"),
        *("reporting_periodreport", "reporting_chaptertext"),
        *(f"decisions_{name}" for name in ("decision", "letter", "letterbatch", "letterbatch_letters", "letterlook")),
        *(f"followup_{name}" for name in ("acceptance", "benefitresult", "declinedaward", "evaluationreport")),
        # A file that is deleted is looked for among those that mails carry.
        *("documents_document", "files_storedfile", "mail_message_attachments", "reminders_reminder"),
    },
    {"mail_message", "jobs_job", "jobs_beat"},
    {"journal_logentry"},
)
LOG = "journal_logentry"
_PLACES = {table: number for number, tables in enumerate(ORDER) for table in tables}
# The rows of `SELECT … FOR NO KEY UPDATE OF "x"` are those of x; without OF, the first column's table is the one.
_SELECT = re.compile(r'^SELECT .*? FOR (?:NO KEY )?UPDATE(?: OF "(\w+)")?', re.DOTALL)
_FIRST_COLUMN = re.compile(r'^SELECT (?:DISTINCT )?"(\w+)"\.')
_CHANGE = re.compile(r'^(?:UPDATE|DELETE FROM) "(\w+)"')
_LOG = re.compile(rf'pg_advisory_xact_lock|^INSERT INTO "{LOG}"')


def table_held_by(sql: str) -> str | None:
    """The table of which the statement holds rows that others may want; None when it holds none."""
    if _LOG.search(sql):
        return LOG
    if change := _CHANGE.search(sql):
        return change[1]
    if not (select := _SELECT.search(sql)):
        return None
    first = _FIRST_COLUMN.search(sql)
    return select[1] or (first[1] if first else "?")


def problem_in(tables: Sequence[str]) -> str:
    """What is wrong with the order in which an act held rows of these tables; empty when nothing is."""
    held = list(dict.fromkeys(tables))
    unknown = [table for table in held if table not in _PLACES]
    if unknown:
        return f"the order of tests/harness/locks.py does not know {', '.join(unknown)}"
    if LOG in tables and {*tables[tables.index(LOG) :]} != {LOG}:
        return f"rows are held after the log has begun: {', '.join(tables)}"
    places = [_PLACES[table] for table in held]
    return "" if places == sorted(places) else f"rows are held in this order: {', '.join(held)}"


class Locks:
    """The tables of which statements hold rows, as ``connection.execute_wrapper`` sees the statements."""

    def __init__(self) -> None:
        self.tables: list[str] = []

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if table := table_held_by(sql):
            self.tables.append(table)
        return execute(sql, params, many, context)


@pytest.fixture(scope="session", autouse=True)
def _every_act_keeps_the_order() -> Iterator[None]:
    run_once = acts._run_once

    def watched(service: Any, *args: Any, **kwargs: Any) -> Any:
        if connection.vendor != "postgresql" or journal._collected.get() is not None:
            return run_once(service, *args, **kwargs)
        locks = Locks()
        try:
            with connection.execute_wrapper(locks):
                return run_once(service, *args, **kwargs)
        finally:
            problem = problem_in(locks.tables)
            if problem:
                raise AssertionError(f"{service.__module__}.{service.__qualname__}: {problem}")

    acts._run_once = watched
    yield
    acts._run_once = run_once
