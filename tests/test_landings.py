"""A database of each earlier landing migrates with its data, on both databases, and the log's chain still holds."""

import json
import os
import subprocess
import sys
import uuid
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from django.conf import settings

from tests.harness import landing

FILES = sorted((Path(__file__).parent / "landings").glob("*.json.xz"))
# The newest before the documents and the stages, which passes every migration that carries data; and the last.
AT_EACH_LANDING = [file for file in FILES if file.name.startswith("2026-11-22-second")] + FILES[-1:]
# Codes, times and short words may be written in another way; sentences of people may not.
SHORT = 20
# Where a job will run is the code's business, not the database's content.
NOT_CONTENT = {"jobs.job"}
# Where something frozen has its SHA-256: one table now, and those before it.
FROZEN = (
    "documents.document",
    "applications.submission",
    "assessment.prioritylist",
    "assessment.forwarding",
    "meetings.minutes",
    "decisions.letter",
    "followup.evaluationreport",
    "rounds.roundversion",
)


def name_of(file):
    return file.name.split(".")[0]


@contextmanager
def empty_database(tmp_path):
    """The address of a database with nothing in it, beside the one that the tests use."""
    if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        yield f"sqlite:///{tmp_path / 'landing.sqlite3'}"
        return
    address, name = os.environ["DATABASE_URL"].rsplit("/", 1)[0], f"landing_{uuid.uuid4().hex}"
    with psycopg.connect(f"{address}/postgres", autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
        yield f"{address}/{name}"
        server.execute(f"DROP DATABASE {name}")


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    "file",
    [
        pytest.param(file, id=name_of(file), marks=[] if file in AT_EACH_LANDING else pytest.mark.release)
        for file in FILES
    ],
)
def test_a_database_of_an_earlier_landing_migrates_with_its_data(file, tmp_path):
    with empty_database(tmp_path) as address:
        done = subprocess.run(
            [sys.executable, "-m", "tests.harness.landing", "bring-up", str(file)],
            env={**os.environ, "DATABASE_URL": address},
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 0, done.stderr[-3000:]
    now, then = json.loads(done.stdout), landing.read(file)["rows"]
    assert (now["log"], now["results"]) == (None, [])
    assert now["statuses"] == sorted([row["code"], row["status"]] for row in then["applications.application"])
    frozen = (row.get("sha256") for model in FROZEN for row in then.get(model, ()))
    assert now["documents"] == sorted([sha256, True] for sha256 in frozen if sha256)
    written = "\n".join(now["texts"])
    rows = [row for model, row in then.items() if model not in NOT_CONTENT]
    lost = sorted({text for text in landing.texts(rows) if len(text) > SHORT and text not in written})
    assert lost == []


def test_there_is_a_database_of_an_earlier_landing():
    assert len(FILES) >= 2
    assert len(set(AT_EACH_LANDING)) == 2
