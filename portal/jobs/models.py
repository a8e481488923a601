"""The jobs that are to be done later."""

from django.db import models
from django.db.models import Q


class Beat(models.Model):
    """When a periodic task may run again: of several beats that ring for it, one is heard in each interval.

    And until when something rests, like the mail when its server does not answer.
    """

    task = models.CharField(max_length=120, primary_key=True)
    next_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.task


class Job(models.Model):
    """A call of a function at or after ``due_at`` (UTC), leased by one worker at a time."""

    key = models.CharField(max_length=200, unique=True)
    task = models.CharField(max_length=120)
    arguments = models.JSONField(default=dict)
    due_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    done_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ("due_at", "pk")
        indexes = (models.Index(fields=("due_at",), condition=Q(done_at=None, failed_at=None), name="jobs_waiting"),)

    def __str__(self) -> str:
        return self.key
