"""What a resolution asks somebody for, and what has been told of it since."""

from datetime import date
from functools import reduce
from operator import and_, or_
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from evaluation.actions.asks import Due
from portal.communities.models import Body, serves
from portal.communities.standing import Standing


class OwnerKind(models.TextChoices):
    """What kind of owner an item has."""

    SECRETARIAT = "secretariat", _("Sekretariatet")
    BODY = "body", _("Organ")
    ORGANISATION = "organisation", _("Organisasjon")
    PERSON = "person", _("Person")
    ROLE = "role", _("En annen rolle")


class State(models.TextChoices):
    """Whether an item is still to be carried out."""

    OPEN = "to_follow_up", _("Åpen")
    DONE = "carried_out", _("Utført")
    DROPPED = "dropped", _("Falt bort")


def one_owner() -> Q:
    """Each kind fills its own column, and no other; the secretariat fills none."""
    columns = {
        OwnerKind.BODY: Q(owner_body__isnull=False),
        OwnerKind.ORGANISATION: Q(owner_organisation__isnull=False),
        OwnerKind.PERSON: Q(owner_person__isnull=False),
        OwnerKind.ROLE: ~Q(owner_role=""),
    }
    filled = [
        reduce(and_, (is_filled if column == kind else ~is_filled for column, is_filled in columns.items()))
        for kind in OwnerKind
    ]
    return reduce(or_, (Q(owner_kind=kind) & rest for kind, rest in zip(OwnerKind, filled, strict=True)))


class Owned(models.Model):
    """A row with an owner; its table has the constraint ``one_owner``."""

    owner_kind = models.CharField(max_length=12, choices=OwnerKind)
    owner_body = models.ForeignKey("communities.Body", on_delete=models.PROTECT, null=True, related_name="+")
    owner_organisation = models.ForeignKey(
        "communities.Organisation", on_delete=models.PROTECT, null=True, related_name="+"
    )
    owner_person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    owner_role = models.CharField(_("rolle"), max_length=120, blank=True)

    class Meta:
        abstract = True

    @property
    def owner(self) -> Any:
        """The owner's row; for the secretariat and for another role the words."""
        if self.owner_kind == OwnerKind.ROLE:
            return self.owner_role
        rows = self.owner_body or self.owner_organisation or self.owner_person
        return rows or OwnerKind.SECRETARIAT.label


class FollowUpItemQuerySet(models.QuerySet["FollowUpItem"]):
    """Who sees which items. Which cases are closed to a person is asked in ``queries``."""

    def served_by(self, standing: Standing) -> "FollowUpItemQuerySet":
        """The items of the bodies that the person's secretariat serves."""
        return self.filter(serves(standing, "case__body"))

    def of_members(self, standing: Standing) -> "FollowUpItemQuerySet":
        """The items of the bodies that the person sits on, or that these go on from."""
        return self.filter(case__body__in=standing.body_ids)

    def owned_by(self, standing: Standing) -> "FollowUpItemQuerySet":
        """The items that the person is to carry out: alone, for an organisation, as a leader of a body, as an officer.

        A body's leaders have the items of a body that theirs goes on from. Who has no place at all has left.
        """
        has_place = standing.organisation_ids or standing.body_ids
        alone = Q(owner_person=standing.user_id) if has_place else Q(pk__in=())
        led = Q(pk__in=standing.chaired_body_ids) | Q(continued_by__successor__in=standing.chaired_body_ids)
        served = self.model.objects.served_by(standing).filter(owner_kind=OwnerKind.SECRETARIAT)
        return self.filter(
            alone
            | Q(owner_organisation__in=standing.organisation_ids)
            | Q(owner_body__in=Body.objects.filter(led).order_by().values("pk"))
            | Q(pk__in=served.order_by().values("pk"))
        )

    def by_due_date(self) -> "FollowUpItemQuerySet":
        """The first to be due first, those without a date last."""
        return self.order_by(F("due_date").asc(nulls_last=True), "case__year", "case__number", "pk")

    def with_case(self) -> "FollowUpItemQuerySet":
        """With what a line about an item names, in the same query."""
        return self.select_related(
            "case__body__community",
            "case__body__region",
            "owner_body",
            "owner_organisation",
            "owner_person",
            "returns_in",
        )


class FollowUpItem(Owned):
    """An oppfølgingspunkt: a point of a resolution, who is to carry it out, and by when.

    ``due_date`` is a local date; of a month its last day (``due_is_month``); None when nothing is said.
    """

    case = models.ForeignKey("meetings.Case", on_delete=models.PROTECT, related_name="follow_up_items")
    # The point as the resolution numbers it: «4», «3 b)»; empty when it has no numbers.
    reference = models.CharField(_("punkt"), max_length=12, blank=True)
    text = models.TextField(_("det som ble vedtatt"))
    due_date = models.DateField(_("frist"), null=True)
    due_is_month = models.BooleanField(default=False)
    state = models.CharField(max_length=12, choices=State, default=State.OPEN)
    # The case of a later meeting in which it comes back.
    returns_in = models.ForeignKey("meetings.Case", on_delete=models.PROTECT, null=True, related_name="+")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    objects = FollowUpItemQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)
        verbose_name = _("oppfølgingspunkt")
        constraints = (
            models.CheckConstraint(condition=one_owner(), name="actions_one_owner"),
            models.CheckConstraint(
                condition=Q(due_is_month=False) | Q(due_date__isnull=False), name="actions_month_has_a_day"
            ),
        )
        indexes = (models.Index(fields=("state", "due_date"), name="actions_by_due_date"),)

    def __str__(self) -> str:
        return f"{self.case_id} {self.reference}"

    def get_absolute_url(self) -> str:
        return reverse("actions:item", args=[self.pk])

    @property
    def status(self) -> str:
        """The state, as the status tag asks for it."""
        return self.state

    def get_status_display(self) -> str:
        """The label of the state."""
        return str(State(self.state).label)

    @property
    def is_open(self) -> bool:
        """Whether it is still to be carried out."""
        return self.state == State.OPEN

    @property
    def due(self) -> Due | None:
        """By when, as the rules have it."""
        return Due(self.due_date, self.due_is_month) if self.due_date else None

    def is_late(self, today: date) -> bool:
        """Whether it should have been carried out by now."""
        return self.is_open and self.due_date is not None and self.due_date < today


class FollowUpStep(models.Model):
    """What was told of an item: a sentence, and the state that the item then had; who and when."""

    item = models.ForeignKey(FollowUpItem, on_delete=models.CASCADE, related_name="steps")
    state = models.CharField(max_length=12, choices=State)
    sentence = models.TextField(_("hva som er gjort"))
    told_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    told_at = models.DateTimeField()

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.item_id} {self.told_at:%Y-%m-%d %H:%M}"


class CaseReview(models.Model):
    """The secretariat has gone through what a resolution asks for: nothing more is proposed of the case."""

    case = models.OneToOneField("meetings.Case", on_delete=models.CASCADE, related_name="follow_up_review")
    reviewed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reviewed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.case_id}"
