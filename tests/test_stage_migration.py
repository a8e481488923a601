"""The stage entries of a database from before they were: made from status, forwarding, log and locked lists."""

import json
import lzma
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.harness import landing
from tests.test_landings import empty_database

FILE = Path(__file__).parent / "landings" / "2026-11-22-second.json.xz"
# Of the northern round, by the order of their numbers: status and whether forwarded, and the states that follow.
NORTHERN = [
    ("admitted", False, [("community", "in_work")]),
    ("withdrawn", False, [("community", "closed")]),
    ("not_prioritised", False, [("community", "left_out")]),
    ("forwarded", True, [("community", "forwarded"), ("region", "prioritised")]),
    ("postponed", True, [("community", "forwarded"), ("region", "prioritised")]),
    ("granted", True, [("community", "forwarded"), ("region", "decided")]),
    ("forwarded", True, [("community", "forwarded"), ("region", "in_work")]),
]
OTHERS = {"prioritised": "prioritised", "in_operation": "decided", "partly_granted": "decided", "rejected": "decided"}
LATER = "2026-11-28T21:37:16+00:00"


def northern(rows):
    """The northern round's sent applications, as rows."""
    (of_round,) = [row["id"] for row in rows["rounds.round"] if row["code"] == "helse-nord-2025"]
    return [row for row in rows["applications.application"] if row["round_id"] == of_round and row["submitted_at"]]


def old_database(tmp_path):
    """The landing with one application in each situation; the fourth stands on a locked list of the region."""
    content = landing.read(FILE)
    rows = content["rows"]
    applications = northern(rows)
    for row, (status, is_forwarded, _states) in zip(applications, NORTHERN, strict=True):
        row.update(status=status, forwarded_at=LATER if is_forwarded else None)
    (region,) = [row["id"] for row in rows["rounds.stage"] if row["code"] == "region"]
    known = next(row for row in rows["assessment.prioritylist"] if row["frozen_at"])
    rows["assessment.prioritylist"].append({**known, "id": 990, "stage_id": region, "community_id": None,
                                            "round_id": applications[3]["round_id"]})  # fmt: skip
    line = {
        **rows["assessment.recommendation"][0],
        "id": 990,
        "priority_list_id": 990,
        "application_id": applications[3]["id"],
    }
    rows["assessment.recommendation"].append(line)
    file = tmp_path / "old.json.xz"
    with lzma.open(file, "wt", encoding="utf-8") as content_of_file:
        json.dump(content, content_of_file)
    return file, rows


def run(address, *command):
    done = subprocess.run(
        [sys.executable, *command],
        env={**os.environ, "DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": "tests.settings"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


@pytest.mark.slow
@pytest.mark.release
@pytest.mark.timeout(300)
def test_stages_are_made_from_what_was_known(tmp_path):
    file, then = old_database(tmp_path)
    with empty_database(tmp_path) as address:
        now = json.loads(run(address, "-m", "tests.harness.landing", "bring-up", str(file)))
        entries = {}
        for code, _entered, stage, community, state, left_at in now["stages"]:
            assert (left_at is None) == (state in {"received", "in_work", "prioritised"})
            assert (community is None) == (stage == "region")
            entries.setdefault(code, []).append((stage, state))
        sent = {row["code"]: row for row in then["applications.application"] if row["submitted_at"]}
        assert set(entries) == set(sent)
        for row, (_status, _forwarded, states) in zip(northern(then), NORTHERN, strict=True):
            assert (row["code"], entries.pop(row["code"])) == (row["code"], states)
        for code, states in entries.items():
            assert [state for _stage, state in states] == [OTHERS[sent[code]["status"]]]
        statuses = dict(now["statuses"])
        # On the region's locked list it is prioritised now, as on every other.
        assert statuses.pop(northern(then)[3]["code"]) == "prioritised"
        assert all(statuses[code] == row["status"] for code, row in sent.items() if code in statuses)
