"""The frozen documents, and what a room's own model has of one."""

from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from portal.files.models import StoredFile
from portal.snapshots import digest

Row = TypeVar("Row", bound=models.Model)


class FrozenError(RuntimeError):
    """Somebody tried to change a document; a fault in the portal, never a person's."""

    def __init__(self) -> None:
        super().__init__("A document is frozen: only its PDF can be set, and only once.")


class DocumentQuerySet(models.QuerySet["Document"]):
    """Documents are made and read. Of one that is made, only the PDF can be set, and only once."""

    def update(self, **changes: Any) -> int:
        """Set the PDF of those that have none; how many they were. Raises FrozenError for everything else."""
        if changes.keys() != {"pdf"}:
            raise FrozenError
        return super(DocumentQuerySet, self.filter(pdf=None)).update(**changes)

    def bulk_create(self, *args: Any, **options: Any) -> Any:
        """Make new ones; raises FrozenError when it would overwrite those that are there."""
        if options.get("update_conflicts"):
            raise FrozenError
        return super().bulk_create(*args, **options)

    def delete(self) -> NoReturn:
        """Raises FrozenError: nothing that is frozen goes away."""
        raise FrozenError


class Document(models.Model):
    """What was sent, locked, adopted or decided, exactly as it was then. Never changed.

    ``kind`` is a ``rooms.DocumentKind`` by its code, and ``subject`` the code of what it is about. The helsefellesskap
    or the region that it belongs to decides who may see it. The PDF is made by a job, from this row alone.
    """

    kind = models.CharField(max_length=30)
    subject = models.CharField(max_length=200)
    version = models.PositiveIntegerField()
    community = models.ForeignKey("communities.HealthCommunity", on_delete=models.PROTECT, null=True, related_name="+")
    region = models.ForeignKey("communities.Organisation", on_delete=models.PROTECT, null=True, related_name="+")
    title = models.TextField()
    language = models.CharField(max_length=5)
    snapshot = models.JSONField()
    sha256 = models.CharField(max_length=64, db_index=True)
    pdf = models.OneToOneField(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    frozen_at = models.DateTimeField()
    frozen_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    objects = DocumentQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)
        # Also what Django itself reads and writes by keeps to the rules above.
        base_manager_name = "objects"
        constraints = (
            models.UniqueConstraint(fields=("kind", "subject", "version"), name="documents_one_version"),
            models.CheckConstraint(
                condition=Q(community__isnull=False, region=None) | Q(community=None, region__isnull=False),
                name="documents_one_tenant",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.subject} v{self.version}"

    def save(self, **options: Any) -> None:
        """Make it; raises FrozenError when it is made already."""
        if not self._state.adding:
            raise FrozenError
        super().save(**{**options, "force_insert": True})

    def delete(self, *_args: Any, **_options: Any) -> NoReturn:
        """Raises FrozenError."""
        raise FrozenError

    @property
    def is_intact(self) -> bool:
        """Whether the content still has the SHA-256 that it was frozen with."""
        return digest(self.snapshot) == self.sha256


class DocumentedManager(models.Manager[Row]):
    """Reads each row with its document; ``defer("document__snapshot")`` leaves the content behind."""

    def get_queryset(self) -> models.QuerySet[Row]:
        return super().get_queryset().select_related("document")


class WithoutContentManager(DocumentedManager[Row]):
    """The same, but the content is read when it is asked for: for rows that are read for much else, and freeze much."""

    def get_queryset(self) -> models.QuerySet[Row]:
        return super().get_queryset().defer("document__snapshot")


class Documented(models.Model):
    """A row that is frozen in a ``document`` (a field of its own), and what is read through it."""

    if TYPE_CHECKING:
        document: Any
        document_id: Any

    class Meta:
        abstract = True

    @property
    def snapshot(self) -> Any:
        """What was frozen; None while nothing is."""
        return self.document.snapshot if self.document else None

    @property
    def sha256(self) -> str:
        """Its SHA-256; empty while nothing is frozen."""
        return self.document.sha256 if self.document else ""

    @property
    def pdf(self) -> StoredFile | None:
        """The PDF, once the job has made it."""
        return self.document.pdf if self.document else None

    @property
    def pdf_id(self) -> int | None:
        """The same, without reading the file's row."""
        return self.document.pdf_id if self.document else None
