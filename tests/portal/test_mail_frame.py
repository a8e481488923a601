"""The one frame of all mail: what has happened comes first, one act, and who to ask."""

import re

import pytest

from tests.harness.pure_modules import ROOT

pytestmark = pytest.mark.sqlite

MAILS = ROOT / "templates/emails"
# About a person's own account: they may come when nobody expects them, so they say who they are for.
TO_A_PERSON = {"invitation", "new_address", "password_reset", "person_address_changed"}
BODIES = sorted(path for path in MAILS.glob("*/*.txt") if path.name in ("body.txt", "line.txt"))
# An address of the portal, alone on its line.
LINK = re.compile(r"^ *\{\{ (?:site_url|own) \}\}.*\S", re.MULTILINE)


def test_there_are_mails():
    assert len(BODIES) > 30


@pytest.mark.parametrize("path", BODIES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_mail_begins_with_what_has_happened(path):
    greets = re.search(r"\bHei\b", path.read_text(encoding="utf-8")) is not None
    assert greets == (path.parent.name in TO_A_PERSON)


@pytest.mark.parametrize("path", BODIES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_mail_has_one_act_with_its_words_and_air_above(path):
    text = path.read_text(encoding="utf-8")
    links = LINK.findall(text)
    assert len(links) <= 1
    for link in links:
        above = text[: text.index(link)].splitlines()
        # A list has a link under each of its lines.
        if not text.count("{% for item in items %}- "):
            assert ":" in above[-1]
            assert len(above) == 1 or above[-2] == "" or "<E>" in above[-2] or above[-2].endswith("%}")
