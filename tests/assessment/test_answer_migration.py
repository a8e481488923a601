"""How the words of a row of habilitet are parted into the person's answer and the question of another."""

from datetime import UTC, datetime
from importlib import import_module
from types import SimpleNamespace as Row

import pytest

parting = import_module("evaluation.assessment.migrations.0020_fill_answer_and_steps")
EARLY, LATE, LAST = (datetime(2026, month, 1, tzinfo=UTC) for month in (1, 2, 3))
OFFICER, MEMBER = 1, 2
LOGGED = {
    ("habilitet.raised", OFFICER, EARLY): "party",
    ("habilitet.declared", MEMBER, EARLY): "represents",
}


def row(**fields):
    empty = dict.fromkeys(("raised_by_id", "raised_at", "declared_at", "decided_at", "decided_by_id", "body_id"))
    words = dict.fromkeys(
        ("ground", "explanation", "answer_ground", "answer_explanation", "decided_ground", "reason"), ""
    )
    known = {"application_id": 9, "case_id": None, "person_id": MEMBER, "has_tie": None, "suggested": []}
    return Row(**{**empty, **words, **known, "is_recused": None, **fields})


BY_OFFICER = {"raised_by_id": OFFICER, "raised_at": EARLY}
SELF = {"declared_at": LATE, "raised_by_id": MEMBER, "raised_at": LATE}
WORDS = {"ground": "contact", "explanation": "Ord."}
STRONG = {"suggested": [{"ground": "represents", "sentence": "har signert", "is_strong": True}]}


@pytest.mark.parametrize(
    ("known", "answer", "question", "kinds"),
    [
        (row(**BY_OFFICER, **WORDS), ("", ""), ("contact", "Ord."), ["raised"]),
        (row(declared_at=LATE, has_tie=False, explanation="Nei."), ("", "Nei."), ("", ""), ["answered"]),
        (row(**SELF, has_tie=True, **WORDS), ("contact", "Ord."), ("contact", "Ord."), ["answered"]),
        (row(**SELF, **STRONG, has_tie=False, explanation="Nei."), ("", "Nei."), ("", "Nei."), ["answered"]),
        # The person's «yes» wrote over the question: the log has its ground, and nobody its words.
        (
            row(**BY_OFFICER, declared_at=LATE, has_tie=True, **WORDS),
            ("contact", "Ord."),
            ("party", ""),
            ["answered", "raised"],
        ),
        (
            row(**BY_OFFICER, declared_at=LATE, has_tie=False, **WORDS),
            ("", ""),
            ("contact", "Ord."),
            ["answered", "raised"],
        ),
        # Raised again after the answer and the decision: the words are those of the question.
        (
            row(
                declared_at=EARLY,
                has_tie=True,
                raised_by_id=OFFICER,
                raised_at=LAST,
                **WORDS,
                is_recused=False,
                decided_at=LATE,
                decided_by_id=OFFICER,
            ),
            ("represents", ""),
            ("contact", "Ord."),
            ["answered", "raised", "decided"],
        ),
        # What was left of a question that was taken back is nobody's answer.
        (row(declared_at=LATE, has_tie=False, **WORDS), ("", ""), ("", ""), ["answered"]),
    ],
)
def test_the_words_go_to_whoever_wrote_them(known, answer, question, kinds):
    parting.part(known, LOGGED)
    assert (known.answer_ground, known.answer_explanation) == answer
    assert (known.ground, known.explanation) == question
    assert [step["kind"] for step in parting.steps_of(known)] == kinds


def test_each_step_tells_by_whom_and_when():
    known = row(
        **BY_OFFICER,
        declared_at=LATE,
        has_tie=True,
        **WORDS,
        is_recused=True,
        decided_ground="other",
        reason="Nær.",
        decided_at=LAST,
        decided_by_id=3,
        body_id=7,
    )
    parting.part(known, LOGGED)
    of = {"application_id": 9, "case_id": None, "person_id": MEMBER}
    said = {"has_tie": True, "ground": "contact", "words": "Ord.", "asks": True}
    assert list(parting.steps_of(known)) == [
        {**of, "kind": "answered", "by_id": MEMBER, "at": LATE, **said},
        {**of, "kind": "raised", "by_id": OFFICER, "at": EARLY, "ground": "party", "words": "", "asks": True},
        {
            **of, "kind": "decided", "by_id": 3, "at": LAST,
            "is_recused": True, "ground": "other", "words": "Nær.", "body_id": 7,
        },
    ]  # fmt: skip
