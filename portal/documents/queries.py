"""Whether the documents are as they were frozen, and whether something is one of them."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Q

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


def issued(sha256: str) -> Document | None:
    """The document that went out with this SHA-256, of its content or of its PDF file; None when it is none of ours.

    A draft of a letter, of which no PDF was made, has not gone out.
    """
    without_pdf = [kind.code for kind in document_kinds() if not kind.template]
    went_out = Q(pdf__isnull=False) | Q(kind__in=without_pdf)
    return Document.objects.filter(went_out, Q(sha256=sha256) | Q(pdf__sha256=sha256)).order_by("pk").first()
