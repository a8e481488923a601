"""The stylesheets stand on the variables of the design system, say nothing twice and nothing that no page uses."""

import ast
import re
from collections import Counter

import pytest

from portal.charts import THEME as CHART_INKS
from tests.harness.pure_modules import ROOMS, ROOT

pytestmark = pytest.mark.sqlite

TOKENS = ROOT / "static/css/tokens.css"
SHEETS = [path for path in sorted((ROOT / "static/css").glob("*.css")) if path != TOKENS]
BREAKPOINTS = {"40rem", "62rem", "80rem"}
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
    widths = {width for path in SHEETS for width in re.findall(r"\(width [<>]=? ([\w.]+)\)", rules(path))}
    assert widths == BREAKPOINTS
    assert set(re.findall(r"(\d+rem) \(", TOKENS.read_text())) == BREAKPOINTS


def test_widths_are_asked_for_in_one_way():
    assert [path.name for path in SHEETS if re.search(r"(min|max)-width\s*:\s*[\w.]+\)", rules(path))] == []


def test_each_variable_is_defined_and_used():
    defined = re.findall(r"^\s*(--[a-z0-9-]+):", TOKENS.read_text(), re.MULTILINE)
    used = {name for path in [*SHEETS, TOKENS] for name in re.findall(r"var\((--[a-z0-9-]+)", path.read_text())}
    assert set(defined) - used == set()
    assert {name for name in used if not name.startswith(("--ds-", "--dsc-"))} == {*defined, "--stack"}


# --- what the eye must find ------------------------------------------------------------------------

THEME = ROOT / "node_modules/@digdir/designsystemet-theme/src/themes/designsystemet.css"
MARK = re.compile(r"[^{}]*(?:\.state\[|\.state::before|\.heat\[data-differ\])[^{}]*\{([^}]*)\}")
# The rest of a circle that is partly filled is pale in both.
PALE = "accent-surface-active"


def luminance(colour):
    parts = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    low, high = sorted(map(luminance, (one, other)))
    return (high + 0.05) / (low + 0.05)


def colours_of(scheme):
    """The colours of the theme in a scheme, light or dark."""
    rule = next(re.finditer(rf'\[data-color-scheme="?{scheme}"?\]\s*\{{([^}}]*)\}}', THEME.read_text()))
    return dict(re.findall(r"--ds-color-([\w-]+):\s*(#[0-9a-fA-F]{6})", rule[1]))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_marks_differ_from_what_they_stand_on(scheme):
    """WCAG 1.4.11: three to one, for the shapes of the states and the outline of a disagreement."""
    colours = colours_of(scheme)
    text = "".join(rule for path in SHEETS for rule in MARK.findall(path.read_text()))
    marks = set(re.findall(r"var\(--ds-color-([\w-]+)\)", text)) - {PALE}
    assert len(marks) > 4
    behind = [colours[f"neutral-{name}"] for name in ("background-default", "background-tinted", "surface-default")]
    assert [mark for mark in sorted(marks) if min(contrast(colours[mark], colour) for colour in behind) < 3] == []


INK = {"": "base-default", "active": "base-active", "border": "border-default"}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_drawn_pieces_of_charts_differ_from_the_page(scheme):
    colours = colours_of(scheme)
    tokens = [f"{name}-{INK[step]}" for name, _space, step in (ink.partition(" ") for ink in CHART_INKS.values())]
    assert [token for token in tokens if contrast(colours[token], colours["neutral-background-default"]) < 3] == []


def test_a_chart_has_the_colours_of_the_theme_in_a_document_and_on_a_page():
    light = colours_of("light")
    inks = {fill: ink.partition(" ") for fill, ink in CHART_INKS.items()}
    assert {fill: light[f"{name}-{INK[step]}"].lower() for fill, (name, _space, step) in inks.items()} == {
        fill: fill for fill in CHART_INKS
    }


def test_there_is_one_ring_for_what_the_keyboard_reaches():
    rings = [
        (path.name, rule) for path in SHEETS for rule in re.findall(r"([^{}]*:focus-visible[^{}]*)\{", rules(path))
    ]
    assert [(name, rule.strip()) for name, rule in rings] == [
        ("frame.css", ':where(a, button, summary, [tabindex="0"]):focus-visible')
    ]


# --- what the sheets may weigh ---------------------------------------------------------------------

MOST_BYTES = 49_000


def test_stylesheets_stay_small():
    assert sum(path.stat().st_size for path in [*SHEETS, TOKENS]) <= MOST_BYTES


def blocks(path):
    """Each rule of three declarations or more, as (what it stands in, its declarations)."""
    text = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.DOTALL)
    around, before = [], ""
    for part in re.split(r"([{}])", text):
        if part == "{":
            around.append(before.strip())
        elif part == "}":
            declared = frozenset(line.strip() for line in before.split(";") if line.strip())
            around.pop()
            if len(declared) > 2:
                yield tuple(around), declared
        before = part if part not in "{}" else ""


def test_no_rule_is_written_twice():
    written = Counter(block for path in SHEETS for block in blocks(path))
    assert [sorted(lines) for (_around, lines), times in written.items() if times > 1] == []


def strings_of_templates():
    for path in (ROOT / "templates").rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        yield from re.findall(r'class="((?:\{%.*?%\}|\{\{.*?\}\}|[^"])*)"', text)
        yield from re.findall(r"\{% block page_class %\}(.*?)\{%", text)
        yield from (name for tag in re.findall(r"\{[%{].*?[%}]\}", text) for name in re.findall(r'"([^"]*)"', tag))


def strings_of_code():
    for path in (path for room in ROOMS for path in (ROOT / room).rglob("*.py") if "migrations" not in path.parts):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value
    for path in (ROOT / "static/js").glob("*.js"):
        text = path.read_text(encoding="utf-8")
        yield from (name for quote in "\"'`" for name in re.findall(f"{quote}([^{quote}\n]*){quote}", text))


def test_each_class_is_on_some_page():
    """«stage-bar__stage--{{ state }}» uses every class that begins so."""
    names = {name for text in (*strings_of_templates(), *strings_of_code()) for name in re.findall(r"[\w-]+", text)}
    begun = tuple(name for name in names if re.fullmatch(r"[a-z][a-z-]*(__[a-z-]+)?(--|__)", name))
    selectors = {path.name: re.sub(r"\{[^{}]*\}", "", rules(path)) for path in SHEETS}
    styled = {(sheet, name) for sheet, text in selectors.items() for name in re.findall(r"\.([a-z][\w-]*)", text)}
    assert len(styled) > 200
    assert sorted(item for item in styled if item[1] not in names and not item[1].startswith(begun)) == []
