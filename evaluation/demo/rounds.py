"""The demo's rounds: the three real ones, each with its dates moved so that there is something to do in it."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import partial

from django.conf import settings

from evaluation.demo.timeline import Act, Days, person
from portal import clock
from rounds import round_file
from rounds.definition import RoundDefinition, move_dates
from rounds.definition.filling import last_day
from rounds.models import Round
from rounds.services import load_round, set_frame

# How many days ago each opened: the first is followed up, the second waits for its meeting, the third is open.
OPENED = {"innlandet-2024": 420, "troms-ofoten-2024": 46, "helse-nord-2025": 21}
# The call for Helse Nord 2025 names no amount; this one is the demo's own.
FRAME = 12_500_000
# The first decisions come within this time after the deadline. The budget begins with the year of the decisions: no
# money is for a year that was over when it was granted.
DECIDED_AFTER = timedelta(days=45)
# Days since the deadline of one helsefellesskap: it had its own, so that a list can be locked in the open round.
OWN_DEADLINE = {("helse-nord-2025", "helgeland"): 3}


def acts(now: datetime) -> Iterator[Act]:
    """Each round is loaded the day before it opens; the frame is set the day after."""
    days = Days(now)
    for code, opened in OPENED.items():
        yield Act(days.ago(opened + 1), partial(_load, code, clock.local_date(now)))
    yield Act(days.ago(OPENED["helse-nord-2025"] - 1), _set_frame)


def demo_definition(code: str, loaded: date) -> RoundDefinition:
    """The round as the demo has it when it is loaded on this day."""
    definition = round_file.read_definition(settings.BASE_DIR / f"fixtures/rounds/{code}.yaml")
    # ``move_dates`` opens a round the day before the one it is given.
    moved = move_dates(definition, loaded - timedelta(days=OPENED[code] - 1))
    data = moved.to_data()
    first = (last_day(moved.dates.closes) + DECIDED_AFTER).year
    data["budget"]["years"] = [first + position for position in range(len(moved.budget.years))]
    for receiving in data["communities"]:
        closed = OWN_DEADLINE.get((code, receiving["community"]))
        if closed:
            receiving["closes"] = f"{loaded - timedelta(days=closed)} 24:00"
    return RoundDefinition.model_validate(data)


def _load(code: str, loaded: date, at: datetime) -> None:
    load_round(demo_definition(code, loaded), by=None, at=at)


def _set_frame(at: datetime) -> None:
    round_ = Round.objects.get(code="helse-nord-2025")
    set_frame(round_, amount=FRAME, provisional=False, by=person("regional.radgiver"), at=at)
