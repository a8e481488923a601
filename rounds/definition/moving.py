"""Moving the dates of a historical round so that it is open today, with the days between them kept."""

from datetime import date, datetime, timedelta
from typing import Any

from portal.clock import local, local_date
from rounds.definition.base import wall_clock
from rounds.definition.filling import last_day
from rounds.definition.round import RoundDefinition


def shift_to_open(definition: RoundDefinition, today: date) -> int:
    """How many days to move so that the round opened yesterday, or opens today when it lasts one day."""
    opens, ends = local_date(definition.dates.opens), last_day(definition.dates.closes)
    yesterday = (today - opens).days - 1
    return yesterday if ends > opens else yesterday + 1


def move_dates(definition: RoundDefinition, today: date) -> RoundDefinition:
    """The same round, open today.

    All dates move by the same number of days and keep their hour on Oslo's clock, so that «24:00» stays
    midnight across a change to summer time. The years of the budget follow the year of the deadline; the
    round's name, its year and its frame are kept, since they say which historical round it is.
    """
    days = timedelta(days=shift_to_open(definition, today))

    def moved(moment: datetime | None, *, later: bool = True) -> datetime | None:
        return moment and wall_clock(local(moment).replace(tzinfo=None) + days, later=later)

    dates = definition.dates
    data: dict[str, Any] = definition.model_dump(exclude_defaults=True)
    data["dates"] |= {
        "dated": dates.dated + days,
        "announced": moved(dates.announced, later=False),
        "opens": moved(dates.opens, later=False),
        "closes": moved(dates.closes),
        "forward_by": moved(dates.forward_by),
        "decision_by": moved(dates.decision_by),
    }
    for milestone, known in zip(data["dates"].get("milestones", ()), dates.milestones, strict=True):
        milestone["at"] = moved(known.at)
    for community, receiving in zip(data["communities"], definition.communities, strict=True):
        community["closes"] = moved(receiving.closes)
    for stage, item in zip(data["stages"], definition.stages, strict=True):
        stage["deadline"] = moved(item.deadline)
    years_later = last_day(data["dates"]["closes"]).year - last_day(dates.closes).year
    data.setdefault("budget", {})["years"] = [year + years_later for year in definition.budget.years]
    return RoundDefinition.model_validate(data)
