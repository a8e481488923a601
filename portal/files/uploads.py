"""The checks of an upload: its content is of an allowed kind, others can open it, and it has no known malware."""

import socket
import struct
from dataclasses import dataclass
from functools import partial
from pathlib import PurePath

import filetype
from django.conf import settings

from portal.files import archive, images, office
from portal.files.archive import MB
from portal.files.faults import Fault, FileFaultError
from portal.files.patience import require_time

TIMEOUT_SECONDS = 30
# A PDF in a PDF in a PDF is read; what lies deeper is refused.
DEEPEST = 2
# Some scanners write a line in front of a PDF.
SPACE_BEFORE = 64
# The pictures of telephones that many programs cannot show.
HEIC_BRANDS = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1")
# The harmless test file that every scanner knows. The portal knows it too, so that the refusal can be seen without one.
TEST_MALWARE = b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file: its name in a sentence, its endings, and the media type it is served with."""

    label: str
    endings: tuple[str, ...]
    media_type: str


PDF = Kind("PDF", (".pdf",), "application/pdf")
DOCX = Kind("Word", (".docx",), "application/vnd.openxmlformats-officedocument.wordprocessingml.document")
XLSX = Kind("Excel", (".xlsx",), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
PNG = Kind("PNG", (".png",), "image/png")
JPEG = Kind("JPEG", (".jpg", ".jpeg"), "image/jpeg")
KINDS = (PDF, DOCX, XLSX, PNG, JPEG)


class ScannerError(Exception):
    """The malware scanner could not be asked."""


def kind_of(data: bytes, depth: int = 0) -> Kind | None:
    """The kind by the content alone; None for a kind that is refused.

    Raises FileFaultError for a file of a kind that is taken, which cannot be opened by others, is cut off, or has
    something that runs or leads out of it. ``depth`` counts the files that this one lies in.
    """
    require_time()
    if depth > DEEPEST:
        raise FileFaultError(Fault.BROKEN)
    if data[:SPACE_BEFORE].lstrip(b"\xef\xbb\xbf\r\n\t \0").startswith(b"%PDF-"):
        # qpdf takes some ten megabytes, which a worker that sends letters has no use for.
        from portal.files import pdf_content  # noqa: PLC0415

        pdf_content.judge(data, may_enclose=partial(_may_be_enclosed, depth=depth + 1))
        return PDF
    if data.startswith(archive.SIGNATURE):
        return {office.WORD: DOCX, office.EXCEL: XLSX}.get(office.kind_of(data) or "")
    if office.is_old(data):
        raise FileFaultError(office.old_fault(data))
    if data[4:8] == b"ftyp" and data[8:12] in HEIC_BRANDS:
        raise FileFaultError(Fault.HEIC)
    kind = {"image/png": PNG, "image/jpeg": JPEG}.get(filetype.guess_mime(data[:512]) or "")
    if kind:
        images.judge(data)
    return kind


def _may_be_enclosed(name: str, data: bytes, *, depth: int) -> bool:
    """Whether a file in a PDF is one that everybody can open: of a kind that is taken, or plain text as data is."""
    if PurePath(name).suffix.lower() in office.PROGRAM_ENDINGS:
        return False
    try:
        return kind_of(data, depth) is not None or _is_text(data)
    except FileFaultError as error:
        if error.fault == Fault.SLOW:
            raise
        return False


def _is_text(data: bytes) -> bool:
    try:
        return "\0" not in data.decode()
    except UnicodeDecodeError:
        return False


def has_matching_ending(name: str, kind: Kind) -> bool:
    """Whether the ending of the file's name is one of the kind's."""
    return PurePath(name).suffix.lower() in kind.endings


def is_test_malware(data: bytes) -> bool:
    """Whether the data has the test file that every scanner must find."""
    return TEST_MALWARE in data


def malware_in(data: bytes) -> str | None:
    """The name of the malware that clamd finds, or None. Raises ScannerError when it does not answer."""
    address = settings.CLAMD_ADDRESS
    try:
        with _connect(address) as connection:
            connection.sendall(b"zINSTREAM\0")
            for start in range(0, len(data), MB):
                chunk = data[start : start + MB]
                connection.sendall(struct.pack("!L", len(chunk)) + chunk)
            connection.sendall(struct.pack("!L", 0))
            answer = connection.recv(4096).rstrip(b"\0").decode()
    except OSError as error:
        raise ScannerError(str(error)) from error
    if answer.endswith("OK"):
        return None
    if answer.endswith("FOUND"):
        return answer.removeprefix("stream: ").removesuffix(" FOUND")
    raise ScannerError(answer)


def _connect(address: str) -> socket.socket:
    if address.startswith("/"):
        connection = socket.socket(socket.AF_UNIX)
        connection.settimeout(TIMEOUT_SECONDS)
        try:
            connection.connect(address)
        except OSError:
            connection.close()
            raise
        return connection
    host, port = address.rsplit(":", 1)
    return socket.create_connection((host, int(port)), timeout=TIMEOUT_SECONDS)
