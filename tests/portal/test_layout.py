"""The text of a mail in pieces: what is a paragraph, a list, a link, and which link is the button."""

import pytest

from portal.mail.layout import Line, Piece, pieces

SITE = "https://portal.example.org"
HERE = f"{SITE}/applications/abc/"
BELOW = f"{SITE}/rounds/"


def read(*lines, site=SITE):
    """What the text is made of, as (kind, its lines); a line that leads somewhere with its address."""
    return [
        (piece.kind, [(line.text, line.address) if line.address else line.text for line in piece.lines])
        for piece in pieces("\n".join(lines), site)
    ]


def test_an_empty_line_parts_paragraphs():
    assert read("Hei!", "", "Søknaden er sendt.", "Den er lest.", " ", "Takk.") == [
        ("text", ["Hei!"]),
        ("text", ["Søknaden er sendt.", "Den er lest."]),
        ("text", ["Takk."]),
    ]


def test_lines_with_a_stroke_are_a_list_also_right_after_a_text():
    assert read("Disse delene:", "– Budsjett", "- Nytte", "Frist i morgen.") == [
        ("text", ["Disse delene:"]),
        ("list", ["Budsjett", "Nytte"]),
        ("text", ["Frist i morgen."]),
    ]


@pytest.mark.parametrize("site", [SITE, f"{SITE}/"])
def test_the_only_address_of_the_portal_is_the_button_and_says_the_line_before(site):
    assert read("Hei!", "", "Les og signer:", HERE, site=site) == [
        ("text", ["Hei!"]),
        ("button", [("Les og signer", HERE)]),
    ]


def test_a_sentence_before_the_button_stays_a_sentence():
    assert read("Teksten er endret.", HERE, "Hilsen oss") == [
        ("text", ["Teksten er endret."]),
        ("button", [("", HERE)]),
        ("text", ["Hilsen oss"]),
    ]


def test_an_address_after_an_empty_line_has_nothing_to_say():
    assert read("Begrunnelse:", "", HERE) == [("text", ["Begrunnelse:"]), ("button", [("", HERE)])]


def test_only_the_line_before_is_what_the_button_says():
    assert read("Kvittering: 12", "Se den:", HERE) == [
        ("text", ["Kvittering: 12"]),
        ("button", [("Se den", HERE)]),
    ]


def test_of_several_addresses_none_is_a_button():
    assert read("Begrunnelse:", BELOW, "", "Rett søknaden:", HERE) == [
        ("link", [("Begrunnelse", BELOW)]),
        ("link", [("Rett søknaden", HERE)]),
    ]


def test_a_line_of_a_list_leads_to_the_address_under_it():
    assert read("- Første", f"  {HERE}", "- Andre", f"  {BELOW}", "Takk.") == [
        ("list", [("Første", HERE), ("Andre", BELOW)]),
        ("text", ["Takk."]),
    ]


@pytest.mark.parametrize(
    "line",
    ["https://evil.example.org/x", f"{SITE}.evil.example.org/x", f"{HERE} og mer", f"Se {HERE}", SITE],
)
def test_any_other_address_is_text(line):
    assert read("Se her:", line) == [("text", ["Se her:", line])]


def test_a_text_of_nothing_is_nothing():
    assert pieces("", SITE) == []
    assert pieces(HERE, SITE) == [Piece("button", [Line("", HERE)])]
