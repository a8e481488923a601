"""Frozen documents: made once, never changed, each with its PDF; a change that is made all the same is found."""

import io

import pikepdf
import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext

from portal import pdf, rooms
from portal.documents import queries, services
from portal.documents.models import Document, FrozenError
from portal.files.models import StoredFile
from portal.files.services import keep_once, store_bytes
from portal.jobs.models import Job
from portal.jobs.services import run_all_due
from portal.rooms import DocumentKind, Room
from portal.snapshots import canonical, digest
from tests.documents import tamper
from tests.harness import worlds
from tests.world import NOW

pytestmark = pytest.mark.django_db

DATA = {"heading": "Tilskudd til Åfjord", "points": ["1.50", None], "date": "2025-02-10"}
LETTER = DocumentKind(
    "example",
    title=lambda data: f"{gettext('Tilskudd')}: {data['heading']}",
    template="letters/example.html",
    context=lambda data: {"heading": data["heading"], "points": data["points"]},
    file_name="Brev {document.subject} v{document.version}.pdf",
    data_name="brev.json",
    data_label="Brevet som data",
)
WITHOUT_PDF = DocumentKind("list", title=lambda data: data["heading"])


@pytest.fixture(autouse=True)
def _rooms(monkeypatch):
    monkeypatch.setattr(rooms, "all_rooms", lambda: (Room(documents=(LETTER, WITHOUT_PDF)),))


@worlds.world
def document(house):
    return freeze(house)


def freeze(house, kind=LETTER, subject="A-1", data=DATA, **fields):
    fields = {"tenant": house.community, "by": house.secretary, "at": NOW, **fields}
    return services.freeze(kind, subject, data, **fields)


def made(document):
    """The document as it is with its PDF."""
    services.make_pdf(document_id=document.pk, at=NOW)
    return Document.objects.get(pk=document.pk)


# --- freezing -------------------------------------------------------------------------------------


def test_what_is_frozen_is_kept_as_it_was_given(house, document):
    stored = Document.objects.get()
    assert (stored.snapshot, stored.sha256, stored.title) == (DATA, digest(DATA), "Tilskudd: Tilskudd til Åfjord")
    assert (stored.kind, stored.subject, stored.version, stored.language) == ("example", "A-1", 1, "nb")
    assert (stored.community, stored.region, stored.frozen_by) == (house.community, None, house.secretary)
    assert (stored.frozen_at, stored.pdf) == (NOW, None)


def test_what_belongs_to_a_region_says_so(house):
    stored = freeze(house, tenant=house.region)
    assert (stored.community, stored.region) == (None, house.region)


def test_the_title_is_in_the_language_of_the_document(house):
    assert freeze(house, language="en").title == "Grant: Tilskudd til Åfjord"


def test_a_version_is_frozen_once(house, document):
    freeze(house, version=2)
    freeze(house, kind=WITHOUT_PDF)
    with pytest.raises(IntegrityError):
        freeze(house, version=2)


WAYS = {
    "save": lambda row: row.save(),
    "save another under its number": lambda row: Document(pk=row.pk, kind="example").save(),
    "update": lambda _row: Document.objects.update(title="Et annet"),
    "update beside the PDF": lambda _row: Document.objects.update(pdf=None, title="Et annet"),
    "update through Django's own manager": lambda _row: Document._base_manager.update(snapshot={}),
    "update many": lambda row: Document.objects.bulk_update([row], ["title"]),
    "make over": lambda row: Document.objects.bulk_create(
        [row], update_conflicts=True, unique_fields=["id"], update_fields=["title"]
    ),
    "update or create": lambda row: Document.objects.update_or_create(pk=row.pk, defaults={"title": "Et annet"}),
    "delete": lambda row: row.delete(),
    "delete many": lambda _row: Document.objects.all().delete(),
}


@pytest.mark.parametrize("way", WAYS)
def test_what_is_frozen_cannot_be_changed(document, way):
    before = Document.objects.values().get()
    with pytest.raises((FrozenError, IntegrityError)), transaction.atomic():
        WAYS[way](document)
    assert Document.objects.values().get() == before


def test_a_file_of_a_document_cannot_be_deleted(document):
    with pytest.raises(models.ProtectedError):
        made(document).pdf.delete()


# --- the PDF --------------------------------------------------------------------------------------


def test_the_job_makes_the_pdf_with_the_content_inside(document):
    assert Job.objects.values_list("task", "arguments").get() == (
        "portal.documents.services.make_pdf",
        {"document_id": document.pk},
    )
    run_all_due(NOW)
    stored = Document.objects.get().pdf
    assert (stored.name, stored.content_type) == ("Brev A-1 v1.pdf", "application/pdf")
    with pikepdf.open(io.BytesIO(stored.read())) as opened:
        assert opened.docinfo["/Title"] == document.title
        assert opened.attachments["brev.json"].get_file().read_bytes().decode() == canonical(DATA)


def test_a_kind_without_a_template_and_a_draft_ask_for_no_pdf(house):
    freeze(house, kind=WITHOUT_PDF)
    freeze(house, with_pdf=False)
    assert not Job.objects.exists()


def test_a_job_that_runs_twice_makes_one_file(document):
    first = made(document).pdf_id
    assert (made(document).pdf_id, StoredFile.objects.count()) == (first, 1)


def test_the_second_of_two_jobs_at_once_leaves_nothing(document):
    first = made(document).pdf_id
    assert keep_once(document, "pdf", b"%PDF-1.7", name="b.pdf", content_type="application/pdf", at=NOW) is False
    assert (Document.objects.get().pdf_id, StoredFile.objects.count()) == (first, 1)


def test_the_same_document_gives_the_same_bytes(document):
    assert services.render(document) == made(document).pdf.read()


# --- verification ---------------------------------------------------------------------------------


def other_file(document):
    data = pdf.render("letters/example.html", {}, title="x", attachments=[pdf.Attachment("brev.json", b"{}")])
    return store_bytes(data, name="b.pdf", content_type="application/pdf", at=NOW)


def overwrite(document):
    with document.pdf.content.open("r+b") as stored:
        stored.seek(-1, io.SEEK_END)
        stored.write(b" ")


FAULTS = {
    "innholdet er endret": lambda row: tamper(row, snapshot={**DATA, "heading": "Tilskudd til Ørland"}),
    "PDF-filen er endret": overwrite,
    "PDF-filen mangler": lambda row: row.pdf.content.storage.delete(row.pdf.content.name),
    "PDF-filen har ikke det samme innholdet i seg": lambda row: tamper(row, pdf=other_file(row)),
    "ingen kjenner typen": lambda row: tamper(row, kind="ukjent"),
}


@pytest.mark.parametrize("reason", FAULTS)
def test_what_is_changed_all_the_same_is_found(house, document, reason):
    freeze(house, subject="B-2")
    FAULTS[reason](made(document))
    assert [(fault.document.pk, fault.reason) for fault in queries.faults()] == [(document.pk, reason)]


def test_a_file_that_is_no_pdf_any_more_is_found(document):
    stored = store_bytes(b"noe annet", name="b.pdf", content_type="application/pdf", at=NOW)
    tamper(document, pdf=stored)
    assert [fault.reason for fault in queries.faults()] == ["PDF-filen har ikke det samme innholdet i seg"]


def test_the_command_names_every_document_that_is_wrong(house, document, capsys):
    tamper(document, sha256="0" * 64)
    freeze(house, subject="B-2")
    with pytest.raises(CommandError, match=r"^1 dokument er ikke slik det ble låst\.$"):
        call_command("verify_documents")
    assert capsys.readouterr().err == "example A-1 v1: innholdet er endret.\n"


def test_the_command_says_that_all_are_whole(document, capsys):
    made(document)
    call_command("verify_documents")
    assert capsys.readouterr().out == "1 dokument er helt.\n"


def test_every_document_is_read_with_the_same_few_queries(house, document, django_assert_num_queries):
    made(document)
    with django_assert_num_queries(1):
        assert list(queries.faults()) == []
    for number in (2, 3):
        made(freeze(house, version=number))
    with django_assert_num_queries(1):
        assert list(queries.faults()) == []


# --- nothing is frozen in another way -------------------------------------------------------------

# What bears such a name and is no frozen document.
NO_DOCUMENT = {
    "journal.LogEntry.digest": "a link of the chain",
    "files.StoredFile.sha256": "the bytes of a file",
    "applications.Application.text_sha256": "the text as it is while the partners sign",
    "applications.Signature.text_sha256": "the text that was on the screen when somebody signed",
    "applications.SignatureRefusal.text_sha256": "the text that was on the screen when somebody refused",
    "rounds.Round.definition_sha256": "which parsed definition is the current one",
}


def test_everything_frozen_is_a_document():
    frozen = {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.local_concrete_fields
        if model is not Document
        and ("snapshot" in field.name or "sha256" in field.name or field.name in ("digest", "pdf", "definition"))
    }
    assert frozen == set(NO_DOCUMENT)
