"""WeasyPrint, set up once a process: our style sheet and fonts, and a fetcher that reads no other files."""

import io
import re
import threading
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pydyf
import weasyprint  # noqa: TID251 - the only module that may import it
from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from weasyprint.text.fonts import FontConfiguration  # noqa: TID251
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse  # noqa: TID251

from portal.pdf import Attachment

# The engine writes the metadata of PDF/A. This adds that of PDF/UA, and the schema that PDF/A demands for it.
UA_MARKER = b"""
<rdf:Description xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
 xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" rdf:about=""><pdfuaid:part>1</pdfuaid:part></rdf:Description>
<rdf:Description xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
 xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
 xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#" rdf:about=""><pdfaExtension:schemas><rdf:Bag>
<rdf:li rdf:parseType="Resource"><pdfaSchema:schema>PDF/UA Universal Accessibility Schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix><pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289 to which the file conforms</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>
"""


def complete(_document: object, pdf: pydyf.PDF) -> None:
    """Finisher of the engine: the PDF/UA marker, the scope of table headings, page footers as artifacts."""
    metadata = _object(pdf, pdf.catalog["Metadata"])
    metadata.stream = [part.replace(b"</rdf:RDF>", UA_MARKER + b"</rdf:RDF>") for part in metadata.stream]
    if "AF" in pdf.catalog:  # the engine names every attachment twice
        pdf.catalog["AF"] = pydyf.Array(dict.fromkeys(pdf.catalog["AF"]))
    _give_scope(pdf)
    _make_footers_artifacts(pdf)


def _object(pdf: pydyf.PDF, reference: bytes | str) -> Any:
    return pdf.objects[int(reference.split()[0])]


def _elements(pdf: pydyf.PDF) -> Iterator[Any]:
    for pdf_object in pdf.objects:
        if isinstance(pdf_object, pydyf.Dictionary) and pdf_object.get("Type") == "/StructElem":
            yield pdf_object


def _give_scope(pdf: pydyf.PDF) -> None:
    """Say of each table heading whether it is a column's or a row's (ISO 14289-1, 7.5)."""
    for element in _elements(pdf):
        if element["S"] == "/TH" and "A" in element:
            section = _object(pdf, _object(pdf, element["P"])["P"])
            element["A"]["Scope"] = "/Column" if section["S"] == "/THead" else "/Row"


def _make_footers_artifacts(pdf: pydyf.PDF) -> None:
    """Turn the page margins, which the engine puts outside the structure tree, into artifacts (ISO 14289-1, 7.8)."""
    root = _object(pdf, pdf.catalog["StructTreeRoot"])
    inside = set(_numbers_below(pdf, _object(pdf, root["K"][0])))
    outside: dict[bytes, set[int]] = {}
    for element in _elements(pdf):
        if element.number not in inside:
            outside.setdefault(element["Pg"], set()).update(kid for kid in element["K"] if isinstance(kid, int))
            element.free = "f"
    for page, marks in outside.items():
        _unmark(_object(pdf, _object(pdf, page)["Contents"]).stream, marks)
    nums = _object(pdf, root["ParentTree"])["Nums"]
    for array in nums[1::2]:
        if isinstance(array, pydyf.Array):
            array[:] = [ref if int(ref.split()[0]) in inside else b"null" for ref in array]


def _numbers_below(pdf: pydyf.PDF, element: Any) -> Iterator[int]:
    yield element.number
    for kid in element["K"]:
        if isinstance(kid, bytes) and (child := _object(pdf, kid)).get("Type") == "/StructElem":
            yield from _numbers_below(pdf, child)


def _unmark(stream: list[Any], marks: set[int]) -> None:
    """Write «artifact» where a page's content is marked with one of these numbers."""
    for index, part in enumerate(stream):
        if isinstance(part, pydyf.Dictionary) and part.get("MCID") in marks:
            stream[index - 1] = "/Artifact"
            stream[index] = pydyf.Dictionary({"Type": "/Pagination"})


# The static files that a document may use, as ``asset:<name>``; everything else is refused.
OWN_FILES = re.compile(r"(vendor/inter/inter-latin(-ext)?-\d00-(normal|italic)\.woff2|img/[\w-]+\.svg)")
TYPES = {".woff2": "font/woff2", ".svg": "image/svg+xml"}

# The font map below the engine is shared by the threads of a process.
_one_at_a_time = threading.Lock()


def write(html: str, *, attachments: Sequence[Attachment], at: datetime | None) -> bytes:
    """The document as PDF; one at a time in a process."""
    with _one_at_a_time:
        style, fonts = _style()
        document = weasyprint.HTML(string=html, url_fetcher=_own_files()).render(
            stylesheets=[style], font_config=fonts, pdf_variant="pdf/a-3a", pdf_tags=True
        )
        document.metadata.attachments = [_attached(attachment, at) for attachment in attachments]
        pdf: bytes = document.write_pdf(finisher=complete, pdf_variant="pdf/a-3a", pdf_tags=True, pdf_identifier=True)
    return pdf


class OwnFiles(URLFetcher):
    """Gives the portal's own fonts and logo and nothing else: no network, no other file."""

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        """The file named by an ``asset:`` address; ``ValueError`` for every other, which the engine leaves out."""
        scheme, _colon, name = url.partition(":")
        if scheme != "asset" or not OWN_FILES.fullmatch(name):
            raise ValueError(f"A document may not fetch {url[:80]}")
        path = _path(name)
        if path is None:
            raise FatalURLFetchingError(f"The static file {name} is missing")
        return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": TYPES[path.suffix]})


@cache
def _own_files() -> OwnFiles:
    """One for all documents of a process: to make one reads every certificate of the machine (60 ms on Python 3.13)."""
    return OwnFiles()


@cache
def _path(name: str) -> Path | None:
    """The path of a static file, among the sources or the collected files."""
    source = finders.find(name)
    if source:
        return Path(source)
    collected = Path(settings.STATIC_ROOT) / name
    return collected if collected.is_file() else None


@cache
def _style() -> tuple[weasyprint.CSS, FontConfiguration]:
    """The letters' style sheet with its fonts, read once a process."""
    fonts = FontConfiguration()
    text = render_to_string("letters/letters.css")
    return weasyprint.CSS(string=text, font_config=fonts, url_fetcher=_own_files()), fonts


def _attached(attachment: Attachment, at: datetime | None) -> weasyprint.Attachment:
    moment = at or datetime(1970, 1, 1, tzinfo=UTC)  # the engine needs a date, and the bytes must be the same
    return weasyprint.Attachment(
        file_obj=io.BytesIO(attachment.data),
        name=attachment.name,
        description=attachment.description or attachment.name,
        created=moment,
        modified=moment,
        relationship="Data",
        url_fetcher=_own_files(),
    )
