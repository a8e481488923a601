"""What waits for a secretariat or an assessor: the rounds with their counts, and the tasks of the home page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applications.models import Application
from applications.workflow import Status
from evaluation.assessment.models import Declaration, Recusal
from evaluation.assessment.queries import desk
from evaluation.assessment.queries.steps import steps
from portal.clock import end_of_day, local_date
from portal.communities.queries import Standing, standing_at
from portal.panels import Task
from rounds.models import Round


@dataclass(frozen=True, slots=True)
class Line:
    """A round with how many applications stand where."""

    code: str
    title: str
    closes_at: datetime
    counts: tuple[tuple[str, str, int], ...]

    @property
    def total(self) -> int:
        """All that have been sent."""
        return sum(count for _status, _label, count in self.counts)


def rounds(place: Standing) -> list[Line]:
    """The rounds with applications that the person's secretariat handles, the latest first; two queries."""
    counted: dict[int, dict[str, int]] = {}
    handled = Application.objects.handled_by(place).order_by()
    for pk, status, count in handled.values_list("round_id", "status").annotate(n=Count("pk")):
        counted.setdefault(pk, {})[status] = count
    # Rounds that take applications to the secretariat are there before the first has come.
    own = Round.objects.filter(communities__in=place.secretariat_community_ids).values("pk")
    found = Round.objects.filter(pk__in={*counted, *(row["pk"] for row in own)}).order_by("-closes_at", "code")
    return [
        Line(
            item.code,
            item.title,
            item.closes_at,
            tuple(
                (status.value, str(status.label), counted[item.pk][status])
                for status in Status
                if status in counted.get(item.pk, {})
            ),
        )
        for item in found
    ]


def waiting(user: Any, now: datetime) -> Sequence[Task]:
    """For the home page: what the assessor has to deliver, and the next steps of the secretariat."""
    tasks = _to_assess(user, local_date(now))
    place = standing_at(user, now)
    if place.is_officer:
        tasks += steps(place, now) + _to_decide(place)
    return tasks


def _to_assess(user: Any, day: date) -> list[Task]:
    found = desk.progress(user.pk, day)
    if not found.waiting:
        return []
    title = ngettext("Vurder %(n)s søknad", "Vurder %(n)s søknader", found.waiting) % {"n": found.waiting}
    due_at = end_of_day(found.next_due) if found.next_due else None
    return [Task(title, reverse("assessment:desk"), due_at=due_at)]


def _to_decide(place: Standing) -> list[Task]:
    settled = Recusal.objects.filter(application=OuterRef("application"), person=OuterRef("person"))
    at_home = Q(
        application__community__in=place.secretariat_community_ids,
        application__status__in=(Status.SUBMITTED, Status.ADMITTED),
    )
    in_region = Q(application__community__region__in=place.secretariat_region_ids, application__status=Status.FORWARDED)
    doubts = (
        Declaration.objects.filter(at_home | in_region, needs_decision=True)
        .exclude(Exists(settled))
        .exclude(person=place.user_id)
        .select_related("application", "person")
        .order_by("declared_at")[:10]
    )
    return [
        Task(
            _("Avgjør habiliteten til %(name)s") % {"name": doubt.person},
            reverse("assessment:recusal", args=[doubt.application.code, doubt.person_id]),
            hint=doubt.application.title,
        )
        for doubt in doubts
    ]
