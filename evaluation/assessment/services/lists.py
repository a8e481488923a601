"""The priority list as a lock: scores, recommendations and the freezing of one list wait for each other on its row."""

from django.utils.translation import gettext as _

from evaluation.assessment.models import PriorityList
from evaluation.assessment.turn import Turn
from portal.acts import held
from portal.errors import ConflictError
from rounds.models import Round


class FrozenListError(ConflictError):
    """The list is frozen: what is on it can no longer change."""


def lock_list(turn: Turn) -> PriorityList:
    """The turn's list with its row locked for the caller's transaction; made when there is none."""
    PriorityList.objects.get_or_create(stage=turn.stage, community=turn.community, defaults={"round": turn.round})
    return held(PriorityList.objects.filter(stage=turn.stage, community=turn.community)).get()


def locked_communities(of_round: Round) -> set[int]:
    """The helsefellesskap whose applications can no longer come onto the first stage's list, for it is frozen.

    A body that takes applications from all of them has one list for all. Every list is held for the caller's
    transaction.
    """
    lists = held(PriorityList.objects.filter(round=of_round.pk))
    first = of_round.first_stage
    frozen = [found for found in lists if found.is_frozen and found.stage_id == first.pk]
    if frozen and first.body:
        return set(of_round.communities.values_list("pk", flat=True))
    return {found.community_id for found in frozen if found.community_id}


def lock_open_list(turn: Turn) -> PriorityList:
    """As ``lock_list``; raises FrozenListError when the list is frozen."""
    found = lock_list(turn)
    if found.is_frozen:
        raise FrozenListError(_("Prioriteringen er låst. Poeng og innstilling kan ikke lenger endres."))
    return found
