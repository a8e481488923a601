"""A file that is not YAML: the line to change, and what to do there."""

import pytest

from rounds import round_file, yaml_faults
from rounds.round_file import FileProblem, RoundFileError
from tests.rounds.test_round_file import REAL

pytestmark = pytest.mark.fault("D3")
TAB = "har et tabulatortegn; bruk mellomrom til innrykk og etter kolon"
INDENT = "har feil innrykk; felter som hører sammen, og punkter («-») i en liste, skal stå like langt inn"
UNDER_A_VALUE = "har feil innrykk; linjen over har alt en verdi, og da kan ikke denne stå lenger inn"
COLON = "teksten har kolon («:»); sett hele teksten i anførselstegn"
NO_COLON = "har ikke kolon; er det en linje til av teksten over, må den stå lenger inn enn feltets navn"
OPEN = "anførselstegnet som begynner teksten her, blir ikke lukket"
AFTER = "det står tekst etter anførselstegnet; sett den andre typen anførselstegn (\" eller ') rundt det hele"
BRACKET = "klammen som begynner her («[» eller «{»), blir ikke lukket"
STAR = "verdien begynner med «*» eller «&»; sett hele teksten i anførselstegn"
LATER = (
    "etter «|» og «>» begynner teksten på neste linje; hører tegnet til teksten, så sett hele teksten i anførselstegn"
)
SIGN = "verdien begynner med et tegn som betyr noe annet; sett hele teksten i anførselstegn"
BACKSLASH = "har «\\» mellom doble anførselstegn; bruk enkle anførselstegn (') rundt teksten"
AS_TEXT = "lagre innholdet som ren tekst (.yaml)"
FAULTS = {
    "tab for indentation": ("a:\n\tb: 1\n", 2, TAB),
    "tab after the colon": ("a:\t1\n", 1, TAB),
    "tab under a field": ("a:\n  b: 1\n\tc: 2\n", 3, TAB),
    "too far in": ("a:\n  b: 1\n   c: 2\n", 3, UNDER_A_VALUE),
    "not far enough in": ("a:\n    b: 1\n  c: 2\n", 3, INDENT),
    "between two": ("a:\n  b: 1\n c: 2\n", 3, INDENT),
    "first line in": (" a: 1\nb: 2\n", 2, INDENT),
    "beside its point": ("a:\n  - b: 1\n   c: 2\n", 3, INDENT),
    "point among fields": ("a: 1\n- b\n", 2, INDENT),
    "colon in a text": ("a: 1\ntitle: Søknad: ny runde\n", 2, COLON),
    "colon in a point": ("a:\n  - Navn: ja: nei\n", 2, COLON),
    "no space after the colon": ("a:1\nb: 2\n", 1, "mangler mellomrom etter kolon"),
    "no colon": ("a: 1\nb\nc: 2\n", 2, NO_COLON),
    "text that goes on at the edge": ("a: |\ntekst\nb: 1\n", 2, NO_COLON),
    "percent": ("a: 1\nb: %x\n", 2, "verdien begynner med «%»; sett hele teksten i anførselstegn"),
    "percent first on the line": ("a: 1\n%b: c\n", 2, "begynner med «%»; sett hele teksten i anførselstegn"),
    "at": ("a: @x\n", 1, "verdien begynner med «@»; sett hele teksten i anførselstegn"),
    "quote open to the end": ('a: 1\nb: "x\nc: 2\nd: 3\n', 2, OPEN),
    "quote open to the next quote": ("a: 1\nb: 'x\nc: 'y'\nd: 3\n", 2, OPEN + " på linjen"),
    "quote in a text": ("a: 'det er ikke'bra'\n", 1, AFTER),
    "text after a quote": ('a: 1\nb: "x" y\n', 2, AFTER),
    "backslash": (
        'a: "C:\\data"\n',
        1,
        "har «\\» mellom doble anførselstegn; bruk enkle anførselstegn (') rundt teksten",
    ),
    "open bracket": ("a: [1, 2\nb: 3\n", 1, BRACKET),
    "open brace": ("a: 1\nb: {c: 1\nd: 2\n", 2, BRACKET),
    "bracket alone": ("a: ]\n", 1, SIGN),
    "comma first": ("a: , x\n", 1, SIGN),
    "star": ("a: * x\n", 1, STAR),
    "and": ("a: & x\n", 1, STAR),
    "greater than": ("a: >x\n", 1, LATER),
    "control character": ("a: 1\nb: \x07\n", 2, "har et usynlig styretegn; ta det bort"),
}
PROGRAMS = {
    b"PK\x03\x04 word": f"filen er et dokument fra Word, Excel eller et annet program; {AS_TEXT}",
    b"\xd0\xcf\x11\xe0\xa1\xb1": "filen er et dokument fra Word eller Excel; lagre innholdet som ren tekst (.yaml)",
    b"%PDF-1.7": "filen er en PDF; lagre innholdet som ren tekst (.yaml)",
    b"{\\rtf1\\ansi": "filen er i formatet RTF; lagre innholdet som ren tekst (.yaml)",
    "format: 1".encode("utf-16"): "filen er lagret med tegnsettet UTF-16; lagre den med UTF-8",
    b"\xfe\xff\0f": "filen er lagret med tegnsettet UTF-16; lagre den med UTF-8",
    b"\n<!DOCTYPE html><html>": "filen er en nettside; lagre selve rundefilen som ren tekst (.yaml)",
}


@pytest.mark.parametrize("name", FAULTS)
def test_the_line_to_change_and_what_to_do_there(name):
    text, line, sentence = FAULTS[name]
    with pytest.raises(RoundFileError) as refused:
        round_file.parse(text.encode())
    assert refused.value.problems == [FileProblem(line, "", sentence)]


@pytest.mark.parametrize("content", PROGRAMS)
def test_a_file_of_another_program_is_named(content):
    with pytest.raises(RoundFileError) as refused:
        round_file.parse(content)
    assert refused.value.problems == [FileProblem(1, "", PROGRAMS[content])]


def test_another_fault_points_at_its_line():
    assert yaml_faults.fault_of("a", yaml_faults.YAMLError()) == (1, yaml_faults.UNKNOWN)
    error = yaml_faults.MarkedYAMLError(
        problem="something new", problem_mark=type("Mark", (), {"line": 7, "column": 0})()
    )
    assert yaml_faults.fault_of("a\nb\n", error) == (2, yaml_faults.UNKNOWN)


# --- what is YAML, and wrong in another way ------------------------------------------------------------------


def problems(old, new):
    assert REAL.count(old) >= 1
    with pytest.raises(RoundFileError) as refused:
        round_file.parse(REAL.replace(old, new, 1).encode())
    return [(item.field, item.message) for item in refused.value.problems]


@pytest.mark.parametrize(
    ("old", "new", "field", "message"),
    [
        ("format: 1\n", "format: 1\nlanguages: nb\n", "languages", "er et ukjent felt. Mente du «language»?"),
        (
            "  title: Mal for innspill til initiativ\n",
            "  title: Mal for innspill til initiativ\n  title-question: x\n",
            "form.title-question",
            "er et ukjent felt. Mente du «title_question»?",
        ),
        (
            "          max_characters: 6000",
            "          max_charactors: 6000",
            "form.sections[3].questions[3].max_charactors",
            "er et ukjent felt. Mente du «max_characters»?",
        ),
        ("format: 1\n", "format: 1\nfarge: blå\n", "farge", "er et ukjent felt"),
    ],
)
def test_an_unknown_field_is_given_the_likely_one(old, new, field, message):
    assert problems(old, new) == [(field, message)]


@pytest.mark.parametrize("written", ["847000", "847 000", "847 000 kr", "kr 847.000,-", "847 000,00 kr", "0,847 mill."])
def test_an_amount_is_read_as_people_write_it(written):
    file = round_file.parse(REAL.replace("budget:\n", f"budget:\n  max_amount: {written}\n", 1).encode())
    assert file.definition.budget.max_amount == 847_000


@pytest.mark.parametrize("written", ["om lag 847 000", "847 000,50 kr", "1,250", "true", "847000.5"])
def test_an_amount_that_cannot_be_read_is_told_how_it_is_written(written):
    message = "skal være et beløp i hele kroner, for eksempel 847000"
    assert problems("budget:\n", f"budget:\n  max_amount: {written}\n") == [("budget.max_amount", message)]
