"""One form filled in by one owner, and the answers in it."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class FormKind(models.TextChoices):
    """Which of the round's forms is filled in. An initiative is a round's application form in a shorter version."""

    APPLICATION = "application", _("Søknad")
    EVALUATION = "evaluation", _("Evaluering")


class Response(models.Model):
    """One form of a round, filled in by one owner; the owner (an application, an evaluation) points here."""

    form = models.CharField(max_length=20, choices=FormKind)

    def __str__(self) -> str:
        return f"{self.form} {self.pk}"


class Answer(models.Model):
    """The answer to one question, with a version so that two editors never overwrite each other unseen."""

    response = models.ForeignKey(Response, on_delete=models.CASCADE, related_name="answers")
    question = models.CharField(max_length=60)
    value = models.JSONField()
    version = models.PositiveIntegerField(default=1)
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    updated_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("response", "question"), name="answering_one_answer"),)

    def __str__(self) -> str:
        return f"{self.response_id} {self.question}"


class CellWriter(models.Model):
    """Who wrote a cell of a table last, and when: told to one who had the same cell open.

    ``part`` is the table, ``row`` the key of the row. Without a ``cell`` it is who took the row away.
    """

    response = models.ForeignKey(Response, on_delete=models.CASCADE, related_name="cell_writers")
    part = models.CharField(max_length=80)
    row = models.CharField(max_length=40)
    cell = models.CharField(max_length=100, blank=True)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("response", "part", "row", "cell"), name="answering_one_writer"),
        )

    def __str__(self) -> str:
        return f"{self.response_id} {self.part} {self.row} {self.cell}"


class AnswerFile(models.Model):
    """A file that answers a question of the type «attachments». A question can have several."""

    response = models.ForeignKey(Response, on_delete=models.CASCADE, related_name="files")
    question = models.CharField(max_length=60)
    # One of the round's kinds of attachments, where the question names some.
    kind = models.CharField(max_length=60, blank=True)
    title = models.CharField(max_length=160)
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="+")
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.title
