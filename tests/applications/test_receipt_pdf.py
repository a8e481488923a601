"""The PDF of a sent application, read back: its words, headings, tags, fonts and the data inside."""

import io
import json
from pathlib import Path

import pikepdf
import pytest
from django.conf import settings
from pypdf import PdfReader

from applications.models import Submission
from applications.services import receipts
from portal.files.models import StoredFile
from portal.files.services import keep_once
from portal.snapshots import canonical
from tests.applications import world
from tests.harness import worlds

pytestmark = pytest.mark.django_db


@worlds.world
def submission(sent_application, at):
    submission = Submission.objects.get()
    receipts.render_pdf(submission_id=submission.pk, at=at)
    submission.refresh_from_db()
    return submission


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


def test_pdf_carries_the_frozen_data(submission):
    with pikepdf.open(io.BytesIO(submission.pdf.read())) as document:
        data = document.attachments["soknad.json"].get_file().read_bytes()
    assert data.decode() == canonical(submission.snapshot)
    assert json.loads(data)["sent"]["receipt"] == submission.application.receipt


def test_job_that_runs_twice_makes_one_file(submission, at):
    first = submission.pdf_id
    receipts.render_pdf(submission_id=submission.pk, at=at)
    submission.refresh_from_db()
    assert submission.pdf_id == first


def test_second_file_of_two_jobs_at_once_leaves_nothing(submission, at):
    words = {"name": "soknad.pdf", "content_type": "application/pdf", "at": at}
    first, files = submission.pdf_id, StoredFile.objects.count()
    stored = sorted(path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file())
    assert keep_once(submission, "pdf", b"%PDF-1.7 nummer to", **words) is False
    submission.refresh_from_db()
    assert (submission.pdf_id, StoredFile.objects.count()) == (first, files)
    assert sorted(path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()) == stored


def test_same_submission_gives_the_same_bytes(submission, at):
    first = submission.pdf.read()
    Submission.objects.update(pdf=None)
    receipts.render_pdf(submission_id=submission.pk, at=at)
    submission.refresh_from_db()
    assert submission.pdf.read() == first


def test_pdf_is_made_from_the_snapshot_and_not_from_what_is_written_since(sent_application, at):
    world.set_answer(sent_application, "project-plan", "SKREVET ETTERPÅ")
    submission = Submission.objects.get()
    receipts.render_pdf(submission_id=submission.pk, at=at)
    submission.refresh_from_db()
    assert "SKREVET ETTERPÅ" not in text_of(submission.pdf.read())
