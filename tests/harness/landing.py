"""Bring a database of an earlier landing up to today, in the empty database that DATABASE_URL names.

``python -m tests.harness.landing keep FILE`` writes the content of the database to a file;
``python -m tests.harness.landing bring-up FILE`` makes the tables as they were then, lays the content in, migrates,
and prints what became of it as JSON. The content goes in through the models as they were, on any database.
"""

import json
import lzma
import os
import sys
from contextlib import contextmanager

import django
from django.apps import apps
from django.core.management import call_command
from django.core.management.color import no_style
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.utils.module_loading import import_string

# Django writes these by itself when it migrates; sessions are nobody's content.
LEFT_OUT = {"contenttypes.contenttype", "auth.permission", "sessions.session"}


class _Whole(DjangoJSONEncoder):
    """Times with their microseconds: the digests of the log are made of them."""

    def default(self, o):
        return o.isoformat() if hasattr(o, "isoformat") else super().default(o)


def read(file):
    """The content of a file: the migrations that had run, and the rows by model."""
    with lzma.open(file, "rt", encoding="utf-8") as content:
        return json.load(content)


def texts(value):
    """Every text in rows of values, at any depth, and every date and time as text."""
    if isinstance(value, str):
        yield value
    elif hasattr(value, "isoformat"):
        yield value.isoformat()
    elif isinstance(value, dict):
        for item in value.values():
            yield from texts(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from texts(item)


def keep(file):
    """Write the database's content to the file."""
    loader = MigrationLoader(connection)
    leaves = sorted(node for node in loader.graph.leaf_nodes() if node in loader.applied_migrations)
    models = [model for model in apps.get_models(include_auto_created=True) if model._meta.label_lower not in LEFT_OUT]
    rows = {model._meta.label_lower: list(model._base_manager.order_by("pk").values()) for model in models}
    with lzma.open(file, "wt", encoding="utf-8", preset=9) as content:
        json.dump({"migrations": leaves, "rows": rows}, content, ensure_ascii=False, cls=_Whole)


def bring_up(landing):
    """Make the tables as they were then, lay the rows in, migrate, and tell what became of the rows."""
    _lay_in(landing["rows"], _make_tables([tuple(node) for node in landing["migrations"]]))
    call_command("migrate", verbosity=0)
    tasks = set(apps.get_model("jobs", "Job").objects.filter(done_at=None).values_list("task", flat=True))
    statuses = apps.get_model("applications", "Application").objects.values_list("code", "status")
    documents = apps.get_model("documents", "Document").objects
    return {
        "documents": sorted([document.sha256, document.is_intact] for document in documents.all()),
        "results": _results_that_differ(),
        "log": import_string("portal.journal.services.verify")(),
        "stages": sorted(map(list, _stages())),
        "statuses": sorted(map(list, statuses)),
        "texts": sorted({text for model in apps.get_models() for text in texts(list(model.objects.values()))}),
        "tasks": sorted(task for task in tasks if import_string(task)),
    }


def _make_tables(then):
    """The tables as these migrations leave them, in one go; the models as they were.

    To run the migrations one by one takes ten times as long. That they run from nothing is tested on its own.
    """
    executor = MigrationExecutor(connection)
    models = executor.loader.project_state(then).apps
    with connection.schema_editor() as editor:
        for model in models.get_models():
            if model._meta.managed and not model._meta.proxy:
                editor.create_model(model)
    executor.recorder.ensure_schema()
    for migration, _is_backwards in executor.migration_plan(then):
        executor.record_migration(migration)
    return models


def _results_that_differ():
    """The results of assessments that are not what they are calculated to be now."""
    rows = apps.get_model("assessment", "Result").objects
    rebuild = import_string("evaluation.assessment.services.results.rebuild")
    turn_of = import_string("evaluation.assessment.queries.turns.turn_of")
    differ = []
    for result in rows.select_related("application", "stage__body"):
        held = rows.values().get(pk=result.pk)
        with transaction.atomic():
            rebuild(result.application, turn_of(result.application, result.stage))
        if held != rows.values().get(pk=result.pk):
            differ.append(result.pk)
    return differ


def _stages():
    entries = apps.get_model("applications", "StageEntry").objects.order_by("application", "entered_at", "pk")
    return entries.values_list("application__code", "entered_at", "stage__code", "community__code", "state", "left_at")


def _lay_in(rows, models_then):
    filled = []
    with _references_unchecked():
        for label, values in rows.items():
            model = models_then.get_model(label)
            fields = {field.attname: field for field in model._meta.concrete_fields}
            made = [model(**{name: _python(fields[name], value) for name, value in row.items()}) for row in values]
            model._base_manager.bulk_create(made)
            filled.append(model)
        with connection.cursor() as cursor:
            for statement in connection.ops.sequence_reset_sql(no_style(), filled):
                cursor.execute(statement)
    connection.check_constraints()


def _python(field, value):
    return value if value is None else field.to_python(value)


@contextmanager
def _references_unchecked():
    """Rows come in the order of the file, so one may name a row that is not there yet."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = replica")
            yield
            cursor.execute("SET session_replication_role = DEFAULT")
    else:
        with connection.constraint_checks_disabled():
            yield


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    command, path = sys.argv[1:]
    if command == "keep":
        keep(path)
    else:
        sys.stdout.write(json.dumps(bring_up(read(path)), default=str))
