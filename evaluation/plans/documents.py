"""What the room freezes, and what its PDF draws."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from evaluation.plans.content import Count, MeasureText, PlanText, counts
from evaluation.plans.models import MeasureState
from portal import charts
from portal.charts import Chart, ChartRow
from portal.formats import date_no
from portal.rooms import DocumentKind


def _title(frozen: dict[str, Any]) -> str:
    """«Handlingsplan 2023, Helsefellesskapet Troms og Ofoten»."""
    return f"{frozen['plan']['title']}, {frozen['of']}"


def drawn(frozen: dict[str, Any]) -> dict[str, Any]:
    """What the template draws: the plan as it was adopted, and the sentence that says by whom."""
    return {
        "plan": PlanText.model_validate(frozen["plan"]),
        "of": frozen["of"],
        "adopted": frozen["adopted"],
        "sender": {"name": frozen["of"]},
    }


# The adopted plan; the subject is the code of the plan.
ACTION_PLAN = DocumentKind(
    "action_plan",
    title=_title,
    template="letters/action_plan.html",
    context=drawn,
    file_name="{document.title}.pdf",
    data_name="handlingsplan.json",
    data_label=_("Handlingsplanen som data"),
)


def _status_title(frozen: dict[str, Any]) -> str:
    """«Status for Handlingsplan 2027 per 04.10.2027»."""
    return f"Status for {frozen['plan']['title']} per {date_no(date.fromisoformat(frozen['day']))}"


def drawn_status(frozen: dict[str, Any]) -> dict[str, Any]:
    """What the template of the status draws: a picture of all areas, and each measure with what was told of it."""
    plan = PlanText.model_validate(frozen["plan"])
    states = {int(key): told["state"] for key, told in frozen["told"].items()}
    by_area, _whole = counts(plan, states, MeasureState.NOT_BEGUN)
    return {
        "plan": plan,
        "of": frozen["of"],
        "day": date.fromisoformat(frozen["day"]),
        "chart": status_chart(by_area),
        "areas": [(area.title, [_told(measure, frozen["told"]) for measure in area.measures]) for area in plan.areas],
        "sender": {"name": frozen["of"]},
    }


def _told(measure: MeasureText, told: dict[str, Any]) -> tuple[MeasureText, str, str, date | None]:
    """The measure, the label of its state, the last that was told, and when."""
    news = told.get(str(measure.key)) or {"state": MeasureState.NOT_BEGUN, "sentence": "", "at": None}
    day = date.fromisoformat(news["at"]) if news["at"] else None
    return measure, str(MeasureState(news["state"]).label), news["sentence"], day


# As a chart shows the states: what is done first, in the colours that the table beside it says them in.
STATE_COLOURS = {
    MeasureState.ACHIEVED: charts.DONE,
    MeasureState.ON_TRACK: charts.UNDER_WAY,
    MeasureState.BEHIND: charts.LATE,
    MeasureState.NOT_BEGUN: charts.NOT_BEGUN,
    MeasureState.FALLEN: charts.FALLEN,
}


def status_chart(by_area: Sequence[Count]) -> Chart:
    """The measures of each area by their state; «Falt bort» is there when something has."""
    fallen = MeasureState.FALLEN
    states = [
        state for state in STATE_COLOURS if state != fallen or any(count.by_state.get(fallen) for count in by_area)
    ]
    return Chart(
        gettext("Tiltakene etter status"),
        [ChartRow(count.title, [count.by_state.get(state, 0) for state in states]) for count in by_area],
        series=[str(state.label) for state in states],
        show=str,
        colours=[STATE_COLOURS[state] for state in states],
    )


# The status that a meeting was shown; the subject is the plan and the case.
PLAN_STATUS = DocumentKind(
    "plan_status",
    title=_status_title,
    template="letters/plan_status.html",
    context=drawn_status,
    file_name="{document.title}.pdf",
)
