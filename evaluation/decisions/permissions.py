"""Who may decide, write, approve and send letters, in the order of the process."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from evaluation.decisions.models import Decision, Letter, LetterStatus
from portal.communities.models import Body, HealthCommunity
from portal.communities.queries import standing_at
from portal.permissions import Answer, allow_if, first_refusal


def can_decide_for(user: Any, body: Body, *, now: datetime) -> Answer:
    """Turning the body's adopted minutes into decisions is its secretariat's."""
    office = standing_at(user, now)
    return allow_if(office.is_secretariat_of(body), _("Bare sekretariatet for utvalget kan registrere vedtakene."))


def can_refuse_for(user: Any, community: HealthCommunity, *, now: datetime) -> Answer:
    """Decisions that need no body (not admitted, not prioritised) are told by the helsefellesskap's secretariat."""
    office = standing_at(user, now)
    allowed = community.pk in office.secretariat_community_ids
    return allow_if(allowed, _("Bare sekretariatet i helsefellesskapet kan gjøre dette."))


def can_handle(user: Any, decision: Decision, *, now: datetime) -> Answer:
    """Whether the decision's letter is the person's to write."""
    if decision.body:
        return can_decide_for(user, decision.body, now=now)
    return can_refuse_for(user, decision.application.community, now=now)


def can_approve(user: Any, letter: Letter, *, now: datetime) -> Answer:
    """A draft letter is approved after a look at it."""
    is_draft = allow_if(letter.status == LetterStatus.DRAFT, _("Brevet er allerede godkjent."))
    return first_refusal(can_handle(user, letter.decision, now=now), is_draft)


def can_send(user: Any, letter: Letter, *, now: datetime) -> Answer:
    """Only an approved letter goes out, and only once."""
    is_approved = allow_if(
        letter.status == LetterStatus.APPROVED, _("Bare godkjente brev kan sendes, og bare én gang.")
    )
    return first_refusal(can_handle(user, letter.decision, now=now), is_approved)
