"""Which turns a person's secretariat handles."""

from collections.abc import Collection

from django.db.models import QuerySet

from evaluation.assessment.turn import Turn
from portal.communities.models import HealthCommunity
from portal.communities.standing import Standing
from rounds.models import Round, Stage


def stages(of_round: Round) -> list[Stage]:
    """The round's stages with their bodies, in order."""
    return list(_stages(round_id=of_round.pk))


def _stages(round_id: int) -> QuerySet[Stage]:
    return Stage.objects.filter(round=round_id).select_related("body__community").order_by("position")


def handled_turns(of_round: Round, standing: Standing) -> list[Turn]:
    """The turns that the person's secretariat handles, in the order of the process; two queries."""
    mine = standing.secretariat_community_ids
    communities = list(_received_by(round_id=of_round.pk, mine=mine)) if mine else []
    turns: list[Turn] = []
    for stage in stages(of_round):
        if stage.body is None:
            turns.extend(Turn(of_round, stage, community) for community in communities)
        elif standing.is_secretariat_of(stage.body):
            turns.append(Turn(of_round, stage, stage.body.community))
    return turns


def _received_by(round_id: int, mine: Collection[int]) -> QuerySet[HealthCommunity]:
    received = HealthCommunity.objects.filter(round_communities__round=round_id, pk__in=mine)
    return received.order_by("round_communities__position")


def handled_in(code: str, standing: Standing) -> list[Turn]:
    """The turns of the round of that code that the person's secretariat handles; none when there is no such round."""
    of_round = _round(code=code).first()
    return handled_turns(of_round, standing) if of_round else []


def _round(code: str) -> QuerySet[Round]:
    return Round.objects.filter(code=code).select_related("frame")


def named(turns: Collection[Turn], stage: str, place: str) -> Turn | None:
    """The turn of the stage at the place, by their names in addresses."""
    return next((turn for turn in turns if (turn.stage.code, turn.place) == (stage, place)), None)


def nearest(turns: Collection[Turn]) -> Turn:
    """The turn that somebody is led to first: the earliest in which something remains; one query for each before it."""
    return next((turn for turn in turns if turn.remaining.exists()), next(iter(turns)))
