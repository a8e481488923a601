"""Two who write one evaluation at once, on PostgreSQL: the first stops at a statement, the second comes in between."""

import pytest
from django.db import connection

from evaluation.followup.models import BenefitResult, EvaluationReport
from evaluation.followup.services import reporting
from evaluation.followup.services.reporting import EvaluationOwner
from portal.communities.models import User
from rounds.answering.models import Answer
from rounds.answering.services.answers import Change, save_answers
from rounds.answering.services.rows import RowChange, TablePart, save_rows
from rounds.definition import form as types
from tests import world
from tests.followup.world import started, written
from tests.harness.interleaving import MOMENTS, interleave
from tests.world import NOW

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.slow,
    pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite lets one write at a time"),
    pytest.mark.usefixtures("frozen_clock"),
]
assert connection
MOMENT = "holding its first row"
KEY = "a" * 32
PLAN = types.TableQuestion(
    type="table",
    code="plan",
    label="Plan",
    columns=[{"code": "what", "label": "Hva"}, {"code": "who", "label": "Hvem"}],
)


@pytest.fixture
def home(transactional_db):
    return world.house()


def answering(report, by, question, value, base=0):
    """An act that saves one answer, and tells what somebody else had stored instead."""
    owner = EvaluationOwner(EvaluationReport.objects.get(pk=report.pk))

    def act():
        stale = save_answers(owner, {question: Change(value, base)}, by=by, at=NOW).stale
        return stale and stale[question].value

    return act


def stored(report):
    return dict(Answer.objects.filter(response=report.response_id).values_list("question", "value"))


def test_different_answers_are_both_kept(home):
    report = started(home).evaluation
    ends = interleave(
        answering(report, home.applicant, "effects", "Annes"),
        answering(report, home.hospital_applicant, "spread", "Carls"),
        MOMENT,
    )
    assert (ends, stored(report)) == (("done", "done"), {"effects": "Annes", "spread": "Carls"})


@pytest.mark.parametrize("before", [None, "Det gamle"])
def test_of_the_same_answer_the_second_is_shown_what_the_first_stored(home, before):
    report = started(home).evaluation
    if before:
        answering(report, home.applicant, "effects", before)()
    base = 1 if before else 0
    ends = interleave(
        answering(report, home.applicant, "effects", "Annes", base),
        answering(report, home.hospital_applicant, "effects", "Carls", base),
        MOMENT,
    )
    assert (ends, stored(report)) == (("done", "Annes"), {"effects": "Annes"})


def saving(owner, part, cells, key=KEY):
    """An act that saves cells of one row, and tells in which of them somebody else was first."""

    def act():
        saved = save_rows(owner, part, [RowChange(key, {}, cells)], by=User.objects.earliest("pk"), at=NOW)[key]
        return saved.conflicts and ", ".join(saved.conflicts)

    return act


def parts(report, home, kind):
    """The same part of the evaluation as two persons write in it, with two of its cells and the key of a row."""
    owner = EvaluationOwner(report)
    if kind == "what was measured":
        return [(owner, owner.results)] * 2, ("actual_text", "deviation"), "0"
    people = (home.applicant, home.hospital_applicant)
    return [(owner, TablePart(owner, PLAN, by=by, at=NOW)) for by in people], ("cells.what", "cells.who"), KEY


@pytest.mark.parametrize("kind", ["what was measured", "a table question"])
def test_different_cells_of_one_new_row_are_both_kept(home, kind):
    report = started(home).evaluation
    (first, second), (one, other), key = parts(report, home, kind)
    ends = interleave(saving(*first, {one: "Annes"}, key), saving(*second, {other: "Carls"}, key), MOMENT)
    assert ends == ("done", "done")
    if kind == "a table question":
        assert stored(report) == {"plan": [{"_key": KEY, "what": "Annes", "who": "Carls"}]}
    else:
        assert BenefitResult.objects.values_list("actual_text", "deviation").get() == ("Annes", "Carls")


@pytest.mark.parametrize("kind", ["what was measured", "a table question"])
def test_of_the_same_cell_the_second_is_shown_what_the_first_stored(home, kind):
    report = started(home).evaluation
    (first, second), (one, _other), key = parts(report, home, kind)
    ends = interleave(saving(*first, {one: "Annes"}, key), saving(*second, {one: "Carls"}, key), MOMENT)
    assert ends == ("done", one)


def test_what_is_saved_just_before_another_sends_is_in_what_is_frozen(home):
    report = written(home)
    sent_report = EvaluationReport.objects.get(pk=report.pk)
    ends = interleave(
        answering(report, home.hospital_applicant, "effects", "Skrevet i siste liten", 1),
        lambda: reporting.submit(sent_report, by=home.applicant, at=NOW),
        MOMENT,
    )
    report.refresh_from_db()
    texts = {answer["code"]: answer["text"] for answer in report.snapshot["answers"]}
    assert (ends, texts["effects"]) == (("done", "done"), "Skrevet i siste liten")


@pytest.mark.parametrize("moment", MOMENTS)
def test_who_writes_while_another_sends_is_sent_with_it_or_told_that_it_was_sent(home, moment):
    report = written(home)
    sent_report = EvaluationReport.objects.get(pk=report.pk)
    sent, wrote = interleave(
        lambda: reporting.submit(sent_report, by=home.applicant, at=NOW),
        answering(report, home.hospital_applicant, "effects", "For sent", 1),
        moment,
    )
    report.refresh_from_db()
    assert sent == "done"
    if moment == "holding its first row":
        # That row is the body's: the evaluation is not claimed yet, so what is saved now is sent with it.
        assert wrote == "done"
        assert "For sent" in str(report.snapshot)
    else:
        assert wrote == "ReportSentError"
        assert "For sent" not in str(report.snapshot)
    assert (stored(report)["effects"] == "For sent") == (wrote == "done")
