"""The PDF of a sent application, read back: its words, headings, tags, fonts and the data inside."""

import io
import json

import pikepdf
import pytest
from pypdf import PdfReader

from applications.models import Submission
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
