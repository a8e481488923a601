"""The rounds of a secretariat, with how many applications stand where."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from applications.models import Application
from applications.workflow import Status
from portal.communities.queries import Standing
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
    received = Round.objects.received_by(place).values("pk")
    found = Round.objects.filter(Q(pk__in=list(counted)) | Q(pk__in=received)).order_by("-closes_at", "code")
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
