"""The table of outcomes: what each means, and that nobody else lists them."""

import ast
import json
import subprocess
import sys

import pytest

from applications.workflow import AWARDED, Actor, Status, body_transition_to
from rounds.definition.decide import LetterText
from rounds.outcomes import Amount, Chooser, LetterKind, Outcome, decided_choices, proposed_choices
from tests import factories
from tests.harness.pure_modules import ROOMS, ROOT

FORWARDING, DECIDING, BODY, CHECK = Chooser
TABLE = {
    "granted": (Amount.ALL, LetterKind.AWARD, "grant", {FORWARDING, DECIDING, BODY}, ""),
    "partly_granted": (Amount.PART, LetterKind.AWARD, "grant_in_part", {FORWARDING, DECIDING, BODY}, ""),
    "rejected": (Amount.NONE, LetterKind.REFUSAL, "reject", {DECIDING, BODY}, ""),
    "postponed": (Amount.NONE, LetterKind.NOTICE, "postpone", {DECIDING, BODY}, ""),
    "not_prioritised": (Amount.NONE, LetterKind.REFUSAL, None, {FORWARDING, BODY}, "rejected"),
    "not_admitted": (Amount.NONE, LetterKind.REFUSAL, None, {CHECK}, ""),
    "forwarded": (Amount.NONE, LetterKind.NOTICE, None, set(), ""),
    "withdrawn": (Amount.NONE, None, None, set(), ""),
}


def without(spec, *codes):
    """The round without these outcomes, as if it had been stored so."""
    kept = tuple(outcome for outcome in spec.decision.outcomes if outcome not in codes)
    return spec.model_copy(update={"decision": spec.decision.model_copy(update={"outcomes": kept})})


def transition_of(outcome):
    transition = body_transition_to(outcome.means.status)
    assert transition is None or transition.actor == Actor.BODY
    return transition and transition.name


def test_the_table_says_what_follows_from_each_outcome():
    table = {
        str(outcome): (means.amount, means.letter, transition_of(outcome), set(means.chosen_by), means.becomes)
        for outcome in Outcome
        for means in [outcome.means]
    }
    assert table == TABLE


def test_each_list_of_choices_has_the_words_of_its_moment():
    proposed = [
        ("granted", "Innvilges"),
        ("partly_granted", "Innvilges delvis"),
        ("rejected", "Avslås"),
        ("postponed", "Utsettes"),
        ("not_prioritised", "Prioriteres ikke"),
    ]
    assert proposed_choices() == proposed
    assert [(code, Outcome(code).proposed_label(decides=True)) for code in dict(proposed)] == proposed
    # A stage that forwards does not grant; the last one does.
    assert [Outcome(code).proposed_label(decides=False) for code in dict(proposed)] == [
        "Prioriteres",
        "Prioriteres med lavere beløp",
        "Avslås",
        "Utsettes",
        "Prioriteres ikke",
    ]
    assert decided_choices() == [
        ("granted", "Innvilget"),
        ("partly_granted", "Delvis innvilget"),
        ("rejected", "Avslag"),
        ("postponed", "Utsatt"),
        ("not_prioritised", "Ikke prioritert"),
        ("not_admitted", "Avvist"),
    ]


def test_a_stage_says_an_outcome_in_its_own_words():
    forwarding, deciding = NORD.stages
    assert [stage.outcome_label("granted") for stage in (forwarding, deciding)] == ["Prioriteres", "Innvilges"]
    assert deciding.outcome_label("") == ""


def test_every_row_is_whole():
    told = {outcome.means.status for outcome in Outcome if outcome.means.told}
    for outcome in Outcome:
        means = outcome.means
        assert means.status in told
        assert bool(means.transition) == bool(means.transition_label) == bool(means.logged)
        assert bool(means.transition) == (BODY in means.chosen_by and not means.becomes)
        assert Status(means.status).label == means.decided
        assert not means.becomes or Outcome(means.becomes).means.chosen_by >= {DECIDING}
        assert bool(means.proposed and means.recommends and means.resolves) == (BODY in means.chosen_by)
        assert (means.letter == LetterKind.AWARD) == outcome.is_award == (Status(means.status) in AWARDED)


NORD, INNLANDET = (factories.definition(path) for path in ("helse-nord-2025", "innlandet-2024"))
SHORT = without(NORD, "not_prioritised", "postponed", "partly_granted")
FORWARDED_OUTCOMES = ["granted", "partly_granted", "not_prioritised"]
DECIDED_OUTCOMES = ["granted", "partly_granted", "rejected", "postponed"]


@pytest.mark.parametrize(
    ("spec", "stage", "recommended", "resolved"),
    [
        (NORD, 0, FORWARDED_OUTCOMES, [*DECIDED_OUTCOMES, "not_prioritised"]),
        (NORD, -1, DECIDED_OUTCOMES, [*DECIDED_OUTCOMES, "not_prioritised"]),
        (INNLANDET, -1, DECIDED_OUTCOMES, DECIDED_OUTCOMES),
        (SHORT, 0, ["granted", "not_prioritised"], ["granted", "rejected", "not_prioritised"]),
        (SHORT, -1, ["granted", "rejected"], ["granted", "rejected"]),
    ],
)
def test_what_a_stage_proposes_is_of_its_round_and_it_can_always_say_no(spec, stage, recommended, resolved):
    asked = spec.stages[stage]
    assert [str(outcome) for outcome in spec.proposable(asked)] == recommended
    assert [str(outcome) for outcome in spec.proposable(asked, by_body=True)] == resolved


def strings(node):
    return {part.value for part in ast.walk(node) if isinstance(part, ast.Constant) and isinstance(part.value, str)}


def outcomes_listed_in(path):
    """Codes that a module compares with, or lists two of; one alone is a key that happens to be the same word."""
    tree = ast.parse(path.read_text())
    compared = {word for node in ast.walk(tree) if isinstance(node, ast.Compare) for word in strings(node)}
    listed = strings(tree) & set(TABLE)
    return listed if len(listed) > 1 else listed & compared


def test_no_other_module_lists_the_codes():
    paths = [path for room in ROOMS for path in (ROOT / room).rglob("*.py") if "migrations" not in path.parts]
    listed = {str(path.relative_to(ROOT)): codes for path in paths if (codes := outcomes_listed_in(path))}
    # The statuses are a table of their own, which the outcomes point into.
    assert listed == {path: set(TABLE) for path in ("rounds/outcomes.py", "applications/workflow.py")}


ROW = """
    PUT_OFF = Meaning(
        code="put_off", proposed="Innvilges senere", decided="Innvilget senere", amount=Amount.PART,
        letter=LetterKind.AWARD, status="partly_granted", chosen_by=IN_ANY_STAGE,
        recommends="{body} tilrår {title}.", resolves="{body} innvilger {amount} til {title} senere.",
    )
"""
ASK = """
import json, sys, types
module = types.ModuleType("rounds.outcomes")
sys.modules["rounds.outcomes"] = module
exec(compile(sys.stdin.read(), "rounds/outcomes.py", "exec"), vars(module))
import django
django.setup()
from pydantic import TypeAdapter
from applications.workflow import AWARDED
from evaluation.assessment import award
from evaluation.assessment.models import Recommendation
from evaluation.decisions.models import Decision, Letter
from evaluation.meetings import models, papers
from rounds.definition.decide import Decision as Rules, LetterText
new = "put_off"
facts = papers.Facts("SSU", "", "", "", "Heim", "", (), 9000, 1, new, 4000, "", "")
words = {model.__name__: dict(model._meta.get_field(field).flatchoices).get(new) for model, field in (
    (Recommendation, "outcome"), (models.Ballot, "outcome"), (models.Resolution, "outcome"), (Decision, "outcome"),
    (Letter, "kind"))}
print(json.dumps({
    **words,
    "proposed": [module.Outcome(new).proposed_label(decides=decides) for decides in (True, False)],
    "file": new in TypeAdapter(Rules.__annotations__["outcomes"]).validate_python([new]),
    "letter": LetterText(kind=new, heading="Brev", introduction="Tekst").kind,
    "amount": [award.fault(new, amount, 9000) for amount in (None, 4000, 9000)],
    "awarded": sorted(AWARDED),
    "paper": papers.application_proposal(facts).replace(chr(160), " "),
}))
"""


def test_a_new_outcome_is_one_row():
    table = (ROOT / "rounds/outcomes.py").read_text()
    before = "    REJECTED = Meaning("
    assert table.count(before) == 1
    answer = subprocess.run(
        [sys.executable, "-c", ASK],
        input=table.replace(before, ROW + before),
        env={"DJANGO_SETTINGS_MODULE": "tests.settings", "PATH": ""},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 0, answer.stderr
    assert json.loads(answer.stdout) == {
        **dict.fromkeys(("Recommendation", "Ballot", "Resolution"), "Innvilges senere"),
        **dict.fromkeys(("Decision", "Letter"), "Innvilget senere"),
        "proposed": ["Innvilges senere"] * 2,
        "file": True,
        "letter": "put_off",
        "amount": ["missing", None, "whole"],
        "awarded": ["granted", "partly_granted"],
        "paper": "1. SSU innvilger 4 000 kr til Heim senere.",
    }


def test_the_round_file_has_no_letter_for_what_is_told_in_none():
    with pytest.raises(ValueError, match="«withdrawn» fortelles ikke i noe brev"):
        LetterText(kind="withdrawn", heading="Trukket", introduction="Søknaden er trukket.")
