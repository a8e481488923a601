"""Table questions, in the application and in the evaluation alike: each cell is saved by itself under the row's key."""

import pytest

from applications import snapshot
from portal import cells
from portal.cells import written
from portal.snapshots import digest
from rounds.answering import answers
from rounds.answering.forms.tables import TableRowForm
from rounds.answering.models import Answer
from rounds.answering.printing import printed
from rounds.answering.services.rows import RowChange, TablePart, TooManyRowsError, relevance_of, save_rows, versions_of
from rounds.definition import form as types
from tests.followup.asking import ask_in_evaluation
from tests.followup.test_evaluation_form import owner, report  # noqa: F401 - fixtures
from tests.followup.test_views import hidden, report_data, url
from tests.followup.world import started
from tests.world import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]
FIRST, SECOND = "a" * 32, "b" * 32
COLUMNS = [
    {"code": "what", "label": "Hva", "required": True},
    {"code": "when", "label": "Når", "type": "date"},
    {"code": "key", "label": "Nøkkel", "type": "number"},
]
TABLE = types.TableQuestion(
    type="table", code="asked", label="Plan", columns=COLUMNS, answer="when_relevant", relevance="Alle."
)


@pytest.fixture
def asking(owner, monkeypatch):  # noqa: F811 - the fixture
    """Saves rows as one person who has seen ``base``; «what», «when» and «key» are the cells."""

    def save(row_key, base, *, is_stored=True, **cells):
        part = TablePart(owner, TABLE, by=by, at=NOW)
        change = RowChange(
            row_key, base, {f"cells.{name}": value for name, value in cells.items()}, is_stored=is_stored
        )
        return save_rows(owner, part, [change], by=by, at=NOW)[row_key]

    by = report_of(owner).created_by
    return save


def report_of(owner):  # noqa: F811
    return getattr(owner, "application", None) or owner.report.acceptance.decision.application


def stored(owner):  # noqa: F811
    return Answer.objects.get(response=owner.response_id, question="asked").value


def test_two_in_different_cells_of_one_row_both_keep_their_text(owner, asking):  # noqa: F811
    base = asking(FIRST, {}, is_stored=False, what="Oppstart").base
    asking(FIRST, base, when="2025-03-01")
    late = asking(FIRST, base, what="Oppstart og opplæring", key=3)
    assert (late.conflicts, stored(owner)) == (
        {},
        [{"_key": FIRST, "what": "Oppstart og opplæring", "when": "2025-03-01", "key": 3}],
    )


def test_the_same_cell_changed_by_another_is_a_conflict_in_that_cell_alone(owner, asking):  # noqa: F811
    base = asking(FIRST, {}, is_stored=False, what="Oppstart").base
    asking(FIRST, base, what="Annes")
    late = asking(FIRST, base, what="Carls", key=1)
    assert late.conflicts == {"cells.what": "Annes"}
    assert stored(owner) == [{"_key": FIRST, "what": "Annes", "when": "", "key": 1}]


def test_rows_keep_their_order_and_a_row_sent_twice_is_one(owner, asking):  # noqa: F811
    for key in (FIRST, SECOND, FIRST):
        asking(key, {}, is_stored=False, what=key[0])
    assert [row["what"] for row in stored(owner)] == ["a", "b"]


def test_rows_from_before_they_had_keys_are_called_by_their_order(owner, asking):  # noqa: F811
    Answer.objects.create(response_id=owner.response_id, question="asked", value=[{"what": "En"}, {"what": "To"}],
                          updated_by=report_of(owner).created_by, updated_at=NOW)  # fmt: skip
    row = answers.keyed_rows(stored(owner))[1]
    assert row == {"_key": "00000001", "what": "To"}
    asking(row["_key"], {}, is_stored=True, key=2)
    assert stored(owner) == [
        {"_key": "00000000", "what": "En", "when": "", "key": ""},
        {"_key": "00000001", "what": "To", "when": "", "key": 2},
    ]


def test_a_row_that_another_says_is_not_relevant_is_kept_under_it(owner, asking):  # noqa: F811
    base = asking(FIRST, {}, is_stored=False, what="Oppstart").base
    asking("relevance", {}, is_stored=False, not_relevant=True, reason="Vi er i gang")
    asking(FIRST, base, when="2025-03-01")
    value = stored(owner)
    assert value == {"not_relevant": True, "reason": "Vi er i gang",
                     "rows": [{"_key": FIRST, "what": "Oppstart", "when": "2025-03-01", "key": ""}]}  # fmt: skip
    assert printed(owner.spec, TABLE, value)["value"] == {"not_relevant": True, "reason": "Vi er i gang"}
    assert printed(owner.spec, TABLE, value)["text"] == "Ikke relevant: Vi er i gang"
    asking("relevance", versions_of(["cells"], relevance_of(value)), not_relevant=None)
    assert stored(owner) == [{"_key": FIRST, "what": "Oppstart", "when": "2025-03-01", "key": ""}]


def test_why_it_is_not_relevant_is_kept_with_the_tick_that_comes_after_it(house, sign_in, monkeypatch):
    """The page took the reason for stored when it was not: it was lost, and the sending told of others' writing."""
    decision = started(house).decision
    ask_in_evaluation(monkeypatch, decision.application.round, TABLE)
    client, address = sign_in(house.applicant), url("evaluation", decision)
    typed = {"asked--0--what": "Oppstart", "asked--relevance--reason": "Vi er i gang"}
    page = client.get(address).content.decode()
    page = client.post(address, hidden(page) | report_data(add_row="asked") | typed).content.decode()
    ticked = {**typed, "asked--relevance--not-relevant": "on"}
    answer = client.post(address, hidden(page) | report_data(save="1") | ticked)
    assert answer.status_code == 302
    assert Answer.objects.get(question="asked").value["reason"] == "Vi er i gang"
    page = client.get(address).content.decode()
    answer = client.post(address, hidden(page) | report_data(send="1") | typed)
    assert "Noen andre har skrevet i evalueringen" not in answer.content.decode()


def test_a_table_has_room_for_two_hundred_rows(owner, asking):  # noqa: F811
    rows = [{"_key": f"{number:032x}", "what": "x"} for number in range(200)]
    Answer.objects.create(response_id=owner.response_id, question="asked", value=rows,
                          updated_by=report_of(owner).created_by, updated_at=NOW)  # fmt: skip
    with pytest.raises(TooManyRowsError):
        asking(FIRST, {}, is_stored=False, what="For mye")
    assert len(stored(owner)) == 200


@pytest.mark.parametrize("key", ["relevance", "k" * 37, "a\x00b", ""])
def test_a_hostile_key_of_a_row_becomes_a_key_of_its_own(key):
    form = TableRowForm(TABLE, 0, {f"{TABLE.code}--0-key": key, f"{TABLE.code}--0--what": "Tekst"})
    form.full_clean()
    assert cells.is_key(form.row_key)
    assert form.row_key == form.row_key != "relevance"


def test_what_is_printed_and_signed_has_no_keys(owner, asking):  # noqa: F811
    """A round's old answers were signed without keys: the text that a signature binds must be the same."""
    asking(FIRST, {}, is_stored=False, what="Oppstart")
    shown = printed(owner.spec, TABLE, stored(owner))
    assert shown["value"] == [{"what": "Oppstart", "when": "", "key": ""}]
    assert (shown["columns"], shown["rows"]) == (["Hva", "Når", "Nøkkel"], [["Oppstart", "", ""]])
    assert digest(shown) == digest(printed(owner.spec, TABLE, [{"what": "Oppstart", "when": "", "key": ""}]))


# --- the page of the evaluation, with and without its script ---------------------------------------------


@pytest.fixture
def page(report, monkeypatch, sign_in, house):  # noqa: F811 - the fixture
    """The evaluation of a round that asks for a plan, for two persons."""
    application = report.acceptance.decision.application
    ask_in_evaluation(monkeypatch, application.round, TABLE)
    address = f"/follow-up/{application.code}/evaluation/"

    def ask(person, path="", **data):
        client = sign_in(getattr(house, person))
        return client.post(address + path, data) if data else client.get(address)

    return ask


def row(**cells):
    sent = {f"asked--0--{name}": value for name, value in cells.items() if name not in ("key", "version")}
    hidden = {f"asked--0-{name}": value for name, value in cells.items() if name in ("key", "version")}
    return {**sent, **hidden}


def test_a_row_is_saved_by_the_script_and_a_cell_that_cannot_be_read_holds_nothing_else_back(page):
    sent = page("applicant", "answer/asked/", prefix="asked--0", **row(key=FIRST, what="Oppstart", when="snart"))
    assert (sent.status_code, sent.json()["state"]) == (422, "invalid")
    assert Answer.objects.get(question="asked").value[0]["what"] == "Oppstart"
    again = row(key=FIRST, version=sent.json()["version"], what="Oppstart", when="01.03.2025")
    assert page("applicant", "answer/asked/", prefix="asked--0", **again).json()["state"] == "saved"
    assert Answer.objects.get(question="asked").value[0]["when"] == "2025-03-01"


def test_a_conflict_stands_at_its_cell_and_is_chosen(page):
    first = page("applicant", "answer/asked/", prefix="asked--0", **row(key=FIRST, what="Annes"))
    late = page(
        "hospital_applicant", "answer/asked/", prefix="asked--0", **row(key=FIRST, what="Carls", when="01.03.2025")
    )
    assert (first.json()["state"], late.status_code, list(late.json()["boxes"])) == ("saved", 409, ["asked--0--what"])
    assert "Annes" in late.json()["boxes"]["asked--0--what"]
    assert Answer.objects.get(question="asked").value == [
        {"_key": FIRST, "what": "Annes", "when": "2025-03-01", "key": ""}
    ]
    theirs = first.json()["version"].split('"')[3]
    chosen = {"asked--0-cells.what--choice": "mine", "asked--0-cells.what--theirs": theirs}
    sent = row(key=FIRST, version=late.json()["base"], what="Carls", when="01.03.2025")
    assert page("hospital_applicant", "answer/asked/", prefix="asked--0", **sent, **chosen).json()["state"] == "saved"
    assert Answer.objects.get(question="asked").value[0]["what"] == "Carls"


def test_without_a_script_the_conflict_stands_at_its_cell_too_and_the_page_stands_on_what_is_saved(page):
    page("applicant", "answer/asked/", prefix="asked--0", **row(key=FIRST, what="Annes"))
    late = page(
        "hospital_applicant", **{"asked--rows": "1", "save": "1"}, **row(key=FIRST, what="Carls", when="01.03.2025")
    )
    html = late.content.decode()
    at = html.index('data-conflict-at="asked--0--what"')
    assert late.status_code == 409
    assert html.index("Annes", at) < html.index('data-conflict-at="asked--0--when"')
    assert "data-conflict>" not in html[html.index('data-conflict-at="asked--0--when"') :]


def test_the_question_can_be_said_not_relevant_and_a_row_asked_for(page):
    data = {"asked--rows": "1", "asked--relevance--not-relevant": "on", "asked--relevance--reason": "Vi er i gang"}
    assert page("applicant", **data, save="1").status_code == 302
    assert Answer.objects.get(question="asked").value == {
        "not_relevant": True,
        "reason": "Vi er i gang",
        "rows": [],
    }
    shown = page("applicant").context["forms"].section.tables["asked"]
    assert (shown.relevance["-not-relevant"].value(), shown.relevance["-reason"].value()) == (True, "Vi er i gang")
    more = page("applicant", **{"asked--rows": "1"}, **row(key=FIRST, what="Oppstart"), add_row="asked")
    table = more.context["forms"].section.tables["asked"]
    assert (more.status_code, len(table.rows), bool(table.rows[1]["key"].value())) == (200, 2, True)
    assert table.rows[0]["version"].value() == written({"cells.what": table.rows[0]["version"].value().split('"')[3]})


@pytest.mark.parametrize("prefix", ["", "asked", "asked--", "asked--x", "asked--0-0", "asked--1234", "other--0"])
def test_what_is_no_row_of_the_table_is_404(page, prefix):
    assert page("applicant", "answer/asked/", prefix=prefix, what="x").status_code == 404


def test_a_signed_application_with_rows_from_before_stays_signed(sent_application_text):
    before, after = sent_application_text
    assert before == after


@pytest.fixture
def sent_application_text(owner):  # noqa: F811 - the fixture
    """The hash of the whole application with a milestone stored in the old way and in the new."""
    application = report_of(owner)
    plan = next(q for q in application.round.spec.questions if q.type == "table")
    cells = {column.code: "" for column in plan.columns} | {plan.columns[0].code: "Oppstart"}
    held = {"updated_by": application.created_by, "updated_at": NOW}
    shas = []
    for value in ([cells], [{"_key": FIRST, **cells}]):
        Answer.objects.update_or_create(
            response=application.response, question=plan.code, defaults={"value": value, **held}
        )
        shas.append(snapshot.content_sha(application))
    return shas
