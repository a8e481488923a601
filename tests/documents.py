"""Frozen documents as the acts would have left them, and what only somebody at the database can do with one."""

from django.db.models import QuerySet

from applications.documents import SUBMISSION
from applications.models import Submission
from portal.documents import services
from portal.documents.models import Document


def frozen(kind, subject, snapshot, *, tenant, at, by=None, version=1):
    """A document without a PDF."""
    return services.freeze(kind, subject, snapshot, version=version, tenant=tenant, by=by, at=at, with_pdf=False)


def submission(application, snapshot, *, at, version=1):
    """A sent version with this snapshot, without a PDF."""
    content = {"title": application.title, **snapshot}
    document = frozen(
        SUBMISSION,
        application.code,
        content,
        version=version,
        tenant=application.tenant,
        by=application.created_by,
        at=at,
    )
    return Submission.objects.create(
        application=application,
        version=version,
        document=document,
        submitted_by=application.created_by,
        submitted_at=at,
    )


def make_pdf(row, at):
    """Make the PDF of the row's document; the row as it is then."""
    services.make_pdf(document_id=row.document_id, at=at)
    return type(row).objects.get(pk=row.pk)


def tamper(row, **changes):
    """Change the document of the row past everything that forbids it."""
    document_id = row.pk if isinstance(row, Document) else row.document_id
    QuerySet(Document).filter(pk=document_id).update(**changes)
