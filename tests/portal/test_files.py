"""Uploads are hostile until checked; downloads never run in the portal's own origin."""

import hashlib
import re
import socketserver
from threading import Thread

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from portal.files import archive, uploads
from portal.files.models import Scan, StoredFile
from portal.files.services import UploadError, clean_name, response, store_bytes, store_upload
from tests.harness.servers import EICAR
from tests.portal import made_files as made
from tests.world import NOW

PDF, PNG, JPEG = made.pdf(), made.picture("PNG"), made.picture("JPEG")
DOCX, XLSX = made.word(), made.excel()
SLIDES = made.OFFICE + "presentationml.presentation.main+xml"


def upload(data, name, **arguments):
    return store_upload(SimpleUploadedFile(name, data, "application/octet-stream"), at=NOW, **arguments)


@pytest.mark.parametrize(
    ("data", "name", "kind"),
    [
        (PDF, "plan.pdf", uploads.PDF),
        (DOCX, "plan.DOCX", uploads.DOCX),
        (XLSX, "budsjett.xlsx", uploads.XLSX),
        (PNG, "kart.png", uploads.PNG),
        (JPEG, "kart.jpeg", uploads.JPEG),
    ],
)
def test_file_of_each_kind_is_stored_with_its_real_type_and_hash(db, data, name, kind):
    stored = upload(data, name)
    stored = StoredFile.objects.get(pk=stored.pk)
    assert (stored.name, stored.content_type, stored.size) == (name, kind.media_type, len(data))
    assert (stored.sha256, stored.read()) == (hashlib.sha256(data).hexdigest(), data)
    assert (stored.scan, stored.stored_at) == (Scan.UNSCANNED, NOW)


def test_stored_path_tells_nothing_of_the_name(db):
    first, second = upload(PDF, "hemmelig.pdf"), upload(PDF, "hemmelig.pdf")
    assert "hemmelig" not in first.content.name
    assert first.content.name != second.content.name


WRONG_TYPE = r"^Vi kan ikke ta imot denne filtypen\. Last opp en av disse: PDF, Word, Excel, PNG, JPEG\.$"


WRONG_CONTENT = (
    r"^Filen heter «{name}», men innholdet er ikke en {kind}-fil vi kan ta imot\. Et nytt navn endrer ikke innholdet: "
    r"lagre den på nytt fra programmet den er laget i, som en av disse: {kinds}\.$"
)
ALL_KINDS = "PDF, Word, Excel, PNG, JPEG"


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"MZ\x90\x00 program", "plan.pdf"),
        (b"<html><script>alert(1)</script>", "plan.pdf"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "kart.svg"),
        (b"GIF89a" + b"\0" * 40, "kart.gif"),
        (made.archived([("notat.txt", "tekst")]), "arkiv.docx"),
        (made.archived([("[Content_Types].xml", made.content_types({}))]), "uten-vei.docx"),
        (made.office("ppt/presentation.xml", SLIDES, "<presentation/>"), "lysbilder.docx"),
    ],
    ids=["program", "page", "svg", "gif", "other-zip", "no-relation", "slides"],
)
def test_wrong_type_is_refused_by_content_whatever_the_name(db, data, name):
    kind = {"pdf": "PDF", "docx": "Word"}.get(name.rpartition(".")[2])
    words = {"name": re.escape(name), "kind": kind, "kinds": ALL_KINDS}
    with pytest.raises(UploadError, match=WRONG_CONTENT.format(**words) if kind else WRONG_TYPE):
        upload(data, name)
    assert not StoredFile.objects.exists()


def test_an_archive_with_too_many_entries_is_refused(db):
    crowd = [(f"word/{number}.xml", "") for number in range(archive.MOST_ENTRIES)]
    with pytest.raises(UploadError, match=r"^Filen blir for stor når den åpnes\."):
        upload(made.word(*crowd), "mange.docx")


def test_renamed_file_is_refused_with_what_it_really_is(db):
    with pytest.raises(UploadError, match=r"Filen «plan\.pdf» er egentlig av typen Word"):
        upload(DOCX, "plan.pdf")


def test_another_kind_under_the_name_that_is_asked_for_is_told_so(db):
    with pytest.raises(UploadError, match=WRONG_CONTENT.format(name=r"avtale\.pdf", kind="PDF", kinds="PDF")):
        upload(DOCX, "avtale.pdf", kinds=(uploads.PDF,))


def test_kind_that_is_not_asked_for_is_refused(db):
    with pytest.raises(UploadError, match=r"Last opp en av disse: PDF\.$"):
        upload(PNG, "kart.png", kinds=(uploads.PDF,))


@pytest.mark.parametrize(("more", "stored"), [(-1, True), (0, True), (1, False)])
def test_file_may_be_as_large_as_the_limit_and_no_more(db, settings, more, stored):
    settings.UPLOAD_MAX_BYTES = 2 * archive.MB
    data = PDF + b" " * (settings.UPLOAD_MAX_BYTES - len(PDF) + more)
    if stored:
        assert upload(data, "stor.pdf").size == len(data)
    else:
        with pytest.raises(UploadError, match=r"Filen er for stor\. Den kan være på høyst 2 MB\."):
            upload(data, "stor.pdf")


def test_empty_file_is_refused(db):
    with pytest.raises(UploadError, match="Filen er tom"):
        upload(b"", "tom.pdf")


# --- malware ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("data", [PDF + EICAR, made.word(("word/media/image1.png", EICAR))], ids=["pdf", "in-word"])
def test_malware_is_found_by_the_real_scanner_and_not_stored(db, scanner, data):
    name = "plan.pdf" if data.startswith(b"%PDF") else "plan.docx"
    with pytest.raises(UploadError, match="Filen inneholder skadelig programvare og er ikke lagret"):
        upload(data, name)
    assert not StoredFile.objects.exists()


def test_the_scanners_test_file_is_refused_without_a_scanner_too(db, settings):
    assert settings.CLAMD_ADDRESS == ""
    with pytest.raises(UploadError, match=r"^Filen inneholder skadelig programvare og er ikke lagret\.$"):
        upload(PDF + EICAR, "plan.pdf")
    assert not StoredFile.objects.exists()


def test_clean_file_is_marked_as_scanned(db, scanner):
    assert upload(PDF + b" " * (3 * archive.MB), "plan.pdf").scan == Scan.CLEAN


@pytest.mark.parametrize("address", ["127.0.0.1:9", "/tmp/no-such-socket"])
def test_upload_waits_when_the_scanner_does_not_answer(db, settings, address):
    settings.CLAMD_ADDRESS = address
    with pytest.raises(UploadError, match="Vi får ikke viruskontrollert filen nå"):
        upload(PDF, "plan.pdf")


def test_what_the_scanner_cannot_read_is_an_error_and_not_clean(settings):
    class Full(socketserver.BaseRequestHandler):
        def handle(self):
            while not self.request.recv(65536).endswith(b"\0\0\0\0"):
                pass
            self.request.sendall(b"INSTREAM size limit exceeded. ERROR\0")

    with socketserver.TCPServer(("127.0.0.1", 0), Full) as server:
        Thread(target=server.handle_request).start()
        settings.CLAMD_ADDRESS = f"127.0.0.1:{server.server_address[1]}"
        with pytest.raises(uploads.ScannerError, match="size limit exceeded"):
            uploads.malware_in(PDF)


# --- names and downloads ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Brukere\\Kari\\plan.pdf", "plan.pdf"),
        ("plan\r\nX-Evil: 1.pdf", "planX-Evil: 1.pdf"),
        ("\u202egpj.pdf", "gpj.pdf"),
        ("å" * 300 + ".pdf", "å" * 196 + ".pdf"),
        ("", "fil"),
        ("/", "fil"),
    ],
)
def test_name_is_cut_to_what_can_be_shown(given, kept):
    assert clean_name(given) == kept


def test_own_document_needs_no_scan(db):
    assert store_bytes(PDF, name="brev.pdf", content_type="application/pdf", at=NOW).scan == Scan.NOT_NEEDED


def test_download_is_an_attachment_that_can_do_nothing(db):
    answer = response(store_bytes(PDF, name='Brev «Åse» "1".pdf', content_type="application/pdf", at=NOW))
    assert answer["Content-Disposition"].startswith("attachment; filename")
    assert (answer["X-Content-Type-Options"], answer["Content-Type"]) == ("nosniff", "application/pdf")
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert b"".join(answer.streaming_content) == PDF
    answer.close()


@pytest.mark.fault("A10")
@pytest.mark.parametrize(("data", "name"), [(PDF, "plan.pdf"), (DOCX, "plan.docx"), (XLSX, "ark.xlsx")])
@pytest.mark.parametrize("looks", [1, 2, 3])
def test_a_file_that_takes_too_long_to_judge_is_refused(db, data, name, looks, monkeypatch):
    """The clock has moved past the limit when the portal looks at it for the first, second or third time."""
    times = iter([0.0] * looks + [1_000.0] * 1_000_000)
    monkeypatch.setattr("portal.files.patience.seconds", lambda: next(times))
    with pytest.raises(UploadError, match="Det tok for lang tid å kontrollere filen"):
        upload(data, name)
    assert not StoredFile.objects.exists()
    # The next file has its own time.
    monkeypatch.setattr("portal.files.patience.seconds", lambda: 1_000.0)
    assert upload(data, name).name == name
