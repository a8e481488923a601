"""Freezing, and making the PDF of what is frozen."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Max
from django.utils import translation

from portal import pdf
from portal.communities.models import HealthCommunity, Organisation, User
from portal.documents.models import Document
from portal.files.services import keep_once
from portal.jobs.services import enqueue
from portal.rooms import DocumentKind, document_kind
from portal.snapshots import canonical, digest, frozen


def freeze(
    kind: DocumentKind,
    subject: str,
    snapshot: Any,
    *,
    tenant: HealthCommunity | Organisation,
    by: User | None,
    at: datetime,
    language: str = settings.LANGUAGE_CODE,
    version: int = 1,
    with_pdf: bool = True,
) -> Document:
    """Freeze the snapshot (plain data, dates and decimals) with its SHA-256, in the caller's act.

    A job makes the PDF, if the kind has one. Without ``with_pdf`` it is left until ``order_pdf``: a draft. Two at once
    for the same version meet in the table's constraint, so the caller holds the row that it freezes.
    """
    data = frozen(snapshot)
    with translation.override(language):
        title = kind.title(data)
    document = Document.objects.create(
        kind=kind.code,
        subject=subject,
        version=version,
        community=tenant if isinstance(tenant, HealthCommunity) else None,
        region=tenant if isinstance(tenant, Organisation) else None,
        title=title,
        language=language,
        snapshot=data,
        sha256=digest(data),
        frozen_by=by,
        frozen_at=at,
    )
    if kind.template and with_pdf:
        order_pdf(document, at=at)
    return document


def next_version(kind: DocumentKind, subject: str) -> int:
    """The number of the next version of the subject's document. The caller holds the row that it freezes."""
    newest = Document.objects.filter(kind=kind.code, subject=subject).aggregate(newest=Max("version"))["newest"]
    return (newest or 0) + 1


def order_pdf(document: Document, *, at: datetime) -> None:
    """Have the PDF made by a job, once."""
    enqueue("portal.documents.services.make_pdf", key=f"document:{document.pk}", due=at, document_id=document.pk)


def make_pdf(*, document_id: int, at: datetime) -> None:
    """Make the document's PDF, unless it has one. Job."""
    document = Document.objects.get(pk=document_id)
    if document.pdf_id is None:
        name = document_kind(document.kind).file_name.format(document=document)
        keep_once(document, "pdf", render(document), name=name, content_type="application/pdf", at=at)


def render(document: Document) -> bytes:
    """The document as PDF, from what was frozen alone; the same document gives the same bytes."""
    kind = document_kind(document.kind)
    inside = []
    with translation.override(document.language):
        if kind.data_name:
            data = canonical(document.snapshot).encode()
            inside.append(pdf.Attachment(kind.data_name, data, str(kind.data_label)))
        context = {"document": document, **kind.context(document.snapshot)}
        return pdf.render(
            kind.template,
            context,
            title=document.title,
            lang=document.language,
            attachments=inside,
            at=document.frozen_at,
        )
