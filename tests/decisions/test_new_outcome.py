"""A new outcome with a status of its own is one row of the table, from the decision to the accepted award."""

import json
import subprocess
import sys

import pytest

from tests.harness.pure_modules import ROOT

pytestmark = [pytest.mark.sqlite, pytest.mark.slow]

BEFORE = "    REJECTED = Meaning("
ROW = """
    RESERVED = Meaning(
        code="reserved",
        proposed="Innvilges med forbehold",
        decided="Innvilget med forbehold",
        amount=Amount.PART,
        letter=LetterKind.AWARD,
        status="reserved",
        tone="success",
        told="Dere får pengene når forbeholdet er løst.",
        transition="grant_with_reservation",
        transition_label="Innvilg med forbehold",
        logged="Søknaden ble innvilget med forbehold.",
        chosen_by=IN_ANY_STAGE,
        recommends="{body} tilrår {title}.",
        resolves="{body} innvilger {amount} til {title} med forbehold.",
    )
"""


def test_a_new_outcome_with_a_status_of_its_own_is_one_row():
    table = (ROOT / "rounds/outcomes.py").read_text()
    assert table.count(BEFORE) == 1
    answer = subprocess.run(
        [sys.executable, "-m", "tests.decisions.new_outcome"],
        input=table.replace(BEFORE, ROW + BEFORE),
        env={"DJANGO_SETTINGS_MODULE": "tests.settings", "DATABASE_URL": "sqlite://:memory:", "PATH": ""},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 0, answer.stderr
    assert json.loads(answer.stdout) == {
        "status": ["reserved", "reserved", "Innvilget med forbehold"],
        # The applicants know it from the letter.
        "known": ["admitted", "reserved"],
        "letter": ["reserved", "Forbehold for «Prosjekt 1»", 400_000],
        "told": True,
        "tag": True,
        "logged": True,
        "accepted": "accepted",
    }
