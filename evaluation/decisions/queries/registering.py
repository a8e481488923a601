"""What waits to be registered as decisions: resolutions of adopted minutes, and what no meeting decides."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from applications.models import Application, StageEntry
from applications.workflow import ENDED_WITHOUT_BODY, GONE, Status
from evaluation.assessment.queries.closed import out_or_must_answer
from evaluation.assessment.queries.habilitet import out_of_case
from evaluation.decisions.models import Decision
from evaluation.meetings.models import Meeting, MeetingStatus, Resolution
from portal.communities.models import serves
from portal.communities.standing import Standing
from rounds.models import Round
from rounds.outcomes import PROPOSABLE


def _undecided() -> QuerySet[Resolution]:
    """The resolutions on applications that have not become decisions yet.

    Without those on applications that are withdrawn: nothing is decided about them any more.
    """
    waiting = Resolution.objects.filter(decisions=None, outcome__in=PROPOSABLE, case__application__isnull=False)
    return waiting.exclude(case__application__status__in=GONE)


def undecided_resolutions(meeting: Meeting) -> QuerySet[Resolution]:
    """The meeting's resolutions that wait to become decisions, with what a decision is made of."""
    return (
        _undecided()
        .filter(case__meeting=meeting)
        .select_related("case__application__round", "case__application__community__region", "case__recommendation")
        .select_related("case__priority_list__stage", "case__meeting__body")
        .order_by("case__position", "case__number")
    )


def meeting_ahead(rounds: Iterable[Round], standing: Standing) -> Meeting | None:
    """The first meeting without adopted minutes of a body, served by the person, that decides in them; one query."""
    deciding = Q(pk=None)
    for stage in (of_round.spec.deciding_stage for of_round in rounds):
        deciding |= Q(body__code=stage.body) if stage.body else Q(body__kind=stage.body_kind)
    ahead = Meeting.objects.filter(serves(standing), deciding).exclude(
        status__in=(MeetingStatus.ADOPTED, MeetingStatus.CANCELLED)
    )
    return ahead.select_related("body").order_by("starts_at", "pk").first()


def meetings_that_decided(round_: Round, standing: Standing) -> QuerySet[Meeting]:
    """Meetings with adopted minutes that have resolutions on this round, whether they are registered or wait."""
    return _meetings_of(round_, standing, Resolution.objects.all())


def meetings_to_decide(round_: Round, standing: Standing) -> QuerySet[Meeting]:
    """Those of ``meetings_that_decided`` with a resolution that waits, and that the person is not out of."""
    return _meetings_of(round_, standing, _undecided().exclude(out_of_case(standing.user_id, "case__application")))


def _meetings_of(round_: Round, standing: Standing, resolutions: QuerySet[Resolution]) -> QuerySet[Meeting]:
    deciding = round_.spec.deciding_stage.code
    waiting = resolutions.filter(case__application__round=round_, case__priority_list__stage__code=deciding)
    return Meeting.objects.filter(
        serves(standing), pk__in=waiting.values("case__meeting"), status=MeetingStatus.ADOPTED
    ).select_related("body")


@dataclass(frozen=True, slots=True)
class MeetingLines:
    """What the meeting has decided, as far as the person may read it, and how much is to be registered in the round."""

    meeting: Meeting
    resolutions: Sequence[Resolution]
    unregistered: int

    @property
    def amount(self) -> int:
        """What the meeting granted in all, of what may be read."""
        return sum(each.amount or 0 for each in self.resolutions)


def waiting(of_round: Round, standing: Standing) -> tuple[MeetingLines | None, list[Meeting], list[Application]]:
    """What the person registers in the round: the first meeting with its lines, all meetings, and what needs none.

    Two queries, and three more when there is a meeting.
    """
    meetings = list(meetings_to_decide(of_round, standing))
    first = _lines_of(meetings[0], of_round, standing) if meetings else None
    return first, meetings, list(told_without_meeting(of_round, standing))


def _lines_of(meeting: Meeting, of_round: Round, standing: Standing) -> MeetingLines:
    of_it = undecided_resolutions(meeting).filter(case__application__round=of_round)
    readable = list(of_it.exclude(out_or_must_answer(standing, "case__application")))
    return MeetingLines(meeting, readable, counts_by_round([of_round], standing)[of_round.pk])


def undecided_minutes(standing: Standing) -> list[tuple[str, Round]]:
    """Body and round of the adopted minutes whose resolutions wait to become decisions; two queries, or one."""
    waiting = (
        _in_adopted_minutes(standing)
        .order_by("case__meeting__body__name")
        .values_list("case__meeting__body__name", "case__application__round", "case__priority_list__stage__code")
    )
    pairs = list(dict.fromkeys(waiting))
    rounds = Round.objects.in_bulk({pk for _body, pk, _stage in pairs}) if pairs else {}
    return [(body, rounds[pk]) for body, pk, stage in pairs if stage == rounds[pk].spec.deciding_stage.code]


def told_without_meeting(of_round: Round, standing: Standing) -> QuerySet[Application]:
    """Applications that were not admitted, or not prioritised, in a stage of the secretariat's; without decision."""
    return _without_meeting(standing).filter(round=of_round).select_related("community", "round")


def rounds_without_meeting(standing: Standing) -> list[tuple[Round, int]]:
    """The rounds with how many of the same the person registers in each; two queries, or one."""
    counts = dict(_without_meeting(standing).order_by("round").values_list("round").annotate(n=Count("pk")))
    rounds = Round.objects.in_bulk(counts) if counts else {}
    return [(rounds[pk], n) for pk, n in counts.items()]


def _without_meeting(standing: Standing) -> QuerySet[Application]:
    return (
        Application.objects.filter(
            pk__in=StageEntry.objects.handled_by(standing).filter(state__in=ENDED_WITHOUT_BODY).values("application"),
            status__in=[Status.NOT_ADMITTED, Status.NOT_PRIORITISED],
        )
        .exclude(pk__in=Decision.objects.in_force().values("application"))
        .exclude(out_or_must_answer(standing))
    )


def _in_adopted_minutes(standing: Standing) -> QuerySet[Resolution]:
    """Those of ``_undecided`` in the adopted minutes of the bodies that the person's secretariat serves.

    Without those that the person is out of. What the person must answer about first counts: the answer is asked there.
    """
    in_minutes = _undecided().filter(
        serves(standing, "case__meeting__body"), case__meeting__status=MeetingStatus.ADOPTED
    )
    return in_minutes.exclude(out_of_case(standing.user_id, "case__application"))


def counts_by_round(rounds: Iterable[Round], standing: Standing) -> Counter[int]:
    """How many wait in each round (ids), without those that the person is out of; two queries."""
    deciding = {of_round.pk: of_round.spec.deciding_stage.code for of_round in rounds}
    pairs = (
        _in_adopted_minutes(standing)
        .order_by()
        .values_list("case__application__round", "case__priority_list__stage__code")
    )
    counts = Counter(of_round for of_round, stage in pairs if stage == deciding.get(of_round))
    counts.update(_without_meeting(standing).order_by().values_list("round", flat=True))
    return counts
