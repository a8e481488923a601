"""What pages of the rooms to the left show of a decision."""

from typing import Any

from django import template

from applications.models import Application
from applications.workflow import FOLLOWED, Status
from evaluation.decisions import queries
from rounds.outcomes import DECIDED_OUTCOMES

register = template.Library()

# Before these a query would find nothing; a declined award is withdrawn.
TOLD = {Status(outcome.means.status) for outcome in DECIDED_OUTCOMES} | FOLLOWED | {Status.WITHDRAWN}


@register.inclusion_tag("decisions/_of_application.html")
def decision_of(application: Application) -> dict[str, Any]:
    """The letter that was sent about the application, and the way to its follow-up; nothing before that."""
    letter = queries.letter_of(application) if application.status in TOLD else None
    return {"application": application, "letter": letter, "is_followed": letter and application.status in FOLLOWED}
