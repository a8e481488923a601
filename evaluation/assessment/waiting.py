"""The tasks of an assessor, of a secretariat, and of those who decide habilitet, on the front page."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from evaluation.assessment.queries import desk
from evaluation.assessment.queries.deciders import to_decide
from evaluation.assessment.queries.steps import steps
from portal.clock import end_of_day, local_date
from portal.communities.queries import standing_at
from portal.communities.standing import Standing
from portal.rooms import WaitingTask
from portal.urgency import Stake


def assessments_and_steps(user: Any, now: datetime) -> Sequence[WaitingTask]:
    """The assessments that the person must deliver, the next steps of the secretariat, and habilitet to decide."""
    standing = standing_at(user, now)
    tasks = _to_assess(standing)
    if standing.is_officer:
        tasks += steps(standing, now)
    return tasks + _to_decide(standing, now)


def _to_assess(standing: Standing) -> list[WaitingTask]:
    if standing.body_ids and not standing.assesses:
        return []
    progress = desk.progress(standing)
    if not progress.waiting:
        return []
    title = ngettext("Vurder %(n)s søknad", "Vurder %(n)s søknader", progress.waiting) % {"n": progress.waiting}
    due_at = end_of_day(progress.next_due) if progress.next_due else None
    return [WaitingTask(title, reverse("assessment:desk"), due_at=due_at, act=_("Vurder"), stake=Stake.WAITED_FOR)]


def _to_decide(standing: Standing, now: datetime) -> list[WaitingTask]:
    doubts = to_decide(standing, local_date(now), limit=10)
    return [
        WaitingTask(
            _("Avgjør habiliteten til %(name)s") % {"name": doubt.person},
            reverse("assessment:recusal", args=[doubt.application.code, doubt.person_id]),
            hint=doubt.application.title,
            act=_("Les og avgjør"),
            stake=Stake.WAITED_FOR,
        )
        for doubt in doubts
        if doubt.application
    ]
