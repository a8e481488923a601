"""Rounds whose forms ask for more than their files do."""

import pytest

from rounds import models
from rounds.definition import Section

EXTRA = "extra"


def ask_in_evaluation(patch: pytest.MonkeyPatch, of_round, *questions):
    """Put a section with these questions last in the round's evaluation, for as long as the test lasts."""
    spec = of_round.spec
    sections = (*spec.follow_up.evaluation_form, Section(code=EXTRA, title="Mer", questions=questions))
    asked = spec.model_copy(update={"follow_up": spec.follow_up.model_copy(update={"evaluation_form": sections})})
    asked.__dict__.pop("evaluation_form", None)
    patch.setitem(models._parsed, of_round.definition_sha256, asked)
