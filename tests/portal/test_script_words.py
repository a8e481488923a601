"""The scripts have no words of their own: what they show comes from the page, in the page's language."""

import json
import re
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import translation

from portal import formats
from portal.templatetags import ui
from tests.harness.pure_modules import ROOT

pytestmark = pytest.mark.sqlite

SCRIPTS = sorted((ROOT / "static/js").glob("*.js"))
LITERAL = re.compile(
    r"""//[^\n]*|/\*.*?\*/|"((?:[^"\\\n]|\\.)*)"|'((?:[^'\\\n]|\\.)*)'|`((?:[^`\\]|\\.)*)`""", re.DOTALL
)
NORWEGIAN = re.compile(r"[æøåÆØÅ]|^[A-ZÆØÅ][a-zæøå]+( [a-zæøå]+)*[.:!]?$|[a-zæøå]{2,} [a-zæøå]{2,}")
# Literals of several words that nobody reads: selectors, names of classes, attributes.
TECHNICAL = re.compile(r"[\[\]#=>(){}]|--|^ds-|\bautosave|conflict|:not|^use strict$|^[A-Z][a-zA-Z]+$")


def literals(path):
    """The texts of a script, with what templates put in taken out."""
    for match in LITERAL.finditer(path.read_text()):
        text = next((group for group in match.groups() if group is not None), "")
        yield re.sub(r"\$\{[^}]*\}", " ", text).strip()


@pytest.mark.fault("C14")
@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_a_script_has_no_words_of_its_own(path):
    assert [text for text in literals(path) if NORWEGIAN.search(text) and not TECHNICAL.search(text)] == []


@pytest.mark.parametrize(
    "text", ["tegn igjen av", "Velg dato i kalender:", "Under ett minutt igjen", "dager igjen", "Lagrer …å"]
)
def test_words_would_be_found(text):
    assert NORWEGIAN.search(text)
    assert not TECHNICAL.search(text)


def test_the_countdown_has_the_words_that_its_script_asks_for():
    script = (ROOT / "static/js/countdown.js").read_text()
    asked = set(re.findall(r"words\.(\w+)", script))
    assert asked == set(formats.time_left_words())


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
@pytest.mark.parametrize(
    "left", [timedelta(days=5), timedelta(days=1, hours=1), timedelta(hours=2, minutes=1), timedelta(seconds=9)]
)
def test_the_words_of_the_script_say_what_the_server_says(language, left):
    """The same rule as countdown.js, on the words that the page gives it."""
    now = datetime(2026, 6, 1, 10, tzinfo=UTC)
    with translation.override(language):
        words = json.loads(ui.countdown_words())
        minutes = int(left.total_seconds() // 60)
        counts = [(minutes // 1440, "days"), (minutes % 1440 // 60, "hours"), (minutes % 60, "minutes")]
        parts = [words[name][count != 1].replace("{n}", str(count)) for count, name in counts if count][:2]
        said = words["left"].replace("{time}", words["and"].join(parts)) if parts else words["soon"]
        if minutes >= 3 * 1440:
            said = words["days_left"][1].replace("{n}", str(minutes // 1440))
        assert said == formats.time_left(now + left, now)
