"""Every act that the log can hold has a sentence for people."""

import ast
import re

import pytest

from applications.workflow import TRANSITIONS
from evaluation.meetings.models import CaseStatus
from portal.journal import sentences
from tests.harness.pure_modules import ROOMS, ROOT

pytestmark = pytest.mark.sqlite


def dotted_names():
    """Every «noun.verb» that the modules of services say."""
    for room in ROOMS:
        for path in (ROOT / room).rglob("services*/**/*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Constant) and re.fullmatch(r"[a-z_]+\.(?!yaml|csv)[a-z_]+", str(node.value)):
                    yield node.value


def test_every_act_that_is_recorded_has_a_sentence():
    nouns = {act.partition(".")[0] for act in sentences.sentences_by_act()}
    acts = {name for name in dotted_names() if name.partition(".")[0] in nouns}
    acts |= {f"application.{line.name}" for line in TRANSITIONS}
    acts |= {f"case.{status}" for status in CaseStatus if status != CaseStatus.PREPARED}
    assert acts - set(sentences.sentences_by_act()) == set()
    assert len(acts) > 80


def test_sentence_is_a_whole_one():
    told = [text for _act, text in sorted(sentences.sentences_by_act().items())]
    texts = [str(text({}) if callable(text) else text) for text in told]
    assert [text for text in texts if not re.fullmatch(r"[A-ZÆØÅ%«].*\.", text)] == []
