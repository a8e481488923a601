"""«Forslag til retningslinjer» in a case paper, with its three parts as document 004 has them (R128)."""

import html
import re
from pathlib import Path

import pytest
from django.urls import reverse

from evaluation.meetings.models import CasePaper
from evaluation.meetings.papers import titled, written
from evaluation.meetings.services import planning
from tests.meetings import world
from tests.world import NOW

TEXT = Path(__file__).with_name("sak_32_24.md").read_text()
TITLE = "Forslag til retningslinjer for bruk av rekrutterings- og samhandlingsmidler"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("", ""),
        ("Bare tekst.\n\nOg mer.", "Bare tekst.\n\nOg mer."),
        ("## A\n\n## B\n\n## C\n", ""),
        ("## A\n\nTekst.\n\n## B\n\n## C\n\nMer.", "## A\n\nTekst.\n\n\n## C\n\nMer."),
        ("# Hele\n\n## A\n\n### a\n\nTekst.", "# Hele\n\n## A\n\n### a\n\nTekst."),
        ("# Hele\n\n## A\n\n# Neste\n\nTekst.", "# Neste\n\nTekst."),
        ("#merkelapp", "#merkelapp"),
    ],
)
def test_a_heading_with_nothing_below_it_is_left_out(text, kept):
    assert written(text) == kept


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("# Retningslinjer for 2025\n\nTekst.", ("Retningslinjer for 2025", "Tekst.")),
        ("## Kriterier\n\nTekst.", ("Overskriften", "## Kriterier\n\nTekst.")),
        ("Tekst.", ("Overskriften", "Tekst.")),
        ("", ("Overskriften", "")),
    ],
)
def test_the_first_line_may_be_the_heading_of_the_whole(text, said):
    assert titled(text, "Overskriften") == said


def words(markup):
    """The words of the page, without its tags."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", markup)).split())


@pytest.mark.django_db
@pytest.mark.usefixtures("frozen_clock")
@pytest.mark.requirement("R128")
def test_document_004_stands_word_for_word_under_its_headings(house, sign_in, monkeypatch):
    case = world.own_case(house, world.planned(house, NOW), NOW)
    client = sign_in(house.secretary)
    edit = reverse("meetings:edit_paper", args=[case.pk])
    assert "Forslag til retningslinjer" in client.get(edit).text
    texts = {"title": case.title, "facts": "Fakta her.", "guidelines": TEXT, "considerations": "Viktig."}
    planning.write_paper(case, texts=texts, by=house.secretary, at=NOW)
    page = client.get(reverse("meetings:case", args=[case.pk])).text
    drawn = []
    monkeypatch.setattr("portal.pdf.render", lambda _template, context, **_: drawn.append(context) or b"")
    client.get(reverse("meetings:paper_pdf", args=[case.pk]))
    assert [section.label for section in drawn[0]["page"].sections] == ["Fakta", TITLE, "Vurderinger"]

    order = ["Fakta her.", f"<h2>{TITLE}</h2>", "<h3>Forutsetninger for bruk av midlene</h3>"]
    order += ["<h3>Forslag til kriterier</h3>", "<h3>Forslag til prosess for å prioritere,", "<h2>Vurderinger</h2>"]
    assert sorted(order, key=page.index) == order
    shown = words(page)
    for line in TEXT.splitlines():
        assert re.sub(r"^(#+|-|\d\.) ", "", line.strip()) in shown, line
    assert page.count("<li>Daglig samhandling") == page.count("<ol>\n<li>Daglig samhandling") == 1


@pytest.mark.django_db
@pytest.mark.usefixtures("frozen_clock")
def test_a_case_of_a_list_has_no_guidelines_to_write(house, sign_in):
    _meeting, cases, _at = world.list_meeting(house, 1)
    client = sign_in(house.secretary)
    url = reverse("meetings:edit_paper", args=[cases[0].pk])
    page = client.get(url)
    assert (page.status_code, "Forslag til retningslinjer" in page.text) == (200, False)
    assert CasePaper.objects.get(case=cases[0]).guidelines == ""
