"""Bad files: each is refused with the exact line, field and sentence."""

from pathlib import Path

import pytest
from django.conf import settings

from rounds import round_file
from rounds.round_file import FileProblem, RoundFileError

FOLDER = Path(settings.BASE_DIR) / "fixtures" / "rounds"
REAL = (FOLDER / "innlandet-2024.yaml").read_text(encoding="utf-8")
QUESTION_TYPES = (
    "short_text, long_text, number, money, yes_no, date, one_choice, many_choices, table, owners, parties, contacts, "
    "declaration, benefits, budget, attachments"
)
PLACES = (
    "acceptance_days, closes, closes_time, decision_by, evaluation_months, forward_by, frame, opens, sender, "
    "title, year"
)


def line_of(text, part):
    """The line, from 1, where the part first stands."""
    assert part in text
    return text[: text.index(part)].count("\n") + 1


def problems(text):
    with pytest.raises(RoundFileError) as refused:
        round_file.parse(text.encode() if isinstance(text, str) else text)
    return refused.value.problems


# What is replaced in the real file, with what; which part's line is named, its field, and the sentence.
WRONG = [
    ("year: 2024\nlanguage", "year: i fjor\nlanguage", "year: i fjor", "year", "skal være et helt tall"),
    ("format: 1\n", "format: 2\n", "format: 2", "format", "skal være en av 1"),
    (
        "    decision_rule: consensus\n",
        "    decision_rule: consensus\n    quorum: tre\n",
        "quorum: tre",
        "stages[1].quorum",
        "skal være en gruppe med felter: share, both_sides",
    ),
    ("format: 1\n", "format: 1\nfarge: blå\n", "farge: blå", "farge", "er et ukjent felt"),
    ("  title: Mal for innspill til initiativ\n", "", "form:", "form.title", "mangler"),
    ("title: Mal for innspill til initiativ\n", "title: ''\n", "title: ''", "form.title", "er tom"),
    (
        "title: Mal for innspill til initiativ\n",
        "title: 2024\n",
        "title: 2024",
        "form.title",
        "skal være tekst; sett den i anførselstegn",
    ),
    (
        "code: innlandet-2024\ntitle",
        "code: Innlandet 2024\ntitle",
        "code: Innlandet 2024",
        "code",
        "skal være en kode med små bokstaver, tall og bindestrek",
    ),
    (
        "  closes: 2025-01-31 24:00",
        "  closes: 31. januar",
        "closes: 31. januar",
        "dates.closes",
        "skal være dato og klokkeslett, for eksempel «2025-03-01 24:00»",
    ),
    (
        "  closes: 2025-01-31 24:00",
        "  closes: 2025-02-31 24:00",
        "closes: 2025-02-31",
        "dates.closes",
        "«2025-02-31 24:00» finnes ikke i kalenderen",
    ),
    (
        "  closes: 2025-01-31 24:00",
        "  closes: 2025-03-30 02:30",
        "closes: 2025-03-30",
        "dates.closes",
        "«2025-03-30 02:30» finnes ikke: klokka stilles til sommertid da",
    ),
    (
        "  closes: 2025-01-31 24:00",
        "  closes: 2024-11-01 24:00",
        "closes: 2024-11-01",
        "dates.closes",
        "er ikke etter åpningen («opens»)",
    ),
    (
        "          type: short_text",
        "          type: essay",
        "code: initiative-name",
        "form.sections[1].questions[1]",
        f"«essay» er ikke en spørsmålstype; mulige er {QUESTION_TYPES}",
    ),
    (
        "          max_characters: 6000",
        "          max_characters: 0",
        "max_characters: 0",
        "form.sections[3].questions[3].max_characters",
        "skal være minst 1",
    ),
    (
        "      email: sekretariat.innlandet@example.org",
        "      email: sekretariat",
        "email: sekretariat",
        "communities[1].copy_to.email",
        "skal være en e-postadresse",
    ),
    ("    at_least: 1", "    at_least: 4", "at_least: 4", "gates[1].at_least", "er 4, men porten har bare 3 kriterier"),
    (
        "guidance: nasjonale-foringer",
        "guidance: andre-foringer",
        "guidance: andre",
        "guidance",
        "«andre-foringer» står ikke i «taxonomies»",
    ),
    (
        "  title_question: initiative-name",
        "  title_question: contacts",
        "title_question: contacts",
        "form.title_question",
        "skal være koden til et spørsmål av typen «short_text»",
    ),
    (
        "    title: Fremtidens behov",
        "    title: Fremtidens <script>alert(1)</script>",
        "title: Fremtidens",
        "criteria[8].title",
        "inneholder HTML eller skript; bruk Markdown",
    ),
    (
        "    title: Fremtidens behov",
        '    title: "[x](javascript:alert(1))"',
        'title: "[x]',
        "criteria[8].title",
        "inneholder HTML eller skript; bruk Markdown",
    ),
    (
        "    title: Fremtidens behov",
        '    title: "bak\\u202evendt"',
        'title: "bak',
        "criteria[8].title",
        "inneholder usynlige styretegn",
    ),
    (
        "    title: Fremtidens behov",
        '    title: "{closing_time}"',
        'title: "{clos',
        "criteria[8].title",
        f"«{{closing_time}}» kan ikke fylles ut; mulige er {PLACES}",
    ),
    (
        "    scoring: qualitative",
        "    scoring: weighted",
        "scoring: weighted",
        "stages[1].scoring",
        "er «weighted», men vektene blir 0 til sammen",
    ),
    (
        "    deadline: 2025-02-28 24:00",
        "    deadline: 2025-01-01 24:00",
        "deadline: 2025-01-01",
        "stages[1].deadline",
        "er før fristen som går foran",
    ),
    (
        "    tasks: [approve, assess, prioritise, decide]",
        "    tasks: [approve]",
        "stages:\n",
        "stages",
        "det siste steget, og bare det, skal ha oppgaven «decide»",
    ),
    (
        "  years: [2024, 2025]",
        "  years: [2025, 2024]",
        "years: [2025",
        "budget.years",
        "skal være ulike år i stigende rekkefølge",
    ),
    (
        "    number: 32/24",
        "    number: sak 32",
        "number: sak 32",
        "decision.case.number",
        "skal være et saksnummer som 32/24",
    ),
    (
        "  community: innlandet\n\nscheme",
        "  region: innlandet\n\nscheme",
        "region: innlandet",
        "owner.region",
        "er et ukjent felt",
    ),
    (
        "source: [S4, R136, R140, R141, R142]",
        "source: [S9]",
        "source: [S9]",
        "follow_up.source[1]",
        "kilden «S9» står ikke i «sources»",
    ),
]


@pytest.mark.parametrize(
    ("old", "new", "at", "field", "message"), WRONG, ids=[f"{row[3]}-{n}" for n, row in enumerate(WRONG)]
)
def test_a_wrong_value_is_named_with_line_and_field(old, new, at, field, message):
    assert REAL.count(old) >= 1
    text = REAL.replace(old, new, 1)
    assert problems(text) == [FileProblem(line_of(text, at), field, message)]


CONSEQUENCES = {
    "criteria: [operation, development": (
        "criteria: [operatio, development",
        ("gates[1].criteria[1]", "«operatio» er ikke et kriterium av typen «gate»"),
        ("stages[1].criteria", "mangler kriteriene til porten «one-of-three»"),
    ),
    "  - code: future-needs": (
        "  - code: operation",
        ("criteria[8].code", "koden «operation» er brukt før; hver kode kan brukes én gang"),
        ("stages[1].criteria[8]", "«future-needs» står ikke i «criteria»"),
    ),
    "        - code: need\n": (
        "        - code: challenge\n",
        ("form.sections[3].questions[2].code", "koden «challenge» er brukt før; hver kode kan brukes én gang"),
        ("criteria[4].questions[2]", "«need» står ikke i «form»"),
    ),
}


@pytest.mark.parametrize("old", CONSEQUENCES)
def test_a_wrong_code_is_named_where_it_stands_and_where_it_is_missed(old):
    new, *expected = CONSEQUENCES[old]
    assert [(item.field, item.message) for item in problems(REAL.replace(old, new, 1))] == expected


ALONE = [
    (b"a: \xff", FileProblem(1, "", "filen er ikke UTF-8")),
    (b"a: 1\nb: \xe5\n", FileProblem(2, "", "filen er ikke UTF-8")),
    ("", FileProblem(1, "", "filen er tom eller ikke en rundedefinisjon")),
    ("- a\n- b\n", FileProblem(1, "", "filen er tom eller ikke en rundedefinisjon")),
    ("a: 1\n---\nb: 2\n", FileProblem(2, "", "filen har mer enn ett dokument")),
    ("a: 1\nb: 2\na: 3\n", FileProblem(3, "a", "står to ganger")),
    ("a: &x [1]\n", FileProblem(1, "a", "anker og alias («&», «*») er ikke tillatt")),
    ("a:\n  b: *x\n", FileProblem(2, "a.b", "anker og alias («&», «*») er ikke tillatt")),
    ("a:\n  b: !!python/object:os.system x\n", FileProblem(2, "a.b", "merker («!») er ikke tillatt")),
    ("a: 1\n? [b, c]\n: 2\n", FileProblem(2, "", "nøkkelen er ikke et enkelt ord")),
    ("a: " + "[" * 30 + "]" * 30, FileProblem(1, "a" + "[1]" * 20, "er for dypt nøstet")),
    (b" " * 1_000_001, FileProblem(1, "", "filen er større enn 1 MB")),
    ("a: \x00\n", FileProblem(1, "", "har et usynlig styretegn; ta det bort")),
]


@pytest.mark.parametrize(("text", "problem"), ALONE)
def test_what_is_no_round_file_is_refused_with_one_problem(text, problem):
    assert problems(text) == [problem]


def test_several_errors_are_all_named_in_the_order_of_the_file():
    text = (
        REAL.replace("format: 1", "format: x")
        .replace("    at_least: 1", "    at_least: mange")
        .replace("year: 2024\nlanguage", "language")
    )
    assert [(item.line, item.field) for item in problems(text)] == [
        (1, "year"),
        (line_of(text, "format: x"), "format"),
        (line_of(text, "at_least: mange"), "gates[1].at_least"),
    ]


def test_a_file_larger_than_a_megabyte_is_not_read(tmp_path):
    path = tmp_path / "large.yaml"
    path.write_bytes(b"#" * 1_000_001)
    with pytest.raises(RoundFileError) as refused:
        round_file.read_definition(path)
    assert str(refused.value) == "linje 1: filen er større enn 1 MB"


def test_a_laughing_file_does_not_grow():
    text = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(f"{c}: &{c} [*a,*a,*a,*a,*a,*a,*a,*a,*a]\n" for c in "bcdefgh")
    assert problems(text) == [FileProblem(1, "a", "anker og alias («&», «*») er ikke tillatt")]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1", 1),
        ("0", 0),
        ("-5", -5),
        ("007", "007"),
        ("1.5", round_file.Decimal("1.5")),
        ("'1'", "1"),
        ("true", True),
        ("nei", "nei"),
        ("2024-05-31", "2024-05-31"),
        ("~", None),
    ],
)
def test_plain_words_have_the_types_of_yaml_1_2(text, value):
    built = round_file._Builder().build(f"a: {text}")
    assert (built, type(built["a"])) == ({"a": value}, type(value))
