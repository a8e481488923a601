"""Whether the documents are as they were frozen."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from portal import pdf
from portal.documents.models import Document
from portal.rooms import document_kinds
from portal.snapshots import canonical


@dataclass(frozen=True, slots=True)
class Fault:
    """A document that is not as it was frozen, and what is wrong with it."""

    document: Document
    reason: str


def faults() -> Iterator[Fault]:
    """Read every document with its PDF, and give what is wrong, in the order of freezing."""
    data_names = {kind.code: kind.data_name for kind in document_kinds()}
    for document in Document.objects.select_related("pdf").order_by("pk").iterator(chunk_size=100):
        if document.kind not in data_names:
            yield Fault(document, "ingen kjenner typen")
        elif not document.is_intact:
            yield Fault(document, "innholdet er endret")
        elif document.pdf and (reason := _wrong_pdf(document, data_names[document.kind])):
            yield Fault(document, reason)


def _wrong_pdf(document: Document, data_name: str) -> str:
    """What is wrong with the PDF, which carries the snapshot under the name (empty: it carries none)."""
    assert document.pdf is not None, "asked of documents with a PDF"  # noqa: S101
    try:
        data = document.pdf.read()
    except OSError:
        return "PDF-filen mangler"
    if hashlib.sha256(data).hexdigest() != document.pdf.sha256:
        return "PDF-filen er endret"
    if data_name and pdf.attached(data).get(data_name) != canonical(document.snapshot).encode():
        return "PDF-filen har ikke det samme innholdet i seg"
    return ""
