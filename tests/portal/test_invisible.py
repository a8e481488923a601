"""Characters that nobody sees: one list for the round file, the answers and the page's script."""

import re
import unicodedata

import pytest
from django.urls import reverse
from django.utils.html import escape

from portal.invisible import INVISIBLE, MISLEADING, drop_invisible
from tests.harness.pure_modules import ROOT

pytestmark = pytest.mark.sqlite

EVERY_CHARACTER = [chr(number) for number in range(0x10000)]


def test_invisible_characters_are_dropped_and_letters_are_kept():
    assert (
        drop_invisible("Čáhppesjávri\u200b\u202e\x07 – «é»\n\tkost\u00adnad") == "Čáhppesjávri – «é»\n\tkost\u00adnad"
    )


def test_controls_and_marks_of_format_are_invisible_but_those_that_belong_to_words():
    """Unicode's own classes: Cc are controls, Cf marks of format. What misleads is part of what nobody sees."""
    controls = {sign for sign in EVERY_CHARACTER if unicodedata.category(sign) == "Cc"}
    marks = {sign for sign in EVERY_CHARACTER if unicodedata.category(sign) == "Cf"}
    invisible = {sign for sign in EVERY_CHARACTER if INVISIBLE.fullmatch(sign)}
    assert controls - invisible == set("\t\n\r")
    assert invisible - controls - marks == {"\u2065"}  # between them, and given to nothing yet
    assert set("\u00ad\u200c\u200d") <= marks - invisible
    assert {sign for sign in EVERY_CHARACTER if MISLEADING.fullmatch(sign)} < invisible


def test_the_pattern_means_the_same_to_javascript():
    sign = r"\\(x[0-9a-f]{2}|u[0-9a-f]{4})"
    assert re.fullmatch(rf"\[({sign}(-{sign})?)+\]", INVISIBLE.pattern)


@pytest.mark.django_db
def test_the_page_gives_the_counter_the_pattern_and_no_script_has_its_own(client):
    page = client.get(reverse("rounds:list")).content.decode()
    assert f'id="counter" data-invisible="{escape(INVISIBLE.pattern)}"' in page
    scripts = [path for path in (ROOT / "static/js").glob("*.js") if re.search(r"\\u200b|\\u0000", path.read_text())]
    assert scripts == []
