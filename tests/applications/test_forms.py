"""Every type of question: what it shows, takes, refuses and stores; and the rows of the standard parts."""

from decimal import Decimal

import pytest
from django.http import QueryDict

from applications.forms.benefits import BenefitForm
from applications.forms.budgets import AMOUNT_MOST, LineForm
from applications.forms.rows import posted_prefix
from applications.models import Benefit
from portal.formats import kroner
from rounds.answering.forms.controls import INTEGER_MOST
from rounds.answering.forms.sections import SectionForm, digest_of
from rounds.answering.models import Answer
from rounds.definition import form as types
from tests.applications import world
from tests.rounds.answering.loose import NOW, LooseOwner

UNIT = "Enheten, for eksempel prosent eller minutter, skriver dere under «Enhet»."
SPEC = world.definition("helse-nord-2025")
OWNER = LooseOwner(SPEC)
COMMON = {"code": "asked", "label": "Spørsmål"}
YES_NO = types.YesNo(type="yes_no", explain="yes", explain_label="Hvem?", **COMMON)
MANY = types.ManyChoices(
    type="many_choices",
    options=[{"code": "a", "label": "A"}, {"code": "b", "label": "B"}, {"code": "c", "label": "C"}],
    other_label="Andre",
    most=2,
    **COMMON,
)
ONE = types.OneChoice(
    type="one_choice", options=[{"code": "a", "label": "A", "text": "Om a"}], other_label="Annet", **COMMON
)
TABLE = types.TableQuestion(
    type="table",
    columns=[
        {"code": "what", "label": "Hva", "required": True},
        {"code": "when", "label": "Når", "type": "date"},
        {"code": "cost", "label": "Kostnad", "type": "money"},
        {"code": "count", "label": "Antall", "type": "number"},
    ],
    **COMMON,
)
LONG = types.LongText(type="long_text", max_characters=20, **COMMON)
WHEN = types.LongText(type="long_text", answer="when_relevant", relevance="Gjelder pasienter.", **COMMON)
DAY = types.DateQuestion(type="date", not_in_future=True, not_after_deadline=True, **COMMON)
PLAN = types.DateQuestion(type="date", not_before_deadline=True, **COMMON)
NUMBER = types.Number(type="number", unit="årsverk", minimum=1, maximum=10, **COMMON)
MONEY = types.MoneyQuestion(type="money", **COMMON)
YES = types.Declaration(type="declaration", text="Jeg bekrefter.", **COMMON)


def asked(question, stored=None, **data):
    """The form of one question; field names are given without the question's own."""
    answers = {"asked": Answer(value=stored, version=3)} if stored is not None else {}
    posted = QueryDict(mutable=True)
    for name, value in data.items():
        key = "asked" if name == "value" else f"asked--{name.replace('_', '-')}"
        posted.setlist(key, value if isinstance(value, list) else [value])
    return SectionForm(OWNER, [question], answers, posted if data else None, now=NOW)


@pytest.mark.parametrize(
    ("question", "data", "expected"),
    [
        (LONG, {"value": "  To\r\nlinjer "}, "To\nlinjer"),
        (LONG, {"value": "nul\x00l\u202e og \u200busynlig"}, "null og usynlig"),
        (MONEY, {"value": "1 250 000 kr"}, 1_250_000),
        (MONEY, {"value": "1.250.000"}, 1_250_000),
        (MONEY, {"value": ""}, None),
        (NUMBER, {"value": "5"}, 5),
        (YES_NO, {"value": "yes", "text": "Fastlegene"}, {"value": True, "text": "Fastlegene"}),
        (YES_NO, {"value": "no"}, {"value": False, "text": ""}),
        (YES_NO, {"value": ""}, {"value": None, "text": ""}),
        (DAY, {"value": "10.02.2025"}, "2025-02-10"),
        (DAY, {"value": ""}, ""),
        (ONE, {"value": "other", "other": "Noe annet"}, {"value": "other", "other": "Noe annet"}),
        (MANY, {"value": ["b", "a"], "other": " Flere "}, {"values": ["a", "b"], "other": "Flere"}),
        (MANY, {"value": []}, {"values": [], "other": ""}),
        (YES, {"value": "on"}, True),
        (WHEN, {"value": "glemt tekst", "not_relevant": "on"}, {"not_relevant": True}),
        (WHEN, {"not_relevant": "on", "reason": "Bare fagfolk"}, {"not_relevant": True, "reason": "Bare fagfolk"}),
        (WHEN, {"value": "svaret", "reason": "glemt grunn"}, "svaret"),
    ],
)
def test_a_question_stores_what_was_meant(question, data, expected):
    form = asked(question, **data)
    assert form.is_valid(), form.errors
    assert form.values["asked"] == expected


@pytest.mark.parametrize(
    ("question", "data", "sentence"),
    [
        (MONEY, {"value": "-5"}, "«Spørsmål» må være minst 0\u00a0kr."),
        (MONEY, {"value": "1.250.000,50"}, "Skriv «Spørsmål» i hele kroner, uten øre."),
        (MONEY, {"value": "mye"}, "Skriv «Spørsmål» i hele kroner, for eksempel 1\u00a0250\u00a0000."),
        (MONEY, {"value": "9" * 40}, f"«Spørsmål» kan være høyst {kroner(INTEGER_MOST)}."),
        (YES_NO, {"value": "kanskje"}, "Velg et av svarene som står på siden."),
        (ONE, {"value": "<script>"}, "Velg et av svarene som står på siden."),
        (MANY, {"value": ["a", "z"]}, "Velg et av svarene som står på siden."),
        (MANY, {"value": ["a", "b", "c"]}, "Velg høyst 2 under «Spørsmål»."),
        (DAY, {"value": "31.02.2025"}, "Datoen i «Spørsmål» finnes ikke i kalenderen."),
        (DAY, {"value": "11.02.2025"}, "«Spørsmål» er 11.02.2025. Datoen kan ikke være fram i tid."),
        (
            DAY,
            {"value": "26.12.2025"},
            "«Spørsmål» er 26.12.2025, men fristen er 01.03.2025. Datoen kan ikke være etter fristen.",
        ),
        (
            PLAN,
            {"value": "11.02.2025"},
            "«Spørsmål» er 11.02.2025, men fristen er 01.03.2025. Datoen kan ikke være før fristen.",
        ),
    ],
)
def test_a_question_refuses_with_a_sentence_and_keeps_what_was_typed(question, data, sentence):
    form = asked(question, **data)
    assert not form.is_valid()
    assert form.errors["asked"] == [sentence]
    assert (form["asked"].value(), form.changes()) == (data["value"], {})


@pytest.mark.requirement("R101", "R109")
def test_a_table_drops_empty_rows_and_reads_its_columns():
    data = {"rows": "3", "0--what": "Oppstart", "0--when": "01.03.2025", "0--cost": "10 000", "0--count": "2",
            "1--what": "", "2--what": "Slutt"}  # fmt: skip
    posted = QueryDict(mutable=True)
    posted.update({f"asked--{name}": value for name, value in data.items()})
    form = SectionForm(OWNER, [TABLE], {}, posted, now=NOW)
    assert form.is_valid(), form.errors
    assert [change.cells for change in form.tables["asked"].changes()] == [
        {"cells.what": "Oppstart", "cells.when": "2025-03-01", "cells.cost": 10_000, "cells.count": 2},
        {"cells.what": "Slutt", "cells.when": "", "cells.cost": "", "cells.count": ""},
    ]


def test_a_table_shows_its_rows_and_one_more_and_never_too_many():
    rows = [{"what": "En"}, {"what": "To"}, {"what": ""}]
    assert len(asked(TABLE, stored=rows).groups()[0].table.rows) == 3
    assert len(asked(TABLE, rows="999").groups()[0].table.rows) == 200
    assert len(asked(TABLE, rows="99999999").groups()[0].table.rows) == 0
    assert len(asked(TABLE, rows="200", add_row="asked").groups()[0].table.rows) == 200


def test_what_was_not_touched_is_not_a_change():
    stored = {"values": ["a"], "other": ""}
    form = asked(MANY, stored, value=["a"], was=digest_of(stored), version="3")
    assert form.is_valid()
    assert form.changes() == {}


def test_a_choice_between_two_texts_decides_what_is_saved():
    overwriting = asked(LONG, "deres", value="mitt", version="1", was="x", choice="mine", theirs="3")
    giving_up = asked(LONG, "deres", value="mitt", version="1", was="x", choice="theirs", theirs="3")
    unset = asked(LONG, "deres", value="mitt", version="1", was="x")
    bases = []
    for form in (overwriting, giving_up, unset):
        assert form.is_valid()
        bases.append([change.base_version for change in form.changes().values()])
    assert bases == [[3], [], [1]]


@pytest.mark.parametrize("version", ["", "-1", "1e9", "9" * 30, "٣" * 10, "abc"])
def test_a_hostile_version_counts_as_none(version):
    form = asked(LONG, value="tekst", version=version)
    assert form.is_valid()
    assert form.changes()["asked"].base_version == 0


@pytest.mark.requirement("R106")
def test_help_prompts_and_relevance_are_shown_escaped():
    question = WHEN.model_copy(update={"help": "Skriv a & b", "prompts": ("Mål", "Målgruppe")})
    assert asked(question)["asked"].help_text == (
        '<p>Gjelder pasienter.</p><p>Skriv a &amp; b</p><ul class="prompts"><li>Mål</li><li>Målgruppe</li></ul>'
    )


@pytest.mark.requirement("R95")
@pytest.mark.parametrize("code", world.ROUNDS)
def test_every_question_of_the_real_rounds_has_a_control_or_a_page(code):
    spec = world.definition(code)
    form = SectionForm(LooseOwner(spec), spec.questions, {}, now=NOW)
    parts = {group.question.code for group in form.groups() if group.is_part}
    kinds = (set(form.controls), set(form.tables), parts)
    assert set().union(*kinds) == {question.code for question in spec.questions}
    assert sum(map(len, kinds)) == len(spec.questions)


# --- rows -----------------------------------------------------------------------------------------------


def benefit(**data):
    posted = {f"benefits-0-{name}": value for name, value in data.items()}
    order = data.get("order", "").split()
    return BenefitForm(posted, spec=SPEC, partners=[], stored=lambda: order, prefix="benefits-0", empty_permitted=True,
                       use_required_attribute=False)  # fmt: skip


@pytest.mark.requirement("R118")
def test_a_benefit_row_may_carry_the_second_band_alone():
    """As in the document: three rows of measuring for seven benefits (R118)."""
    keys = [f"{number:032x}" for number in range(1, 8)]
    form = benefit(measurement="Reisetid før og etter", covers="2, 3 og 7", order=" ".join(keys))
    assert form.is_valid(), form.errors
    cells = form.cells()
    assert (cells["benefit"], cells["measurement"], cells["covers"]) == (
        "",
        "Reisetid før og etter",
        [keys[1], keys[2], keys[6]],
    )


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("covers", "alle", "Skriv radnumre, for eksempel «2, 3 og 7»."),
        ("covers", "1", "Rad 1 er denne raden. Oppgi bare andre rader."),
        ("covers", "2", "Tabellen har ingen rad 2."),
        ("baseline", "mange", f"Skriv «Før tiltaket» som et tall, for eksempel 3,5. {UNIT}"),
        ("target", "20 %", f"Skriv «Mål» som et tall, for eksempel 3,5. {UNIT}"),
        ("target", "30 minutter", f"Skriv «Mål» som et tall, for eksempel 3,5. {UNIT}"),
    ],
)
def test_a_benefit_row_refuses_with_a_sentence(name, value, sentence):
    form = benefit(benefit="Nytte", key="a" * 32, order="a" * 32, **{name: value})
    assert not form.is_valid()
    assert form.errors[name] == [sentence]


def test_an_empty_row_is_no_row():
    assert not benefit(benefit="  ").has_changed()


def test_a_row_without_a_target_names_no_unit():
    rules = SPEC.benefits
    spec = SPEC.model_copy(
        update={"benefits": rules.model_copy(update={"columns": tuple(c for c in rules.columns if c.code != "target")})}
    )
    form = BenefitForm({"b-0-benefit": "Nytte", "b-0-baseline": "mange"}, spec=spec, partners=[], prefix="b-0")
    assert form.errors["baseline"] == ["Skriv «Før tiltaket» som et tall, for eksempel 3,5."]


def line(**data):
    values = {"year": "2025", "cost_type": "travel", "funding": "grant", "form": "cash", "amount": "1 000", **data}
    posted = {f"budget-0-{name}": value for name, value in values.items()}
    return LineForm(posted, spec=SPEC, partners=[], prefix="budget-0", empty_permitted=True,
                    use_required_attribute=False)  # fmt: skip


def test_a_budget_line_is_read():
    form = line(description="Reise til samling")
    assert form.is_valid(), form.errors
    assert form.cells() == {
        "year": 2025,
        "cost_type": "travel",
        "description": "Reise til samling",
        "paid": ["grant", None, "cash"],
        "amount": 1000,
    }


@pytest.mark.parametrize(
    ("data", "name", "sentence"),
    [
        ({"form": "in_kind"}, "form", "Tilskuddet er penger. Velg en partner som betaler, eller «Penger»."),
        ({"funding": "own-999"}, "funding", "Velg et av alternativene som står på siden."),
        ({"year": "1999"}, "year", "Velg et av alternativene som står på siden."),
        ({"amount": "1,5"}, "amount", "Skriv «Beløp» i hele kroner, uten øre."),
        ({"amount": "9" * 20}, "amount", f"«Beløp» kan være høyst {kroner(AMOUNT_MOST)}."),
        ({"amount": "-1"}, "amount", "«Beløp» må være minst 0\u00a0kr."),
    ],
)
def test_a_budget_line_refuses_with_a_sentence(data, name, sentence):
    form = line(**data)
    assert not form.is_valid()
    assert form.errors[name] == [sentence]


def test_a_half_filled_budget_line_is_read_as_it_is():
    form = line(cost_type="", funding="other", form="", amount="")
    assert form.is_valid(), form.errors
    expected = {"year": 2025, "cost_type": "", "description": "", "paid": ["other", None, ""], "amount": None}
    assert form.cells() == expected
    unpaid = line(funding="")
    assert unpaid.is_valid()
    assert unpaid.cells()["paid"] == []


def test_a_new_budget_line_chooses_nothing_but_the_year():
    form = LineForm(spec=SPEC, partners=[], prefix="budget-0")
    first = {name: form.fields[name].choices[0] for name in ("cost_type", "funding", "form")}
    assert first == dict.fromkeys(first, ("", "Velg …"))
    assert form.fields["year"].choices[0] == (2025, "2025")


def test_an_untouched_budget_line_is_no_line():
    form = line(cost_type="", funding="", form="", amount="")
    assert (form.has_changed(), form.is_valid()) == (False, True)


def test_a_budget_line_that_the_grant_pays_is_money_without_a_choice():
    form = line(form="")
    assert form.is_valid(), form.errors
    assert form.cells()["paid"] == ["grant", None, "cash"]


@pytest.mark.parametrize("prefix", ["", "benefits", "benefits-x", "budget-1", "benefits-1-2;", "../benefits-1"])
def test_a_prefix_that_is_not_a_row_of_the_part_is_refused(prefix):
    assert posted_prefix({"prefix": prefix}, "benefits") is None


def test_a_rows_prefix_is_taken():
    assert posted_prefix({"prefix": "benefits-12"}, "benefits") == "benefits-12"


@pytest.mark.parametrize(
    ("stored", "shown"), [("18.00", "18"), ("90.50", "90,5"), ("1200.00", "1200"), ("0.25", "0,25"), ("0.00", "0")]
)
def test_a_number_is_shown_as_it_was_typed(stored, shown):
    row = Benefit(key="k", baseline=Decimal(stored))
    form = BenefitForm(spec=SPEC, partners=[], prefix="benefits-0", row=row)
    assert f'value="{shown}"' in str(form["baseline"])


def test_a_stored_date_is_shown_as_people_write_it():
    assert 'value="10.02.2025"' in str(asked(DAY, "2025-02-10")["asked"])
    rows = asked(TABLE, [{"what": "Oppstart", "when": "2025-03-01"}]).tables["asked"].rows
    assert 'value="01.03.2025"' in str(rows[0]["-when"])
