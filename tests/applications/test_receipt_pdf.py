"""The PDF of a sent application, read back: its words, headings, tags, fonts and the data inside."""

import copy
import io
import json
import re

import pikepdf
import pytest
from pypdf import PdfReader

from applications.documents import SUBMISSION
from applications.models import Submission
from applications.submissions import view_of
from portal import pdf, ui
from portal.snapshots import canonical
from tests import documents
from tests.applications import world
from tests.harness import worlds

pytestmark = pytest.mark.django_db


@worlds.world
def submission(sent_application, at):
    return documents.make_pdf(Submission.objects.get(), at)


def text_of(data):
    return " ".join("\n".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages).split())


def test_pdf_has_the_forms_headings_and_the_answers_in_order(submission):
    text = text_of(submission.pdf.read())
    spec = submission.application.round.spec
    expected = [
        spec.form.title,
        "Hvor er samhandlingsrommet?",
        "450 000 kr",
        submission.application.receipt,
        *(section.title for section in spec.sections),
        "Siri Signatory",
        submission.sha256,
    ]
    places = []
    for words in expected:
        # Answers may repeat a heading's words: look only after the one before.
        places.append(text.find(words, places[-1] if places else 0))
    assert -1 not in places
    assert places == sorted(places)


def test_pdf_is_accessible_and_archivable(submission):
    with pikepdf.open(io.BytesIO(submission.pdf.read())) as document:
        metadata = document.open_metadata()
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"], metadata["pdfuaid:part"]) == ("3", "A", "1")
        assert str(document.Root.Lang) == "nb"
        assert bool(document.Root.MarkInfo.Marked)
        fonts = [
            font.FontDescriptor
            for page in document.pages
            for name in page.Resources.Font.values()
            for font in name.get("/DescendantFonts", [name])
        ]
        assert fonts
        assert all(any(key in font for key in ("/FontFile", "/FontFile2", "/FontFile3")) for font in fonts)


def test_document_is_the_applications_in_its_own_language(submission):
    document, application = submission.document, submission.application
    assert (document.kind, document.subject, document.version) == ("submission", application.code, 1)
    assert (document.title, document.language) == (f"Søknad: {application.title}", "nb")
    assert (document.community, document.frozen_at) == (application.community, submission.submitted_at)
    assert document.pdf.name == f"soknad-{application.code}-v1.pdf"


def test_pdf_carries_the_frozen_data(submission):
    with pikepdf.open(io.BytesIO(submission.pdf.read())) as document:
        data = document.attachments["soknad.json"].get_file().read_bytes()
    assert data.decode() == canonical(submission.snapshot)
    assert json.loads(data)["sent"]["receipt"] == submission.application.receipt


def test_pdf_is_made_from_the_snapshot_and_not_from_what_is_written_since(sent_application, at):
    world.set_answer(sent_application, "project-plan", "SKREVET ETTERPÅ")
    submission = documents.make_pdf(Submission.objects.get(), at)
    assert "SKREVET ETTERPÅ" not in text_of(submission.pdf.read())


# --- rows that are taller than a page ----------------------------------------------------------------

FOOT = re.compile(r"Side \d+ av \d+|^Søknad: .*$", re.MULTILINE)


def pages_of(submission, length, rows):
    """The lines of each page of the PDF, with a benefit table of so many rows and so long texts."""
    data = copy.deepcopy(submission.snapshot)
    text = "Pasientene får bedre hjelp i kommunen, og færre legges inn. " * 60
    (row,) = data["benefits"]
    tall = {code: text[:length] if isinstance(held, str) and held else held for code, held in row["cells"].items()}
    data["benefits"] = [{**row, "cells": tall} for _number in range(rows)]
    context = {"document": submission.document, "sent": view_of(data)}
    made = pdf.render(SUBMISSION.template, context, title=submission.document.title, at=submission.submitted_at)
    texts = [FOOT.sub("", page.extract_text()) for page in PdfReader(io.BytesIO(made)).pages]
    return [[line.strip() for line in text.splitlines() if line.strip()] for text in texts], data


LONG = (pytest.param(1500, 12, marks=pytest.mark.release), pytest.param(3000, 1, marks=pytest.mark.release))


@pytest.mark.fault("C20")
@pytest.mark.parametrize(("length", "rows"), [(100, 3), (399, 12), (800, 3), *LONG])
def test_a_tall_row_leaves_no_page_with_a_heading_alone(submission, length, rows):
    pages, data = pages_of(submission, length, rows)
    heads = {column["label"] for column in data["benefit_columns"]} | {data["benefits_title"], "Signaturer"}
    heads |= {f"{data['benefits_title']}, fortsatt"} | {f"Rad {number}" for number in range(1, rows + 1)}
    heads |= {section["title"] for section in data["sections"]}
    assert [number for number, lines in enumerate(pages, 1) if set(lines) <= heads] == []
    assert [lines[-1] for lines in pages if lines[-1] in heads] == []
    words = " ".join(" ".join(lines) for lines in pages)
    filled = [column["label"] for column in data["benefit_columns"] if data["benefits"][0]["cells"].get(column["code"])]
    # Each long text stands under its own heading, in every row. (A narrow column parts the words of its heading.)
    assert length <= ui.TALL or [label for label in filled if words.count(label) < rows] == []


@pytest.mark.fault("C20")
@pytest.mark.parametrize("length", [pytest.param(100, marks=pytest.mark.release), 1500])
def test_the_signatures_stand_on_one_page(submission, length):
    pages, _data = pages_of(submission, length, 3)
    names = ("Siri Signatory", "Pia Signatory", "Tor Signatory")
    assert max(sum(name in " ".join(lines) for name in names) for lines in pages) == 3


@pytest.mark.fault("C20")
@pytest.mark.django_db(databases=[])
def test_each_page_of_a_tall_table_in_the_evaluation_has_its_headings():
    text = "Pasientene får bedre hjelp i kommunen, og færre legges inn. " * 60
    row = {"benefit": "Færre innleggelser", "unit": "døgn", "actual_text": text[:3000], "deviation": text[:1500]}
    evaluation = {"application": {"title": "Rommet"}, "sender": {"name": "SSU"}, "benefits": [row] * 3, "answers": []}
    made = pdf.render("letters/evaluation.html", {"evaluation": evaluation}, title="Evaluering")
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(made)).pages]
    assert len(pages) > 3
    assert [number for number, page in enumerate(pages, 1) if "Avvik og" not in page] == []
    assert [number for number, page in enumerate(pages, 1) if len(page) < 200] == []
