"""The applications of the demo: written as a case officer would believe, and whole."""

from collections import Counter
from datetime import date, timedelta

import pytest
from django.conf import settings

from evaluation.demo.applications import read_applications
from evaluation.demo.rounds import DECIDED_AFTER, demo_definition
from evaluation.demo.written import WrittenError, answers_of
from portal.formats import kroner
from rounds.definition.filling import last_day

pytestmark = [pytest.mark.fault("D11"), pytest.mark.sqlite]

STORIES = {story["file"]: story for story in read_applications()}
SENT = {name: story for name, story in STORIES.items() if story["state"] != "draft"}
LOADED = date(2026, 11, 29)
SPECS = {code: demo_definition(code, LOADED) for code in sorted({story["round"] for story in STORIES.values()})}


def day(ago):
    return LOADED - timedelta(days=ago)


def prose_of(story):
    """Every sentence that people have written, beside titles, names and codes."""
    for value in story["answers"].values():
        yield from [value] if isinstance(value, str) and " " in value else []
        if isinstance(value, dict):
            yield from (text for text in value.values() if isinstance(text, str))
        if isinstance(value, list):
            yield from (row["milestone"] for row in value if isinstance(row, dict) and "milestone" in row)
    for benefit in story["benefits"]:
        texts = [*benefit.items(), *benefit.get("effects", {}).items()]
        yield from (
            text for name, text in texts if isinstance(text, str) and name not in ("unit", "horizon", "applicant")
        )
    yield from filter(None, [story.get("cost_shift", {}).get("text")])


def test_there_are_ten_to_believe_in_the_north_and_four_in_innlandet():
    assert Counter(story["round"] for story in STORIES.values()) == {
        "helse-nord-2025": 9, "troms-ofoten-2024": 3, "innlandet-2024": 4,
    }  # fmt: skip


@pytest.mark.parametrize("name", STORIES)
def test_no_two_answers_are_equal(name):
    assert [text for text, times in Counter(prose_of(STORIES[name])).items() if times > 1] == []


def test_no_text_is_in_two_applications():
    texts = Counter(text for story in STORIES.values() for text in set(prose_of(story)))
    assert [text for text, times in texts.items() if times > 1] == []


@pytest.mark.parametrize("name", SENT)
def test_every_question_of_the_round_is_answered(name):
    story = SENT[name]
    codes = dict(answers_of(story, SPECS[story["round"]], day))
    assert {code for code, value in story["answers"].items() if value is not None} == set(codes)


@pytest.mark.parametrize(("name", "spoil", "said"), [
    ("eldreteam-harstad", lambda answers: answers.pop("digital"), "er ikke besvart: digital"),
    ("eldreteam-harstad", lambda answers: answers.update(digital=None), "er ikke besvart: digital"),
    ("eldreteam-harstad", lambda answers: answers.update(more="Mer."), "finnes ikke i runden: more"),
    ("samhandlingsrommet", lambda answers: answers.update(more="Mer."), "finnes ikke i runden: more"),
    ("eldreteam-harstad", lambda answers: answers.update(phase="moon"), "phase kan ikke være 'moon'"),
    ("eldreteam-harstad", lambda answers: answers.update({"planned-start": "i mai"}), "planned-start kan ikke være"),
])  # fmt: skip
def test_what_does_not_fit_the_round_is_refused(name, spoil, said):
    story = {**STORIES[name], "answers": dict(STORIES[name]["answers"])}
    spoil(story["answers"])
    with pytest.raises(WrittenError, match=f"{name}: .*{said}"):
        list(answers_of(story, SPECS["helse-nord-2025"], day))


@pytest.mark.parametrize("name", SENT)
def test_the_sums_agree_with_the_amount_and_the_text(name):
    story = SENT[name]
    grant = sum(line["amount"] for line in story["budget"] if line["payer"] == "grant")
    assert grant == story["amount"]
    told = " ".join(text for text in prose_of(story)).replace("\N{NO-BREAK SPACE}", " ")
    assert kroner(grant).replace("\N{NO-BREAK SPACE}", " ").removesuffix(" kr") in told


@pytest.mark.parametrize("code", SPECS)
@pytest.mark.parametrize("loaded", [date(2026, 11, 29), date(2027, 1, 2), date(2027, 2, 14), date(2026, 12, 31)])
def test_no_money_is_for_a_year_before_the_decision(code, loaded):
    spec = demo_definition(code, loaded)
    decided = (last_day(spec.dates.closes) + DECIDED_AFTER).year
    years = {spec.budget.years[line["year"] - 1] for story in STORIES.values() if story["round"] == code
             for line in story["budget"]}  # fmt: skip
    assert min(years) >= decided


@pytest.mark.parametrize("name", STORIES)
def test_no_application_builds_on_itself_and_no_person_is_real(name):
    story = STORIES[name]
    assert story["answers"].get("earlier-application") != story["title"]
    assert {contact["email"].rpartition("@")[2] for contact in story["contacts"].values()} == {"example.org"}


def test_the_files_are_all_that_is_there():
    assert sorted(path.name for path in (settings.BASE_DIR / "fixtures/demo/applications").iterdir()) == [
        f"{name}.yaml" for name in STORIES
    ]
