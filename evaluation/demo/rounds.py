"""The demo's rounds: the three real ones, each with its dates moved so that there is something to do in it."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial

from django.conf import settings

from evaluation.demo.timeline import Act, Days, person
from portal import clock
from rounds import round_file
from rounds.definition import RoundDefinition, move_dates
from rounds.models import Round
from rounds.services import load_round, set_frame

# How many days ago each opened: the first is followed up, the second waits for its meeting, the third is open.
OPENED = {"innlandet-2024": 420, "troms-ofoten-2024": 46, "helse-nord-2025": 21}
# The call for Helse Nord 2025 names no amount; this one is the demo's own.
FRAME = 12_500_000
# Days since the deadline of one helsefellesskap: it had its own, so that a list can be locked in the open round.
OWN_DEADLINE = {("helse-nord-2025", "helgeland"): 3}


def acts(now: datetime) -> Iterator[Act]:
    """Each round is loaded the day before it opens; the frame is set the day after."""
    days = Days(now)
    for code, opened in OPENED.items():
        yield Act(days.ago(opened + 1), partial(_load, code, days))
    yield Act(days.ago(OPENED["helse-nord-2025"] - 1), _set_frame)


def _load(code: str, days: Days, at: datetime) -> None:
    definition = round_file.read_definition(settings.BASE_DIR / f"fixtures/rounds/{code}.yaml")
    # ``move_dates`` opens a round the day before the one it is given; ``at`` is the day before it opens.
    data = move_dates(definition, clock.local_date(at) + timedelta(days=2)).to_data()
    for receiving in data["communities"]:
        closed = OWN_DEADLINE.get((code, receiving["community"]))
        if closed:
            receiving["closes"] = f"{clock.local_date(days.ago(closed))} 24:00"
    load_round(RoundDefinition.model_validate(data), by=None, at=at)


def _set_frame(at: datetime) -> None:
    round_ = Round.objects.get(code="helse-nord-2025")
    set_frame(round_, amount=FRAME, provisional=False, by=person("regional.radgiver"), at=at)
