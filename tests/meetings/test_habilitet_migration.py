"""How the questions of the cases of before join the one row for each person."""

from datetime import UTC, datetime
from importlib import import_module
from types import SimpleNamespace as Row

import pytest

joining = import_module("evaluation.meetings.migrations.0005_habilitet_of_cases")
EARLY, LATE = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC)
SECRETARY, CHAIR, MEMBER, SSU = 1, 2, 3, 9


def row(**fields):
    """What the assessment knew: nothing, unless told."""
    empty = dict.fromkeys(("raised_by_id", "raised_at", "is_recused", "body_id", "decided_by_id", "decided_at"))
    words = dict.fromkeys(("ground", "explanation", "decided_ground", "reason"), "")
    return Row(**{**empty, **words, "is_pending": False, **fields})


def asked(status="prepared", **fields):
    """A question of a case, raised by the chair and not decided, unless told."""
    case = Row(status=status, body_id=SSU)
    known = {"raised_by_id": CHAIR, "raised_at": LATE, "ground": "party", "explanation": "Nær.", "reason": ""}
    empty = dict.fromkeys(("is_recused", "decided_by_id", "decided_at"))
    return Row(case=case, **{**known, **empty, **fields})


BY_SECRETARY = {"decided_by_id": SECRETARY, "decided_at": EARLY, "reason": "Sett på."}
BY_BODY = {"decided_by_id": CHAIR, "decided_at": LATE.replace(day=2), "reason": "Avgjort."}


@pytest.mark.parametrize(
    ("known", "question", "expected"),
    [
        # Raised by the chair, and nobody has decided: it waits, also when its case was put off.
        (row(), asked(), (True, None, None, CHAIR)),
        (row(), asked("postponed"), (True, None, None, CHAIR)),
        # Decided by the secretariat before; raised again, it waits in a case that goes on, and not in a settled one.
        (row(is_recused=False, **BY_SECRETARY), asked(), (True, False, None, CHAIR)),
        (row(is_recused=False, **BY_SECRETARY), asked("decided"), (False, False, None, CHAIR)),
        # Decided by the body alone, as in a case without an application.
        (row(), asked(is_recused=True, **BY_BODY), (False, True, SSU, CHAIR)),
        (row(), asked(is_recused=False, **BY_BODY), (False, False, SSU, CHAIR)),
        # The two differ: who was inhabil in the case through either stays so.
        (row(is_recused=False, **BY_SECRETARY), asked(is_recused=True, **BY_BODY), (False, True, SSU, CHAIR)),
        (row(is_recused=True, **BY_SECRETARY), asked(is_recused=False, **BY_BODY), (False, True, None, CHAIR)),
        # The secretariat's decision copied to the case was raised by nobody.
        (
            row(is_recused=True, **BY_SECRETARY),
            asked(is_recused=True, raised_by_id=SECRETARY, raised_at=EARLY, **BY_SECRETARY),
            (False, True, None, None),
        ),
        # What the person said is kept.
        (
            row(raised_by_id=MEMBER, raised_at=EARLY, is_pending=True, ground="other", explanation="Selv."),
            asked(raised_by_id=MEMBER, raised_at=EARLY, ground="other", explanation="Selv."),
            (True, None, None, MEMBER),
        ),
    ],
)
def test_question_of_a_case_joins_the_row(known, question, expected):
    joining._raise(known, question)
    joining._decide(known, question)
    assert (known.is_pending, known.is_recused, known.body_id, known.raised_by_id) == expected
