"""A PDF, judged by opening it: whether others can, and whether something in it runs, sends or hides a file."""

import io
import re
from collections.abc import Callable, Iterator
from typing import Final

import pikepdf
from pikepdf.settings import set_qpdf_limits

from portal.files import archive, patience
from portal.files.faults import Fault, FileFaultError
from portal.files.patience import count_bytes, require_time

# A few bytes may unpack to gigabytes, and a broken file may give a warning for each of its bytes. These limits are
# those of the whole process, and it reads no other PDF with this library. No table has rows of a megabyte.
set_qpdf_limits(
    flate_max_memory=patience.MOST_BYTES,
    run_length_max_memory=patience.MOST_BYTES,
    png_max_memory=archive.MB,
    tiff_max_memory=archive.MB,
    doc_max_warnings=500,
)

# The kinds of actions that run code, start a program, or send or fetch what is filled in. To follow a link is none.
ACTIONS: Final = frozenset({"/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/RichMediaExecute", "/Rendition"})
# The keys of a dictionary that are such content by themselves: scripts, and forms that Adobe's programs alone open.
KEYS: Final = frozenset({"/JS", "/XFA", "/RichMediaContent"})
# A cheap look at an object's text, before its parts are read one by one.
SUSPECT: Final = re.compile(rb"/(?:JS|JavaScript|Launch|SubmitForm|ImportData|RichMedia\w*|Rendition|XFA|EF)\b")
DEEPEST: Final = 100
# The ways of packing a stream that are limited above, or that make it larger, with their short names. LZW is neither.
LIMITED: Final = frozenset(
    "/FlateDecode /Fl /RunLengthDecode /RL /ASCIIHexDecode /AHx /ASCII85Decode /A85 /Crypt".split()  # noqa: SIM905
)
# How a stream says that it is packed: by names here, or in a way that only a reader of the whole file understands.
PACKED: Final = re.compile(rb"/Filter(?![\w.-])(?P<names>\s*(?:/[\w.-]+|\[(?:\s*/[\w.-]+)*\s*\]|null\b))?")
# What the packed table of a PDF must say that it is: by name, or in such a way.
TABLE: Final = re.compile(rb"/XRef\b|/Type(?![\w.-])(?!\s*/\w)")
# A letter of a name that is written as a number.
CODED: Final = re.compile(rb"#([0-9A-Fa-f]{2})")
# What a PDF ends with, after its last object. Some programs leave out one of them, and a file that was cut has neither.
END: Final = (b"startxref", b"%%EOF")

Judge = Callable[[str, bytes], bool]


def judge(data: bytes, *, may_enclose: Judge) -> None:
    """Raise FileFaultError when the PDF must be refused.

    ``may_enclose`` says of the name and the bytes of a file in the PDF whether everybody can open it. A PDF that only
    forbids printing or changing is taken, and so is one whose table of objects must be made again to read it, unless
    its end is missing.
    """
    if archive.is_archive(data):
        raise FileFaultError(Fault.ENCLOSED)
    if not any(mark in data[data.rfind(b"endobj") + 1 :] for mark in END):
        raise FileFaultError(Fault.BROKEN)
    _require_limited(data)
    try:
        with pikepdf.open(io.BytesIO(data), suppress_warnings=True) as pdf:
            _require_pages(pdf)
            for dictionary in _dictionaries(pdf):
                _judge_dictionary(dictionary, may_enclose)
    except pikepdf.PasswordError as error:
        raise FileFaultError(Fault.PASSWORD) from error
    except (pikepdf.PdfError, pikepdf.DataDecodingError, ValueError, TypeError, RuntimeError) as error:
        raise FileFaultError(Fault.BROKEN) from error


def _require_limited(data: bytes) -> None:
    """Refuse a PDF whose table, or the objects that it says are packed together, may unpack to more than the limits.

    They are unpacked when it is opened, so this goes by the bytes. Pictures and pages may be packed as they like: they
    are not unpacked here. A PDF of LZW is older than such tables.
    """
    plain = CODED.sub(lambda code: bytes([int(code[1], 16)]), data)
    if TABLE.search(plain):
        for said in PACKED.finditer(plain):
            require_time()
            if said["names"] is None or b"/LZW" in said["names"]:
                raise FileFaultError(Fault.PACKING)


def _require_pages(pdf: pikepdf.Pdf) -> None:
    """Refuse a PDF without pages, or with fewer than it says: the end of it is missing."""
    told = pdf.Root.get("/Pages", pikepdf.Dictionary()).get("/Count", 0)
    if not len(pdf.pages) or len(pdf.pages) < int(told):
        raise FileFaultError(Fault.BROKEN)
    if any("/Contents" in page.obj and page.obj.get("/Contents") is None for page in pdf.pages):
        raise FileFaultError(Fault.BROKEN)


def _dictionaries(pdf: pikepdf.Pdf) -> Iterator[pikepdf.Object]:
    """Each dictionary that may have something to refuse, also those inside other objects."""
    for item in pdf.objects:
        require_time()
        top = item.stream_dict if isinstance(item, pikepdf.Stream) else item
        if isinstance(top, (pikepdf.Dictionary, pikepdf.Array)) and SUSPECT.search(top.unparse(resolved=True)):
            yield from _inside(top, 0)


def _inside(item: pikepdf.Object, depth: int) -> Iterator[pikepdf.Object]:
    require_time()
    if depth > DEEPEST:
        raise FileFaultError(Fault.BROKEN)
    if isinstance(item, pikepdf.Dictionary):
        yield item
        children = [item[key] for key in item.keys()]  # noqa: SIM118 - a dictionary of pikepdf
    elif isinstance(item, pikepdf.Array):
        children = list(item)
    else:
        return
    for child in children:
        # What is referred to is an object of its own, and is looked at as such.
        if isinstance(child, (pikepdf.Dictionary, pikepdf.Array)) and not child.is_indirect:
            yield from _inside(child, depth + 1)


def _judge_dictionary(dictionary: pikepdf.Object, may_enclose: Judge) -> None:
    if str(dictionary.get("/S", "")) in ACTIONS or KEYS & set(dictionary.keys()):
        raise FileFaultError(Fault.SCRIPT)
    enclosed, name = dictionary.get("/EF"), str(dictionary.get("/UF") or dictionary.get("/F") or "")
    if isinstance(enclosed, pikepdf.Dictionary):
        # Most programs name the same file by two keys.
        every = [enclosed[key] for key in enclosed.keys()]  # noqa: SIM118 - a dictionary of pikepdf
        for stream in {item.objgen: item for item in every}.values():
            if not (isinstance(stream, pikepdf.Stream) and may_enclose(name, _unpacked(stream))):
                raise FileFaultError(Fault.ENCLOSED)


def _unpacked(stream: pikepdf.Object) -> bytes:
    """The bytes of a file in the PDF. Raises FileFaultError when it is packed so that they have no limit."""
    require_time()
    filters = stream.get("/Filter", pikepdf.Array())
    names = list(filters) if isinstance(filters, pikepdf.Array) else [filters]
    if not {str(name) for name in names} <= LIMITED:
        raise FileFaultError(Fault.ENCLOSED)
    unpacked = stream.read_bytes()
    count_bytes(len(unpacked))
    return unpacked
