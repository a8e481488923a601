"""What the room freezes, and what its PDF draws."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from evaluation.plans.content import PlanText
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
