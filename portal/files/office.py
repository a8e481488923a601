"""A document of Word or Excel, judged by its content types and relations (OPC, ISO/IEC 29500-2), not by names."""

import html
import io
import posixpath
import re
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Final
from urllib.parse import unquote, urlsplit
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring, iterparse

from portal.files import archive
from portal.files.faults import Fault, FileFaultError
from portal.files.patience import require_time

_MAIN: Final = "application/vnd.openxmlformats-officedocument."
WORD, EXCEL, SLIDES = "word", "excel", "slides"
# The content type of the main part, the kind that it makes the document, and the name of the part's root.
KINDS: Final = {
    f"{_MAIN}wordprocessingml.document.main+xml": (WORD, "document"),
    f"{_MAIN}spreadsheetml.sheet.main+xml": (EXCEL, "workbook"),
    f"{_MAIN}presentationml.presentation.main+xml": (SLIDES, "presentation"),
}
TYPES: Final = "[content_types].xml"
RELATIONS: Final = "_rels/.rels"
WITH_MACROS: Final = ("macroenabled", "vbaproject", "vbadata", "macrosheet")
WITH_PROGRAMS: Final = ("activex", "msdownload", "x-dosexec")
PROGRAM_ENDINGS: Final = frozenset(
    f".{ending}"
    for ending in (
        *("exe", "dll", "com", "scr", "msi", "bat", "cmd", "ps1", "vbs", "vbe", "js", "jse", "wsf", "hta"),
        *("lnk", "jar", "reg", "iso", "img"),
    )
)
# Windows, Linux and Mac programs, scripts, shortcuts, and archives that a document has no use for.
PROGRAM_HEADS: Final = (
    *(b"MZ", b"\x7fELF", b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe", b"#!"),
    *(b"L\0\0\0\x01\x14\x02\0", b"Rar!", b"7z\xbc\xaf", b"MSCF"),
)
OLE_HEAD: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# A font that Word has disguised begins with any two bytes.
ANY_HEAD: Final = (".odttf",)
DEEPEST: Final = 2
# Where a field begins, and the text of its instruction, which Word may write in several pieces.
FIELDS: Final = re.compile(
    rb"fldCharType=[\"'](?P<begin>begin)|<(?:\w+:)?instrText\b[^>]*>(?P<text>.*?)</(?:\w+:)?instrText"
    rb"|\binstr=[\"'](?P<whole>[^\"']*)",
    re.DOTALL,
)
NO_TEXT: Final = re.compile(rb"<!\[CDATA\[|\]\]>|<!--.*?-->", re.DOTALL)
DDE: Final = re.compile(r"^\s*DDE(AUTO)?\b", re.IGNORECASE | re.MULTILINE)


def kind_of(data: bytes, depth: int = 0) -> str | None:
    """WORD, EXCEL or SLIDES by the main part's content type; None for an archive that is no such document.

    Raises FileFaultError for a document that cannot be opened, has a password, or has something that runs, leads out
    of it or is no part of a document. ``depth`` counts the documents that this one lies in.
    """
    held = [(unquote(part.name).lower(), part.data) for part in archive.parts(data)]
    parts = dict(held)
    if len(parts) != len(held):
        raise FileFaultError(Fault.BROKEN)
    if TYPES not in parts:
        return None
    types = _content_types(parts)
    main_part = _main_part(parts, types)
    if main_part is None:
        return None
    kind, root, main = main_part
    _require_root(parts[main], root)
    for name, content in parts.items():
        _judge_part(name, content, types.get(name, ""), depth)
    return kind


def is_old(data: bytes) -> bool:
    """Whether the data is the container of Word and Excel before 2007, which a document with a password is in, too."""
    return data.startswith(OLE_HEAD)


def old_fault(data: bytes) -> Fault:
    """Why such a container is refused."""
    return Fault.PASSWORD if _utf16("EncryptedPackage") in data else Fault.OLD_OFFICE


def _content_types(parts: Mapping[str, bytes]) -> dict[str, str]:
    """The content type of each part that has one, in lower case, by the part's name."""
    by_ending: dict[str, str] = {}
    by_name: dict[str, str] = {}
    for item in _parsed(parts[TYPES]):
        content_type = item.get("ContentType", "").lower()
        if _local(item) == "Default":
            by_ending[f".{item.get('Extension', '').lower()}"] = content_type
        elif _local(item) == "Override":
            by_name[unquote(item.get("PartName", "")).lstrip("/").lower()] = content_type
    return {name: by_name.get(name, by_ending.get(PurePosixPath(name).suffix, "")) for name in parts}


def _main_part(parts: Mapping[str, bytes], types: Mapping[str, str]) -> tuple[str, str, str] | None:
    """The kind, the root and the name of the part that the document's relation points to."""
    if RELATIONS not in parts:
        return None
    targets = [
        posixpath.normpath(unquote(item.get("Target", ""))).lstrip("/").lower()
        for item in _parsed(parts[RELATIONS])
        if item.get("Type", "").endswith("/officeDocument") and item.get("TargetMode", "") != "External"
    ]
    if len(targets) != 1 or targets[0] not in parts:
        raise FileFaultError(Fault.BROKEN)
    content_type = types[targets[0]]
    _require_no_macros(content_type)
    return (*KINDS[content_type], targets[0]) if content_type in KINDS else None


def _require_root(content: bytes, name: str) -> None:
    """Refuse a main part that does not begin as one."""
    try:
        _event, root = next(iterparse(io.BytesIO(content), events=("start",), forbid_dtd=True))
    except (ParseError, DefusedXmlException, StopIteration) as error:
        raise FileFaultError(Fault.BROKEN) from error
    if _local(root) != name:
        raise FileFaultError(Fault.BROKEN)


def _judge_part(name: str, content: bytes, content_type: str, depth: int) -> None:
    # A program that opens the document may go by the type or by the name, and a part may be there without a relation.
    _require_no_macros(content_type)
    _require_no_macros(name)
    ending = PurePosixPath(name).suffix
    if any(word in said for word in WITH_PROGRAMS for said in (content_type, name)) or ending in PROGRAM_ENDINGS:
        raise FileFaultError(Fault.PROGRAM)
    if ending == ".rels":
        _judge_relations(content)
    elif content.startswith(OLE_HEAD):
        _judge_object(content)
    elif content.startswith(archive.SIGNATURE):
        _judge_embedded(content, depth)
    elif content.startswith(PROGRAM_HEADS) and ending not in ANY_HEAD:
        raise FileFaultError(Fault.PROGRAM)
    elif content_type.endswith("+xml"):
        _judge_fields(content)


def _require_no_macros(said: str) -> None:
    """Refuse a content type, or a name in small letters, that is one of macros."""
    if any(word in said for word in WITH_MACROS):
        raise FileFaultError(Fault.MACROS)


def _judge_relations(content: bytes) -> None:
    """Refuse what is fetched from another machine when the document is opened; a link that one may follow stays."""
    for item in _parsed(content):
        kind = item.get("Type", "").rpartition("/")[2]
        if "vbaproject" in kind.lower() or "macrosheet" in kind.lower():
            raise FileFaultError(Fault.MACROS)
        target = item.get("Target", "")
        if item.get("TargetMode") == "External" and kind != "hyperlink" and (host := _host_of(target)):
            raise FileFaultError(Fault.REMOTE, host)


def _host_of(target: str) -> str:
    """The machine that an address leads to; "" for a file beside the document or on the reader's own disk."""
    plain = unquote(target).replace("\\", "/").strip()
    without_scheme = re.sub(r"^file:", "", plain, flags=re.IGNORECASE)
    path = without_scheme.lstrip("/")
    if re.match(r"^[a-z]:(/|$)", path, re.IGNORECASE):
        return ""
    if without_scheme.startswith("//"):
        return path.partition("/")[0] or path
    parts = urlsplit(without_scheme)
    return (parts.netloc or parts.scheme)[:100] if parts.scheme else ""


def _judge_object(content: bytes) -> None:
    """Refuse an OLE object that holds a file of any kind, or macros; an equation or a drawing stays."""
    if _utf16("_VBA_PROJECT") in content:
        raise FileFaultError(Fault.MACROS)
    if _utf16("Ole10Native") in content or _utf16("Package") in content:
        raise FileFaultError(Fault.PROGRAM)


def _judge_embedded(content: bytes, depth: int) -> None:
    """Refuse an archive in the document that is not itself a document without faults."""
    if depth >= DEEPEST or kind_of(content, depth + 1) is None:
        raise FileFaultError(Fault.PROGRAM)


def _judge_fields(content: bytes) -> None:
    """Refuse a field or a link of a sheet that starts another program (DDE)."""
    plain = content.replace(b"\0", b"")  # also when the part is UTF-16
    if b"ddeLink" in plain or DDE.search(_instructions(plain)):
        raise FileFaultError(Fault.FIELD)


def _instructions(content: bytes) -> str:
    """The instructions of all fields, one a line."""
    pieces = (
        b"\n" if piece["begin"] else piece["text"] or b"\n" + (piece["whole"] or b"")
        for piece in FIELDS.finditer(content)
    )
    return html.unescape(NO_TEXT.sub(b"", b"".join(pieces)).decode(errors="replace"))


def _parsed(content: bytes) -> Element:
    require_time()
    try:
        root: Element = fromstring(content, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise FileFaultError(Fault.BROKEN) from error
    return root


def _local(item: Element) -> str:
    return str(item.tag).rpartition("}")[2]


def _utf16(text: str) -> bytes:
    return text.encode("utf-16-le")
