"""Cases raised with the house's bodies: the ways to where this room's tests start."""

from evaluation.actions.queries.owners import Owner
from evaluation.meetings.models import CaseKind
from evaluation.raised import services

TEXTS = {
    "title": "Felles legevakt i Midt-Troms",
    "background": "Tre kommuner mangler leger om natten.",
    "wish": "SSU ber FSU utrede en felles legevakt.",
}


def raised(home, now, by=None, body=None, sender=None, **texts):
    """A case raised for Senja kommune, or for another sender."""
    sender = sender or Owner("organisation", home.partner.pk)
    how = {"by": by or home.co_applicant, "at": now}
    return services.raise_case(body or home.ssu, sender, CaseKind.DECISION, {**TEXTS, **texts}, **how)
