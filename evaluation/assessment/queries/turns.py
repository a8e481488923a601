"""The turns of a round that a person handles, and the applications and the priority list of a turn."""

from collections.abc import Collection

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from applications.models import Application, Partner, PartnerRole, StageEntry, StageEntryQuerySet
from applications.workflow import GONE, OPEN_STAGE_STATES, StageState, Status
from evaluation.assessment.models import PriorityList
from evaluation.assessment.turn import Turn
from portal.communities.models import HealthCommunity
from portal.communities.standing import Standing
from rounds.models import Round, Stage

# In these states an application is being assessed, or has been: it neither waits for the check nor is closed.
TAKEN_IN = frozenset(StageState) - {StageState.RECEIVED, StageState.CLOSED}


def lead_name() -> Subquery:
    """The name of the organisation that leads the application of a row; an application has one lead at most."""
    lead = Partner.objects.filter(application=OuterRef("application"), role=PartnerRole.LEAD).order_by()
    return Subquery(lead.values("organisation__name")[:1])


# --- which turns ----------------------------------------------------------------------------------------


def rounds() -> QuerySet[Round]:
    """All rounds with their frames. Who may see a page of a round is asked afterwards, by the turns of the round."""
    return Round.objects.select_related("frame")


def stages(of_round: Round) -> QuerySet[Stage]:
    """The stages of the round with their bodies, in order."""
    return Stage.objects.filter(round=of_round).select_related("body__community").order_by("position")


def turn_of(application: Application, stage: Stage) -> Turn:
    """The turn that handles the application in the stage; the stage must be read with its body.

    One query, when the receiver is another helsefellesskap than the application's.
    """
    receiver = stage.receiver_of(application.community_id)
    if receiver is None:
        return Turn(application.round, stage, None)
    if receiver == application.community_id:
        return Turn(application.round, stage, application.community)
    return Turn(application.round, stage, HealthCommunity.objects.get(pk=receiver))


def handled_turns(of_round: Round, standing: Standing) -> list[Turn]:
    """The turns that the person's secretariat handles, in the order of the process; two queries."""
    community_ids = standing.secretariat_community_ids
    communities = list(_received_by(round_id=of_round.pk, community_ids=community_ids)) if community_ids else []
    turns: list[Turn] = []
    for stage in stages(of_round):
        if stage.body is None:
            turns.extend(Turn(of_round, stage, community) for community in communities)
        elif standing.is_secretariat_of(stage.body):
            turns.append(Turn(of_round, stage, stage.body.community))
    return turns


def _received_by(round_id: int, community_ids: Collection[int]) -> QuerySet[HealthCommunity]:
    received = HealthCommunity.objects.filter(round_communities__round=round_id, pk__in=community_ids)
    return received.order_by("round_communities__position")


def earliest_remaining(turns: Collection[Turn]) -> Turn:
    """The earliest turn in which an application remains, else the first one; one query for each turn asked.

    No query when there is one turn.
    """
    if len(turns) == 1:
        return next(iter(turns))
    return next((turn for turn in turns if remaining(turn).exists()), next(iter(turns)))


# --- the applications of a turn, as its lists read them ---------------------------------------------------


def entries(turn: Turn) -> StageEntryQuerySet:
    """The stage entries of the turn: what its lists are filtered, sorted and counted by, without the applications."""
    return StageEntry.objects.filter(stage=turn.stage, community=turn.community)


def entries_to_check(turn: Turn) -> StageEntryQuerySet:
    """The entries of the applications that wait for the check in the turn; the same as ``unchecked``."""
    return entries(turn).filter(state=StageState.RECEIVED).exclude(status=Status.CORRECTION)


def ranked(turn: Turn) -> StageEntryQuerySet:
    """The entries of the applications that are ranked in the turn; the same as ``assessable``."""
    return entries(turn).filter(state__in=TAKEN_IN).exclude(status__in=GONE)


# --- the applications of a turn -------------------------------------------------------------------------


def sent(turn: Turn) -> QuerySet[Application]:
    """The applications that have come to the turn, also those that have left it."""
    return _entered(turn)


def received(turn: Turn) -> QuerySet[Application]:
    """The applications that are not checked in the turn, also those that are out for correction."""
    return _entered(turn, stage_entries__state=StageState.RECEIVED)


def unchecked(turn: Turn) -> QuerySet[Application]:
    """The applications that wait for the check in the turn; not those that are out for correction."""
    return received(turn).exclude(status=Status.CORRECTION)


def assessable(turn: Turn) -> QuerySet[Application]:
    """The applications that are ranked in the turn: taken to assessment, and not withdrawn."""
    return _entered(turn, stage_entries__state__in=TAKEN_IN).exclude(status__in=GONE)


def in_work(turn: Turn) -> QuerySet[Application]:
    """The applications that are assessed in the turn now: taken to assessment, and on no locked list."""
    return _entered(turn, stage_entries__state=StageState.IN_WORK)


def count_in_work(turn: Turn) -> int:
    """How many applications are assessed in the turn now, read from the stage entries alone."""
    return entries(turn).filter(state=StageState.IN_WORK).count()


def prioritised(turn: Turn) -> QuerySet[Application]:
    """The applications that the locked list of the turn forwards, or brings to the body that decides."""
    return _entered(turn, stage_entries__state=StageState.PRIORITISED)


def remaining(turn: Turn) -> QuerySet[Application]:
    """The applications that have not left the turn."""
    return _entered(turn, stage_entries__state__in=OPEN_STAGE_STATES)


def _entered(turn: Turn, **more: object) -> QuerySet[Application]:
    return turn.round.applications.filter(
        stage_entries__stage=turn.stage, stage_entries__community=turn.community, **more
    )


def priority_list_of(turn: Turn) -> PriorityList | None:
    """The priority list of the turn with ``has_gone``, if it has been begun; one query."""
    here = {"stage": turn.stage, "community": turn.community}
    gone = StageEntry.objects.filter(**here, status__in=GONE)
    return PriorityList.objects.filter(**here).annotate(has_gone=Exists(gone)).first()
