"""A case that is out for comments: what is asked, until when, who is asked, and what they have written (R138)."""

from datetime import date
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.communities.models import Body, Organisation, serves
from portal.communities.standing import Standing


class RoundState(models.TextChoices):
    """How far a round of comments has come."""

    OUT = "comments_out", _("Til innspill")
    DUE = "comments_due", _("Fristen for innspill er ute")
    CLOSED = "comments_closed", _("Innspill hentet inn")
    WAITS = "comments_wait", _("Møtet er avlyst, saken venter")


class CommentRoundQuerySet(models.QuerySet["CommentRound"]):
    """Who sees which rounds of comments."""

    def served_by(self, standing: Standing) -> "CommentRoundQuerySet":
        """Those of cases whose body the person's secretariat serves."""
        return self.filter(serves(standing, "case__body"))

    def asking(self, standing: Standing) -> "CommentRoundQuerySet":
        """Those in which one of the person's organisations or bodies is asked."""
        asked = Asked.objects.filter(Q(organisation__in=standing.organisation_ids) | Q(body__in=standing.body_ids))
        return self.filter(pk__in=asked.order_by().values("round"))

    def with_case(self) -> "CommentRoundQuerySet":
        """With what a page of one names, in the same query."""
        return self.select_related("case__body__community", "case__body__region", "case__meeting__body", "case__paper")


class CommentRound(models.Model):
    """A case is sent to others for comments. ``due_date`` is a local date, and its last moment is in time.

    The secretariat closes the round when it has taken the comments into the case.
    """

    case = models.OneToOneField("meetings.Case", on_delete=models.CASCADE, related_name="comment_round")
    question = models.TextField(_("det dere ber om innspill til"))
    due_date = models.DateField(_("frist"))
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)

    objects = CommentRoundQuerySet.as_manager()

    if TYPE_CHECKING:
        case_id: int

    class Meta:
        ordering = ("due_date", "pk")
        verbose_name = _("innspillsrunde")

    def __str__(self) -> str:
        return f"{self.case_id} {self.due_date}"

    def get_absolute_url(self) -> str:
        return reverse("comments:round", args=[self.pk])

    def state_on(self, today: date) -> RoundState:
        """How far it has come on the day."""
        if self.closed_at:
            return RoundState.CLOSED
        if self.case.meeting.is_cancelled:
            return RoundState.WAITS
        return RoundState.OUT if today <= self.due_date else RoundState.DUE


class Asked(models.Model):
    """A body or an organisation that is asked for comments."""

    round = models.ForeignKey(CommentRound, on_delete=models.CASCADE, related_name="asked")
    body = models.ForeignKey(Body, on_delete=models.PROTECT, null=True, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.CheckConstraint(
                condition=Q(body=None, organisation__isnull=False) | Q(body__isnull=False, organisation=None),
                name="comments_one_asked",
            ),
            models.UniqueConstraint(fields=("round", "body"), name="comments_body_once"),
            models.UniqueConstraint(fields=("round", "organisation"), name="comments_organisation_once"),
        )

    def __str__(self) -> str:
        return f"{self.round_id} {self.name}"

    @property
    def name(self) -> str:
        """The name of the body or the organisation."""
        return str(self.body or self.organisation)

    @property
    def side(self) -> str:
        """The kind of the organisation, by which its side has a colour; a body has members of both."""
        return self.organisation.kind if self.organisation else ""


class Comment(models.Model):
    """What one of those asked has written; the last one counts, the earlier ones are kept."""

    asked = models.ForeignKey(Asked, on_delete=models.CASCADE, related_name="comments")
    text = models.TextField(_("innspill"))
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.asked_id} {self.written_at:%Y-%m-%d %H:%M}"
