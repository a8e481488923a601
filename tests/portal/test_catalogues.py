"""The catalogues are whole, keep every placeholder, are current, and are what the pages speak."""

import ast
import re
import subprocess
import sys
from datetime import date
from decimal import Decimal

import pytest
from babel.messages.pofile import read_po
from django.forms import DecimalField
from django.template import Context, Template
from django.urls import reverse
from django.utils import translation

from applications.workflow import Status
from portal.language import in_bokmaal
from tests.harness.pure_modules import ROOT

pytestmark = pytest.mark.sqlite

WHOLE = ("nn", "en")
LANGUAGES = (*WHOLE, "se")
# %(name)s, %s, %d, {amount}, %%, and the marks of HTML
HELD = re.compile(r"%\(\w+\)[sd]|%[sd%]|\{\w*\}|<[^>]+>")


def messages(language):
    """The strings of a catalogue, without its head."""
    with (ROOT / f"locale/{language}/LC_MESSAGES/django.po").open("rb") as file:
        return [message for message in read_po(file, locale=language) if message.id]


def forms(text):
    """One text, or the singular and the plural."""
    return [text] if isinstance(text, str) else list(text)


def held(text):
    return sorted(set(HELD.findall(text))), text[:1].isspace(), text[-1:].isspace()


@pytest.mark.parametrize("language", LANGUAGES)
def test_translation_keeps_placeholders_marks_and_outer_spaces(language):
    pairs = [
        pair
        for message in messages(language)
        if any(forms(message.string))
        for pair in zip(forms(message.id), forms(message.string), strict=True)
    ]
    assert len(pairs) > 200
    assert [pair for pair in pairs if held(pair[0]) != held(pair[1])] == []


@pytest.mark.parametrize("language", WHOLE)
def test_catalogue_is_whole(language):
    texts = messages(language)
    assert [message.id for message in texts if message.fuzzy or not all(forms(message.string))] == []


def test_catalogues_are_current():
    command = [sys.executable, "scripts/messages", "--check"]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (told.stdout, told.stderr, told.returncode) == ("", "", 0)


SPOKEN = {
    "nb": ("Utlysninger", "Bruk e-postadressen du er invitert med."),
    "nn": ("Utlysingar", "Bruk e-postadressa du er invitert med."),
    "se": ("Almmuhusat", "Geavat e-boastačujuhusa masa leat ožžon bovdehusa."),
    "en": ("Calls", "Use the email address that you were invited with."),
}


@pytest.mark.parametrize("language", SPOKEN)
@pytest.mark.django_db
def test_public_pages_speak_the_chosen_language(client, language):
    client.cookies["django_language"] = language
    rounds, sign_in = (client.get(reverse(name)).content.decode() for name in ("rounds:list", "account_login"))
    assert f'<html lang="{language}"' in rounds
    assert f'<html lang="{language}"' in sign_in
    assert SPOKEN[language][0] in rounds
    assert SPOKEN[language][1] in sign_in


@pytest.mark.parametrize("language", SPOKEN)
def test_dates_and_numbers_are_written_and_read_alike(language):
    page = Template("{{ day|date:'d.m.Y' }} {{ day|date:'SHORT_DATE_FORMAT' }} {{ number }}")
    with translation.override(language):
        shown = page.render(Context({"day": date(2026, 9, 15), "number": Decimal("3.5")}))
        read = DecimalField(localize=True).clean("3,5")
    assert (shown, read) == ("15.09.2026 15.09.2026 3,5", Decimal("3.5"))


@pytest.mark.parametrize("language", SPOKEN)
def test_django_knows_the_language(language):
    page = Template(
        "{% load i18n %}{% get_current_language as code %}{% get_current_language_bidi as bidi %}"
        "{% get_language_info for code as language %}{{ language.code }} {{ bidi }}"
    )
    with translation.override(language):
        assert translation.check_for_language(language)
        assert page.render(Context()) == f"{language} False"


def test_status_is_translated_but_not_in_what_is_frozen():
    frozen = in_bokmaal(lambda: str(Status.PARTLY_GRANTED.label))
    with translation.override("en"):
        assert (str(Status.PARTLY_GRANTED.label), frozen()) == ("Partly granted", "Delvis innvilget")


def test_no_sentence_stands_inside_an_f_string():
    """What collects the sentences for translation does not look there."""
    inside = [
        f"{path}:{call.lineno}"
        for room in ("portal", "applications", "rounds", "evaluation")
        for path in (ROOT / room).rglob("*.py")
        for text in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(text, ast.JoinedStr)
        for call in ast.walk(text)
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") in {"_", "ngettext", "gettext", "gettext_lazy"}
    ]
    assert inside == []
