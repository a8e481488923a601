"""A meeting of a body: who is on its roll, who was out of the room, and when it was opened again."""

from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.communities.models import BodyKind, HealthCommunity, Organisation, Seat, SeatRole
from portal.communities.standing import Standing

CHAIRS = (SeatRole.CHAIR, SeatRole.VICE_CHAIR)


class MeetingStatus(models.TextChoices):
    """The status of a meeting."""

    PLANNED = "planned", _("Planlagt")
    OPEN = "open", _("Pågår")
    CLOSED = "closed", _("Hevet")
    ADOPTED = "adopted", _("Protokoll godkjent")
    CANCELLED = "cancelled", _("Avlyst")


class MeetingQuerySet(models.QuerySet["Meeting"]):
    """Who sees which meetings."""

    def visible_to(self, standing: Standing) -> "MeetingQuerySet":
        """The meetings of the person's bodies that the members have been called to, and those that the person prepares.

        Chairs, vice chairs and the secretariat see a meeting also before the members are called.
        """
        return self._of(
            chaired=standing.chaired_body_ids,
            bodies=standing.body_ids,
            communities=standing.secretariat_community_ids,
            regions=standing.secretariat_region_ids,
        )

    def visible_by_seats(self, user_id: int, day: date) -> "MeetingQuerySet":
        """The same with the seats read in the query itself, for a page that asks nothing else of the person."""
        seats = Seat.objects.current(day).filter(user=user_id).order_by()
        in_secretariat = seats.filter(body__kind=BodyKind.SECRETARIAT)
        return self._of(
            chaired=seats.filter(role__in=CHAIRS).values("body"),
            bodies=seats.values("body"),
            communities=in_secretariat.values("body__community"),
            regions=in_secretariat.values("body__region"),
        )

    def _of(self, *, chaired: Any, bodies: Any, communities: Any, regions: Any) -> "MeetingQuerySet":
        return self.filter(
            Q(body__in=chaired)
            | Q(body__in=bodies, called_at__isnull=False)
            | Q(body__community__in=communities)
            | Q(body__region__in=regions)
        )


class Meeting(models.Model):
    """A meeting of a body."""

    body = models.ForeignKey("communities.Body", on_delete=models.PROTECT, related_name="meetings")
    starts_at = models.DateTimeField("starter")
    location = models.CharField("sted", max_length=160)
    status = models.CharField(max_length=10, choices=MeetingStatus, default=MeetingStatus.PLANNED)
    current_case = models.ForeignKey("Case", on_delete=models.SET_NULL, null=True, related_name="+")
    # Goes up by one with every change that a screen must show. A screen that has the newest number is up to date.
    revision = models.PositiveIntegerField(default=0)
    opened_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    called_at = models.DateTimeField(null=True)
    # What the members have not been told since: that the time or the place is another, and which cases are gone.
    moved_since_call = models.BooleanField(default=False, db_default=False)
    taken_off_since_call = models.TextField(blank=True, default="", db_default="")
    # The first officer who led a step of it, for the minutes.
    secretary = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    # Its cases stay on it, and wait until they are taken up in another meeting.
    cancelled_at = models.DateTimeField(null=True)
    cancelled_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    cancelled_why = models.TextField("hvorfor møtet ble avlyst", blank=True, default="", db_default="")

    objects = MeetingQuerySet.as_manager()

    class Meta:
        ordering = ("-starts_at", "-pk")
        verbose_name = "møte"
        indexes = (models.Index(fields=("body", "-starts_at"), name="meetings_of_body"),)

    def __str__(self) -> str:
        return f"{self.body} {self.held_at:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        return reverse("meetings:room", args=[self.pk])

    @property
    def tenant(self) -> "HealthCommunity | Organisation":
        """The helsefellesskap or the region whose body meets."""
        return self.body.tenant

    @property
    def is_called(self) -> bool:
        """Whether the members have been called, and may read the papers."""
        return self.called_at is not None

    @property
    def held_at(self) -> datetime:
        """When the meeting was opened; until it has been, when it is to begin."""
        return self.opened_at or self.starts_at

    @property
    def is_open(self) -> bool:
        """Whether the meeting is going on."""
        return self.status == MeetingStatus.OPEN

    @property
    def is_closed(self) -> bool:
        """Whether the meeting has been closed, and its minutes are not adopted."""
        return self.status == MeetingStatus.CLOSED

    @property
    def is_over(self) -> bool:
        """Whether the meeting has been closed."""
        return self.status in (MeetingStatus.CLOSED, MeetingStatus.ADOPTED)

    @property
    def is_cancelled(self) -> bool:
        """Whether the meeting is not held."""
        return self.status == MeetingStatus.CANCELLED

    @property
    def is_ended(self) -> bool:
        """Whether nothing is treated in it any more: it is closed, or cancelled."""
        return self.is_over or self.is_cancelled


class Attendance(models.Model):
    """A seat on the roll of a meeting: first arrival, last departure, apology. Deputies have rows of their own."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="attendances")
    seat = models.ForeignKey("communities.Seat", on_delete=models.PROTECT, related_name="+")
    arrived_at = models.DateTimeField(null=True)
    left_at = models.DateTimeField(null=True)
    apology = models.BooleanField("meldt forfall", default=False)
    has_ended = models.BooleanField(default=False, db_default=False)  # before the meeting was opened again

    class Meta:
        constraints = (models.UniqueConstraint(fields=("meeting", "seat"), name="meetings_present_once"),)

    def __str__(self) -> str:
        return f"{self.meeting_id} {self.seat_id}"

    @property
    def is_present(self) -> bool:
        """Whether the seat's holder is in the meeting now."""
        return self.arrived_at is not None and self.left_at is None


class Absence(models.Model):
    """A time in which somebody who had come was registered as out, or was inhabil in the ``case`` in hand."""

    attendance = models.ForeignKey(Attendance, on_delete=models.CASCADE, related_name="absences")
    case = models.ForeignKey("Case", on_delete=models.CASCADE, null=True, related_name="+")
    left_at = models.DateTimeField()
    returned_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("left_at", "pk")

    def __str__(self) -> str:
        return f"{self.attendance_id} {self.left_at:%H:%M}"


class MeetingReopening(models.Model):
    """A meeting that was closed by mistake and opened again before its minutes were adopted: who, when and why."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="reopenings")
    # When it had been closed.
    closed_at = models.DateTimeField()
    why = models.TextField("hvorfor møtet ble åpnet igjen")
    reopened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reopened_at = models.DateTimeField()

    class Meta:
        ordering = ("reopened_at", "pk")

    def __str__(self) -> str:
        return f"{self.meeting_id} {self.reopened_at:%Y-%m-%d %H:%M}"
