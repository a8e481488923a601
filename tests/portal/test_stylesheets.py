"""The stylesheets stand on the variables of the design system: colours, spaces, sizes of text, breakpoints."""

import re

import pytest

from tests.harness.pure_modules import ROOT

pytestmark = pytest.mark.sqlite

TOKENS = ROOT / "static/css/tokens.css"
SHEETS = [path for path in sorted((ROOT / "static/css").glob("*.css")) if path != TOKENS]
BREAKPOINTS = {"48rem", "62rem", "72rem"}
COLOUR = re.compile(
    r"#[0-9a-f]{3,8}\b|\b(?:rgb|hsl|hwb|lab|lch|oklab|oklch)a?\(|:\s*(?:white|black|red|green|blue)\b", re.IGNORECASE
)
SPACE = re.compile(
    r"(margin|padding|scroll|inset)[a-z-]*|(row-|column-)?gap|top|left|right|bottom|border-spacing|font-size"
)
LENGTH = re.compile(r"(?<![\w-])-?[\d.]+(?:rem|px)\b")
# Lengths that are no step of the scale, and why.
ALLOWED = {
    ("components.css", "left", "1px"): "half of the line that a point of the timeline lies on",
    ("meetings.css", "font-size", "1.25rem"): "the projector's text grows with the screen, from this",
    ("meetings.css", "font-size", "2.25rem"): "and to this",
}


def rules(path):
    """The sheet without comments and urls."""
    return re.sub(r"/\*.*?\*/|url\([^)]*\)|--[\w-]+(?=\))", "", path.read_text(), flags=re.DOTALL)


def declarations(path):
    """Each property with its value, as written."""
    return re.findall(r"^\s*([a-z-]+):\s*([^;{]+);", rules(path), re.MULTILINE)


def lengths(path):
    """The lengths, other than 0, that a sheet writes itself for spaces and sizes of text."""
    return {
        (path.name, name, length)
        for name, value in declarations(path)
        if SPACE.fullmatch(name)
        for length in LENGTH.findall(value)
    }


def test_there_are_stylesheets():
    assert len(SHEETS) > 5


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.name)
def test_colours_are_those_of_the_design_system(path):
    assert COLOUR.findall(rules(path)) == []


def test_spaces_and_sizes_of_text_are_variables_or_have_a_reason():
    assert set().union(*map(lengths, SHEETS)) == set(ALLOWED)


def test_there_are_three_breakpoints():
    found = {width for path in SHEETS for width in re.findall(r"\(width [<>]=? ([\w.]+)\)", rules(path))}
    assert found == BREAKPOINTS
    assert set(re.findall(r"(\d+rem) \(", TOKENS.read_text())) == BREAKPOINTS


def test_widths_are_asked_for_in_one_way():
    assert [path.name for path in SHEETS if re.search(r"(min|max)-width\s*:\s*[\w.]+\)", rules(path))] == []


def test_each_variable_is_defined_and_used():
    defined = re.findall(r"^\s*(--(?:space|text)-\w+):", TOKENS.read_text(), re.MULTILINE)
    used = {name for path in [*SHEETS, TOKENS] for name in re.findall(r"var\((--(?:space|text)-\w+)", path.read_text())}
    assert sorted(used) == sorted(defined)
