"""Characters that nobody sees: one list for the round file, the answers and the page's script."""

import importlib
import re
import unicodedata

import pytest
from django import forms
from django.urls import reverse
from django.utils.html import escape

from portal.forms import LinesField, ShortTextField, TextField
from portal.invisible import INVISIBLE, MISLEADING, drop_invisible
from tests.harness.pure_modules import ROOT
from tests.test_form_fields import of_the_library

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
    assert controls - invisible == set("\t\n\r\x0b\x0c\x85")  # a tab, and what breaks a line
    assert invisible - controls - marks == {"\u2065"}  # between them, and given to nothing yet
    assert set("\u00ad\u200c\u200d") <= marks - invisible
    assert {sign for sign in EVERY_CHARACTER if MISLEADING.fullmatch(sign)} - set("\x0b\x0c") < invisible


def test_the_pattern_means_the_same_to_javascript():
    sign = r"\\(x[0-9a-f]{2}|u[0-9a-f]{4})"
    assert re.fullmatch(rf"\[({sign}(-{sign})?)+\]", INVISIBLE.pattern)


@pytest.mark.django_db
def test_the_page_gives_the_counter_the_pattern_and_no_script_has_its_own(client):
    page = client.get(reverse("rounds:list")).content.decode()
    assert f'id="counter" data-invisible="{escape(INVISIBLE.pattern)}"' in page
    scripts = [path for path in (ROOT / "static/js").glob("*.js") if re.search(r"\\u200b|\\u0000", path.read_text())]
    assert scripts == []


# What programs put on the clipboard, and how a field of several lines and of one line read it.
PASTED = {
    "a line in PowerPoint": ("Overskrift\x0bunder", "Overskrift\nunder", "Overskrift under"),
    "a page in a PDF": ("side 1\x0cside 2", "side 1\nside 2", "side 1 side 2"),
    "an old terminal": ("en\x85to", "en\nto", "en to"),
    "a line in a web page": ("en\u2028to\u2029tre", "en\nto\ntre", "en to tre"),
    "Windows": ("en\r\nto\rtre", "en\nto\ntre", "en to tre"),
    "a cell of Excel": ("Lønn\t500\r\n", "Lønn\t500", "Lønn 500"),
    "macOS": ("A\u030alesund", "\u00c5lesund", "\u00c5lesund"),
    "a list in Word": ("\uf0b7\tLønn", "•\tLønn", "• Lønn"),
    "a web page's spaces": ("10\u00a0000\u200b kr", "10\u00a0000 kr", "10 000 kr"),
    "a reading direction": ("kr\u202e 100", "kr 100", "kr 100"),
}


@pytest.mark.fault("C14")
@pytest.mark.parametrize(("pasted", "several", "one"), PASTED.values(), ids=PASTED)
def test_pasted_text_is_read_as_its_author_saw_it(pasted, several, one):
    assert TextField().clean(pasted) == several
    assert ShortTextField().clean(pasted) == one
    assert LinesField().clean(pasted) == [" ".join(line.split()) for line in several.split("\n")]


def forms_of_the_portal():
    """Every form class of the portal, with those that a form inherits its fields from."""
    kinds = [forms.BaseForm]
    for kind in kinds:
        kinds += kind.__subclasses__()
    return {
        kind for kind in kinds if kind.__module__.split(".")[0] in {"portal", "rounds", "applications", "evaluation"}
    }


@pytest.mark.fault("C14")
def test_no_form_has_a_text_field_that_reads_in_another_way():
    importlib.import_module("portal.urls")
    plain = [
        f"{kind.__module__}.{kind.__name__}.{name}"
        for kind in forms_of_the_portal()
        for name, field in getattr(kind, "base_fields", {}).items()
        if name not in of_the_library(kind)
        if type(field) is forms.CharField and not field.widget.is_hidden
    ]
    assert sorted(plain) == []
