"""A case that somebody has raised with a body, the way it was sent, and what became of it (R134)."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from evaluation.meetings.models import CaseKind
from portal.communities.models import Body, Organisation, serves
from portal.communities.standing import Standing


class RaisedState(models.TextChoices):
    """What has become of a raised case."""

    WAITING = "raised_waiting", _("Meldt inn")
    PUT_UP = "raised_put_up", _("Satt opp")
    ANSWERED = "raised_answered", _("Besvart")
    TAKEN_BACK = "raised_taken_back", _("Trukket")


class RaisedCaseQuerySet(models.QuerySet["RaisedCase"]):
    """Who sees which raised cases: those who raised them together, and the secretariat of the body."""

    def raised_by(self, standing: Standing) -> "RaisedCaseQuerySet":
        """Those that the person's organisations and bodies have raised; who has left them has lost sight of them."""
        return self.filter(Q(from_organisation__in=standing.organisation_ids) | Q(from_body__in=standing.body_ids))

    def served_by(self, standing: Standing) -> "RaisedCaseQuerySet":
        """Those with a body that the person's secretariat serves."""
        return self.filter(serves(standing))

    def visible_to(self, standing: Standing) -> "RaisedCaseQuerySet":
        """Those of the two above."""
        raised, served = (rows.order_by().values("pk") for rows in (self.raised_by(standing), self.served_by(standing)))
        return self.filter(Q(pk__in=raised) | Q(pk__in=served))

    def waiting(self) -> "RaisedCaseQuerySet":
        """Those that are neither put up nor settled."""
        return self.filter(case=None, settled_at=None)

    def with_names(self) -> "RaisedCaseQuerySet":
        """With what a line about one names, in the same query."""
        return self.select_related(
            "body__community", "body__region", "from_body", "from_organisation", "raised_by", "case__meeting"
        )


class RaisedCase(models.Model):
    """What somebody asks a body to take up; ``body`` is the one that has it now.

    ``case`` is the case that it became. If that is taken off the agenda, it waits again. It is settled when the
    secretariat has answered it (``answer``), or they who raised it have taken it back.
    """

    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("type"), max_length=12, choices=CaseKind)
    title = models.CharField(_("tittel"), max_length=200)
    background = models.TextField(_("hva saken gjelder"))
    wish = models.TextField(_("hva dere vil at organet skal gjøre"))
    from_body = models.ForeignKey(Body, on_delete=models.PROTECT, null=True, related_name="+")
    from_organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="+")
    raised_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    raised_at = models.DateTimeField()
    case = models.OneToOneField("meetings.Case", on_delete=models.SET_NULL, null=True, related_name="raised")
    answer = models.TextField(_("svar"), blank=True)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)

    objects = RaisedCaseQuerySet.as_manager()

    if TYPE_CHECKING:
        body_id: int
        case_id: int | None

    class Meta:
        ordering = ("-raised_at", "-pk")
        verbose_name = _("innmeldt sak")
        constraints = (
            models.CheckConstraint(
                condition=Q(from_body=None, from_organisation__isnull=False)
                | Q(from_body__isnull=False, from_organisation=None),
                name="raised_from_one",
            ),
            models.CheckConstraint(condition=Q(case=None) | Q(settled_at=None), name="raised_put_up_or_settled"),
            models.CheckConstraint(condition=Q(answer="") | Q(settled_at__isnull=False), name="raised_answer_settles"),
        )

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("raised:case", args=[self.pk])

    @property
    def sender(self) -> Body | Organisation:
        """The body or the organisation that raised it."""
        sender = self.from_body or self.from_organisation
        if sender is None:
            raise ValueError("the database lets no row be without a sender")
        return sender

    @property
    def status(self) -> str:
        """What has become of it, as the status tag asks for it."""
        if self.case_id:
            return RaisedState.PUT_UP
        if not self.settled_at:
            return RaisedState.WAITING
        return RaisedState.ANSWERED if self.answer else RaisedState.TAKEN_BACK

    def get_status_display(self) -> str:
        """The label of the status."""
        return str(RaisedState(self.status).label)

    @property
    def is_waiting(self) -> bool:
        """Whether it is neither put up nor settled."""
        return self.status == RaisedState.WAITING


class SentOn(models.Model):
    """The secretariat has sent a raised case on to another body, with the reason."""

    raised = models.ForeignKey(RaisedCase, on_delete=models.CASCADE, related_name="sendings")
    from_body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="+")
    to_body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="+")
    why = models.TextField(_("hvorfor"))
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField()

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.raised_id} {self.from_body_id} → {self.to_body_id}"
