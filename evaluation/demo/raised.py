"""The demo's raised cases: one that waits for the secretariat, and one that it has answered."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from evaluation.actions.queries.owners import Owner
from evaluation.demo.timeline import Act, Days, person, read_entries
from evaluation.meetings.models import CaseKind
from evaluation.raised.models import RaisedCase
from evaluation.raised.services import answer, raise_case
from portal.communities.models import Body, Organisation


def acts(now: datetime) -> Iterator[Act]:
    """The acts of every raised case in the file."""
    days = Days(now)
    for story in read_entries("raised"):
        yield Act(days.ago(story["day"]), partial(_raise, story))
        if answered := story.get("answered"):
            yield Act(days.ago(answered["day"]), partial(_answer, story["title"], answered))


def _raise(story: Mapping[str, Any], at: datetime) -> None:
    body = Body.objects.get(code=story["body"])
    raise_case(body, owner_of(story["sender"]), CaseKind(story["kind"]), story, by=person(story["by"]), at=at)


def owner_of(named: Mapping[str, str]) -> Owner:
    """The body or the organisation that a file names, by its code or its number."""
    if "body" in named:
        return Owner("body", Body.objects.get(code=named["body"]).pk)
    return Owner("organisation", Organisation.objects.get(orgnr=named["organisation"]).pk)


def _answer(title: str, answered: Mapping[str, Any], at: datetime) -> None:
    answer(RaisedCase.objects.get(title=title), answered["text"], by=person(answered["by"]), at=at)
