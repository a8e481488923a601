"""What PDF/UA-1 asks of a file's structure and the PDF engine does not write itself.

Works on the file's objects just before they are written: pydyf dictionaries, arrays and streams.
"""

from collections.abc import Iterator
from typing import Any

import pydyf

# The engine writes the PDF/A part; this adds the PDF/UA part and the schema with which PDF/A allows it.
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
    for thing in pdf.objects:
        if isinstance(thing, pydyf.Dictionary) and thing.get("Type") == "/StructElem":
            yield thing


def _give_scope(pdf: pydyf.PDF) -> None:
    """Say of each table heading whether it is a column's or a row's (ISO 14289-1, 7.5)."""
    for element in _elements(pdf):
        if element["S"] == "/TH" and "A" in element:
            section = _object(pdf, _object(pdf, element["P"])["P"])
            element["A"]["Scope"] = "/Column" if section["S"] == "/THead" else "/Row"


def _make_footers_artifacts(pdf: pydyf.PDF) -> None:
    """Turn what stands outside the tree, the engine's page margins, into artifacts (ISO 14289-1, 7.8)."""
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
