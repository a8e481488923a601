"""The evaluation's form: every type of question by the same engine as the application's, and two who write at once."""

import pytest
from django.http import QueryDict

from applications.services.drafts import ApplicationOwner
from evaluation.followup.models import BenefitResult, EvaluationReport
from evaluation.followup.services import reporting
from evaluation.followup.services.reporting import EvaluationOwner
from rounds.answering.forms.sections import SectionForm
from rounds.answering.models import Answer
from rounds.answering.printing import printed
from rounds.answering.services.answers import Change, save_answers
from rounds.definition import form as types
from tests.followup.asking import ask_in_evaluation
from tests.followup.test_views import url
from tests.followup.world import started
from tests.harness import worlds
from tests.world import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]
OPTIONS = [{"code": "a", "label": "Alfa"}, {"code": "b", "label": "Beta"}]
COMMON = {"code": "asked", "label": "Spørsmål"}
# A question, what is posted, what is stored, what is printed, and what another stored meanwhile.
TYPES = [
    (types.ShortText(type="short_text", **COMMON), {"": "Kort"}, "Kort", "Kort", "Deres"),
    (types.LongText(type="long_text", **COMMON), {"": "To\nlinjer"}, "To\nlinjer", "To\nlinjer", "Deres"),
    (types.Number(type="number", unit="timer", **COMMON), {"": "1 200"}, 1200, "1\u00a0200 timer", 7),
    (types.MoneyQuestion(type="money", **COMMON), {"": "5 000 kr"}, 5000, "5\u00a0000\u00a0kr", 7),
    (types.YesNo(type="yes_no", **COMMON), {"": "no"}, {"value": False, "text": ""}, "Nei", {"value": True}),
    (types.DateQuestion(type="date", **COMMON), {"": "03.02.2025"}, "2025-02-03", "03.02.2025", "2025-02-04"),
    (
        types.OneChoice(type="one_choice", options=OPTIONS, **COMMON),
        {"": "b"},
        {"value": "b", "other": ""},
        "Beta",
        {"value": "a", "other": ""},
    ),
    (
        types.ManyChoices(type="many_choices", options=OPTIONS, **COMMON),
        {"": ["a", "b"]},
        {"values": ["a", "b"], "other": ""},
        "Alfa\nBeta",
        {"values": ["a"], "other": ""},
    ),
    (
        types.Owners(type="owners", **COMMON),
        {"": "Senja kommune"},
        [{"name": "Senja kommune", "body": ""}],
        "Senja kommune",
        [{"name": "UNN", "body": ""}],
    ),
    (types.Declaration(type="declaration", text="Dette.", **COMMON), {"": "on"}, True, "Bekreftet: Dette.", False),
]  # fmt: skip
IDS = [question.type for question, *_rest in TYPES]


@worlds.world
def report(house):
    return started(house).evaluation


@pytest.fixture(params=["application", "evaluation"])
def owner(request, report):
    """Both owners, so that no type is drawn, saved or told of in one and not in the other."""
    if request.param == "evaluation":
        return EvaluationOwner(report)
    application = report.acceptance.decision.application
    type(application).objects.filter(pk=application.pk).update(status="draft", submitted_at=None)
    application.refresh_from_db()
    return ApplicationOwner(application)


def bound(owner, question, posted, stored=(), **hidden):
    data = {
        f"asked{name}": value
        for name, value in {**posted, **{f"--{key}": item for key, item in hidden.items()}}.items()
    }
    answers = {"asked": stored} if stored else {}
    return SectionForm(owner, [question], answers, _query(data), now=NOW)


def _query(data):
    query = QueryDict(mutable=True)
    for name, value in data.items():
        query.setlist(name, value if isinstance(value, list) else [value])
    return query


@pytest.mark.parametrize(("question", "posted", "stored", "text", "theirs"), TYPES, ids=IDS)
def test_every_type_is_saved_conflicts_and_prints(house, owner, question, posted, stored, text, theirs):
    form = bound(owner, question, posted, version="0")
    assert form.is_valid(), form.errors
    saved = save_answers(owner, form.changes(), by=house.applicant, at=NOW)
    answer = Answer.objects.get(response=owner.response_id, question="asked")
    assert (answer.value, saved.versions) == (stored, {"asked": 1})
    assert printed(owner.spec, question, answer.value)["text"] == text
    save_answers(owner, {"asked": Change(theirs, 1)}, by=house.hospital_applicant, at=NOW)
    late = bound(owner, question, posted, version="1", was="what-i-saw")
    assert late.is_valid()
    stale = save_answers(owner, late.changes(), by=house.applicant, at=NOW).stale
    assert stale["asked"].value == theirs
    late.add_conflict("asked", stale["asked"])
    assert late.groups()[0].conflict.text


@pytest.mark.parametrize(("question", "posted", "stored", "text", "theirs"), TYPES, ids=IDS)
def test_every_type_shows_a_text_of_another_kind_and_does_not_lose_it(owner, question, posted, stored, text, theirs):
    before = Answer(value="Skrevet som fri tekst", version=4)
    group = SectionForm(owner, [question], {"asked": before}, now=NOW).groups()[0]
    if question.type.endswith("_text"):
        assert (group.fields[0].value(), group.earlier) == ("Skrevet som fri tekst", "")
        return
    assert group.earlier == "Skrevet som fri tekst"
    blank = bound(owner, question, {}, version="4", was=group.was)
    assert blank.is_valid()
    assert [change.value for change in blank.changes().values()] in ([], [False])
    assert printed(owner.spec, question, before.value)["text"] == "Skrevet som fri tekst"


PATIENTS = types.Number(type="number", unit="pasienter", maximum=1500, code="asked", label="Antall pasienter")
COUNTED = types.TableQuestion(
    type="table",
    columns=[
        {"code": "count", "label": "Antall", "type": "number"},
        {"code": "cost", "label": "Kostnad", "type": "money"},
    ],
    **COMMON,
)


def test_a_limit_of_a_number_is_a_number(owner):
    form = bound(owner, PATIENTS, {"": "9999"})
    assert not form.is_valid()
    assert form.errors["asked"] == ["«Antall pasienter» kan være høyst 1\u00a0500."]


@pytest.mark.parametrize(
    ("question", "unit"), [(PATIENTS, "pasienter"), (PATIENTS.model_copy(update={"unit": None}), "")]
)
def test_a_number_has_the_unit_of_its_question_or_none(owner, question, unit):
    assert bound(owner, question, {"": "9"})["asked"].field.widget.suffix == unit


def test_only_the_money_of_a_table_is_in_kroner(owner):
    posted = {"--rows": "1", "--0--count": str(10**16), "--0--cost": str(10**16)}
    form = bound(owner, COUNTED, posted)
    assert not form.is_valid()
    [row] = form.tables["asked"].rows
    assert [field.field.widget.suffix for field in row.columns] == ["", "kr"]
    assert [row.errors[name] for name in ("-count", "-cost")] == [
        ["«Antall, rad 1» kan være høyst 1\u00a0000\u00a0000\u00a0000\u00a0000\u00a0000."],
        ["«Kostnad, rad 1» kan være høyst 1\u00a0000\u00a0000\u00a0000\u00a0000\u00a0000\u00a0kr."],
    ]


# --- the page and its script --------------------------------------------------------------------------


def autosave(client, report, value, version=0, was=""):
    data = {"effects": value, "effects--version": version, "effects--was": was}
    decision = report.acceptance.decision
    return client.post(f"/follow-up/{decision.application.code}/evaluation/answer/effects/", data)


def test_the_script_is_told_of_a_number_without_kroner(house, report, sign_in, monkeypatch):
    application = report.acceptance.decision.application
    ask_in_evaluation(monkeypatch, application.round, PATIENTS)
    data = {"asked": "9999", "asked--version": 0, "asked--was": ""}
    answer = sign_in(house.applicant).post(f"/follow-up/{application.code}/evaluation/answer/asked/", data)
    assert answer.json()["errors"] == ["«Antall pasienter» kan være høyst 1\u00a0500."]


def test_two_who_write_the_same_answer_are_both_shown_and_nothing_is_lost(house, report, sign_in):
    first, second = sign_in(house.applicant), sign_in(house.hospital_applicant)
    assert autosave(first, report, "Annes tekst").json()["state"] == "saved"
    late = autosave(second, report, "Carls tekst")
    assert (late.status_code, late.json()["state"]) == (409, "conflict")
    assert "Annes tekst" in late.json()["box"]
    assert report.response.answers.get(question="effects").value == "Annes tekst"


def test_two_who_save_the_page_keep_each_others_answers(house, report, sign_in):
    address = url("evaluation", report.acceptance.decision)
    first, second = sign_in(house.applicant), sign_in(house.hospital_applicant)
    first.post(address, {"effects": "Annes tekst"})
    second.post(address, {"spread": "Carls tekst"})
    assert dict(report.response.answers.values_list("question", "value")) == {
        "effects": "Annes tekst",
        "spread": "Carls tekst",
    }


def row(client, report, prefix, **cells):
    code = report.acceptance.decision.application.code
    data = {f"{prefix}-{name}": value for name, value in cells.items()} | {"prefix": prefix}
    return client.post(f"/follow-up/{code}/evaluation/row/", data)


def test_two_in_different_cells_of_one_row_both_keep_their_text(house, report, sign_in):
    first, second = sign_in(house.applicant), sign_in(house.hospital_applicant)
    assert row(first, report, "row-0", actual_text="Annes").json()["state"] == "saved"
    assert row(second, report, "row-0", deviation="Carls").json()["state"] == "saved"
    assert BenefitResult.objects.values_list("actual_text", "deviation").get() == ("Annes", "Carls")
    late = row(second, report, "row-0", actual_text="Carls nytte", deviation="Carls", version='{"deviation":"x"}')
    assert (late.status_code, list(late.json()["boxes"])) == (409, ["row-0-actual_text"])
    assert "Annes" in late.json()["boxes"]["row-0-actual_text"]
    assert BenefitResult.objects.get().actual_text == "Annes"


def test_the_money_used_is_told_when_somebody_else_has_written_it(house, report, sign_in):
    first, second = sign_in(house.applicant), sign_in(house.hospital_applicant)
    assert row(first, report, "spent", spent_amount="100 000").json()["state"] == "saved"
    assert row(second, report, "spent", spent_amount="200 000", version="{}").status_code == 409
    assert EvaluationReport.objects.get().spent_amount == 100_000


@pytest.mark.parametrize("prefix", ["", "row-9", "row-0-0", "spent-1", "row--1"])
def test_a_row_that_was_not_planned_is_404(house, report, sign_in, prefix):
    assert row(sign_in(house.applicant), report, prefix, actual_text="x").status_code == 404


def test_who_is_signed_out_is_told_in_a_word(client, report):
    assert autosave(client, report, "x").json()["state"] == "signed_out"


def test_a_secretariat_that_handles_it_does_not_write_it(house, report, sign_in):
    assert autosave(sign_in(house.secretary), report, "x").status_code == 403
    assert row(sign_in(house.secretary), report, "spent", spent_amount="1").status_code == 403


def test_a_sent_evaluation_takes_no_more(house, report, sign_in):
    EvaluationReport.objects.update(submitted_at=NOW)
    assert autosave(sign_in(house.applicant), report, "x").status_code == 403
    with pytest.raises(reporting.ReportSentError):
        save_answers(EvaluationOwner(report), {"effects": Change("x", 0)}, by=house.applicant, at=NOW)


@pytest.mark.fault("C8")
def test_what_could_not_be_read_is_there_on_return_and_what_was_saved_stands_on_its_new_version(
    house, report, sign_in, monkeypatch
):
    ask_in_evaluation(monkeypatch, report.acceptance.decision.application.round, PATIENTS)
    client, address = sign_in(house.applicant), url("evaluation", report.acceptance.decision)
    data = {"effects": "Lest.", "effects--version": "0", "asked": "mange", "asked--version": "0"}
    assert client.post(address, {**data, "spent-spent_amount": "ca 100 000"}).status_code == 422
    answer = client.get(address)
    forms = answer.context["forms"]
    assert (answer.status_code, forms.spent["spent_amount"].value()) == (200, "ca 100 000")
    groups = {group.question.code: group for group in forms.section.groups()}
    assert (groups["effects"].version, forms.section["asked"].value()) == (1, "mange")
    again = {**data, "effects": "Skrevet om.", "effects--version": "1", "asked": "12"}
    assert client.post(address, {**again, "effects--was": groups["effects"].was}).status_code in {200, 302}
    assert dict(report.response.answers.values_list("question", "value"))["effects"] == "Skrevet om."


@pytest.mark.fault("C8")
def test_rows_that_were_saved_beside_what_could_not_be_read_ask_nobody_on_return(house, report, sign_in):
    client, address = sign_in(house.applicant), url("evaluation", report.acceptance.decision)

    def rows_with(text):
        data = {}
        for row in client.get(address).context["forms"].rows:
            data |= {row.add_prefix(name): row[name].value() or "" for name in row.fields}
            data[row.add_prefix("actual_text")] = text
        return data

    first = rows_with("Det gikk fort.")
    assert len([name for name in first if name.endswith("-actual_text")]) > 1
    assert client.post(address, {**first, "spent-spent_amount": "mye"}).status_code == 422
    again = client.post(address, rows_with("Det gikk sakte."))
    assert again.status_code in {200, 302}
    assert {row["actual_text"].value() for row in client.get(address).context["forms"].rows} == {"Det gikk sakte."}
