"""The demo's comments: a case that is out with those who are asked, from ``fixtures/demo/comments.yaml``."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from functools import partial
from typing import Any

from evaluation.comments.models import CommentRound
from evaluation.comments.services import ask, write
from evaluation.demo.raised import owner_of
from evaluation.demo.timeline import Act, Days, person, read_entries
from evaluation.meetings.models import Case
from portal import clock


def acts(now: datetime) -> Iterator[Act]:
    """Each case is sent out, and some of those asked have written."""
    days = Days(now)
    for story in read_entries("comments"):
        due_date = clock.local_date(days.ago(story["due"]))
        yield Act(days.ago(story["day"], hour=9, minute=45), partial(_ask, story, due_date))
        for comment in story["written"]:
            yield Act(days.ago(comment["day"], hour=9, minute=45), partial(_write, story["case"], comment))


def _ask(story: Mapping[str, Any], due_date: date, at: datetime) -> None:
    asked = [owner_of(named).code for named in story["asked"]]
    ask(Case.objects.get(title=story["case"]), story["question"], due_date, asked, by=person(story["by"]), at=at)


def _write(title: str, comment: Mapping[str, Any], at: datetime) -> None:
    owner = owner_of(comment["asked"])
    asked = CommentRound.objects.get(case__title=title).asked.get(**{f"{owner.kind}_id": owner.pk})
    write(asked, comment["text"], seen=None, by=person(comment["by"]), at=at)
