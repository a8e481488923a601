"""The demo's action plan: the document of 2023, adopted anew, and what was told of its measures."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from functools import partial
from typing import Any

from django.conf import settings

from evaluation.demo.timeline import BEGINNING, Act, Days, person, read_entries
from evaluation.meetings.models import Resolution
from evaluation.plans.models import Measure, MeasureState, Plan
from evaluation.plans.plan_file import read_file
from evaluation.plans.queries import text_of
from evaluation.plans.services import adopting, loading, plan_text, telling
from portal.clock import local_date


def acts(now: datetime) -> Iterator[Act]:
    """The acts of every plan in the file."""
    days = Days(now)
    for story in read_entries("plans"):
        year = local_date(now).year
        yield Act(days.ago(BEGINNING - 1), partial(_load, story))
        yield Act(days.ago(story["begun"]), partial(_begin, story, year))
        yield Act(days.ago(story["put_forward"]), partial(_adopt, story, year))
        for told in story["told"]:
            yield Act(days.ago(told["day"], 13), partial(_tell, story, year, told))


def _load(story: Mapping[str, Any], at: datetime) -> None:
    loading.load(read_file(settings.BASE_DIR / f"fixtures/plans/{story['file']}.yaml"), by=None, at=at)


def _begin(story: Mapping[str, Any], year: int, at: datetime) -> None:
    """The plan of this year, with the text of the document."""
    like = Plan.objects.select_related("community").get(code=story["file"])
    plan_text.begin(
        like.community,
        title=f"Handlingsplan {year}",
        first_day=date(year, 1, 1),
        last_day=date(year, 12, 31),
        like=like,
        by=person(story["secretary"]),
        at=at,
    )


def _plan(story: Mapping[str, Any], year: int) -> Plan:
    return Plan.objects.get(community__code=story["community"], first_day=date(year, 1, 1))


def _adopt(story: Mapping[str, Any], year: int, at: datetime) -> None:
    plan, meeting = _plan(story, year), story["meeting"]
    resolution = Resolution.objects.get(case__body__code=meeting["body"], case__title=meeting["title"])
    shown = adopting.digest_of(text_of(plan))
    adopting.adopt(plan, resolution, shown=shown, by=person(story["secretary"]), at=at)


def _tell(story: Mapping[str, Any], year: int, told: Mapping[str, Any], at: datetime) -> None:
    measure = Measure.objects.select_related("aim__area__plan").get(
        aim__area__plan=_plan(story, year),
        aim__area__position=told["area"] - 1,
        aim__position=told["aim"] - 1,
        letter=told["letter"],
    )
    state, by = MeasureState(told["state"]), person(story["secretary"])
    telling.tell(measure, state, told["sentence"], seen=None, by=by, at=at)
