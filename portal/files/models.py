"""The files that the portal keeps."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _


def random_path(instance: "StoredFile", filename: str) -> str:
    """A random path that cannot be guessed; the file's name is stored as data only."""
    token = uuid.uuid4().hex
    return f"{token[:2]}/{token}"


class Scan(models.TextChoices):
    """The result of the malware scanner."""

    NOT_NEEDED = "not_needed", _("Laget av portalen")
    CLEAN = "clean", _("Kontrollert")
    UNSCANNED = "unscanned", _("Ikke viruskontrollert")


class StoredFile(models.Model):
    """One file: its bytes under a random name, its own name and SHA-256 as data."""

    name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    content = models.FileField(upload_to=random_path)
    scan = models.CharField(max_length=12, choices=Scan, default=Scan.NOT_NEEDED)
    stored_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} ({self.pk})"

    @property
    def is_unscanned(self) -> bool:
        """Whether no scanner has looked at it; everybody who can open it is told so."""
        return self.scan == Scan.UNSCANNED

    def read(self) -> bytes:
        """All bytes of the file."""
        with self.content.open("rb") as stream:
            data: bytes = stream.read()
        return data
