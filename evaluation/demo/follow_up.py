"""The demo's follow-up items: what the resolutions of a meeting ask for, confirmed, and what has been told of it."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from evaluation.actions import services
from evaluation.actions.asks import Due
from evaluation.actions.models import FollowUpItem
from evaluation.actions.queries import asked
from evaluation.actions.queries.owners import Owner, owners_for
from evaluation.demo.timeline import Act, Days, person
from evaluation.meetings.models import Meeting
from portal.clock import local_date
from portal.communities.queries import standing_at

SECRETARIAT = "secretariat"


def acts(story: Mapping[str, Any], days: Days) -> Iterator[Act]:
    """The acts after the minutes of a meeting are adopted, when the file has follow-up items of it."""
    lines = story.get("follow_up", ())
    if not lines:
        return
    starts_at = days.ago(story["starts"], story["hour"])
    find = partial(Meeting.objects.get, body__code=story["body"], starts_at=starts_at)
    yield Act(days.ago(story["held"]["adopted"], 18), partial(_confirm, story, days, find))
    for number, line in enumerate(lines):
        if told := line.get("told"):
            yield Act(days.ago(told["day"], 10), partial(_tell, story["secretary"], find, number, told))


def _confirm(story: Mapping[str, Any], days: Days, find: Any, at: datetime) -> None:
    meeting, secretary = find(), person(story["secretary"])
    owners = owners_for(meeting.body, local_date(at))
    proposals = asked.proposals_of(meeting, standing_at(secretary, at), owners)
    new = [
        services.NewItem(
            proposal.case.pk,
            proposal.ask.reference,
            proposal.ask.text,
            proposal.owner or Owner(SECRETARIAT),
            Due(local_date(days.now) - timedelta(days=line["due"])) if "due" in line else None,
        )
        for proposal, line in zip(proposals, story["follow_up"], strict=True)
    ]
    services.go_through(meeting, {proposal.case.pk for proposal in proposals}, new, by=secretary, at=at)


def _tell(secretary: str, find: Any, number: int, told: Mapping[str, Any], at: datetime) -> None:
    item = FollowUpItem.objects.filter(case__meeting=find()).order_by("pk")[number]
    services.report(item, told["sentence"], is_done=bool(told.get("done")), seen=None, by=person(secretary), at=at)
