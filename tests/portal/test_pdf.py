"""Documents read back: text, tags, fonts, markers, attachments; and that nothing is fetched from outside."""

import io
import json
import socket
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pikepdf
import pypdf
import pytest
from django.template import engines

from portal import charts, pdf, ui
from portal.pdf import engine

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
SAMI = "áčđŋšŧž ÁČĐŊŠŦŽ"
CONTEXT = {
    "heading": "Tilskudd til Ambulerende team",
    "sender": {"name": "Helsefellesskapet", "address": "Postboks 1", "orgnr": "983974899", "email": "post@example.org"},
    "recipient": {"name": "Deanu gielda – Tana kommune", "orgnr": "940101808"},
    "date_text": "22.11.2026",
    "our_reference": "32/26",
    "paragraphs": [f"SSU vedtok å tildele inntil 1\u00a0250\u00a0000 kr. Giitu! {SAMI}"] * 30,
    "resolution": "SSU tildeler inntil 1\u00a0250\u00a0000 kr.",
    "points": ["Bruk etter budsjett"],
    "signer": "Leder",
    "amounts": ui.DataTable(
        "Beløp",
        [ui.Column("Post"), ui.Column("2026", "money"), ui.Column("2027", "money")],
        [("Lønn", 800_000, 100_000), ("Reise", 20_000, None)],
        ("Sum", 820_000, 100_000),
    ),
    "chart": charts.Chart("Søkt", [charts.ChartRow("Tromsø", (800_000, 1))], series=("Tilskudd", "Egeninnsats")),
}


def made(at=AT, **options):
    return pdf.render("letters/example.html", CONTEXT, title="Tilskudd til Ambulerende team", at=at, **options)


@pytest.fixture(scope="module")
def letter():
    return made(attachments=[pdf.Attachment("brev.json", b'{"a": 1}', "Grunnlaget for brevet")])


@pytest.fixture
def opened(letter):
    with pikepdf.open(io.BytesIO(letter)) as document:
        yield document


@pytest.fixture
def render_text(settings):
    """Render a document whose content is given."""

    def render(content):
        source = '{% extends "letters/base.html" %}{% block content %}' + content + "{% endblock %}"
        html = engines["django"].from_string(source).render({"pdf": {"title": "x", "lang": "nb", "at": AT}})
        return engine.write(html, attachments=(), at=AT)

    return render


def elements(opened, kind):
    """The structure elements of a kind."""
    return [item for item in opened.objects if isinstance(item, pikepdf.Dictionary) and item.get("/S") == kind]


def test_text_can_be_read_with_every_letter_and_pages_are_counted(letter):
    pages = [page.extract_text().replace("\u00a0", " ") for page in pypdf.PdfReader(io.BytesIO(letter)).pages]
    assert SAMI in pages[0]
    assert "983 974 899" in pages[0]
    assert [f"Side {number} av {len(pages)}" in text for number, text in enumerate(pages, 1)] == [True] * len(pages)
    assert len(pages) > 1


def test_all_fonts_are_our_own_and_embedded(opened):
    descriptors = [item for item in opened.objects if isinstance(item, pikepdf.Dictionary) and "/FontName" in item]
    assert {str(item.FontName).split("+")[1] for item in descriptors} == {"Inter", "Inter-Semi-Bold", "Inter-Ext"}
    assert ["/FontFile2" in item or "/FontFile3" in item for item in descriptors] == [True] * len(descriptors)


def test_file_says_its_language_title_and_both_standards(opened):
    with opened.open_metadata() as metadata:
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"], metadata["pdfuaid:part"]) == ("3", "A", "1")
        assert metadata["dc:title"] == "Tilskudd til Ambulerende team"
    assert str(opened.Root.Lang) == "nb"
    assert bool(opened.Root.MarkInfo.Marked) is True
    assert bool(opened.Root.ViewerPreferences.DisplayDocTitle) is True


def test_headings_and_table_are_tagged_and_headings_of_the_table_have_a_scope(opened):
    assert len(elements(opened, "/H1")) == 1
    assert len(elements(opened, "/Table")) == 1
    assert sorted(str(item.A.Scope) for item in elements(opened, "/TH")) == ["/Column"] * 3 + ["/Row"] * 3
    assert {str(item.Alt) for item in elements(opened, "/Figure")} == {
        "Portalens merke",
        "Farge",
        "Tromsø: Tilskudd 800\u00a0000\u00a0kr, Egeninnsats 1\u00a0kr",
    }


def test_page_footer_is_no_part_of_the_text(opened):
    content = opened.pages[0].Contents.read_bytes()
    assert b"/Type /Pagination" in content
    parents = opened.Root.StructTreeRoot.ParentTree.Nums[1]
    assert [item for item in parents if item is None] != []


def test_attachment_is_the_data_that_the_document_was_made_from(opened):
    assert json.loads(opened.attachments["brev.json"].get_file().read_bytes()) == {"a": 1}
    assert [str(item.AFRelationship) for item in opened.Root.AF] == ["/Data"]


def test_same_input_and_time_give_the_same_bytes():
    assert made() == made()
    assert made(at=None) == made(at=None)


@pytest.mark.slow
def test_accessibility_checker_finds_nothing(letter, tmp_path):
    path = tmp_path / "letter.pdf"
    path.write_bytes(letter)
    program = Path(sys.executable).parent / "outloud"
    answer = subprocess.run(
        [program, "--fail-on", "warning", "-q", str(path)], capture_output=True, text=True, check=False
    )
    assert (answer.returncode, answer.stdout.split()[0]) == (0, "PASS"), answer.stdout


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:{port}/picture.png",
        "https://example.org/picture.png",
        "file:///etc/hostname",
        "data:image/svg+xml,<svg/>",
        "asset:../portal/settings.py",
        "asset:img/../../manage.py",
    ],
)
def test_nothing_is_fetched_from_outside(render_text, address):
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.05)
        target = address.format(port=server.getsockname()[1])
        document = render_text(f'<p>Tekst</p><img alt="x" src="{target}">')
        with pytest.raises(TimeoutError):
            server.accept()
    assert list(pypdf.PdfReader(io.BytesIO(document)).pages[0].images) == []


@pytest.mark.parametrize(
    "address", ["http://example.org/a.woff2", "file:///etc/passwd", "asset:manage.py", "asset:css/frame.css"]
)
def test_fetcher_refuses_all_but_own_fonts_and_logo(address):
    with pytest.raises(ValueError, match="may not fetch"):
        engine.OwnFiles().fetch(address)


def test_missing_own_file_stops_the_document():
    with pytest.raises(engine.FatalURLFetchingError, match="missing"):
        engine.OwnFiles().fetch("asset:img/nothing.svg")


def test_one_fetcher_serves_every_document(monkeypatch, letter):
    """To make another would read all certificates of the machine again, for files that never come from the network."""
    monkeypatch.delattr(engine, "OwnFiles")
    assert made(attachments=[pdf.Attachment("brev.json", b'{"a": 1}', "Grunnlaget for brevet")]) == letter


def test_collected_files_serve_where_the_sources_are_gone(settings, tmp_path, monkeypatch):
    monkeypatch.setattr(engine.finders, "find", lambda _name: None)
    settings.STATIC_ROOT = tmp_path
    (tmp_path / "img").mkdir()
    (tmp_path / "img/mark.svg").write_text("<svg/>")
    assert engine.OwnFiles().fetch("asset:img/mark.svg").read() == b"<svg/>"


def test_hostile_text_is_only_text(letter):
    context = {**CONTEXT, "paragraphs": ['<img src="http://example.org/x.png"><script>x</script>']}
    made_of = pdf.render("letters/example.html", context, title="x", at=AT)
    assert "<script>x</script>" in pypdf.PdfReader(io.BytesIO(made_of)).pages[0].extract_text()
