"""For migrations alone: what was frozen in a table of its own becomes documents, without a byte changed."""

from collections.abc import Callable
from typing import Any

BATCH = 200


def carry(
    apps: Any,
    rows: Any,
    describe: Callable[[Any], dict[str, Any]],
    *,
    snapshot: str = "snapshot",
    job: str = "",
    argument: str = "",
) -> None:
    """Give each row a document with its snapshot, SHA-256 and PDF, and the fields that ``describe`` reads from it.

    ``snapshot`` is the field that holds it. Jobs that wait to make the row's PDF (the path of their function, and its
    argument with the row's id) make the document's instead.
    """
    document_model, job_model = apps.get_model("documents", "Document"), apps.get_model("jobs", "Job")
    documents = {}
    keys = list(rows.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(keys), BATCH):
        batch = list(rows.filter(pk__in=keys[start : start + BATCH]).order_by("pk"))
        made = document_model.objects.bulk_create(
            document_model(
                snapshot=getattr(row, snapshot),
                sha256=row.sha256,
                pdf_id=getattr(row, "pdf_id", None),
                **describe(row),
            )
            for row in batch
        )
        for row, document in zip(batch, made, strict=True):
            row.document = document
            documents[row.pk] = document.pk
        rows.model.objects.bulk_update(batch, ["document"])
    for waiting in job_model.objects.filter(task=job, done_at=None) if job else ():
        document_id = documents[waiting.arguments[argument]]
        waiting.task, waiting.key = "portal.documents.services.make_pdf", f"document:{document_id}"
        waiting.arguments = {"document_id": document_id}
        waiting.save()


def of_body(body: Any) -> dict[str, Any]:
    """The helsefellesskap or the region whose body it is, as the document's fields."""
    return {"community_id": body.community_id} if body.community_id else {"region_id": body.region_id}


def of_application(application: Any) -> dict[str, Any]:
    """Who receives the application: the first stage's body where the round names one, else its helsefellesskap."""
    first = application.round.stages.select_related("body").order_by("position").first()
    return of_body(first.body) if first and first.body else {"community_id": application.community_id}
