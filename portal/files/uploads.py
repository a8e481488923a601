"""The checks of an upload: its content is of an allowed kind, it is small enough, and it has no known malware."""

import io
import socket
import struct
import zipfile
from dataclasses import dataclass
from pathlib import PurePath

import filetype
from django.conf import settings

MB = 1024 * 1024
ZIP_MAX_EXPANDED = 200 * MB
ZIP_MAX_ENTRIES = 5_000
TIMEOUT_SECONDS = 30
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


def kind_of(data: bytes) -> Kind | None:
    """The kind by the content alone; None for a kind that is refused, such as documents with macros or encryption."""
    if data.startswith(b"%PDF-"):
        return PDF
    if data.startswith(b"PK\x03\x04"):
        return _office_kind(data)
    guess = filetype.guess_mime(data[:512])
    return {"image/png": PNG, "image/jpeg": JPEG}.get(guess or "")


def _office_kind(data: bytes) -> Kind | None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            names = {entry.filename for entry in entries}
            if sum(entry.file_size for entry in entries) > ZIP_MAX_EXPANDED or len(entries) > ZIP_MAX_ENTRIES:
                return None
    except zipfile.BadZipFile:
        return None
    if "[Content_Types].xml" not in names or any(name.endswith("vbaProject.bin") for name in names):
        return None
    if "word/document.xml" in names:
        return DOCX
    return XLSX if "xl/workbook.xml" in names else None


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
