"""Every service that changes something is an act (portal.acts): its transaction, its log entries and its tries."""

import ast

import pytest

from tests.harness.pure_modules import ROOMS, ROOT

pytestmark = pytest.mark.sqlite

SOURCES = [path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py")) if "migrations" not in path.parts]
SERVICES = [path for path in SOURCES if "services" in (path.stem, path.parent.name) or path.stem == "reminders"]
WRITES = {"save", "create", "bulk_create", "get_or_create", "update_or_create", "bulk_update", "delete"}
# Parts of acts that other modules call inside their own acts; and what writes one row by one statement of its own.
PARTS = {
    "applications/services/drafts.py": {"touch"},
    "applications/services/signing.py": {"note_change"},
    "applications/services/status.py": {"enter", "enter_first", "follow", "score"},
    "evaluation/assessment/services/assessing.py": {"begin"},
    "evaluation/assessment/services/prioritising.py": {"lock_list", "lock_open_list", "write_task"},
    "evaluation/meetings/services/attachments.py": {"carry_over"},
    "evaluation/meetings/services/handing_over.py": {"hand_over"},
    "evaluation/assessment/services/results.py": {"rebuild", "rebuild_all"},
    "evaluation/assessment/services/declaring.py": {"raise_question", "take_back"},
    "evaluation/meetings/services/planning.py": {"fill_roll", "renew_roll"},
    "evaluation/meetings/services/stepping_aside.py": {"keep_leaving", "keep_secretary", "keep_times"},
    "evaluation/meetings/services/resolving.py": {"agree"},
    "evaluation/meetings/services/locking.py": {"tell", "tell_quietly", "tell_written"},
    "evaluation/plans/services/plan_text.py": {"make_measure"},
    "evaluation/plans/services/adopting.py": {"freeze_version"},
    "evaluation/comments/services.py": {"taken_up"},
    "evaluation/raised/services.py": {"taken_off", "taken_up"},
    "portal/communities/services/terms.py": {"end_term"},
    "rounds/answering/services/files.py": {"add", "forget", "forgotten_when_refused"},
    "rounds/answering/services/writers.py": {"keep"},
    # Beneath the acts: the log itself; jobs, files and mail are written in the caller's act, or by a job.
    "portal/documents/services.py": {"freeze"},
    "portal/files/services.py": {"keep_once", "store_bytes", "store_upload"},
    "portal/jobs/services.py": {
        "enqueue",
        "enqueue_again",
        "is_heard",
        "lease_due",
        "put_off",
        "rest",
        "retry",
        "run",
        "run_all_due",
    },
    "portal/journal/services.py": {"collecting"},
    "portal/mail/services.py": {"queue", "queue_together", "send"},
}
# Where a transaction is opened by hand: a savepoint around what may meet another's row, and what lies beneath the acts.
ATOMIC = {
    "evaluation/assessment/services/assigning.py": 1,
    "evaluation/assessment/services/forwarding.py": 1,
    "portal/acts.py": 1,
    "portal/files/services.py": 1,
    "portal/jobs/services.py": 1,
    # A dry run, which is always rolled back.
    "rounds/management/commands/load_round.py": 1,
    "evaluation/plans/management/commands/load_plan.py": 1,  # the dry run
}


def name_of(path):
    return str(path.relative_to(ROOT))


def functions_of(path):
    return {node.name: node for node in ast.parse(path.read_text()).body if isinstance(node, ast.FunctionDef)}


def is_act(function):
    return "act" in {node.id for node in function.decorator_list if isinstance(node, ast.Name)}


def calls_in(function):
    return [node for node in ast.walk(function) if isinstance(node, ast.Call)]


def records(call):
    return ast.unparse(call.func) in {"journal.record", "record", "services.record"}


def writes(call):
    if records(call) or ast.unparse(call.func) == "upsert":
        return True
    if not isinstance(call.func, ast.Attribute):
        return False
    is_update = call.func.attr == "update" and call.keywords and not call.args
    return call.func.attr in WRITES or is_update


def changing(path):
    """The module's functions that change something and are no acts, by themselves or by a helper that is none."""
    functions = {name: function for name, function in functions_of(path).items() if not is_act(function)}
    names = {name for name, function in functions.items() if any(map(writes, calls_in(function)))}
    while True:
        callers = {
            name
            for name, function in functions.items()
            if any(isinstance(call.func, ast.Name) and call.func.id in names for call in calls_in(function))
        }
        if callers <= names:
            return names
        names |= callers


def test_every_service_that_changes_something_is_an_act():
    services = {name_of(path): {name for name in changing(path) if not name.startswith("_")} for path in SERVICES}
    assert {path: names for path, names in services.items() if names} == PARTS


def test_transactions_are_opened_by_acts_alone():
    counts = {name_of(path): path.read_text().count("transaction.atomic()") for path in SOURCES}
    assert {path: count for path, count in counts.items() if count} == ATOMIC


def test_rows_are_held_in_one_way():
    """``select_for_update`` without more, and ``update_or_create``, also stop who writes a row that points to them."""
    holding = {
        name_of(path): call.func.attr
        for path in SOURCES
        for call in calls_in(ast.parse(path.read_text()))
        if isinstance(call.func, ast.Attribute) and call.func.attr in {"select_for_update", "update_or_create"}
    }
    assert holding == {"portal/acts.py": "select_for_update"}


def test_the_log_is_written_by_services_alone():
    recording = {
        name_of(path)
        for path in SOURCES
        if path not in SERVICES and any(records(node) for node in calls_in(ast.parse(path.read_text())))
    }
    assert recording == set()


def test_the_rule_sees_what_it_looks_for(tmp_path):
    (tmp_path / "services.py").write_text(
        "@act\ndef done(row): row.save()\n"
        "def _helper(row): journal.record('x', subject=row)\n"
        "def forgotten(row): _helper(row)\n"
        "def bare(row): Row.objects.filter(pk=1).update(name='')\n"
        "def harmless(data): data.update({'a': 1})\n"
        "def put(rows): upsert(rows, {}, {})\n"
        "def whole(row): done(row)\n"
    )
    assert changing(tmp_path / "services.py") == {"_helper", "forgotten", "bare", "put"}
