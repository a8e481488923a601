"""What is attached to a case, numbered and named after it (R137)."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext as _

from evaluation.meetings.models.meeting_case import Case


class CaseAttachment(models.Model):
    """A file that the secretariat has attached to the paper of a case. A number that was given is not given again."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="attachments")
    number = models.PositiveSmallIntegerField("nummer")
    title = models.CharField("tittel", max_length=160)
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="+")
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        ordering = ("number",)
        verbose_name = "vedlegg"
        constraints = (models.UniqueConstraint(fields=("case", "number"), name="meetings_attachment_number"),)

    def __str__(self) -> str:
        return f"{self.case_id} {self.number}"

    @property
    def display_name(self) -> str:
        """«Vedlegg 1 til sak 2/26 – Eksempler på initiativ»: what it is called wherever it is named."""
        words = {"number": self.number, "case": self.case.reference, "title": self.title}
        return _("Vedlegg %(number)s til sak %(case)s – %(title)s") % words
