"""What pages of the rooms to the left show of a decision."""

from datetime import datetime
from typing import Any

from django import template
from django.template.context import Context
from django.urls import reverse
from django.utils.translation import gettext as _

from applications.models import Application
from applications.workflow import AWARDED, FOLLOWED, Status
from evaluation.decisions import queries
from evaluation.decisions.models import Letter
from portal.clock import end_of_day, local_date
from portal.formats import day_in_words, kroner
from portal.ui import NextStep
from rounds.outcomes import DECIDED_OUTCOMES

register = template.Library()

# Before these a query would find nothing; a declined award is withdrawn.
TOLD = {Status(outcome.means.status) for outcome in DECIDED_OUTCOMES} | FOLLOWED | {Status.WITHDRAWN}


@register.inclusion_tag("decisions/_of_application.html", takes_context=True)
def decision_of(context: Context, application: Application, is_handler: bool = False) -> dict[str, Any]:  # noqa: FBT001, FBT002 - template flag
    """What was decided, the letter that was sent about it, and the way to what follows; nothing before that.

    The applicants are led on by the box; those who handle the application read the same, and have their own next step.
    """
    now = context["request"].now
    letter = queries.letter_of(application) if application.status in TOLD else None
    is_followed = bool(letter and application.status in FOLLOWED)
    step = _step(application, letter, is_followed=is_followed, now=now) if letter and not is_handler else None
    # The box that leads to the letter says all that its card does.
    is_told = bool(step and letter and step.url == letter.get_absolute_url())
    told = {"letter": letter, "is_followed": is_followed, "step": step, "is_told": is_told}
    return {"application": application, "request": context["request"], **told}


def _step(application: Application, letter: Letter, *, is_followed: bool, now: datetime) -> NextStep | None:
    decision = letter.decision
    if not decision.is_award:
        day = day_in_words(local_date(letter.sent_at or now), local_date(now))
        return NextStep(
            decision.get_outcome_display(),
            text=_("Brevet ble sendt %(day)s, og forteller hvorfor.") % {"day": day},
            act=_("Les brevet"),
            url=letter.get_absolute_url(),
        )
    if not is_followed:
        return None
    title = f"{decision.get_outcome_display()}: {kroner(decision.amount)}"
    url = reverse("followup:project", args=[application.code])
    if application.status not in AWARDED:
        return NextStep(title, act=_("Tilskuddet og oppfølgingen"), url=url)
    text = _("Ansvarlig søker svarer på tilskuddet innen fristen.")
    return NextStep(title, text=text, act=_("Se tilskuddet og svar"), url=url, due_at=end_of_day(letter.accept_by))
