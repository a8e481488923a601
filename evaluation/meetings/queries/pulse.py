"""The pulse of a meeting: what a screen asks each second, to learn whether it is old."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from evaluation.meetings.models import BallotStatus, Meeting, Vote
from portal.clock import local_date
from portal.communities.models import User


@dataclass(frozen=True, slots=True)
class Pulse:
    """The meeting's revision and the number of votes in the open ballot: a screen that shows other numbers is old."""

    revision: int
    votes: int

    def is_shown_by(self, revision: str, votes: str) -> bool:
        """Whether a screen with these numbers is up to date; ``votes`` is empty from a screen that shows no number."""
        return revision == str(self.revision) and votes in ("", str(self.votes))


def pulse(user: User, pk: int, *, now: datetime) -> Pulse | None:
    """The pulse of a meeting that the person may see; one query. None when there is none."""
    pulses = list(_pulse(user_id=user.pk, day=local_date(now), pk=pk))
    return Pulse(*pulses[0]) if pulses else None


def _pulse(user_id: int, day: date, pk: int) -> QuerySet[Meeting, tuple[int, int]]:
    cast = Vote.objects.filter(ballot__case__meeting=OuterRef("pk"), ballot__status=BallotStatus.OPEN)
    counted = cast.order_by().values("ballot__status").annotate(counted=Count("pk")).values("counted")
    meeting = Meeting.objects.visible_by_seats(user_id, day).filter(pk=pk).order_by()
    return meeting.annotate(votes=Coalesce(Subquery(counted), 0)).values_list("revision", "votes")
