"""What waits for a secretariat before the meeting: a locked list that is on no agenda."""

from datetime import datetime
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from applications.workflow import DECIDABLE
from evaluation.assessment.models import PriorityList
from evaluation.meetings.models import Case
from portal.communities.queries import standing_at
from portal.panels import Task


def waiting_lists(user: Any, now: datetime) -> list[Task]:
    """A task a locked list of the stage that decides, until a meeting has it; one query, and one a list's round."""
    own = standing_at(user, now)
    if not own.is_officer:
        return []
    served = Q(community__in=own.secretariat_community_ids) | Q(
        community=None, stage__body__region__in=own.secretariat_region_ids
    )
    found = (
        PriorityList.objects.filter(served, frozen_at__isnull=False)
        .filter(recommendations__application__status__in=DECIDABLE)
        .exclude(pk__in=Case.objects.filter(priority_list__isnull=False).values("priority_list"))
        .select_related("round", "stage")
        .defer("snapshot")
        .order_by("frozen_at")
        .distinct()
    )
    return [
        Task(_("Sett listen opp i et møte"), reverse("meetings:list"), hint=item.round.title)
        for item in found
        if item.round.spec.deciding_stage.code == item.stage.code
    ]
