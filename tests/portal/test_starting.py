"""Each process has one way to start, which fits in the database; a full database is told, and is no error of ours."""

import os
import re
import subprocess
import sys
from io import StringIO
from types import SimpleNamespace

import pytest
from django.core.management import call_command, get_commands
from django.core.management.base import CommandError
from django.db import DatabaseError, OperationalError, connection
from django.urls import path

from portal import starting
from portal.urls import handler500  # noqa: F401 - what is tried here
from portal.views import errors
from tests.harness.pure_modules import ROOT

pytestmark = pytest.mark.fault("D12")


def without_connection(_request):
    raise OperationalError("sorry, too many clients already")


def broken(_request):
    raise DatabaseError("another fault")


urlpatterns = [path("full/", without_connection), path("broken/", broken)]


@pytest.mark.urls(__name__)
def test_without_a_connection_the_answer_says_when_to_try_again(client, monkeypatch):
    client.raise_request_exception = False
    monkeypatch.setattr(errors, "connection", SimpleNamespace(connection=None))
    answer = client.get("/full/")
    assert (answer.status_code, answer["Retry-After"]) == (503, "10")
    assert "Portalen har for mye å gjøre akkurat nå" in answer.content.decode()
    other = client.get("/broken/")
    assert (other.status_code, "Retry-After" in other) == (500, False)
    assert "Noe gikk galt hos oss" in other.content.decode()


@pytest.mark.parametrize(("threads", "fits"), [(23, True), (24, False)])
def test_a_start_that_does_not_fit_in_the_database_is_refused_with_the_sum(monkeypatch, threads, fits):
    monkeypatch.setattr(starting, "database_limit", lambda: 97)
    started = []
    monkeypatch.setattr(os, "execve", lambda *command: started.append(command))
    if fits:
        call_command("web", workers=4, threads=threads, stdout=StringIO())
        ((program, command, environment),) = started
        assert program == sys.executable
        assert command[command.index("--blocking-threads") + 1] == environment["WEB_THREADS"] == str(threads)
    else:
        said = (
            "Not started: 4 web processes x 24 threads + 5 others = 101 connections, but the database gives 97. Lower "
            "--workers or --threads, or raise max_connections."
        )
        with pytest.raises(CommandError, match=f"^{re.escape(said)}$"):
            call_command("web", workers=4, threads=threads)
        with pytest.raises(CommandError, match="= 100 connections"):
            call_command("portal", web_workers=4, threads=24, port=0)
        assert started == []


def test_the_sum_is_asked_of_the_database_itself(db):
    limit = starting.database_limit()
    if connection.vendor == "sqlite":
        assert limit is None
    else:
        with connection.cursor() as cursor:
            cursor.execute("SHOW max_connections")
            most = int(cursor.fetchone()[0])
        assert most - 10 < limit < most


def run(code, **environment):
    clean = {name: value for name, value in os.environ.items() if name != "WEB_THREADS"}
    given = {**clean, "DJANGO_SETTINGS_MODULE": "portal.settings", **environment}
    return subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=given, capture_output=True, text=True, check=False
    )


@pytest.mark.urls(__name__)
@pytest.mark.django_db
def test_an_error_of_a_database_that_answers_is_an_error(client):
    client.raise_request_exception = False
    connection.ensure_connection()
    assert client.get("/full/").status_code == 500


def test_a_new_connection_is_not_waited_for_for_ever_and_compiles_no_statement():
    code = (
        "from django.conf import settings; options = settings.DATABASES['default']['OPTIONS']; "
        "print(options['connect_timeout'], options['options'])"
    )
    said = run(code, DATABASE_URL="postgres://a@localhost/a").stdout
    assert said == "10 -c random_page_cost=1.1 -c jit=off\n"


def test_no_statement_is_compiled_in_a_test(db):
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SHOW jit")
            assert cursor.fetchone() == ("off",)


def test_the_web_server_does_not_start_without_a_bound():
    code = "import granian, portal.wsgi"
    bare = run(code)
    assert bare.returncode == 1
    assert "Start the web server by «manage.py web»" in bare.stderr
    assert run(code, **starting.web_environment(4)).returncode == 0


def test_operations_names_these_commands_alone():
    table = (ROOT / "docs/operations.md").read_text().split("## Environment")[0]
    commands = re.findall(r"^\| (\w+) \| `manage\.py (\w+)", table, re.MULTILINE)
    assert commands == [("web", "web"), ("worker", "worker"), ("beat", "beat")]
    assert {name for _process, name in commands} <= set(get_commands())
    assert not re.search(r"\b(granian|celery|gunicorn)\b", table)
